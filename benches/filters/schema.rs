//! The tables and models of the comparison.

use diesel::prelude::*;
use orm_core::prelude::*;

diesel::table! { people (id) { id -> Integer, } }
diesel::table! {
    toots (id) { id -> Integer, person_id -> Integer, common -> Integer, rare -> Integer, }
}
diesel::table! {
    replies (id) { id -> Integer, toot_id -> Integer, common -> Integer, rare -> Integer, }
}
diesel::table! { projects (tenant_id, id) { tenant_id -> Integer, id -> Integer, } }
diesel::table! {
    tasks (id) {
        id -> Integer,
        tenant_id -> Integer,
        project_id -> Nullable<Integer>,
        common -> Integer,
        rare -> Integer,
    }
}
diesel::allow_tables_to_appear_in_same_query!(people, toots, replies, projects, tasks);

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[has_many(Toot)]
pub(crate) struct Person {
    pub(crate) id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = toots)]
#[has_many(Reply)]
pub(crate) struct Toot {
    pub(crate) id: i32,
    pub(crate) person_id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = replies)]
pub(crate) struct Reply {
    pub(crate) id: i32,
    pub(crate) toot_id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = projects, primary_key(tenant_id, id))]
#[has_many(Task, foreign_key = (tenant_id, project_id))]
pub(crate) struct Project {
    pub(crate) tenant_id: i32,
    pub(crate) id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = tasks)]
pub(crate) struct Task {
    pub(crate) id: i32,
    pub(crate) tenant_id: i32,
    pub(crate) project_id: Option<i32>,
}
