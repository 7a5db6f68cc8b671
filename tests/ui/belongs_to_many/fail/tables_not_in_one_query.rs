#![allow(unused_imports, dead_code)]
use diesel::prelude::*;
use orm_core::prelude::*;

diesel::table! { people (id) { id -> Integer, } }
diesel::table! { toots (id) { id -> Integer, } }
diesel::table! { likes (person_id, toot_id) { person_id -> Integer, toot_id -> Integer, } }

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[belongs_to_many(Toot, through = likes)]
struct Person {
    id: i32,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = toots)]
struct Toot {
    id: i32,
}

fn likes(person: &Person, conn: &mut SqliteConnection) -> QueryResult<Vec<Toot>> {
    person.toots(conn)
}

fn main() {}
