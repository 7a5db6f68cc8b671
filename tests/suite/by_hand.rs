//! Transactions that the caller began or ended with text, of which Diesel does not know,
//! and those that cannot end.

use super::Conn;
use super::prelude::*;
use super::support::{ENGINE, person, sample, with_tables};
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::{Isolated, dump, sample_sql};
use orm_tests::models::Person;
use orm_tests::schema::people;

fn liked(person: &Person, conn: &mut Conn) -> Vec<i32> {
    let liked = person.liked_toots(conn).run().unwrap();
    liked.iter().map(|toot| toot.id).collect()
}

#[test]
fn a_tree_in_a_transaction_that_was_begun_with_text() {
    let conn = &mut *sample();
    let before = dump(conn);
    conn.batch("BEGIN");
    conn.batch("INSERT INTO liked_toots (person_id, toot_id) VALUES (3, 1)");
    let rows = people::table.include(Person::LIKED_TOOTS).load(conn).run();
    assert_eq!(rows.unwrap()[2].1.len(), 1);
    let cleo = person(3, conn);
    assert_eq!(
        Person::LIKED_TOOTS
            .load_for_one(&cleo, conn)
            .run()
            .unwrap()
            .len(),
        1
    );
    conn.batch("ROLLBACK");
    assert_eq!(dump(conn), before);
    assert_eq!(conn.depth(), None);
}

#[test]
fn a_write_in_a_transaction_that_was_begun_with_text() {
    if ENGINE != Engine::Sqlite {
        // A server takes our `BEGIN` for a new transaction, as it takes Diesel's.
        return;
    }
    let conn = &mut *sample();
    let bob = person(2, conn);
    let before = dump(conn);

    conn.batch("BEGIN");
    assert_eq!(bob.set_liked_toots([3], conn).run(), Ok(()));
    let written = dump(conn);
    assert!(bob.set_liked_toots([99], conn).run().is_err());
    assert_eq!(dump(conn), written, "it is undone alone");
    conn.batch("ROLLBACK");
    assert_eq!(dump(conn), before);
    assert_eq!(conn.depth(), None);

    conn.batch("BEGIN");
    assert_eq!(bob.set_liked_toots([3], conn).run(), Ok(()));
    conn.batch("COMMIT");
    assert_eq!(dump(conn), written);
    assert_eq!(bob.set_liked_toots([1, 2], conn).run(), Ok(()));
    assert_eq!(liked(&bob, conn), [1, 2]);
}

#[test]
fn what_changes_nothing_works_where_nothing_may_be_written() {
    if ENGINE != Engine::Sqlite {
        return;
    }
    let conn = &mut *sample();
    let bob = person(2, conn);
    let before = dump(conn);

    conn.batch("PRAGMA query_only = ON");
    assert_eq!(bob.set_liked_toots([1, 2], conn).run(), Ok(()));
    assert!(bob.set_liked_toots([3], conn).run().is_err());
    conn.batch("BEGIN");
    assert_eq!(bob.set_liked_toots([1, 2], conn).run(), Ok(()));
    assert!(bob.set_liked_toots([3], conn).run().is_err());
    conn.batch("COMMIT");
    assert_eq!(conn.depth(), None);
    assert_eq!(dump(conn), before);
    conn.batch("PRAGMA query_only = OFF");
    assert_eq!(bob.set_liked_toots([3], conn).run(), Ok(()));
}

/// The sample, in which it is checked at the end of a transaction that a liked toot
/// is there.
fn checked_at_the_end() -> Isolated<Conn> {
    with_tables(&sample_sql().replace(
        "toot_id INTEGER NOT NULL REFERENCES toots (id)",
        "toot_id INTEGER NOT NULL REFERENCES toots (id) DEFERRABLE INITIALLY DEFERRED",
    ))
}

#[test]
fn a_commit_that_fails_undoes_all() {
    if ENGINE == Engine::Mysql {
        return;
    }
    let conn = &mut *checked_at_the_end();
    let bob = person(2, conn);
    let before = dump(conn);
    assert!(bob.set_liked_toots([99], conn).run().is_err());
    assert_eq!(dump(conn), before);
    assert_eq!(conn.depth(), None);
    assert_eq!(bob.set_liked_toots([3], conn).run(), Ok(()));
    assert_eq!(liked(&bob, conn), [3]);
}

#[test]
fn a_savepoint_that_cannot_be_released_undoes_all() {
    if ENGINE != Engine::Sqlite {
        return;
    }
    let conn = &mut *checked_at_the_end();
    let bob = person(2, conn);
    let before = dump(conn);
    let whole = conn.in_transaction(|conn| {
        // the savepoint is now all there is, and checked at its end
        conn.batch("COMMIT");
        assert!(bob.set_liked_toots([99], conn).run().is_err());
        Ok(())
    });
    assert_eq!(whole, Ok(()));
    assert_eq!(dump(conn), before);
    assert_eq!(conn.depth(), None);
    assert_eq!(bob.set_liked_toots([3], conn).run(), Ok(()));
    assert_eq!(liked(&bob, conn), [3]);
}
