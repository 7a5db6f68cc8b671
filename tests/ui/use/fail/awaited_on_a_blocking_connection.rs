#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

async fn run(person: &Person, conn: &mut SqliteConnection) {
    let _ = person.toots(conn).await;
}

fn main() {}
