//! Shared by all tests.

use diesel::prelude::*;
use diesel::{QueryResult, SqliteConnection};
use orm_tests::models::{City, Person, Toot};
use orm_tests::recorder::{Sent, record};
use orm_tests::schema::{cities, people, toots};

pub(crate) fn person(id: i32, conn: &mut SqliteConnection) -> Person {
    people::table
        .find(id)
        .select(Person::as_select())
        .get_result(conn)
        .unwrap()
}

pub(crate) fn city(id: i32, conn: &mut SqliteConnection) -> City {
    cities::table
        .find(id)
        .select(City::as_select())
        .get_result(conn)
        .unwrap()
}

pub(crate) fn toot(id: i32, conn: &mut SqliteConnection) -> Toot {
    toots::table
        .find(id)
        .select(Toot::as_select())
        .get_result(conn)
        .unwrap()
}

/// Runs `read` twice: it yields the same both times, sends `expected` each time,
/// and prepares nothing the second time.
///
/// The statements are compared without quotes and from `FROM` on, where the
/// selection is that of a model.
#[track_caller]
pub(crate) fn sends<T: PartialEq + std::fmt::Debug>(
    conn: &mut SqliteConnection,
    expected: &[&str],
    mut read: impl FnMut(&mut SqliteConnection) -> QueryResult<T>,
) -> T {
    let (first, sent) = record(conn, &mut read);
    let first = first.unwrap();
    let statements: Vec<_> = sent.statements.iter().map(|sql| short(sql)).collect();
    assert_eq!(statements, expected);
    let (second, again) = record(conn, &mut read);
    assert_eq!(first, second.unwrap());
    assert_eq!(
        again,
        Sent {
            statements: sent.statements,
            ..Sent::default()
        }
    );
    first
}

pub(crate) fn short(sql: &str) -> String {
    // the plus that hides a bind from SQLite's planner
    let sql = sql.replace('`', "").replace("= +?", "= ?");
    match sql.split_once(" FROM ") {
        Some((selection, rest)) if selection.contains(", ") => format!("FROM {rest}"),
        _ => sql,
    }
}
