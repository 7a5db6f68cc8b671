//! Connections: pooled, the user's own, and broken ones.

use crate::blocking::suite::support::person;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::result::Error;
use orm_core::connection::Executor;
use orm_core::query::Read;
use orm_tests::database::sample;
use orm_tests::models::{Person, Toot};
use orm_tests::schema::people;

#[test]
fn pooled_connection() {
    let manager = ConnectionManager::<SqliteConnection>::new(":memory:");
    let pool = Pool::builder().max_size(1).build(manager).unwrap();
    let mut conn = pool.get().unwrap();
    conn.batch_execute(&orm_tests::database::sample_sql())
        .unwrap();
    let ada: Person = people::table
        .find(1)
        .select(Person::as_select())
        .get_result(&mut conn)
        .unwrap();

    assert_eq!(ada.toots(&mut conn).unwrap().len(), 2);
    assert_eq!(ada.count_toots(&mut conn), Ok(2));
    assert_eq!(ada.has_toots([1, 2], &mut conn), Ok(true));
    assert_eq!(ada.birthplace(&mut conn).unwrap().name, "Rome");
    assert_eq!(ada.liked_toots_with_through(&mut conn).unwrap().len(), 1);
}

/// The constant's type cannot be named, but a function can be generic over it.
fn read_with<'a, A, C>(_: A, source: &'a A::Source, conn: &'a mut C) -> C::Return<'a, Vec<Toot>>
where
    A: orm_core::association::Association,
    C: Read<'a, A, Vec<Toot>>,
{
    orm_core::query::read::<A, _, C>(source, conn)
}

#[test]
fn generic_code_over_associations_and_connections() {
    let conn = &mut *sample::<SqliteConnection>();
    let ada = person(1, conn);

    assert_eq!(read_with(Person::TOOTS, &ada, conn).unwrap().len(), 2);
    assert_eq!(read_with(Person::LIKED_TOOTS, &ada, conn).unwrap().len(), 1);
}

#[test]
fn inside_a_callers_transaction() {
    let conn = &mut *sample::<SqliteConnection>();
    let ada = person(1, conn);

    let count = conn.transaction(|conn| {
        diesel::delete(ada.driving_license_query()).execute(conn)?;
        assert_eq!(ada.driving_license(conn), Ok(None));
        ada.count_toots(conn)
    });

    assert_eq!(count, Ok(2));
}

#[test]
fn a_failing_statement_is_an_error() {
    let conn = &mut *sample::<SqliteConnection>();
    let ada = person(1, conn);
    conn.batch_execute("DROP TABLE liked_toots; DROP TABLE driving_licenses")
        .unwrap();

    assert!(matches!(
        ada.driving_license(conn),
        Err(Error::DatabaseError(..))
    ));
    assert!(matches!(
        ada.liked_toots(conn),
        Err(Error::DatabaseError(..))
    ));
    assert!(matches!(
        ada.count_liked_toots(conn),
        Err(Error::DatabaseError(..))
    ));
    assert!(matches!(
        ada.has_liked_toots([1, 2], conn),
        Err(Error::DatabaseError(..))
    ));
    assert_eq!(
        ada.toots(conn).unwrap().len(),
        2,
        "the connection still works"
    );
}

#[test]
fn an_operation_that_waits_on_a_blocking_connection_is_an_error() {
    let waiting = SqliteConnection::finish(std::future::pending::<QueryResult<()>>());
    assert!(matches!(waiting, Err(Error::QueryBuilderError(_))));
}
