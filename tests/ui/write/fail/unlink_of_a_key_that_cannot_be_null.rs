#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

fn run(comment: &mut Comment, conn: &mut SqliteConnection) {
    let _ = comment.unset_post(conn);
}

fn main() {}
