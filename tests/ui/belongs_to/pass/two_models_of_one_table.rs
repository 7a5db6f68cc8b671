#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::models::*;
use orm_tests::schema::*;

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[belongs_to_one(Person, name = boss)]
struct Employee {
    id: i32,
    boss_id: Option<i32>,
}

fn check(employee: &Employee, conn: &mut SqliteConnection) -> QueryResult<Option<Person>> {
    employee.boss(conn)
}

fn main() {
    let _ = check;
}
