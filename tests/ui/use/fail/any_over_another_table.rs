#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn load(conn: &mut SqliteConnection) {
    let _ = people::table.filter(Person::TOOTS.any(cities::id.gt(1))).count().get_result::<i64>(conn);
}

fn main() {}
