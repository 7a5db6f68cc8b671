#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

struct Since {
    liked_at: &'static str,
}

fn run(person: &mut Person, conn: &mut SqliteConnection) {
    let _ = person.add_liked_toot_with(1, &Since { liked_at: "2026" }, conn);
}

fn main() {}
