#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::{City, LikedToot, Toot};
use orm_tests::schema::*;

#[derive(Model)]
#[diesel(table_name = people)]
#[has_many(Toot, foreign_key = author_id, through_scope(liked_at = "2026"))]
struct Person {
    id: i32,
}

fn main() {}
