//! Writing through associations.

mod bad_input;
mod belongs_to;
mod belongs_to_many;
mod constraints;
mod destroy;
mod failure;
mod has_many;
mod has_one;
mod keys;
mod meanwhile;
mod new_rows;
mod race;
mod tree;

use super::prelude::{self, *};
use super::{Conn, support};
use orm_tests::database::dump;
use orm_tests::recorder::{Sent, record};

/// What `write` did: its result, the lines that are gone, the new lines, and
/// what was sent.
pub(crate) struct Done<T> {
    pub(crate) result: QueryResult<T>,
    pub(crate) gone: Vec<String>,
    pub(crate) new: Vec<String>,
    pub(crate) sent: Sent,
}

pub(crate) fn done<T>(conn: &mut Conn, write: impl FnOnce(&mut Conn) -> QueryResult<T>) -> Done<T> {
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
    conn: &mut Conn,
    result: QueryResult<T>,
    statements: usize,
    gone: &[&str],
    new: &[&str],
    write: impl FnOnce(&mut Conn) -> QueryResult<T>,
) {
    let done = done(conn, write);
    assert_eq!(done.result, result);
    assert_eq!(done.gone, gone);
    assert_eq!(done.new, new);
    assert_eq!(done.sent.count(), statements, "{:?}", done.sent.statements);
}
