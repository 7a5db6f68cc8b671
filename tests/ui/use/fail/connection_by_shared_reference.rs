#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(person: &Person, conn: SqliteConnection) {
    let _ = person.toots(&conn);
}

fn main() {}
