//! Serialization failures are surfaced as themselves, and trying again helps.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use orm_tests::database::shared_sample;
use orm_tests::models::Person;
use orm_tests::schema::people;
use std::cell::Cell;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn transactions_are_tried_again_on_postgres() {
    let database = &mut shared_sample::<PgConnection>();
    let url = database.url();
    let cleo: Person = people::table
        .find(3)
        .select(Person::as_select())
        .first(&mut **database)
        .unwrap();
    let barrier = Barrier::new(2);
    let failures = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for own in 1..=2 {
            let (barrier, failures, url, cleo) = (&barrier, &failures, &url, &cleo);
            scope.spawn(move || {
                let conn = &mut PgConnection::establish(url).unwrap();
                let first = Cell::new(true);
                loop {
                    let waits = first.replace(false);
                    let done = conn.build_transaction().serializable().run(|conn| {
                        let count = cleo.count_liked_toots(conn)?;
                        if waits {
                            barrier.wait();
                        }
                        // each sees the other's number unless it is tried again
                        if count == 0 {
                            cleo.add_liked_toot(own, conn)?;
                        }
                        Ok(())
                    });
                    match done {
                        Ok(()) => break,
                        Err(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => {
                            failures.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(other) => unreachable!("{other:?}"),
                    }
                }
            });
        }
    });
    assert_eq!(cleo.count_liked_toots(&mut **database), Ok(1));
    // tried again too early it is refused again
    assert!(failures.into_inner() >= 1);
}
