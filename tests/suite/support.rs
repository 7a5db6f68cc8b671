//! Shared by all tests.

use super::Conn;
use super::prelude::*;
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::{self, Isolated};
use orm_tests::models::{City, Person, Toot};
use orm_tests::recorder::{Sent, record};
use orm_tests::schema::{cities, people, toots};

/// The database of this suite.
pub(crate) const ENGINE: Engine = <Conn as TestConnection>::ENGINE;

/// How many statements read back what one `INSERT` made.
pub(crate) const READ_BACK: usize = ENGINE.read_back(<Conn as TestConnection>::BLOCKING);

/// How many statements lock the source of links that are replaced.
pub(crate) const LOCK: usize = ENGINE.locks();

pub(crate) fn sample() -> Isolated<Conn> {
    database::sample()
}

pub(crate) fn with_tables(tables: &str) -> Isolated<Conn> {
    database::with_tables(tables)
}

pub(crate) fn person(id: i32, conn: &mut Conn) -> Person {
    let query = people::table.find(id).select(Person::as_select());
    query.get_result(conn).run().unwrap()
}

pub(crate) fn city(id: i32, conn: &mut Conn) -> City {
    let query = cities::table.find(id).select(City::as_select());
    query.get_result(conn).run().unwrap()
}

pub(crate) fn toot(id: i32, conn: &mut Conn) -> Toot {
    let query = toots::table.find(id).select(Toot::as_select());
    query.get_result(conn).run().unwrap()
}

/// Runs `read` twice: it yields the same both times, sends `expected` each time,
/// and prepares nothing the second time.
///
/// The statements are compared as [`short`] shortens them.
#[track_caller]
pub(crate) fn sends<T: PartialEq + std::fmt::Debug>(
    conn: &mut Conn,
    expected: &[&str],
    mut read: impl FnMut(&mut Conn) -> QueryResult<T>,
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

/// A statement without what each connection writes in its own way, quotes, the
/// numbers of binds and their types, and from `FROM` on, where the selection is
/// that of a model.
pub(crate) fn short(sql: &str) -> String {
    let (text, binds) = sql.split_once(" -- binds: ").unwrap();
    let mut binds = binds.replace(')', "");
    for kind in ["Some(", "I32(", "String(", "Binary("] {
        binds = binds.replace(kind, "");
    }
    // the plus hides a bind from SQLite's planner
    let mut text = unquoted(text).replace("= +?", "= ?");
    for number in (1..10).rev() {
        text = text.replace(&format!("${number}"), "?");
    }
    match text.split_once(" FROM ") {
        Some((selection, rest)) if selection.contains(", ") => {
            format!("FROM {rest} -- binds: {binds}")
        }
        _ => format!("{text} -- binds: {binds}"),
    }
}

pub(crate) fn unquoted(sql: &str) -> String {
    sql.replace(['`', '"'], "")
}

/// Whether the database can hold the text, and as a key: PostgreSQL has no NUL in
/// a text, MariaDB no long keys.
pub(crate) fn is_key(text: &str) -> bool {
    match ENGINE {
        Engine::Sqlite => true,
        Engine::Postgres => !text.contains('\0') && text.len() < 1000,
        Engine::Mysql => text.len() < 100,
    }
}

/// The condition that a column is one of some integers, and its binds.
pub(crate) fn one_of(column: &str, keys: &[i32]) -> (String, String) {
    let list = format!("{keys:?}");
    match ENGINE {
        Engine::Sqlite => (
            format!("({column}) IN (SELECT +value AS k0 FROM json_each(?))"),
            format!("{:?}", list.replace(' ', "")),
        ),
        Engine::Postgres => (format!("({column}) = ANY(?)"), list),
        Engine::Mysql => (
            format!("({column}) IN ({})", vec!["(?)"; keys.len()].join(", ")),
            list.trim_matches(['[', ']']).to_owned(),
        ),
    }
}
