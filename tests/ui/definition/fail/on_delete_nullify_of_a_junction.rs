#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::{City, LikedToot, Toot};
use orm_tests::schema::*;

#[derive(Model)]
#[diesel(table_name = people)]
#[belongs_to_many(Toot, through = LikedToot, on_delete = nullify)]
struct Person {
    id: i32,
}

fn main() {}
