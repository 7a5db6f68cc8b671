#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = toots)]
#[belongs_to_one(Person, foreign_key = author_id)]
struct Post { id: i32, author_id: String }

fn main() {}
