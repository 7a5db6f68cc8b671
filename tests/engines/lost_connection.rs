//! Connections that the server closes in the middle of a write. It is included
//! for each kind of connection to a server, which is `Conn` of the module around
//! it.

use super::Conn;
use super::prelude::*;
use diesel::connection::InstrumentationEvent;
use diesel::result::Error;
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::{dump, kill, shared_sample};
use orm_tests::models::Person;
use orm_tests::schema::people;

fn bob(conn: &mut Conn) -> Person {
    let query = people::table.find(2).select(Person::as_select());
    query.get_result(conn).run().unwrap()
}

/// The number by which the server knows the connection.
fn number(conn: &mut Conn) -> String {
    let numbers = conn.lines(match Conn::ENGINE {
        Engine::Postgres => "SELECT pg_backend_pid()::text AS line",
        _ => "SELECT cast(connection_id() AS char) AS line",
    });
    numbers.into_iter().next().unwrap()
}

/// Has the server close the connection when this statement is about to be sent.
fn lose_before(statement: usize, conn: &mut Conn) {
    let number = number(conn);
    let mut sent = 0;
    conn.watch(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let query = query.to_string();
            if !["BEGIN", "COMMIT", "ROLLBACK"].contains(&&*query) {
                if sent == statement {
                    kill(Conn::ENGINE, &number);
                }
                sent += 1;
            }
        }
    });
}

#[test]
fn a_write_that_loses_its_connection_is_undone_and_the_error_says_so() {
    let database = &mut shared_sample::<Conn>();
    let before = dump(&mut **database);
    for statement in 0..4 {
        let conn = &mut database.another();
        let bob = bob(conn);
        lose_before(statement, conn);

        let lost = bob.set_liked_toots([2, 3], conn).run();
        let Err(Error::DatabaseError(_, information)) = lost else {
            unreachable!("{lost:?}")
        };
        let message = information.message().to_lowercase();
        let says = [
            "terminat",
            "closed",
            "gone away",
            "lost connection",
            "broken pipe",
        ];
        assert!(says.iter().any(|word| message.contains(word)), "{message}");
        assert!(bob.toots(conn).run().is_err());
        assert_eq!(dump(&mut **database), before);
    }
    // there is no fifth statement
    let conn = &mut database.another();
    let bob = bob(conn);
    lose_before(4, conn);
    assert_eq!(bob.set_liked_toots([2, 3], conn).run(), Ok(()));
}

#[test]
fn a_callers_transaction_that_loses_its_connection_is_undone() {
    let database = &mut shared_sample::<Conn>();
    let before = dump(&mut **database);
    let conn = &mut database.another();
    let bob = bob(conn);
    let number = number(conn);

    let lost = conn.in_transaction(|conn| {
        bob.set_liked_toots([3], conn).run()?;
        kill(Conn::ENGINE, &number);
        bob.set_toots([1], conn).run()
    });
    assert!(lost.is_err());
    assert!(bob.toots(conn).run().is_err());
    assert_eq!(dump(&mut **database), before);
}
