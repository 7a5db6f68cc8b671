//! Writing through associations.

mod bad_input;
mod belongs_to;
mod belongs_to_many;
mod destroy;
mod failure;
mod has_many;
mod has_one;
mod keys;
mod model;
mod tree;

use diesel::prelude::*;
use diesel::sql_types::Text;
use orm_tests::database::empty;
use orm_tests::recorder::{Sent, record};

/// The connection of the random writes, and how many there are.
type Conn = SqliteConnection;
const STEPS: usize = 10_000;

/// Where the random writes make their tables, again and again: each time in a
/// database in memory.
struct Isolated;

impl Isolated {
    fn new() -> Self {
        Self
    }

    #[allow(
        clippy::unused_self,
        reason = "on other engines there is something to hold"
    )]
    fn empty(&self) -> Conn {
        empty()
    }
}

/// Every row of every table, as text.
pub(crate) fn dump(conn: &mut SqliteConnection) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let mut lines = Vec::new();
    let tables = diesel::sql_query(
        "SELECT name || '(' || (SELECT group_concat('quote(\"' || name || '\")', ' || '', '' || ')
             FROM pragma_table_info(t.name)) || ')' AS line
         FROM sqlite_schema AS t WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    );
    for table in tables.load::<Line>(conn).unwrap() {
        let (name, columns) = table.line.split_once('(').unwrap();
        let columns = columns.strip_suffix(')').unwrap();
        let sql = format!("SELECT '{name}: ' || {columns} AS line FROM {name} ORDER BY 1");
        let rows = diesel::sql_query(sql).load::<Line>(conn).unwrap();
        lines.extend(rows.into_iter().map(|row| row.line));
    }
    lines
}

/// What `write` did: its result, the lines that are gone, the new lines, and
/// what was sent.
pub(crate) struct Done<T> {
    pub(crate) result: QueryResult<T>,
    pub(crate) gone: Vec<String>,
    pub(crate) new: Vec<String>,
    pub(crate) sent: Sent,
}

pub(crate) fn done<T>(
    conn: &mut SqliteConnection,
    write: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
) -> Done<T> {
    let before = dump(conn);
    let (result, sent) = record(conn, write);
    let after = dump(conn);
    let without = |lines: &[String], others: &[String]| {
        let lines = lines.iter().filter(|line| !others.contains(line));
        lines.cloned().collect::<Vec<_>>()
    };
    Done {
        result,
        gone: without(&before, &after),
        new: without(&after, &before),
        sent,
    }
}

/// Asserts what a write changes, and how many statements it takes.
#[allow(clippy::needless_pass_by_value, reason = "it is what `write` returns")]
#[track_caller]
pub(crate) fn writes<T: PartialEq + std::fmt::Debug>(
    conn: &mut SqliteConnection,
    result: QueryResult<T>,
    statements: usize,
    gone: &[&str],
    new: &[&str],
    write: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
) {
    let done = done(conn, write);
    assert_eq!(done.result, result);
    assert_eq!(done.gone, gone);
    assert_eq!(done.new, new);
    assert_eq!(done.sent.count(), statements, "{:?}", done.sent.statements);
}
