#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[has_many(Toot, forein_key = author_id)]
#[belongs_to_one(City)]
#[belongs_to_many(Toot)]
struct Author {
    id: i32,
}

fn main() {}
