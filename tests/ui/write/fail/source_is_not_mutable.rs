#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn write(person: &Person, city: &City, conn: &mut SqliteConnection) {
    let _ = person.set_birthplace(city, conn);
}

fn main() {}
