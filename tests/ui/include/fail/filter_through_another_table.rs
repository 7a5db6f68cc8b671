#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(conn: &mut SqliteConnection) {
    let _ = people::table.include(Person::LIKED_TOOTS.filter_through(people::id.gt(1))).load(conn);
}

fn main() {}
