#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

type Perhaps<T> = Option<T>;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[belongs_to_one(City, name = residence)]
struct Author {
    id: i32,
    residence_id: Perhaps<i32>,
}

fn main() {}
