#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn load(conn: &mut SqliteConnection) {
    let _ = cities::table.inner_join(Person::TOOTS).count().get_result::<i64>(conn);
}

fn main() {}
