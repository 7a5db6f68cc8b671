#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(person: &Person, pool: &mut diesel::r2d2::Pool<diesel::r2d2::ConnectionManager<SqliteConnection>>) {
    let _ = person.toots(pool);
}

fn main() {}
