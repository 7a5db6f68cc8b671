#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(person: &mut Person, conn: &mut SqliteConnection) {
    let _ = person.set_residence(None, conn);
}

fn main() {}
