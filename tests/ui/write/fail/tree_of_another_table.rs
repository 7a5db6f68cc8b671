#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn write(conn: &mut SqliteConnection) {
    let _ = Person::new_tree(cities::name.eq("Rome"), ()).create(conn);
}

fn main() {}
