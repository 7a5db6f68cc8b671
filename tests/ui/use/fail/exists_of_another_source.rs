#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(person: &mut Person, conn: &mut SqliteConnection) {
    let _ = people::table.filter(City::NATIVES.exists()).select(people::id).load::<i32>(conn);
}

fn main() {}
