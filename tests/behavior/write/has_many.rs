//! `has_many`: the foreign key is a column of the target.

use super::{done, writes};
use crate::support::{person, toot};
use diesel::prelude::*;
use diesel::result::Error;
use orm_tests::database::sample;
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
    let mut conn = sample();
    let (ada, hers, his) = (person(1, &mut conn), toot(1, &mut conn), toot(3, &mut conn));

    writes(
        &mut conn,
        Ok(()),
        1,
        &["toots: 3, 'diesel', 2"],
        &["toots: 3, 'diesel', 1"],
        |conn| ada.add_toot(&his, conn),
    );
    // twice is the same as once
    writes(&mut conn, Ok(()), 1, &[], &[], |conn| {
        ada.add_toots([3, 3, 1], conn)
    });
    writes(&mut conn, Ok(()), 1, &[], &[], |conn| {
        ada.add_toots(&[hers, his], conn)
    });
    writes(&mut conn, Ok(()), 0, &[], &[], |conn| {
        ada.add_toots([0; 0], conn)
    });
}

/// better: a key that does not exist is `NotFound`, and nothing is changed.
#[test]
fn better_add_of_a_key_that_does_not_exist_is_not_found() {
    let mut conn = sample();
    let cleo = person(3, &mut conn);

    writes(&mut conn, Err(Error::NotFound), 1, &[], &[], |conn| {
        cleo.add_toot(99, conn)
    });
    writes(&mut conn, Err(Error::NotFound), 1, &[], &[], |conn| {
        cleo.add_toots([1, 99, 2], conn)
    });
    // inside a transaction of the caller's too
    writes(
        &mut conn,
        Ok(()),
        2,
        &["toots: 1, 'hello', 1"],
        &["toots: 1, 'hello', 3"],
        |conn| {
            conn.transaction(|conn| {
                assert_eq!(cleo.add_toots([2, 99], conn), Err(Error::NotFound));
                cleo.add_toot(1, conn)
            })
        },
    );
}

#[test]
fn remove_deletes_where_the_key_cannot_be_null() {
    let mut conn = sample();
    let bob = person(2, &mut conn);
    diesel::delete(orm_tests::schema::liked_toots::table)
        .execute(&mut conn)
        .unwrap();

    // only his
    writes(
        &mut conn,
        Ok(1),
        1,
        &["toots: 3, 'diesel', 2"],
        &[],
        |conn| bob.remove_toots([1, 3, 3], conn),
    );
    writes(&mut conn, Ok(0), 1, &[], &[], |conn| {
        bob.remove_toot(1, conn)
    });
    writes(&mut conn, Ok(0), 0, &[], &[], |conn| {
        bob.remove_toots([0; 0], conn)
    });
}

#[test]
fn remove_unlinks_where_the_key_can_be_null_and_destroy_deletes() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));

    writes(
        &mut conn,
        Ok(1),
        1,
        &["people: 2, 'Bob', 1, NULL, 1, 1"],
        &["people: 2, 'Bob', 1, NULL, NULL, 1"],
        |conn| ada.remove_reports([2, 3], conn),
    );
    diesel::sql_query(
        "INSERT INTO people VALUES (4, 'Dan', 1, NULL, 2, NULL), (5, 'Eve', 1, NULL, 1, NULL)",
    )
    .execute(&mut conn)
    .unwrap();
    writes(
        &mut conn,
        Ok(1),
        1,
        &["people: 4, 'Dan', 1, NULL, 2, NULL"],
        &[],
        |conn| bob.destroy_reports([4, 5], conn),
    );
    writes(&mut conn, Ok(0), 1, &[], &[], |conn| {
        bob.destroy_report(5, conn)
    });
}

#[test]
fn set_is_the_difference() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));

    writes(&mut conn, Ok(()), 1, &[], &[], |conn| {
        ada.set_reports([2, 2], conn)
    });
    writes(
        &mut conn,
        Ok(()),
        3,
        &[
            "people: 2, 'Bob', 1, NULL, 1, 1",
            "people: 3, 'Cleo', 2, NULL, NULL, NULL",
        ],
        &[
            "people: 2, 'Bob', 1, NULL, NULL, 1",
            "people: 3, 'Cleo', 2, NULL, 1, NULL",
        ],
        |conn| ada.set_reports([3], conn),
    );
    // only links
    writes(
        &mut conn,
        Ok(()),
        2,
        &["people: 3, 'Cleo', 2, NULL, 1, NULL"],
        &["people: 3, 'Cleo', 2, NULL, 2, NULL"],
        |conn| bob.set_reports([3], conn),
    );
    // only unlinks
    writes(
        &mut conn,
        Ok(()),
        2,
        &["people: 3, 'Cleo', 2, NULL, 2, NULL"],
        &["people: 3, 'Cleo', 2, NULL, NULL, NULL"],
        |conn| bob.set_reports([0; 0], conn),
    );
}

/// better: a `set` that fails leaves everything as it was.
#[test]
fn better_set_that_fails_changes_nothing() {
    let mut conn = sample();
    let ada = person(1, &mut conn);

    writes(&mut conn, Err(Error::NotFound), 3, &[], &[], |conn| {
        ada.set_reports([3, 99], conn)
    });
    writes(&mut conn, Ok(()), 3, &[], &[], |conn| {
        conn.transaction(|conn| {
            assert_eq!(ada.set_reports([3, 99], conn), Err(Error::NotFound));
            Ok(())
        })
    });
}

#[test]
fn set_that_destroys_what_was_before() {
    let mut conn = sample();
    diesel::sql_query("INSERT INTO people VALUES (4, 'Dan', 1, NULL, 1, NULL)")
        .execute(&mut conn)
        .unwrap();
    let ada = person(1, &mut conn);

    writes(
        &mut conn,
        Ok(()),
        2,
        &["people: 4, 'Dan', 1, NULL, 1, NULL"],
        &[],
        |conn| ada.set_reports_destroy_previous([2], conn),
    );
}

#[test]
fn create_adds_the_key() {
    let mut conn = sample();
    let bob = person(2, &mut conn);

    let expected = Toot {
        id: 4,
        body: "new".into(),
        author_id: 2,
    };
    writes(
        &mut conn,
        Ok(expected),
        1,
        &[],
        &["toots: 4, 'new', 2"],
        |conn| bob.create_toot(&NewToot { body: "new" }, conn),
    );
    // anything that is insertable, and from the cache
    let again = done(&mut conn, |conn| {
        bob.create_toot(toots::body.eq("it's"), conn)
    });
    assert_eq!(again.result.map(|toot| toot.body), Ok("it's".to_owned()));
    let again = done(&mut conn, |conn| {
        bob.create_toot(&NewToot { body: "\0😀'--" }, conn)
    });
    assert_eq!(again.result.map(|toot| toot.body), Ok("\0😀'--".to_owned()));
    assert_eq!(again.sent.cached, [""; 0]);
}

#[test]
fn create_that_fails_changes_nothing() {
    let mut conn = sample();
    let ghost = Person {
        id: 99,
        ..person(1, &mut conn)
    };

    let failed = done(&mut conn, |conn| {
        ghost.create_toot(&NewToot { body: "boo" }, conn)
    });
    assert!(matches!(failed.result, Err(Error::DatabaseError(..))));
    assert_eq!((failed.gone, failed.new), (vec![], vec![]));
}
