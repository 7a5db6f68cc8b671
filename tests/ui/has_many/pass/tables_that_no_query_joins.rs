#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

diesel::table! { writers (id) { id -> Integer, } }
diesel::table! { books (id) { id -> Integer, writer_id -> Integer, } }

#[derive(Model, Queryable, Selectable)]
#[has_many(Book)]
struct Writer {
    id: i32,
}

#[derive(Model, Queryable, Selectable)]
struct Book {
    id: i32,
}

fn check(writer: &Writer, conn: &mut SqliteConnection) -> QueryResult<Vec<Book>> {
    writer.books(conn)
}

fn main() {
    let _ = check;
}
