#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = toots)]
#[belongs_to_one(Person, foreign_key = author_id, target_key = nick)]
struct Note { id: i32, author_id: i32 }

fn main() {}
