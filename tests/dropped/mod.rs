//! Operations of asynchronous connections that are dropped at each of their polls, in
//! turn: what they write is whole or nothing, and the next calls on that connection are
//! right, or it is broken and says so. It is included for each engine, whose connection
//! is `Asynchronous` of the module around it.

use super::Asynchronous as Conn;
use diesel::prelude::*;
use diesel::result::Error;
use orm_core::prelude::*;
use orm_tests::asynchronous::{dropped_after, wait};
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::{Isolated, dump, shared_sample};
use orm_tests::models::{City, LikedToot, Person, Toot};
use orm_tests::schema::*;

const ENGINE: Engine = <Conn as TestConnection>::ENGINE;

/// The number by which a server knows the connection.
fn number(conn: &mut Conn) -> Option<String> {
    let query = match ENGINE {
        Engine::Sqlite => return None,
        Engine::Postgres => "SELECT pg_backend_pid()::text AS line",
        Engine::Mysql => "SELECT cast(connection_id() AS char) AS line",
    };
    conn.lines(query).into_iter().next()
}

/// Waits until the server has done what was sent by a connection that is gone.
fn gone(number: &str, conn: &mut Conn) {
    let query = match ENGINE {
        Engine::Postgres => "SELECT pid::text AS line FROM pg_stat_activity WHERE pid = ",
        _ => "SELECT cast(id AS char) AS line FROM information_schema.processlist WHERE id = ",
    };
    while !conn.lines(&format!("{query}{number}")).is_empty() {
        std::thread::yield_now();
    }
}

fn ids(toots: &[Toot]) -> Vec<i32> {
    toots.iter().map(|toot| toot.id).collect()
}

/// Ten calls whose answers are told apart, and which nothing here changes.
async fn ten_calls(people: &[Person], conn: &mut Conn) -> Vec<QueryResult<String>> {
    let [ada, _, cleo] = people else {
        unreachable!()
    };
    let cities = cities::table.include(City::RESIDENTS.counted());
    vec![
        ada.toots(conn)
            .await
            .map(|toots| format!("{:?}", ids(&toots))),
        ada.birthplace(conn).await.map(|city| city.name),
        ada.count_toots(conn).await.map(|count| count.to_string()),
        cleo.birthplace(conn).await.map(|city| city.name),
        cities.load(conn).await.map(|cities| {
            let counts = cities
                .iter()
                .map(|(city, count)| format!("{} {count}", city.name));
            counts.collect::<Vec<_>>().join(", ")
        }),
        ada.driving_license(conn)
            .await
            .map(|license| license.unwrap().number),
        ada.residence(conn).await.map(|city| city.unwrap().name),
        ada.has_toots([1, 2], conn).await.map(|has| has.to_string()),
        ada.liked_toots(conn)
            .await
            .map(|toots| format!("{:?}", ids(&toots))),
        cleo.count_toots(conn).await.map(|count| count.to_string()),
    ]
}

const ANSWERS: [&str; 10] = [
    "[1, 2]",
    "Rome",
    "2",
    "Oslo",
    "Rome 0, Oslo 1, Lima 0",
    "A-1",
    "Oslo",
    "true",
    "[3]",
    "0",
];

/// Drops the operation after no poll, after one and so on, until it ends before.
#[track_caller]
#[allow(clippy::needless_pass_by_value, reason = "a closure")]
fn at_each_poll(writes: bool, operation: impl AsyncFn(&Person, &mut Conn) -> QueryResult<()>) {
    let mut database: Isolated<Conn> = shared_sample();
    let before = dump(&mut *database);
    let people = people::table.order(people::id).select(Person::as_select());
    let people = diesel_async::RunQueryDsl::load::<Person>(people, &mut *database);
    let people = wait(people).unwrap();
    let mut written: Option<Vec<String>> = None;
    for polls in 0.. {
        let mut conn = database.another();
        let number = number(&mut conn);
        let ended = wait(dropped_after(polls, operation(&people[1], &mut conn)));
        let answers = wait(ten_calls(&people, &mut conn));
        let broken = matches!(answers[0], Err(Error::BrokenTransactionManager));
        assert!(
            !broken || ENGINE != Engine::Sqlite && !ended,
            "after {polls} polls"
        );
        for (answer, right) in answers.iter().zip(ANSWERS) {
            match answer {
                Ok(answer) => assert!(!broken && answer == right, "{answer} after {polls} polls"),
                Err(error) => {
                    assert!(
                        broken && matches!(error, Error::BrokenTransactionManager),
                        "{error}"
                    );
                }
            }
        }
        drop(conn);
        if let Some(number) = number {
            gone(&number, &mut database);
        }
        let after = dump(&mut *database);
        if after != before {
            assert_eq!(written.get_or_insert_with(|| after.clone()), &after);
            database = shared_sample();
        }
        if ended {
            assert_eq!(after != before, writes);
            assert!(polls > 0);
            return;
        }
    }
}

macro_rules! dropped {
    ($($name:ident, $writes:literal: |$bob:ident, $conn:ident| $operation:expr;)+) => {$(
        #[test]
        fn $name() {
            at_each_poll($writes, async |$bob: &Person, $conn: &mut Conn| {
                let _ = $bob;
                $operation.await.map(|_| ())
            });
        }
    )+};
}

dropped! {
    getter, false: |bob, conn| bob.toots(conn);
    getter_of_one, false: |bob, conn| bob.birthplace(conn);
    getter_of_pairs, false: |bob, conn| bob.liked_toots_with_through(conn);
    count, false: |bob, conn| bob.count_followers(conn);
    has, false: |bob, conn| bob.has_liked_toots([1, 2], conn);
    tree, false: |bob, conn| {
        let tree = (
            Person::TOOTS.include(Toot::LIKERS),
            Person::LIKED_TOOTS.with_through::<LikedToot>(),
            Person::BIRTHPLACE,
        );
        people::table.include(tree).load(conn)
    };
    tree_for_one, false: |bob, conn| (Person::TOOTS, Person::FOLLOWERS).load_for_one(bob, conn);
    add_one, true: |bob, conn| bob.add_report(3, conn);
    add_many, true: |bob, conn| bob.add_reports([3, 2], conn);
    remove, true: |bob, conn| bob.remove_liked_toots([1], conn);
    set_many, true: |bob, conn| bob.set_liked_toots([2, 3], conn);
    set_one, true: |bob, conn| bob.set_driving_license(3, conn);
    payloads, true: |bob, conn| {
        let likes = [2, 3].map(|toot| (toot, liked_toots::liked_at.eq("x")));
        bob.add_liked_toots_with(likes, conn)
    };
    create, true: |bob, conn| bob.create_toot((toots::id.eq(90), toots::body.eq("new")), conn);
    create_pair, true: |bob, conn| {
        let toot = (toots::id.eq(90), toots::body.eq("new"), toots::author_id.eq(2));
        bob.create_liked_toot(toot, conn)
    };
    create_tree, true: |bob, conn| {
        let toot = (toots::id.eq(90), toots::body.eq("new"));
        let tree = (
            Person::TOOTS.new_rows([Toot::new_tree(toot, Toot::LIKERS.link([2]))]),
            Person::LIKED_TOOTS.link([3]),
        );
        let person = (people::id.eq(90), people::name.eq("Dan"), people::birthplace_id.eq(3));
        Person::new_tree(person, tree).create(conn)
    };
}
