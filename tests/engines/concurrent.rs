//! Two callers set the links of one row at the same time: one of the two sets is
//! left, never a mixture. The order is the same each time: the second begins when
//! the first has written and not committed, and the first commits when the server
//! says that the second waits, or when it has ended.

use super::Conn;
use super::prelude::*;
use super::suite::support::{ENGINE, person};
use diesel::result::{DatabaseErrorKind, Error};
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::{Isolated, shared_sample};
use orm_tests::models::{DrivingLicense, Person, Toot};
use orm_tests::schema::{driving_licenses, liked_toots, people};
use std::thread::{scope, yield_now};

/// Cleo, who has nothing, and more of all that she may have.
fn database() -> Isolated<Conn> {
    let mut database: Isolated<Conn> = shared_sample();
    database.batch(
        "INSERT INTO people (id, name, birthplace_id) VALUES (4, 'Dan', 1), (5, 'Eve', 1);
         INSERT INTO toots (id, body, author_id) VALUES (4, 'four', 1);
         INSERT INTO driving_licenses (id, number, owner_id) VALUES (4, 'D-4', NULL), (5, 'E-5', NULL);",
    );
    orm_tests::database::count_on(&mut *database);
    database
}

/// Whether the server has the connection of this number wait for a lock. MariaDB, which
/// does not tell it while it is asked all the time, says whether any connection does.
fn waits(number: &str, observer: &mut Conn) -> bool {
    let waiting = match ENGINE {
        Engine::Mysql => "SELECT 'yes' AS line FROM information_schema.global_status
             WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS' AND variable_value > 0"
            .to_owned(),
        _ => format!(
            "SELECT 'yes' AS line FROM pg_stat_activity
             WHERE pid = {number} AND wait_event_type = 'Lock'"
        ),
    };
    !observer.lines(&waiting).is_empty()
}

/// Runs `second` while the transaction of `first` is open; what `second` returns.
fn race(
    database: &mut Isolated<Conn>,
    first: impl FnOnce(&Person, &mut Conn) -> QueryResult<()>,
    second: impl FnOnce(&Person, &mut Conn) -> QueryResult<()> + Send,
) -> QueryResult<()> {
    let (mut other, mut observer) = (database.another(), database.another());
    let number = match ENGINE {
        Engine::Mysql => "SELECT CAST(connection_id() AS CHAR) AS line",
        _ => "SELECT pg_backend_pid()::text AS line",
    };
    let number = other.lines(number).remove(0);
    let cleo = person(3, database);
    scope(|scope| {
        let raced = (**database).in_transaction(|conn| {
            first(&cleo, conn)?;
            let second = scope.spawn(|| second(&cleo, &mut other));
            while !second.is_finished() && !waits(&number, &mut observer) {
                yield_now();
            }
            Ok(second)
        });
        raced.unwrap().join().unwrap()
    })
}

/// The second may be told to try again, which is no mixture.
#[track_caller]
fn is_ok_or_refused(result: &QueryResult<()>) {
    match result {
        Ok(()) | Err(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => {}
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn has_many() {
    let database = &mut database();
    let second = race(
        database,
        |cleo, conn| cleo.set_reports([1, 2], conn).run(),
        |cleo, conn| cleo.set_reports([4, 5], conn).run(),
    );
    is_ok_or_refused(&second);
    let reports = person(3, database).reports(&mut **database).run().unwrap();
    let reports: Vec<_> = reports.iter().map(|person| person.id).collect();
    assert!(
        [[1, 2], [4, 5]].iter().any(|set| reports == set),
        "{reports:?}"
    );
}

fn liked(database: &mut Isolated<Conn>) -> Vec<i32> {
    let liked: Vec<Toot> = person(3, database)
        .liked_toots(&mut **database)
        .run()
        .unwrap();
    liked.iter().map(|toot| toot.id).collect()
}

#[test]
fn belongs_to_many() {
    let database = &mut database();
    let second = race(
        database,
        |cleo, conn| cleo.set_liked_toots([1, 2], conn).run(),
        |cleo, conn| cleo.set_liked_toots([3, 4], conn).run(),
    );
    is_ok_or_refused(&second);
    let liked = liked(database);
    assert!([[1, 2], [3, 4]].iter().any(|set| liked == set), "{liked:?}");
}

#[test]
fn belongs_to_many_with_payloads() {
    let database = &mut database();
    let pairs = |toots: [i32; 2]| toots.map(|toot| (toot, liked_toots::liked_at.eq("now")));
    let second = race(
        database,
        |cleo, conn| cleo.set_liked_toots_with(pairs([1, 2]), conn).run(),
        |cleo, conn| cleo.set_liked_toots_with(pairs([3, 4]), conn).run(),
    );
    is_ok_or_refused(&second);
    let liked = liked(database);
    assert!([[1, 2], [3, 4]].iter().any(|set| liked == set), "{liked:?}");
}

/// The numbers of Cleo's licenses, of which there is one.
fn licenses(database: &mut Isolated<Conn>) -> Vec<DrivingLicense> {
    let query = driving_licenses::table.filter(driving_licenses::owner_id.eq(3));
    let query = query.select(DrivingLicense::as_select());
    query.load(&mut **database).run().unwrap()
}

#[test]
fn has_one() {
    let database = &mut database();
    let second = race(
        database,
        |cleo, conn| cleo.set_driving_license(4, conn).run(),
        |cleo, conn| cleo.set_driving_license(5, conn).run(),
    );
    is_ok_or_refused(&second);
    assert_eq!(licenses(database).len(), 1);
}

#[test]
fn has_one_created() {
    let database = &mut database();
    let create = |number: &'static str| {
        move |cleo: &Person, conn: &mut Conn| {
            let new = driving_licenses::number.eq(number);
            cleo.create_driving_license(new, conn).run().map(drop)
        }
    };
    let second = race(database, create("first"), create("second"));
    is_ok_or_refused(&second);
    assert_eq!(licenses(database).len(), 1);
}

/// Rows that do not refer to each other are written without waiting.
#[test]
fn others_are_not_waited_for() {
    let database = &mut database();
    let second = race(
        database,
        |cleo, conn| cleo.set_liked_toots([1, 2], conn).run(),
        |_, conn| {
            let bob = people::table.find(2).select(Person::as_select());
            let bob: Person = bob.get_result(conn).run()?;
            bob.set_liked_toots([3, 4], conn).run()
        },
    );
    assert_eq!(second, Ok(()));
}
