#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn write(conn: &mut SqliteConnection) {
    let licenses = Person::DRIVING_LICENSE.new_rows([driving_licenses::number.eq("A-1")]);
    let _ = Person::new_tree(people::name.eq("Ada"), licenses).create(conn);
}

fn main() {}
