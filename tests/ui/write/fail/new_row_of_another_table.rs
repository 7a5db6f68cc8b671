#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Insertable)]
#[diesel(table_name = cities)]
struct NewCity<'a> {
    name: &'a str,
}

fn write(person: &Person, conn: &mut SqliteConnection) {
    let _ = person.create_toot(&NewCity { name: "Bern" }, conn);
}

fn main() {}
