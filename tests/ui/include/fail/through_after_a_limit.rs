#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(conn: &mut SqliteConnection) {
    let _ = people::table.include(Person::LIKED_TOOTS.order(toots::id).limit(3).with_through::<LikedToot>()).load(conn);
}

fn main() {}
