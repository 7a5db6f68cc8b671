#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model)]
enum Shape {
    Round,
}

#[derive(Model)]
struct Pair(i32, i32);

#[derive(Model)]
struct Generic<T> {
    id: T,
}

fn main() {}
