//! The models and the data set of the benchmarks: 100 cities, 10,000 people,
//! 7,000 licenses, 30,000 toots and 100,000 likes, always the same.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use orm_core::prelude::*;

diesel::table! { cities (id) { id -> Integer, name -> Text, } }
diesel::table! { people (id) { id -> Integer, name -> Text, city_id -> Integer, } }
diesel::table! { licenses (id) { id -> Integer, number -> Text, person_id -> Integer, } }
diesel::table! { toots (id) { id -> Integer, body -> Text, person_id -> Integer, } }
diesel::table! { likes (person_id, toot_id) { person_id -> Integer, toot_id -> Integer, } }
diesel::allow_tables_to_appear_in_same_query!(cities, people, licenses, toots, likes);

/// A city.
#[derive(Model, Queryable, Selectable, Identifiable, Clone)]
#[diesel(table_name = cities)]
#[has_many(Person)]
pub struct City {
    /// The key.
    pub id: i32,
    /// The name.
    pub name: String,
}

/// A person.
#[derive(Model, Queryable, Selectable, Identifiable, Clone)]
#[diesel(table_name = people)]
#[belongs_to_one(City)]
#[has_one(License)]
#[has_many(Toot)]
#[belongs_to_many(Toot, name = liked_toots, through = likes)]
pub struct Person {
    /// The key.
    pub id: i32,
    /// The name.
    pub name: String,
    /// Where.
    pub city_id: i32,
}

/// A driving license.
#[derive(Model, Queryable, Selectable, Identifiable, Clone)]
#[diesel(table_name = licenses)]
pub struct License {
    /// The key.
    pub id: i32,
    /// The number.
    pub number: String,
    /// Whose.
    pub person_id: i32,
}

/// A toot.
#[derive(Model, Queryable, Selectable, Identifiable, Clone)]
#[diesel(table_name = toots)]
#[belongs_to_many(Person, name = likers, through = likes)]
pub struct Toot {
    /// The key.
    pub id: i32,
    /// The text.
    pub body: String,
    /// Whose.
    pub person_id: i32,
}

/// The statements that make the data set, on any engine.
pub const DATA: &str = "
    CREATE TEMPORARY TABLE cities (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
    CREATE TEMPORARY TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, city_id INTEGER NOT NULL);
    CREATE INDEX people_city ON people (city_id);
    CREATE TEMPORARY TABLE licenses (
        id INTEGER PRIMARY KEY, number VARCHAR(40) NOT NULL, person_id INTEGER NOT NULL UNIQUE);
    CREATE TEMPORARY TABLE toots (id INTEGER PRIMARY KEY, body VARCHAR(40) NOT NULL, person_id INTEGER NOT NULL);
    CREATE INDEX toots_person ON toots (person_id);
    CREATE TEMPORARY TABLE likes (
        person_id INTEGER NOT NULL, toot_id INTEGER NOT NULL, PRIMARY KEY (person_id, toot_id));
    CREATE INDEX likes_toot ON likes (toot_id);
    INSERT INTO cities WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        SELECT i, CONCAT('city ', i) FROM n;
    INSERT INTO people WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
        SELECT i, CONCAT('person number ', i), i * 37 % 100 + 1 FROM n;
    INSERT INTO licenses WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000)
        SELECT i, CONCAT('license ', i), (i * 7919) % 10000 + 1 FROM n;
    INSERT INTO toots WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
        SELECT i, CONCAT('the text of toot number ', i), (i * 7907) % 10000 + 1 FROM n;
    INSERT INTO likes WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
        SELECT i % 10000 + 1, (i * 7901 + (i - i % 10000) / 10000 * 13) % 30000 + 1 FROM n;";

/// A database in memory with the data set.
///
/// # Errors
/// If SQLite does not take it.
pub fn database() -> Result<SqliteConnection, Box<dyn std::error::Error>> {
    let mut conn = SqliteConnection::establish(":memory:")?;
    conn.batch_execute(&DATA.replace("TEMPORARY ", ""))?;
    conn.batch_execute("ANALYZE")?;
    Ok(conn)
}
