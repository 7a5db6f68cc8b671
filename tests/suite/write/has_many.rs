//! `has_many`: the foreign key is a column of the target.

use super::prelude::*;
use super::support::is_key;
use super::support::sample;
use super::support::{LOCK, READ_BACK};
use super::support::{person, toot};
use super::{done, writes};
use diesel::result::Error;
use orm_tests::connection::TestConnection;
use orm_tests::models::{Person, Toot};
use orm_tests::schema::toots;

/// A toot without its author.
#[derive(Insertable)]
#[diesel(table_name = toots)]
struct NewToot<'a> {
    body: &'a str,
}

#[test]
fn add_moves_rows_of_other_parents() {
    let conn = &mut *sample();
    let (ada, hers, his) = (person(1, conn), toot(1, conn), toot(3, conn));

    writes(
        conn,
        Ok(()),
        1,
        &["toots: 3, 'diesel', 2"],
        &["toots: 3, 'diesel', 1"],
        |conn| ada.add_toot(&his, conn).run(),
    );
    // twice is the same as once
    writes(conn, Ok(()), 1, &[], &[], |conn| {
        ada.add_toots([3, 3, 1], conn).run()
    });
    writes(conn, Ok(()), 1, &[], &[], |conn| {
        ada.add_toots(&[hers, his], conn).run()
    });
    writes(conn, Ok(()), 0, &[], &[], |conn| {
        ada.add_toots([0; 0], conn).run()
    });
}

/// better: a key that does not exist is `NotFound`, and nothing is changed.
#[test]
fn better_add_of_a_key_that_does_not_exist_is_not_found() {
    let conn = &mut *sample();
    let cleo = person(3, conn);

    writes(conn, Err(Error::NotFound), 1, &[], &[], |conn| {
        cleo.add_toot(99, conn).run()
    });
    writes(conn, Err(Error::NotFound), 1, &[], &[], |conn| {
        cleo.add_toots([1, 99, 2], conn).run()
    });
    // inside a transaction of the caller's too
    writes(
        conn,
        Ok(()),
        2,
        &["toots: 1, 'hello', 1"],
        &["toots: 1, 'hello', 3"],
        |conn| {
            conn.in_transaction(|conn| {
                assert_eq!(cleo.add_toots([2, 99], conn).run(), Err(Error::NotFound));
                cleo.add_toot(1, conn).run()
            })
        },
    );
}

#[test]
fn remove_deletes_where_the_declaration_says_so() {
    let conn = &mut *sample();
    let bob = person(2, conn);
    diesel::delete(orm_tests::schema::liked_toots::table)
        .execute(conn)
        .run()
        .unwrap();

    // only his
    writes(conn, Ok(1), 1, &["toots: 3, 'diesel', 2"], &[], |conn| {
        bob.remove_toots([1, 3, 3], conn).run()
    });
    writes(conn, Ok(0), 1, &[], &[], |conn| {
        bob.remove_toot(1, conn).run()
    });
    writes(conn, Ok(0), 0, &[], &[], |conn| {
        bob.remove_toots([0; 0], conn).run()
    });
}

#[test]
fn remove_unlinks_where_the_key_can_be_null_and_destroy_deletes() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));

    writes(
        conn,
        Ok(1),
        1,
        &["people: 2, 'Bob', 1, NULL, 1, 1"],
        &["people: 2, 'Bob', 1, NULL, NULL, 1"],
        |conn| ada.remove_reports([2, 3], conn).run(),
    );
    conn.batch(
        "INSERT INTO people VALUES (4, 'Dan', 1, NULL, 2, NULL), (5, 'Eve', 1, NULL, 1, NULL)",
    );
    writes(
        conn,
        Ok(1),
        1,
        &["people: 4, 'Dan', 1, NULL, 2, NULL"],
        &[],
        |conn| bob.destroy_reports([4, 5], conn).run(),
    );
    writes(conn, Ok(0), 1, &[], &[], |conn| {
        bob.destroy_report(5, conn).run()
    });
}

#[test]
fn set_is_the_difference() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));

    writes(conn, Ok(()), 1 + LOCK, &[], &[], |conn| {
        ada.set_reports([2, 2], conn).run()
    });
    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &[
            "people: 2, 'Bob', 1, NULL, 1, 1",
            "people: 3, 'Cleo', 2, NULL, NULL, NULL",
        ],
        &[
            "people: 2, 'Bob', 1, NULL, NULL, 1",
            "people: 3, 'Cleo', 2, NULL, 1, NULL",
        ],
        |conn| ada.set_reports([3], conn).run(),
    );
    // only links
    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &["people: 3, 'Cleo', 2, NULL, 1, NULL"],
        &["people: 3, 'Cleo', 2, NULL, 2, NULL"],
        |conn| bob.set_reports([3], conn).run(),
    );
    // only unlinks
    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &["people: 3, 'Cleo', 2, NULL, 2, NULL"],
        &["people: 3, 'Cleo', 2, NULL, NULL, NULL"],
        |conn| bob.set_reports([0; 0], conn).run(),
    );
}

/// better: a `set` that fails leaves everything as it was.
#[test]
fn better_set_that_fails_changes_nothing() {
    let conn = &mut *sample();
    let ada = person(1, conn);

    writes(conn, Err(Error::NotFound), 3 + LOCK, &[], &[], |conn| {
        ada.set_reports([3, 99], conn).run()
    });
    writes(conn, Ok(()), 3 + LOCK, &[], &[], |conn| {
        conn.in_transaction(|conn| {
            assert_eq!(ada.set_reports([3, 99], conn).run(), Err(Error::NotFound));
            Ok(())
        })
    });
}

#[test]
fn set_that_destroys_what_was_before() {
    let conn = &mut *sample();
    conn.batch("INSERT INTO people VALUES (4, 'Dan', 1, NULL, 1, NULL)");
    let ada = person(1, conn);

    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &["people: 4, 'Dan', 1, NULL, 1, NULL"],
        &[],
        |conn| ada.set_reports_destroy_previous([2], conn).run(),
    );
}

#[test]
fn create_adds_the_key() {
    let conn = &mut *sample();
    let bob = person(2, conn);

    let expected = Toot {
        id: 4,
        body: "new".into(),
        author_id: 2,
    };
    writes(
        conn,
        Ok(expected),
        1 + READ_BACK,
        &[],
        &["toots: 4, 'new', 2"],
        |conn| bob.create_toot(&NewToot { body: "new" }, conn).run(),
    );
    // anything that is insertable, and from the cache
    let again = done(conn, |conn| {
        bob.create_toot(toots::body.eq("it's"), conn).run()
    });
    assert_eq!(again.result.map(|toot| toot.body), Ok("it's".to_owned()));
    let hostile = if is_key("\0") { "\0😀'--" } else { "😀'--" };
    let again = done(conn, |conn| {
        bob.create_toot(&NewToot { body: hostile }, conn).run()
    });
    assert_eq!(again.result.map(|toot| toot.body), Ok(hostile.to_owned()));
    assert_eq!(again.sent.cached, [""; 0]);
}

#[test]
fn create_that_fails_changes_nothing() {
    let conn = &mut *sample();
    let ghost = Person {
        id: 99,
        ..person(1, conn)
    };

    let failed = done(conn, |conn| {
        ghost.create_toot(&NewToot { body: "boo" }, conn).run()
    });
    assert!(matches!(failed.result, Err(Error::DatabaseError(..))));
    assert_eq!((failed.gone, failed.new), (vec![], vec![]));
}
