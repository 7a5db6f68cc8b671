#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(conn: &mut SqliteConnection) {
    let _ = people::table.include(Person::TOOTS).load(&mut 7);
}

fn main() {}
