//! All four kinds of association on an SQLite database in memory, with every
//! statement that runs.

use diesel::prelude::*;
use orm_core::prelude::*;
use orm_examples::{database, or_dash, statements, step, table};
use std::error::Error;

diesel::table! { cities (id) { id -> Integer, name -> Text, } }
diesel::table! {
    people (id) {
        id -> Integer,
        name -> Text,
        birthplace_id -> Integer,
        boss_id -> Nullable<Integer>,
    }
}
diesel::table! { driving_licenses (id) { id -> Integer, number -> Text, owner_id -> Nullable<Integer>, } }
diesel::table! { toots (id) { id -> Integer, body -> Text, author_id -> Integer, } }
diesel::table! { liked_toots (person_id, toot_id) { person_id -> Integer, toot_id -> Integer, } }
diesel::allow_tables_to_appear_in_same_query!(cities, people, driving_licenses, toots, liked_toots);

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[has_one(DrivingLicense, foreign_key = owner_id)]
#[has_many(Toot, foreign_key = author_id)]
#[belongs_to_one(City, name = birthplace)]
#[belongs_to_one(Person, name = boss)]
#[belongs_to_many(Toot, name = liked_toots, through = liked_toots)]
struct Person {
    id: i32,
    name: String,
    birthplace_id: i32,
    boss_id: Option<i32>,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = cities)]
#[has_many(Person, name = natives, foreign_key = birthplace_id)]
struct City {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable)]
struct DrivingLicense {
    id: i32,
    number: String,
}

#[derive(Model, Queryable, Selectable)]
#[belongs_to_many(Person, name = likers, through = liked_toots)]
struct Toot {
    id: i32,
    body: String,
}

const DATA: &str = "
    CREATE TABLE cities (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        birthplace_id INTEGER NOT NULL REFERENCES cities (id),
        boss_id INTEGER REFERENCES people (id)
    );
    CREATE TABLE driving_licenses (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL,
        owner_id INTEGER REFERENCES people (id)
    );
    CREATE TABLE toots (id INTEGER PRIMARY KEY, body TEXT NOT NULL, author_id INTEGER NOT NULL);
    CREATE TABLE liked_toots (
        person_id INTEGER NOT NULL REFERENCES people (id),
        toot_id INTEGER NOT NULL REFERENCES toots (id),
        PRIMARY KEY (person_id, toot_id)
    );
    INSERT INTO cities VALUES (1, 'Rome'), (2, 'Oslo');
    INSERT INTO people VALUES (1, 'Ada', 1, NULL), (2, 'Bob', 1, 1), (3, 'Cleo', 2, 1);
    INSERT INTO driving_licenses VALUES (1, 'A-1', 1), (2, 'B-2', 2);
    INSERT INTO toots VALUES (1, 'hello', 1), (2, 'rust', 1), (3, 'diesel', 2);
    INSERT INTO liked_toots VALUES (1, 3), (2, 1), (2, 2), (3, 3);
";

#[allow(clippy::too_many_lines, reason = "it reads from top to bottom")]
fn main() -> Result<(), Box<dyn Error>> {
    let conn = &mut database(DATA)?;

    println!("The associations of a person, as constant data:");
    table(
        ["kind", "name", "target", "junction"],
        Person::ASSOCIATIONS.iter().map(|association| {
            [
                association.kind.to_string(),
                association.name.to_owned(),
                format!(
                    "{}.{}",
                    association.target_table,
                    association.target_key.join(", ")
                ),
                or_dash(association.junction.map(|junction| junction.table)),
            ]
        }),
    );

    step("Some people", "people::table.select(Person::as_select())");
    let people = people::table
        .order(people::id)
        .select(Person::as_select())
        .load(conn)?;
    let (ada, bob) = (&people[0], &people[1]);

    step("has_one", "ada.driving_license(conn)?");
    let license = ada.driving_license(conn)?;
    table(
        ["id", "number"],
        license
            .into_iter()
            .map(|license| [license.id.to_string(), license.number]),
    );

    step("belongs_to", "bob.birthplace(conn)?, bob.boss(conn)?");
    let (city, boss) = (bob.birthplace(conn)?, bob.boss(conn)?);
    println!(
        "    {} and {}",
        city.name,
        or_dash(boss.map(|boss| boss.name))
    );

    step("has_many", "ada.toots(conn)?");
    let toots = ada.toots(conn)?;
    table(
        ["id", "body"],
        toots
            .iter()
            .map(|toot| [toot.id.to_string(), toot.body.clone()]),
    );

    step(
        "belongs_to_many",
        "bob.liked_toots(conn)?, bob.has_liked_toots(&toots, conn)?",
    );
    let liked = bob.liked_toots(conn)?;
    table(
        ["id", "body"],
        liked
            .iter()
            .map(|toot| [toot.id.to_string(), toot.body.clone()]),
    );
    println!(
        "    Bob likes all of Ada's toots: {}",
        bob.has_liked_toots(&toots, conn)?
    );

    step(
        "The same from the other end",
        "toot.likers(conn)?, city.count_natives(conn)?",
    );
    for toot in &toots {
        let likers = toot.likers(conn)?;
        let names: Vec<_> = likers.iter().map(|liker| liker.name.as_str()).collect();
        println!("    {} is liked by {}", toot.body, names.join(", "));
    }
    println!(
        "    {} has {} natives (city {})",
        city.name,
        city.count_natives(conn)?,
        city.id
    );

    step(
        "A query, refined by Diesel",
        "ada.toots_query().filter(..).order(..).limit(1)",
    );
    let latest: Vec<String> = ada
        .toots_query()
        .filter(toots::body.ne("hello"))
        .order(toots::id.desc())
        .limit(1)
        .select(toots::body)
        .load(conn)?;
    println!("    {latest:?}");

    step(
        "A join with itself",
        "people::table.left_join(Person::BOSS)",
    );
    let pairs: Vec<(String, Option<String>)> = people::table
        .left_join(Person::BOSS)
        .order(people::id)
        .select((
            people::name,
            Person::BOSS.target().field(people::name).nullable(),
        ))
        .load(conn)?;
    table(
        ["person", "boss"],
        pairs.into_iter().map(|(name, boss)| [name, or_dash(boss)]),
    );

    println!("\n{} statements ran.", statements());
    Ok(())
}
