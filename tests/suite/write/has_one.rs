//! `has_one`: the foreign key is a column of the target, at most one row.

use super::prelude::*;
use super::support::person;
use super::support::sample;
use super::support::{LOCK, READ_BACK};
use super::{done, writes};
use diesel::result::Error;
use orm_tests::connection::TestConnection;
use orm_tests::models::DrivingLicense;
use orm_tests::schema::driving_licenses;

/// A license without its owner.
#[derive(Insertable)]
#[diesel(table_name = driving_licenses)]
struct NewLicense<'a> {
    number: &'a str,
}

#[test]
fn set_links_the_new_row_and_unlinks_the_old_one() {
    let conn = &mut *sample();
    let ada = person(1, conn);

    writes(conn, Ok(()), 1 + LOCK, &[], &[], |conn| {
        ada.set_driving_license(1, conn).run()
    });
    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &[
            "driving_licenses: 1, 'A-1', 1",
            "driving_licenses: 3, 'lost', NULL",
        ],
        &[
            "driving_licenses: 1, 'A-1', NULL",
            "driving_licenses: 3, 'lost', 1",
        ],
        |conn| ada.set_driving_license(Some(3), conn).run(),
    );
    // a row of another parent is moved
    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &[
            "driving_licenses: 2, 'B-2', 2",
            "driving_licenses: 3, 'lost', 1",
        ],
        &[
            "driving_licenses: 2, 'B-2', 1",
            "driving_licenses: 3, 'lost', NULL",
        ],
        |conn| ada.set_driving_license(2, conn).run(),
    );
    writes(
        conn,
        Ok(()),
        1 + LOCK,
        &["driving_licenses: 2, 'B-2', 1"],
        &["driving_licenses: 2, 'B-2', NULL"],
        |conn| ada.set_driving_license(None::<&DrivingLicense>, conn).run(),
    );
    writes(conn, Ok(()), 1 + LOCK, &[], &[], |conn| {
        ada.unset_driving_license(conn).run()
    });
    // where there is none, one statement less
    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &["driving_licenses: 1, 'A-1', NULL"],
        &["driving_licenses: 1, 'A-1', 1"],
        |conn| ada.set_driving_license(1, conn).run(),
    );
}

/// better: an unknown key is `NotFound`, and nothing is changed.
#[test]
fn better_set_of_a_key_that_does_not_exist_is_not_found() {
    let conn = &mut *sample();
    let ada = person(1, conn);

    writes(conn, Err(Error::NotFound), 3 + LOCK, &[], &[], |conn| {
        ada.set_driving_license(99, conn).run()
    });
}

/// better: what is linked is asked of the database, not of a value in memory.
#[test]
fn better_set_of_a_stale_row_keeps_the_link() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));
    let stale = ada.driving_license(conn).run().unwrap().unwrap();
    bob.set_driving_license(&stale, conn).run().unwrap();

    // in memory it still is Ada's
    assert_eq!(stale.owner_id, Some(1));
    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &["driving_licenses: 1, 'A-1', 2"],
        &["driving_licenses: 1, 'A-1', 1"],
        |conn| ada.set_driving_license(&stale, conn).run(),
    );
}

#[test]
fn set_and_destroy_delete_where_they_say_so() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));

    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &[
            "driving_licenses: 1, 'A-1', 1",
            "driving_licenses: 3, 'lost', NULL",
        ],
        &["driving_licenses: 3, 'lost', 1"],
        |conn| ada.set_driving_license_destroy_previous(3, conn).run(),
    );
    writes(
        conn,
        Ok(1),
        1,
        &["driving_licenses: 2, 'B-2', 2"],
        &[],
        |conn| bob.destroy_driving_license(conn).run(),
    );
    writes(conn, Ok(0), 1, &[], &[], |conn| {
        bob.destroy_driving_license(conn).run()
    });
}

/// better: there is one row after `create`, not two.
#[test]
fn better_create_unlinks_what_was_there() {
    let conn = &mut *sample();
    let ada = person(1, conn);

    let expected = DrivingLicense {
        id: 4,
        number: "A-2".into(),
        owner_id: Some(1),
    };
    writes(
        conn,
        Ok(expected),
        2 + READ_BACK + LOCK,
        &["driving_licenses: 1, 'A-1', 1"],
        &[
            "driving_licenses: 1, 'A-1', NULL",
            "driving_licenses: 4, 'A-2', 1",
        ],
        |conn| {
            ada.create_driving_license(&NewLicense { number: "A-2" }, conn)
                .run()
        },
    );
}

#[test]
fn create_that_fails_changes_nothing() {
    let conn = &mut *sample();
    let ada = person(1, conn);
    conn.batch("CREATE UNIQUE INDEX numbers ON driving_licenses (number)");

    let failed = done(conn, |conn| {
        ada.create_driving_license(&NewLicense { number: "B-2" }, conn)
            .run()
    });
    assert!(matches!(failed.result, Err(Error::DatabaseError(..))));
    assert_eq!((failed.gone, failed.new), (vec![], vec![]));
    // the one to read the row is not sent
    assert_eq!(failed.sent.count(), 2 + LOCK + READ_BACK / 2);
}
