#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(person: &mut Person, conn: &mut SqliteConnection) {
    let toots = Person::TOOTS.new_row(toots::body.eq("hello"));
}

fn main() {}
