#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn write(person: &Person, conn: &mut SqliteConnection) {
    let _ = person.add_liked_toot_with(1, toots::body.eq("x"), conn);
}

fn main() {}
