#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

struct LikedBy;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[belongs_to_many(Toot, through = LikedBy, foreign_key = liked_toots::person_id, other_key = liked_toots::toot_id)]
struct Author {
    id: i32,
}

fn main() {}
