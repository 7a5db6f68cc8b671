//! The tables and models of the random test, made so that keys meet: tenants,
//! text that is equal in the database alone, junctions with more constraints.
//!
//! No foreign key is declared but where a link needs one, so that rows lead to
//! rows that are gone.

use super::junctions::{Grant, Like, Mark, Membership, Seat, Trade};
use super::prelude::*;

diesel::table! { people (id) { id -> Integer, name -> Text, } }
diesel::table! { rooms (id) { id -> Integer, name -> Text, } }
diesel::table! {
    things (id) {
        id -> Integer,
        name -> Text,
        colour -> Text,
        parent_id -> Nullable<Integer>,
        gone -> Nullable<Integer>,
    }
}
diesel::table! { seats (person_id, room_id) { person_id -> Integer, room_id -> Integer, place -> Integer, } }
diesel::table! { books (id) { id -> Integer, name -> Text, author_id -> Integer, room_id -> Integer, } }
diesel::table! { licenses (id) { id -> Integer, name -> Text, owner_id -> Nullable<Integer>, } }
diesel::table! { passports (id) { id -> Integer, name -> Text, person_id -> Integer, } }
diesel::table! {
    grants (person_id, thing_id) { person_id -> Integer, thing_id -> Integer, role -> Text, weight -> Integer, }
}
diesel::table! {
    marks (id) {
        id -> Integer,
        person_id -> Integer,
        thing_id -> Integer,
        deleted -> Bool,
        weight -> Integer,
    }
}
diesel::table! { likes (person_id, thing_id) { person_id -> Integer, thing_id -> Integer, weight -> Integer, } }
diesel::table! { towns (code) { code -> Text, name -> Text, } }
diesel::table! { crafts (code) { code -> Text, name -> Text, } }
diesel::table! { shops (id) { id -> Integer, name -> Text, town_code -> Nullable<Text>, } }
diesel::table! { mayors (id) { id -> Integer, name -> Text, town_code -> Nullable<Text>, } }
diesel::table! { trades (town_code, craft_code) { town_code -> Text, craft_code -> Text, weight -> Integer, } }
diesel::table! {
    users (tenant_id, id) { tenant_id -> Integer, id -> Integer, name -> Text, boss_id -> Nullable<Integer>, }
}
diesel::table! { teams (tenant_id, id) { tenant_id -> Integer, id -> Integer, name -> Text, } }
diesel::table! {
    memberships (tenant_id, user_id, team_id) {
        tenant_id -> Integer,
        user_id -> Integer,
        team_id -> Integer,
        weight -> Integer,
    }
}
diesel::table! {
    tasks (tenant_id, id) { tenant_id -> Integer, id -> Integer, name -> Text, user_id -> Nullable<Integer>, }
}
diesel::table! {
    notes (id) { id -> Integer, name -> Text, tenant_id -> Nullable<Integer>, user_id -> Nullable<Integer>, }
}
diesel::allow_tables_to_appear_in_same_query!(
    people, rooms, things, seats, books, licenses, passports, grants, marks, likes
);
diesel::allow_tables_to_appear_in_same_query!(towns, crafts, shops, mayors, trades);
diesel::allow_tables_to_appear_in_same_query!(users, teams, memberships, tasks, notes);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = people)]
#[has_many(Book, foreign_key = author_id)]
#[has_one(License, foreign_key = owner_id)]
#[has_one(Passport, foreign_key = person_id)]
#[belongs_to_many(Room, through = Seat)]
#[belongs_to_many(Thing, name = owned, singular = one_owned, through = Grant, through_scope(role = "owner"))]
#[belongs_to_many(Thing, name = readable, singular = one_readable, through = Grant, through_scope(role = "reader"))]
#[belongs_to_many(Thing, name = marked, singular = one_marked, through = Mark, through_scope(deleted = false))]
#[belongs_to_many(Thing, name = liked, singular = one_liked, through = Like)]
#[belongs_to_many(Thing, name = red_things, through = Like, scope(colour = "red"))]
pub(super) struct Person {
    pub(super) id: i32,
    pub(super) name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = rooms)]
#[belongs_to_many(Person, name = sitters, through = Seat)]
pub(super) struct Room {
    pub(super) id: i32,
    pub(super) name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = things)]
#[belongs_to_one(Thing, name = parent)]
#[has_many(Thing, name = parts, foreign_key = parent_id)]
#[has_many(Thing, name = live_parts, foreign_key = parent_id, scope(gone = None as Option<i32>))]
#[belongs_to_many(Person, name = likers, through = Like)]
pub(super) struct Thing {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) parent_id: Option<i32>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = books)]
#[belongs_to_one(Person, name = author)]
#[belongs_to_one(Room)]
pub(super) struct Book {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) author_id: i32,
    pub(super) room_id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = licenses)]
#[belongs_to_one(Person, name = owner)]
pub(super) struct License {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) owner_id: Option<i32>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = passports)]
#[belongs_to_one(Person)]
pub(super) struct Passport {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) person_id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = towns, primary_key(code))]
#[has_many(Shop, foreign_key = town_code)]
#[has_one(Mayor, foreign_key = town_code)]
#[belongs_to_many(Craft, through = Trade, foreign_key = town_code, other_key = craft_code)]
pub(super) struct Town {
    pub(super) code: String,
    pub(super) name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = crafts, primary_key(code))]
#[belongs_to_many(Town, through = Trade, foreign_key = craft_code, other_key = town_code)]
pub(super) struct Craft {
    pub(super) code: String,
    pub(super) name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = shops)]
#[belongs_to_one(Town, foreign_key = town_code)]
pub(super) struct Shop {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) town_code: Option<String>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = mayors)]
#[belongs_to_one(Town, foreign_key = town_code)]
pub(super) struct Mayor {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) town_code: Option<String>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = users, primary_key(tenant_id, id))]
#[has_many(Task, foreign_key = (tenant_id, user_id))]
#[has_many(Note, foreign_key = (tenant_id, user_id))]
#[belongs_to_one(User, name = boss, foreign_key = (tenant_id, boss_id))]
#[has_many(User, name = reports, foreign_key = (tenant_id, boss_id))]
#[belongs_to_many(Team, through = Membership, foreign_key = (tenant_id, user_id), other_key = (tenant_id, team_id))]
pub(super) struct User {
    pub(super) tenant_id: i32,
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) boss_id: Option<i32>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = teams, primary_key(tenant_id, id))]
#[belongs_to_many(User, through = Membership, foreign_key = (tenant_id, team_id), other_key = (tenant_id, user_id))]
pub(super) struct Team {
    pub(super) tenant_id: i32,
    pub(super) id: i32,
    pub(super) name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = tasks, primary_key(tenant_id, id))]
#[belongs_to_one(User, foreign_key = (tenant_id, user_id))]
pub(super) struct Task {
    pub(super) tenant_id: i32,
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) user_id: Option<i32>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = notes)]
#[belongs_to_one(User, foreign_key = (tenant_id, user_id))]
pub(super) struct Note {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) tenant_id: Option<i32>,
    pub(super) user_id: Option<i32>,
}
