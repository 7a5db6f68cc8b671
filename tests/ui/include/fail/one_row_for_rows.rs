#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(person: &Person, conn: &mut SqliteConnection) {
    let _ = Person::TOOTS.load_for(person, conn);
}

fn main() {}
