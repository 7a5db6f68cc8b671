#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(conn: &mut SqliteConnection) {
    let _ = people::table.include(Person::TOOTS.order(people::id)).load(conn);
}

fn main() {}
