#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(person: &Person, toots: &[Toot], conn: &mut SqliteConnection) {
    let _ = person.add_toot(toots, conn);
}

fn main() {}
