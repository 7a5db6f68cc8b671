#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn wrong(city: &City, conn: &mut SqliteConnection) {
    let _ = city.remove_native(1, conn);
}

fn main() {}
