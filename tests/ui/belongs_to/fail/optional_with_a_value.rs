#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[belongs_to_one(City, name = birthplace, optional(yes))]
struct Author {
    id: i32,
    birthplace_id: i32,
}

fn main() {}
