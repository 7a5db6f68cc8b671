#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Include)]
#[include(Toot)]
struct TootView {
    #[include(row)]
    toot: Toot,
}

#[derive(Include)]
#[include(Person)]
struct Profile {
    #[include(association = toots)]
    all: Vec<TootView>,
}

fn main() {}
