//! People and liked toots: a person likes many toots, a toot has many likers,
//! and the junction says since when.

use diesel::prelude::*;
use orm_core::prelude::*;
use orm_examples::{database, step, table};
use std::error::Error;

diesel::table! { people (id) { id -> Integer, name -> Text, } }
diesel::table! { toots (id) { id -> Integer, body -> Text, } }
diesel::table! {
    liked_toots (person_id, toot_id) {
        person_id -> Integer,
        toot_id -> Integer,
        liked_at -> Text,
    }
}
diesel::allow_tables_to_appear_in_same_query!(people, toots, liked_toots);

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[belongs_to_many(Toot, name = liked_toots, through = LikedToot)]
struct Person {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable)]
#[belongs_to_many(Person, name = likers, through = LikedToot)]
struct Toot {
    id: i32,
    body: String,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(primary_key(person_id, toot_id))]
struct LikedToot {
    person_id: i32,
    toot_id: i32,
    liked_at: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let conn = &mut database(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE toots (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
         CREATE TABLE liked_toots (
             person_id INTEGER NOT NULL REFERENCES people (id),
             toot_id INTEGER NOT NULL REFERENCES toots (id),
             liked_at TEXT NOT NULL,
             PRIMARY KEY (person_id, toot_id)
         );
         INSERT INTO people VALUES (1, 'Ada'), (2, 'Bob');
         INSERT INTO toots VALUES (1, 'hello'), (2, 'rust'), (3, 'diesel');
         INSERT INTO liked_toots VALUES
             (1, 3, '2026-03-01'), (2, 1, '2026-01-01'), (2, 3, '2026-02-01');",
    )?;

    let bob = people::table
        .find(2)
        .select(Person::as_select())
        .get_result(conn)?;
    step("What Bob likes", "bob.liked_toots(conn)?");
    let liked = bob.liked_toots(conn)?;
    table(
        ["id", "toot"],
        liked
            .iter()
            .map(|toot| [toot.id.to_string(), toot.body.clone()]),
    );

    step("Since when", "bob.liked_toots_with_through(conn)?");
    let since = bob.liked_toots_with_through(conn)?;
    table(
        ["person", "toot", "body", "since"],
        since.into_iter().map(|(like, toot)| {
            [
                like.person_id.to_string(),
                like.toot_id.to_string(),
                toot.body,
                like.liked_at,
            ]
        }),
    );

    step("Who likes the toot `diesel`", "toot.likers(conn)?");
    let likers = liked[1].likers(conn)?;
    table(["person"], likers.into_iter().map(|liker| [liker.name]));

    step(
        "Does Bob like these?",
        "bob.has_liked_toot(2, conn)?, bob.has_liked_toots(&liked, conn)?",
    );
    println!(
        "    {}, {}",
        bob.has_liked_toot(2, conn)?,
        bob.has_liked_toots(&liked, conn)?
    );

    step(
        "All likes in one statement",
        "Person::LIKED_TOOTS.inner_join()",
    );
    let pairs: Vec<(String, String)> = Person::LIKED_TOOTS
        .inner_join()
        .order((people::id, toots::id))
        .select((people::name, toots::body))
        .load(conn)?;
    table(
        ["person", "likes"],
        pairs.into_iter().map(|(name, body)| [name, body]),
    );
    Ok(())
}
