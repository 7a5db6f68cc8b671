#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[has_many(Toot, through = LikedToot, foreign_key = author_id)]
#[belongs_to_one(City, foreign_key = id, singular = town)]
struct Author {
    id: i32,
}

fn main() {}
