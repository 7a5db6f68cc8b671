#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(conn: &mut SqliteConnection) {
    let _ = cities::table.include(Person::TOOTS.required()).load(conn);
}

fn main() {}
