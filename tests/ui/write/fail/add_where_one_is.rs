#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn write(person: &mut Person, conn: &mut SqliteConnection) {
    let _ = person.add_driving_license(1, conn);
}

fn main() {}
