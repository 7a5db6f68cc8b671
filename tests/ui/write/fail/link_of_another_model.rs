#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(city: &City, conn: &mut SqliteConnection) {
    let _ = Person::new_tree(people::name.eq("Ada"), Person::TOOTS.link([city])).create(conn);
}

fn main() {}
