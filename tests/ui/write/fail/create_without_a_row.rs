#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn write(person: &Person, conn: &mut SqliteConnection) {
    let _ = person.create_toot(7, conn);
}

fn main() {}
