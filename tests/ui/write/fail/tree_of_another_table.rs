#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Insertable)]
#[diesel(table_name = cities)]
struct NewCity { name: &'static str }

fn write(conn: &mut SqliteConnection) {
    let _ = Person::new_tree(NewCity { name: "Rome" }, ()).create(conn);
}

fn main() {}
