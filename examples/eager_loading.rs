//! People with their licenses, cities and toots, in a fixed number of
//! statements: as include trees and as structs that describe them.

use diesel::prelude::*;
use orm_core::prelude::*;
use orm_examples::{database, or_dash, statements, step, table};
use std::error::Error;
use std::sync::Arc;

diesel::table! { cities (id) { id -> Integer, name -> Text, } }
diesel::table! { people (id) { id -> Integer, name -> Text, city_id -> Integer, } }
diesel::table! { driving_licenses (id) { id -> Integer, number -> Text, person_id -> Integer, } }
diesel::table! { toots (id) { id -> Integer, body -> Text, author_id -> Integer, } }
diesel::table! { liked_toots (person_id, toot_id) { person_id -> Integer, toot_id -> Integer, } }
diesel::allow_tables_to_appear_in_same_query!(cities, people, driving_licenses, toots, liked_toots);

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = people)]
#[has_one(DrivingLicense)]
#[belongs_to_one(City)]
#[has_many(Toot, foreign_key = author_id)]
#[belongs_to_many(Toot, name = liked_toots, through = liked_toots)]
struct Person {
    id: i32,
    name: String,
    city_id: i32,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = cities)]
#[has_many(Person, name = residents)]
struct City {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable, Clone)]
struct DrivingLicense {
    id: i32,
    number: String,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[belongs_to_many(Person, name = likers, through = liked_toots)]
struct Toot {
    id: i32,
    body: String,
}

/// What a page about a person shows: the type is the query plan.
#[derive(Include, Clone)]
#[include(Person)]
struct Profile {
    #[include(row)]
    person: Person,
    driving_license: Option<DrivingLicense>,
    city: Arc<City>,
    #[include(association = toots, order = toots::id.desc(), limit = 2)]
    latest_toots: Vec<TootView>,
    #[include(count = liked_toots)]
    likes: i64,
}

#[derive(Include, Clone)]
#[include(Toot)]
struct TootView {
    #[include(row)]
    toot: Toot,
    likers: Vec<Arc<Person>>,
}

const DATA: &str = "
    CREATE TABLE cities (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city_id INTEGER NOT NULL);
    CREATE TABLE driving_licenses (id INTEGER PRIMARY KEY, number TEXT NOT NULL, person_id INTEGER NOT NULL);
    CREATE TABLE toots (id INTEGER PRIMARY KEY, body TEXT NOT NULL, author_id INTEGER NOT NULL);
    CREATE TABLE liked_toots (
        person_id INTEGER NOT NULL, toot_id INTEGER NOT NULL, PRIMARY KEY (person_id, toot_id));
    INSERT INTO cities VALUES (1, 'Rome'), (2, 'Oslo');
    INSERT INTO people VALUES (1, 'Ada', 1), (2, 'Bob', 1), (3, 'Cleo', 2);
    INSERT INTO driving_licenses VALUES (1, 'A-1', 1), (2, 'B-2', 2);
    INSERT INTO toots VALUES (1, 'hello', 1), (2, 'rust', 1), (3, 'diesel', 1), (4, 'sqlite', 2);
    INSERT INTO liked_toots VALUES (1, 4), (2, 1), (2, 3), (3, 3);
";

fn main() -> Result<(), Box<dyn Error>> {
    let conn = &mut database(DATA)?;

    step(
        "Cities, their residents and what these like",
        "cities::table.include(..).load(conn)?",
    );
    let rows: Vec<(City, Vec<(Person, Vec<Toot>)>)> = cities::table
        .order(cities::id)
        .include(
            City::RESIDENTS
                .order(people::name)
                .include(Person::LIKED_TOOTS),
        )
        .load(conn)?;
    let rows = rows.iter().flat_map(|(city, people)| {
        people.iter().map(|(person, liked)| {
            let liked: Vec<_> = liked.iter().map(|toot| toot.body.as_str()).collect();
            [city.name.clone(), person.name.clone(), liked.join(", ")]
        })
    });
    table(["city", "resident", "likes"], rows);

    step("Profiles", "people::table.load_as::<Profile>(conn)?");
    let before = statements();
    let profiles = people::table.order(people::id).load_as::<Profile>(conn)?;
    println!(
        "    {} statements, Profile::QUERIES is {}",
        statements() - before,
        Profile::QUERIES
    );
    let rows = profiles.iter().map(|profile| {
        let toots = profile.latest_toots.iter().map(|view| {
            let likers: Vec<_> = view
                .likers
                .iter()
                .map(|liker| liker.name.as_str())
                .collect();
            format!("{} ({})", view.toot.body, likers.join(" and "))
        });
        [
            profile.person.name.clone(),
            or_dash(
                profile
                    .driving_license
                    .as_ref()
                    .map(|license| &license.number),
            ),
            profile.city.name.clone(),
            toots.collect::<Vec<_>>().join(", "),
            profile.likes.to_string(),
        ]
    });
    table(
        [
            "person",
            "license",
            "city",
            "latest toots (likers)",
            "likes",
        ],
        rows,
    );

    step(
        "Only people who like something of Ada's",
        "people::table.filter(Person::LIKED_TOOTS.any(..))",
    );
    let fans: Vec<String> = people::table
        .filter(Person::LIKED_TOOTS.any(toots::author_id.eq(1)))
        .order(people::id)
        .select(people::name)
        .load(conn)?;
    println!("    {}", fans.join(", "));
    Ok(())
}
