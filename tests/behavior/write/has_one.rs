//! `has_one`: the foreign key is a column of the target, at most one row.

use super::{done, writes};
use crate::support::person;
use diesel::prelude::*;
use diesel::result::Error;
use orm_tests::database::sample;
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
    let mut conn = sample();
    let ada = person(1, &mut conn);

    writes(&mut conn, Ok(()), 1, &[], &[], |conn| {
        ada.set_driving_license(1, conn)
    });
    writes(
        &mut conn,
        Ok(()),
        3,
        &[
            "driving_licenses: 1, 'A-1', 1",
            "driving_licenses: 3, 'lost', NULL",
        ],
        &[
            "driving_licenses: 1, 'A-1', NULL",
            "driving_licenses: 3, 'lost', 1",
        ],
        |conn| ada.set_driving_license(Some(3), conn),
    );
    // a row of another parent is moved
    writes(
        &mut conn,
        Ok(()),
        3,
        &[
            "driving_licenses: 2, 'B-2', 2",
            "driving_licenses: 3, 'lost', 1",
        ],
        &[
            "driving_licenses: 2, 'B-2', 1",
            "driving_licenses: 3, 'lost', NULL",
        ],
        |conn| ada.set_driving_license(2, conn),
    );
    writes(
        &mut conn,
        Ok(()),
        1,
        &["driving_licenses: 2, 'B-2', 1"],
        &["driving_licenses: 2, 'B-2', NULL"],
        |conn| ada.set_driving_license(None::<&DrivingLicense>, conn),
    );
    writes(&mut conn, Ok(()), 1, &[], &[], |conn| {
        ada.unset_driving_license(conn)
    });
    // where there is none, one statement less
    writes(
        &mut conn,
        Ok(()),
        2,
        &["driving_licenses: 1, 'A-1', NULL"],
        &["driving_licenses: 1, 'A-1', 1"],
        |conn| ada.set_driving_license(1, conn),
    );
}

/// better: an unknown key is `NotFound`, and nothing is changed.
#[test]
fn better_set_of_a_key_that_does_not_exist_is_not_found() {
    let mut conn = sample();
    let ada = person(1, &mut conn);

    writes(&mut conn, Err(Error::NotFound), 3, &[], &[], |conn| {
        ada.set_driving_license(99, conn)
    });
}

/// better: what is linked is asked of the database, not of a value in memory.
#[test]
fn better_set_of_a_stale_row_keeps_the_link() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));
    let stale = ada.driving_license(&mut conn).unwrap().unwrap();
    bob.set_driving_license(&stale, &mut conn).unwrap();

    // in memory it still is Ada's
    assert_eq!(stale.owner_id, Some(1));
    writes(
        &mut conn,
        Ok(()),
        2,
        &["driving_licenses: 1, 'A-1', 2"],
        &["driving_licenses: 1, 'A-1', 1"],
        |conn| ada.set_driving_license(&stale, conn),
    );
}

#[test]
fn set_and_destroy_delete_where_they_say_so() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));

    writes(
        &mut conn,
        Ok(()),
        3,
        &[
            "driving_licenses: 1, 'A-1', 1",
            "driving_licenses: 3, 'lost', NULL",
        ],
        &["driving_licenses: 3, 'lost', 1"],
        |conn| ada.set_driving_license_destroy_previous(3, conn),
    );
    writes(
        &mut conn,
        Ok(1),
        1,
        &["driving_licenses: 2, 'B-2', 2"],
        &[],
        |conn| bob.destroy_driving_license(conn),
    );
    writes(&mut conn, Ok(0), 1, &[], &[], |conn| {
        bob.destroy_driving_license(conn)
    });
}

/// better: there is one row after `create`, not two.
#[test]
fn better_create_unlinks_what_was_there() {
    let mut conn = sample();
    let ada = person(1, &mut conn);

    let expected = DrivingLicense {
        id: 4,
        number: "A-2".into(),
        owner_id: Some(1),
    };
    writes(
        &mut conn,
        Ok(expected),
        2,
        &["driving_licenses: 1, 'A-1', 1"],
        &[
            "driving_licenses: 1, 'A-1', NULL",
            "driving_licenses: 4, 'A-2', 1",
        ],
        |conn| ada.create_driving_license(&NewLicense { number: "A-2" }, conn),
    );
}

#[test]
fn create_that_fails_changes_nothing() {
    let mut conn = sample();
    let ada = person(1, &mut conn);
    diesel::sql_query("CREATE UNIQUE INDEX numbers ON driving_licenses (number)")
        .execute(&mut conn)
        .unwrap();

    let failed = done(&mut conn, |conn| {
        ada.create_driving_license(&NewLicense { number: "B-2" }, conn)
    });
    assert!(matches!(failed.result, Err(Error::DatabaseError(..))));
    assert_eq!((failed.gone, failed.new), (vec![], vec![]));
    assert_eq!(failed.sent.count(), 2);
}
