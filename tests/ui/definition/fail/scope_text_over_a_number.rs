#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[has_many(Toot, name = toots, foreign_key = id, scope(author_id = "7"))]
struct Author {
    id: i32,
}

fn main() {}
