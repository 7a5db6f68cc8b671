#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::{City, LikedToot, Toot};
use orm_tests::schema::*;

#[derive(Model)]
#[diesel(table_name = people)]
#[belongs_to_one(City, foreign_key = birthplace_id, scope(name = "Ada"))]
struct Person {
    id: i32,
    birthplace_id: i32,
}

fn main() {}
