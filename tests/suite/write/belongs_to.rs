//! `belongs_to`: the foreign key is a column of the source.

use super::prelude::*;
use super::support::READ_BACK;
use super::support::sample;
use super::support::{city, person};
use super::{done, writes};
use diesel::result::Error;
use orm_tests::models::{City, Person};
use orm_tests::schema::cities;

#[derive(Insertable)]
#[diesel(table_name = cities)]
struct NewCity<'a> {
    name: &'a str,
}

#[test]
fn set_writes_the_key_and_the_value_in_memory_follows() {
    let conn = &mut *sample();
    let (mut ada, oslo) = (person(1, conn), city(2, conn));

    writes(
        conn,
        Ok(()),
        1,
        &["people: 1, 'Ada', 1, 2, NULL, NULL"],
        &["people: 1, 'Ada', 2, 2, NULL, NULL"],
        |conn| ada.set_birthplace(&oslo, conn).run(),
    );
    assert_eq!(ada.birthplace_id, 2);
    // what is in memory may be out of date
    writes(conn, Ok(()), 1, &[], &[], |conn| {
        ada.set_birthplace(2, conn).run()
    });
    writes(
        conn,
        Ok(()),
        1,
        &["people: 1, 'Ada', 2, 2, NULL, NULL"],
        &["people: 1, 'Ada', 2, 3, NULL, NULL"],
        |conn| ada.set_residence(Some(3), conn).run(),
    );
    assert_eq!(ada.residence_id, Some(3));
    writes(
        conn,
        Ok(()),
        1,
        &["people: 1, 'Ada', 2, 3, NULL, NULL"],
        &["people: 1, 'Ada', 2, NULL, NULL, NULL"],
        |conn| ada.unset_residence(conn).run(),
    );
    assert_eq!(ada.residence_id, None);
    writes(conn, Ok(()), 1, &[], &[], |conn| {
        ada.set_residence(None::<&City>, conn).run()
    });
}

#[test]
fn only_the_key_is_written() {
    let conn = &mut *sample();
    let mut ada = person(1, conn);
    ada.name = "changed in memory".into();

    writes(
        conn,
        Ok(()),
        1,
        &["people: 1, 'Ada', 1, 2, NULL, NULL"],
        &["people: 1, 'Ada', 3, 2, NULL, NULL"],
        |conn| ada.set_birthplace(3, conn).run(),
    );
}

#[test]
fn a_set_that_fails_changes_neither_the_database_nor_the_value() {
    let conn = &mut *sample();
    let mut ada = person(1, conn);

    let failed = done(conn, |conn| ada.set_birthplace(99, conn).run());
    assert!(matches!(
        failed.result,
        Err(Error::DatabaseError(
            diesel::result::DatabaseErrorKind::ForeignKeyViolation,
            _
        ))
    ));
    assert_eq!((failed.gone, failed.new), (vec![], vec![]));
    assert_eq!(ada.birthplace_id, 1);

    let mut ghost = Person { id: 99, ..ada };
    writes(conn, Err(Error::NotFound), 1, &[], &[], |conn| {
        ghost.set_birthplace(2, conn).run()
    });
    assert_eq!(ghost.birthplace_id, 1);
}

#[test]
fn of_itself() {
    let conn = &mut *sample();
    let (ada, mut cleo) = (person(1, conn), person(3, conn));

    writes(
        conn,
        Ok(()),
        1,
        &["people: 3, 'Cleo', 2, NULL, NULL, NULL"],
        &["people: 3, 'Cleo', 2, NULL, 1, NULL"],
        |conn| cleo.set_boss(&ada, conn).run(),
    );
    assert_eq!(cleo.boss(conn).run(), Ok(Some(ada)));
}

#[test]
fn create_inserts_and_links() {
    let conn = &mut *sample();
    let mut cleo = person(3, conn);

    let bern = City {
        id: 4,
        name: "Bern".into(),
    };
    writes(
        conn,
        Ok(bern.clone()),
        2 + READ_BACK,
        &["people: 3, 'Cleo', 2, NULL, NULL, NULL"],
        &["cities: 4, 'Bern'", "people: 3, 'Cleo', 2, 4, NULL, NULL"],
        |conn| cleo.create_residence(&NewCity { name: "Bern" }, conn).run(),
    );
    assert_eq!(cleo.residence(conn).run(), Ok(Some(bern)));

    let mut ghost = Person { id: 99, ..cleo };
    let statements = 2 + READ_BACK;
    writes(conn, Err(Error::NotFound), statements, &[], &[], |conn| {
        ghost
            .create_birthplace(&NewCity { name: "Nowhere" }, conn)
            .run()
    });
    assert_eq!(ghost.birthplace_id, 2);
}
