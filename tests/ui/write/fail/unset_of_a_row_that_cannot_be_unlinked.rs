#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = cities)]
#[has_one(Person, foreign_key = birthplace_id)]
struct Town {
    id: i32,
}

fn wrong(town: &Town, conn: &mut SqliteConnection) {
    let _ = town.unset_person(conn);
}

fn main() {}
