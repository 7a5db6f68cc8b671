#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Include, Clone)]
#[include(City)]
struct Place { #[include(row)] city: City, natives: Vec<Person> }
fn load(conn: &mut SqliteConnection) {
    let _ = people::table.load_as::<Place>(conn);
}

fn main() {}
