#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(conn: &mut SqliteConnection) {
    let rows: Vec<(Person, Vec<City>)> = people::table.include(Person::TOOTS).load(conn).unwrap();
}

fn main() {}
