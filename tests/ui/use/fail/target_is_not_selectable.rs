#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model)]
#[diesel(table_name = toots)]
struct Plain {
    id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[has_many(Plain, foreign_key = toots::author_id)]
struct Author {
    id: i32,
}

fn check(author: &Author, conn: &mut SqliteConnection) {
    let _ = author.plains(conn);
}

fn main() {}
