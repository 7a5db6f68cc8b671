#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
struct Citizen {
    id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = cities)]
#[has_many(Citizen, name = people, foreign_key = people::birthplace_id)]
struct Town {
    id: i32,
}

fn run(conn: &mut SqliteConnection) {
    let _ = cities::table.include(Town::PEOPLE).load(conn);
}

fn main() {}
