#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::{City, LikedToot, Toot};
use orm_tests::schema::*;

const HELLO: &str = "hello";

#[derive(Model)]
#[diesel(table_name = people)]
#[has_many(Toot, foreign_key = author_id, scope(body = HELLO))]
struct Person {
    id: i32,
}

fn main() {}
