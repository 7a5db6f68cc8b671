//! Databases for the tests: one in memory for each test, alone.
#![allow(clippy::expect_used, reason = "a test without a database has failed")]

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// The tables of [`schema`](crate::schema); `COUNTED` is the type of a key that
/// the database counts. Without uniqueness of the links of
/// one license: the rows of a mistake must be readable.
const TABLES: &str = "
    CREATE TABLE cities (id COUNTED PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE people (
        id COUNTED PRIMARY KEY,
        name TEXT NOT NULL,
        birthplace_id INTEGER NOT NULL REFERENCES cities (id),
        residence_id INTEGER REFERENCES cities (id),
        boss_id INTEGER REFERENCES people (id),
        predecessor_id INTEGER REFERENCES people (id)
    );
    CREATE TABLE driving_licenses (
        id COUNTED PRIMARY KEY,
        number TEXT NOT NULL,
        owner_id INTEGER REFERENCES people (id)
    );
    CREATE TABLE toots (
        id COUNTED PRIMARY KEY,
        body TEXT NOT NULL,
        author_id INTEGER NOT NULL REFERENCES people (id)
    );
    CREATE TABLE liked_toots (
        person_id INTEGER NOT NULL REFERENCES people (id),
        toot_id INTEGER NOT NULL REFERENCES toots (id),
        liked_at TEXT NOT NULL DEFAULT '2026-01-01',
        PRIMARY KEY (person_id, toot_id)
    );
    CREATE TABLE follows (
        follower_id INTEGER NOT NULL REFERENCES people (id),
        followed_id INTEGER NOT NULL REFERENCES people (id),
        PRIMARY KEY (follower_id, followed_id)
    );
    CREATE TABLE posts (id COUNTED PRIMARY KEY, title TEXT NOT NULL);
    CREATE TABLE comments (
        id COUNTED PRIMARY KEY,
        post_id INTEGER NOT NULL REFERENCES posts (id),
        body TEXT NOT NULL
    );
";

/// Three people, of whom Cleo has nothing: the bystander.
const ROWS: &str = "
    INSERT INTO cities (id, name) VALUES (1, 'Rome'), (2, 'Oslo'), (3, 'Lima');
    INSERT INTO people (id, name, birthplace_id, residence_id, boss_id, predecessor_id) VALUES
        (1, 'Ada', 1, 2, NULL, NULL),
        (2, 'Bob', 1, NULL, 1, 1),
        (3, 'Cleo', 2, NULL, NULL, NULL);
    INSERT INTO driving_licenses (id, number, owner_id) VALUES
        (1, 'A-1', 1), (2, 'B-2', 2), (3, 'lost', NULL);
    INSERT INTO toots (id, body, author_id) VALUES
        (1, 'hello', 1), (2, 'rust', 1), (3, 'diesel', 2);
    INSERT INTO liked_toots (person_id, toot_id, liked_at) VALUES
        (1, 3, '2026-03-01'), (2, 1, '2026-01-01'), (2, 2, '2026-02-01');
    INSERT INTO follows (follower_id, followed_id) VALUES (2, 1), (3, 1), (1, 2);
    INSERT INTO posts (id, title) VALUES (1, 'first'), (2, 'second');
    INSERT INTO comments (id, post_id, body) VALUES (1, 1, 'nice'), (2, 1, 'thanks');
";

/// An empty database with `tables`.
///
/// # Panics
/// If SQLite cannot make it.
#[must_use]
pub fn with_tables(tables: &str) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(":memory:").expect("SQLite in memory opens");
    conn.batch_execute("PRAGMA foreign_keys = ON")
        .expect("foreign keys turn on");
    conn.batch_execute(tables).expect("the tables are valid");
    conn
}

/// The statements that make the tables, in which keys that the database counts
/// are of the type `counted`.
#[must_use]
pub fn tables(counted: &str) -> String {
    TABLES.replace("COUNTED", counted)
}

/// The reference scenarios with rows of every kind.
#[must_use]
pub fn sample() -> SqliteConnection {
    let mut conn = with_tables("");
    fill(&mut conn);
    conn
}

/// The tables of the reference scenarios, without rows.
#[must_use]
pub fn empty() -> SqliteConnection {
    with_tables(&tables("INTEGER"))
}

/// Makes the tables and rows of the reference scenarios.
///
/// # Panics
/// If the database is not empty.
pub fn fill(conn: &mut impl SimpleConnection) {
    conn.batch_execute(&tables("INTEGER"))
        .expect("the tables are valid");
    conn.batch_execute(ROWS).expect("the rows are valid");
}
