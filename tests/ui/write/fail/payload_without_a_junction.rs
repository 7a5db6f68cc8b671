#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(person: &mut Person, conn: &mut SqliteConnection) {
    let _ = person.add_toot_with(1, liked_toots::liked_at.eq("2026"), conn);
}

fn main() {}
