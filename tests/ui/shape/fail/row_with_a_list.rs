#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Include, Clone)]
#[include(Person)]
struct Profile {
    #[include(row())]
    person: Person,
}

fn main() {}
