//! Writing: people with a driving license, toots and liked toots are set, added,
//! removed, created and destroyed through their associations.

use diesel::prelude::*;
use orm_core::prelude::*;
use orm_examples::{database, step, table};
use std::error::Error;

diesel::table! { people (id) { id -> Integer, name -> Text, } }
diesel::table! {
    driving_licenses (id) { id -> Integer, number -> Text, owner_id -> Nullable<Integer>, }
}
diesel::table! { toots (id) { id -> Integer, author_id -> Integer, body -> Text, } }
diesel::table! {
    liked_toots (person_id, toot_id) {
        person_id -> Integer,
        toot_id -> Integer,
        liked_at -> Text,
    }
}
diesel::allow_tables_to_appear_in_same_query!(people, toots, liked_toots);

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = people)]
#[has_one(DrivingLicense, foreign_key = owner_id, on_delete = nullify)]
#[has_many(Toot, foreign_key = author_id, on_delete = cascade)]
#[belongs_to_many(Toot, name = liked_toots, through = LikedToot, on_delete = cascade)]
struct Person {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable, Clone)]
struct DrivingLicense {
    id: i32,
    number: String,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[belongs_to_one(Person, name = author)]
#[belongs_to_many(Person, name = likers, through = LikedToot, on_delete = cascade)]
struct Toot {
    id: i32,
    author_id: i32,
    body: String,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(primary_key(person_id, toot_id))]
struct LikedToot {
    person_id: i32,
    toot_id: i32,
    liked_at: String,
}

#[derive(Insertable)]
#[diesel(table_name = people)]
struct NewPerson<'a> {
    name: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = driving_licenses)]
struct NewLicense<'a> {
    number: &'a str,
}

/// A toot without its author, whom the association knows.
#[derive(Insertable)]
#[diesel(table_name = toots)]
struct NewToot<'a> {
    body: &'a str,
}

/// What a like says beside its two keys.
#[derive(Insertable, Clone)]
#[diesel(table_name = liked_toots)]
struct NewLike<'a> {
    liked_at: &'a str,
}

fn main() -> Result<(), Box<dyn Error>> {
    let conn = &mut database(
        "PRAGMA foreign_keys = ON;
         CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE driving_licenses (
             id INTEGER PRIMARY KEY, number TEXT NOT NULL, owner_id INTEGER UNIQUE REFERENCES people);
         CREATE TABLE toots (
             id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES people, body TEXT NOT NULL);
         CREATE TABLE liked_toots (
             person_id INTEGER NOT NULL REFERENCES people, toot_id INTEGER NOT NULL REFERENCES toots,
             liked_at TEXT NOT NULL DEFAULT 'today', PRIMARY KEY (person_id, toot_id));
         INSERT INTO people VALUES (1, 'Bob');",
    )?;
    let bob = people::table.select(Person::as_select()).get_result(conn)?;

    step(
        "Ada with a license and two toots, the first liked by Bob: all or nothing",
        "Person::new_tree(NewPerson { name: \"Ada\" }, (..)).create(conn)?",
    );
    let (ada, license, written) = Person::new_tree(
        NewPerson { name: "Ada" },
        (
            Person::DRIVING_LICENSE.new_row(NewLicense { number: "A-1" }),
            Person::TOOTS.new_rows([
                Toot::new_tree(NewToot { body: "hello" }, Toot::LIKERS.link([&bob])),
                Toot::new_tree(NewToot { body: "rust" }, Toot::LIKERS.link([&bob; 0])),
            ]),
        ),
    )
    .create(conn)?;
    println!(
        "    {} has the license {} and {} toots",
        ada.name,
        license.number,
        written.len()
    );

    step(
        "A toot by Bob",
        "bob.create_toot(&NewToot { body: \"diesel\" }, conn)?",
    );
    let mut diesel = bob.create_toot(&NewToot { body: "diesel" }, conn)?;

    step(
        "Ada likes it, twice is the same as once",
        "ada.add_liked_toots([&diesel, &diesel], conn)?",
    );
    ada.add_liked_toots([&diesel, &diesel], conn)?;

    step(
        "Since when",
        "ada.add_liked_toot_with(&diesel, &NewLike { liked_at: \"monday\" }, conn)?",
    );
    ada.add_liked_toot_with(&diesel, NewLike { liked_at: "monday" }, conn)?;

    step(
        "Bob likes exactly these",
        "bob.set_liked_toots([2, 3], conn)?",
    );
    bob.set_liked_toots([2, 3], conn)?;

    step(
        "The license is Bob's now",
        "bob.set_driving_license(&license, conn)?",
    );
    bob.set_driving_license(&license, conn)?;

    step("The toot was Ada's", "diesel.set_author(&ada, conn)?");
    diesel.set_author(&ada, conn)?;
    println!("    author_id = {}", diesel.author_id);

    step(
        "What is liked",
        "Person::LIKED_TOOTS.with_through::<LikedToot>()",
    );
    let rows = people::table
        .order(people::id)
        .include(Person::LIKED_TOOTS.with_through::<LikedToot>())
        .load(conn)?;
    table(
        ["person", "likes", "since"],
        rows.into_iter().flat_map(|(person, liked)| {
            liked
                .into_iter()
                .map(move |(like, toot)| [person.name.clone(), toot.body, like.liked_at])
        }),
    );

    step(
        "Ada leaves, and what is hers with her",
        "ada.destroy(conn)?",
    );
    ada.destroy(conn)?;
    println!(
        "    {} toots left",
        toots::table.count().get_result::<i64>(conn)?
    );
    Ok(())
}
