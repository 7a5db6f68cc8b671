#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(person: &Person, city: &City, conn: &mut SqliteConnection) {
    let _ = person.destroy_toot(city, conn);
}

fn main() {}
