//! Reads and writes on every engine, blocking and asynchronous: one body, run on
//! six kinds of connection.
//!
//! It needs the servers of `.ci/run`; `POSTGRES_URL` and `MYSQL_URL` name
//! others. A server that cannot be reached is a failure.
#![allow(
    clippy::duplicate_mod,
    reason = "the random writes are one file, which each engine takes with its connection"
)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

mod cancellation;
mod concurrency;
mod key_types;
mod mysql;
mod pools;
mod postgres;

use diesel::prelude::*;
use orm_core::prelude::*;

diesel::table! { people (id) { id -> Integer, name -> Text, boss_id -> Nullable<Integer>, } }
diesel::table! { toots (id) { id -> Integer, author_id -> Integer, } }
diesel::table! {
    liked_toots (person_id, toot_id) {
        person_id -> Integer,
        toot_id -> Integer,
        stars -> Nullable<Integer>,
    }
}
diesel::table! { seats (row_no, name) { row_no -> Integer, name -> Text, person_id -> Integer, } }
diesel::table! { notes (id) { id -> Integer, person_id -> Nullable<Integer>, body -> Text, } }
diesel::allow_tables_to_appear_in_same_query!(people, toots, liked_toots, seats);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = people)]
#[belongs_to(Person, name = boss)]
#[has_one(Person, name = assistant, foreign_key = boss_id)]
#[has_many(Toot, foreign_key = author_id)]
#[has_many(Seat, on_delete = cascade)]
#[has_many(Note)]
#[belongs_to_many(Toot, name = liked_toots, through = LikedToot)]
struct Person {
    id: i32,
    name: String,
    boss_id: Option<i32>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = toots)]
#[belongs_to(Person, name = author)]
struct Toot {
    id: i32,
    author_id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = liked_toots, primary_key(person_id, toot_id))]
struct LikedToot {
    person_id: i32,
    toot_id: i32,
    stars: Option<i32>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = seats, primary_key(row_no, name))]
struct Seat {
    row_no: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = notes)]
struct Note {
    id: i32,
    person_id: Option<i32>,
    body: String,
}

/// `COUNTED` is the type of a key that the database counts.
const TABLES: &str = "
    CREATE TABLE notes (id COUNTED PRIMARY KEY, person_id INTEGER, body VARCHAR(20));
    CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, boss_id INTEGER);
    CREATE TABLE toots (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL);
    CREATE TABLE liked_toots (
        person_id INTEGER NOT NULL, toot_id INTEGER NOT NULL, stars INTEGER,
        PRIMARY KEY (person_id, toot_id));
    CREATE TABLE seats (
        row_no INTEGER NOT NULL, name VARCHAR(20) NOT NULL, person_id INTEGER NOT NULL,
        PRIMARY KEY (row_no, name));
    INSERT INTO people VALUES (1, 'Ada', NULL), (2, 'Bob', 1), (3, 'Cleo', NULL);
    INSERT INTO toots VALUES (1, 1), (2, 1), (3, 2);
    INSERT INTO liked_toots VALUES (2, 1, NULL), (2, 2, NULL), (1, 3, NULL);
    INSERT INTO seats VALUES (1, 'a', 1), (1, 'b', 1), (2, 'a', 2);";

/// Every read, on a connection of any kind: `done!` is `.await` or nothing.
macro_rules! reads {
    ($conn:expr, $($done:tt)*) => {{
        let conn = $conn;
        let person = |id, name: &str, boss_id| Person { id, name: name.into(), boss_id };
        let (ada, bob, cleo) =
            (person(1, "Ada", None), person(2, "Bob", Some(1)), person(3, "Cleo", None));
        let toot = |id, author_id| Toot { id, author_id };

        assert_eq!(bob.boss(conn)$($done)*, Ok(Some(ada.clone())));
        assert_eq!(ada.boss(conn)$($done)*, Ok(None));
        assert_eq!(ada.assistant(conn)$($done)*, Ok(Some(bob.clone())));
        assert_eq!(ada.toots(conn)$($done)*, Ok(vec![toot(1, 1), toot(2, 1)]));
        assert_eq!(cleo.toots(conn)$($done)*, Ok(vec![]));
        assert_eq!(toot(3, 2).author(conn)$($done)*, Ok(bob.clone()));
        assert_eq!(toot(9, 9).author(conn)$($done)*, Err(diesel::result::Error::NotFound));
        assert_eq!(ada.count_toots(conn)$($done)*, Ok(2));
        assert_eq!(ada.has_toot(1, conn)$($done)*, Ok(true));
        assert_eq!(ada.has_toots([1, 2, 1], conn)$($done)*, Ok(true));
        assert_eq!(ada.has_toots([1, 2, 3], conn)$($done)*, Ok(false));
        assert_eq!(bob.liked_toots(conn)$($done)*, Ok(vec![toot(1, 1), toot(2, 1)]));
        assert_eq!(bob.liked_toots_with_through(conn)$($done)*.unwrap().len(), 2);
        assert_eq!(bob.has_liked_toots(&[toot(1, 1), toot(2, 1)], conn)$($done)*, Ok(true));
        let seats = [(1, "a".to_owned()), (1, "b".to_owned())];
        assert_eq!(ada.has_seats(seats.clone(), conn)$($done)*, Ok(true));
        assert_eq!(bob.has_seats(seats, conn)$($done)*, Ok(false));

        let tree = (Person::TOOTS, Person::BOSS, Person::LIKED_TOOTS, Person::SEATS);
        let rows = people::table.order(people::id).include(tree).load(conn)$($done)*.unwrap();
        for (person, toots, boss, liked, seats) in rows {
            assert_eq!(Ok(toots), person.toots(conn)$($done)*);
            assert_eq!(Ok(boss), person.boss(conn)$($done)*);
            assert_eq!(Ok(liked), person.liked_toots(conn)$($done)*);
            assert_eq!(Ok(seats), person.seats(conn)$($done)*);
        }
        let latest = Person::TOOTS.order(toots::id.desc()).limit(1);
        let liked = Person::LIKED_TOOTS.order(toots::id.desc()).limit(1).offset(1);
        let tree = (latest, liked, Person::TOOTS.counted(), Person::SEATS.existing());
        let rows = people::table.order(people::id).include(tree).load(conn)$($done)*.unwrap();
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(_, latest, liked, toots, seated)| {
                (latest.first().map(|toot| toot.id), liked.first().map(|toot| toot.id), toots, seated)
            })
            .collect();
        assert_eq!(
            rows,
            [(Some(2), None, 2, true), (Some(3), Some(1), 1, true), (None, None, 0, false)]
        );

        let writers = people::table
            .filter(Person::TOOTS.exists())
            .filter(Person::LIKED_TOOTS.any(toots::id.eq(3)))
            .order(Person::TOOTS.count().desc())
            .include(Person::SEATS)
            .load(conn)$($done)*
            .unwrap();
        assert_eq!((writers.len(), writers[0].0.id, writers[0].1.len()), (1, 1, 2));
        let others = people::table.filter(Person::BOSS.none(people::id.gt(0))).order(people::id);
        let others = others.include(Person::TOOTS.counted()).load(conn)$($done)*.unwrap();
        assert_eq!(others.iter().map(|(person, _)| person.id).collect::<Vec<_>>(), [1, 3]);
        let some = people::table.filter(people::id.gt(1)).include(Person::TOOTS).load(conn)$($done)*;
        assert_eq!(some.unwrap(), [(bob.clone(), vec![toot(3, 2)]), (cleo.clone(), vec![])]);
        let fans = Person::LIKED_TOOTS.filter_through(liked_toots::toot_id.gt(1)).required();
        let fans = people::table.order(people::id.desc()).limit(2).include(fans).load(conn)$($done)*;
        assert_eq!(fans.unwrap(), [(bob.clone(), vec![toot(2, 1)]), (ada.clone(), vec![toot(3, 2)])]);
    }};
}

/// Every write that takes no new row, after the reads.
macro_rules! writes {
    ($conn:expr, $($done:tt)*) => {{
        let conn = $conn;
        let person = |id, name: &str, boss_id| Person { id, name: name.into(), boss_id };
        let (ada, mut bob, cleo) =
            (person(1, "Ada", None), person(2, "Bob", Some(1)), person(3, "Cleo", None));
        let ids = |toots: Vec<Toot>| toots.into_iter().map(|toot| toot.id).collect::<Vec<_>>();
        let not_found = diesel::result::Error::NotFound;

        // has_many: moves, not found, removes by deleting, the difference
        assert_eq!(cleo.add_toots([2, 3, 2], conn)$($done)*, Ok(()));
        assert_eq!(cleo.toots(conn)$($done)*.map(ids), Ok(vec![2, 3]));
        assert_eq!(cleo.add_toots([1, 99], conn)$($done)*, Err(not_found));
        assert_eq!(ada.toots(conn)$($done)*.map(ids), Ok(vec![1]));
        assert_eq!(ada.set_toots([3], conn)$($done)*, Ok(()));
        assert_eq!(ada.toots(conn)$($done)*.map(ids), Ok(vec![3]));
        assert_eq!(cleo.remove_toots([2, 3], conn)$($done)*, Ok(1));
        assert_eq!(cleo.count_toots(conn)$($done)*, Ok(0));
        let seats = [(2, "a".to_owned()), (1, "b".to_owned())];
        assert_eq!(cleo.add_seats(seats, conn)$($done)*, Ok(()));
        assert_eq!(cleo.count_seats(conn)$($done)*, Ok(2));
        // has_one over a nullable key
        assert_eq!(ada.set_assistant(&cleo, conn)$($done)*, Ok(()));
        assert_eq!(ada.assistant(conn)$($done)*, Ok(Some(person(3, "Cleo", Some(1)))));
        assert_eq!(ada.set_assistant(3, conn)$($done)*, Ok(()));
        assert_eq!(ada.unset_assistant(conn)$($done)*, Ok(()));
        assert_eq!(ada.assistant(conn)$($done)*, Ok(None));
        // belongs_to
        assert_eq!(bob.set_boss(&cleo, conn)$($done)*, Ok(()));
        assert_eq!(bob.boss_id, Some(3));
        assert_eq!(bob.unset_boss(conn)$($done)*, Ok(()));
        assert_eq!(bob.boss(conn)$($done)*, Ok(None));
        // belongs_to_many
        assert_eq!(cleo.add_liked_toots([3, 1, 3], conn)$($done)*, Ok(()));
        assert_eq!(cleo.add_liked_toot(3, conn)$($done)*, Ok(()));
        assert_eq!(cleo.count_liked_toots(conn)$($done)*, Ok(2));
        assert_eq!(cleo.set_liked_toots([3], conn)$($done)*, Ok(()));
        assert_eq!(cleo.liked_toots(conn)$($done)*.map(ids), Ok(vec![3]));
        let (early, late) = (liked_toots::stars.eq(1), liked_toots::stars.eq(5));
        assert_eq!(cleo.add_liked_toot_with(3, early, conn)$($done)*, Ok(()));
        assert_eq!(cleo.add_liked_toots_with([(3, late), (1, early)], conn)$($done)*, Ok(()));
        let likes = cleo.liked_toots_with_through(conn)$($done)*.unwrap();
        let stars: Vec<_> = likes.iter().map(|(like, _)| (like.toot_id, like.stars)).collect();
        assert_eq!(stars, [(3, Some(5))]);
        assert_eq!(cleo.has_liked_toots([1, 3], conn)$($done)*, Ok(true));
        assert_eq!(cleo.remove_liked_toots([1, 2, 3], conn)$($done)*, Ok(2));
        // destroy
        assert_eq!(cleo.destroy(conn)$($done)*, Ok(()));
        let rest: QueryResult<Vec<_>> = people::table.include(Person::SEATS).load(conn)$($done)*;
        assert_eq!(rest.unwrap().len(), 2);
    }};
}

/// Every write of a new row, after the other writes, where the database returns
/// what it inserts.
macro_rules! creates {
    ($conn:expr, $($done:tt)*) => {{
        let conn = $conn;
        let mut ada = Person { id: 1, name: "Ada".into(), boss_id: None };
        let new_toot = |id| toots::id.eq(id);
        let new_person = |id| (people::id.eq(id), people::name.eq("new"));

        assert_eq!(ada.create_toot(new_toot(7), conn)$($done)*, Ok(Toot { id: 7, author_id: 1 }));
        let liked = ada.create_liked_toot((new_toot(8), toots::author_id.eq(1)), conn)$($done)*;
        assert_eq!(liked, Ok(Toot { id: 8, author_id: 1 }));
        assert_eq!(ada.has_liked_toot(8, conn)$($done)*, Ok(true));
        let assistant = ada.create_assistant(new_person(8), conn)$($done)*.unwrap();
        assert_eq!((assistant.id, assistant.boss_id), (8, Some(1)));
        assert_eq!(ada.create_boss(new_person(9), conn)$($done)*.unwrap().id, 9);
        assert_eq!(ada.boss_id, Some(9));
        for number in 1..=2 {
            let note = ada.create_note(notes::body.eq("counted"), conn)$($done)*;
            assert_eq!(note, Ok(Note { id: number, person_id: Some(1), body: "counted".into() }));
        }
        let notes = ["a", "b", "c"].map(|body| notes::body.eq(body));
        let tree = Person::new_tree(new_person(20), Person::NOTES.new_rows(notes));
        let (_, notes) = tree.create(conn)$($done)*.unwrap();
        let notes: Vec<_> = notes.iter().map(|note| (note.id, note.body.as_str())).collect();
        assert_eq!(notes, [(3, "a"), (4, "b"), (5, "c")]);
        let (dan, written, ()) = Person::new_tree(
            new_person(10),
            (
                Person::TOOTS.new_rows([new_toot(11), new_toot(12)]),
                Person::LIKED_TOOTS.link_with([(8, liked_toots::stars.eq(3))]),
            ),
        )
        .create(conn)$($done)*
        .unwrap();
        assert_eq!((dan.id, written.len(), written[1].author_id), (10, 2, 10));
        assert_eq!(dan.count_liked_toots(conn)$($done)*, Ok(1));
    }};
}

fn url(variable: &str, default: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| default.to_owned())
}

fn postgres_url() -> String {
    url("POSTGRES_URL", "postgres://root@127.0.0.1:5432/test")
}

fn mysql_url() -> String {
    url("MYSQL_URL", "mysql://root@127.0.0.1:3306/test")
}

/// The tables, whose counted keys have this type.
fn tables(counted: &str) -> String {
    TABLES.replace("COUNTED", counted)
}

/// The tables as temporary ones, which are gone with the connection.
fn temporary(counted: &str) -> String {
    tables(counted).replace("CREATE TABLE", "CREATE TEMPORARY TABLE")
}

#[test]
fn sqlite() {
    use diesel::connection::SimpleConnection;
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    conn.batch_execute(&tables("INTEGER")).unwrap();
    reads!(&mut conn,);
    writes!(&mut conn,);
    creates!(&mut conn,);
}

#[test]
fn postgres() {
    use diesel::connection::SimpleConnection;
    let mut conn = PgConnection::establish(&postgres_url()).unwrap();
    conn.batch_execute(&temporary("SERIAL")).unwrap();
    reads!(&mut conn,);
    writes!(&mut conn,);
    creates!(&mut conn,);
}

#[test]
fn mysql() {
    use diesel::connection::SimpleConnection;
    let mut conn = MysqlConnection::establish(&mysql_url()).unwrap();
    conn.batch_execute(&temporary("INTEGER AUTO_INCREMENT"))
        .unwrap();
    reads!(&mut conn,);
    writes!(&mut conn,);
    creates!(&mut conn,);
}

#[tokio::test]
async fn async_postgres() {
    use diesel_async::{AsyncConnection, SimpleAsyncConnection};
    let mut conn = diesel_async::AsyncPgConnection::establish(&postgres_url())
        .await
        .unwrap();
    conn.batch_execute(&temporary("SERIAL")).await.unwrap();
    reads!(&mut conn, .await);
    writes!(&mut conn, .await);
    creates!(&mut conn, .await);
}

#[tokio::test]
async fn async_mysql() {
    use diesel_async::{AsyncConnection, SimpleAsyncConnection};
    let mut conn = diesel_async::AsyncMysqlConnection::establish(&mysql_url())
        .await
        .unwrap();
    conn.batch_execute(&temporary("INTEGER AUTO_INCREMENT"))
        .await
        .unwrap();
    reads!(&mut conn, .await);
    writes!(&mut conn, .await);
    creates!(&mut conn, .await);
}

#[tokio::test]
async fn async_sqlite() {
    use diesel_async::{AsyncConnection, SimpleAsyncConnection};
    type Conn = diesel_async::sync_connection_wrapper::SyncConnectionWrapper<SqliteConnection>;
    let mut conn = Conn::establish(":memory:").await.unwrap();
    conn.batch_execute(&tables("INTEGER")).await.unwrap();
    reads!(&mut conn, .await);
    writes!(&mut conn, .await);
    creates!(&mut conn, .await);
}

/// A connection that the server has closed gives errors.
#[test]
fn closed_connection() {
    use diesel::connection::SimpleConnection;
    let ada = Person {
        id: 1,
        name: "Ada".into(),
        boss_id: None,
    };

    let mut conn = PgConnection::establish(&postgres_url()).unwrap();
    assert!(
        conn.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())")
            .is_err()
    );
    assert!(matches!(
        ada.toots(&mut conn),
        Err(diesel::result::Error::DatabaseError(..))
    ));
    assert!(ada.has_toots([1, 2], &mut conn).is_err());

    let mut conn = MysqlConnection::establish(&mysql_url()).unwrap();
    assert!(conn.batch_execute("KILL CONNECTION_ID()").is_err());
    assert!(matches!(
        ada.count_toots(&mut conn),
        Err(diesel::result::Error::DatabaseError(..))
    ));
}

/// Loads what belongs to more rows than an engine takes binds.
macro_rules! many {
    ($conn:expr) => {{
        let conn = $conn;
        let numbers =
            "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 70009)";
        for (table, columns, values) in [
            ("people", "id, name, boss_id", "i, 'x', 1"),
            ("toots", "id, author_id", "i, i"),
            ("liked_toots", "person_id, toot_id", "i, i"),
            ("seats", "row_no, name, person_id", "i, 'a', i"),
        ] {
            let sql = format!("INSERT INTO {table} ({columns}) {numbers} SELECT {values} FROM n");
            conn.batch_execute(&sql).unwrap();
        }
        let tree = (
            Person::TOOTS,
            Person::BOSS,
            Person::LIKED_TOOTS,
            Person::SEATS,
        );
        let query = people::table.filter(people::id.ge(10)).order(people::id);
        let rows = query.include(tree).load(conn).unwrap();
        assert_eq!(rows.len(), 70_000);
        for (person, toots, boss, liked, seats) in rows {
            assert_eq!(
                toots,
                [Toot {
                    id: person.id,
                    author_id: person.id
                }]
            );
            assert_eq!(boss.map(|boss| boss.id), Some(1));
            assert_eq!(liked, toots);
            assert_eq!(
                seats,
                [Seat {
                    row_no: person.id,
                    name: "a".into()
                }]
            );
        }
        let ada = Person {
            id: 1,
            name: "Ada".into(),
            boss_id: None,
        };
        let all: Vec<i32> = (10..=70_009).collect();
        assert_eq!(ada.has_toots(&all, conn), Ok(false));
    }};
}

#[test]
fn many_on_sqlite() {
    use diesel::connection::SimpleConnection;
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    conn.batch_execute(&tables("INTEGER")).unwrap();
    many!(&mut conn);
}

#[test]
fn many_on_postgres() {
    use diesel::connection::SimpleConnection;
    let mut conn = PgConnection::establish(&postgres_url()).unwrap();
    conn.batch_execute(&temporary("SERIAL")).unwrap();
    many!(&mut conn);
}

#[test]
fn many_on_mysql() {
    use diesel::connection::SimpleConnection;
    let mut conn = MysqlConnection::establish(&mysql_url()).unwrap();
    conn.batch_execute(&temporary("INTEGER AUTO_INCREMENT"))
        .unwrap();
    conn.batch_execute("SET max_recursive_iterations = 1000000")
        .unwrap();
    many!(&mut conn);
}

/// The futures can be spawned.
#[tokio::test]
async fn futures_are_send() {
    let read = tokio::spawn(async {
        use diesel_async::{AsyncConnection, SimpleAsyncConnection};
        let mut conn = diesel_async::AsyncPgConnection::establish(&postgres_url())
            .await
            .unwrap();
        conn.batch_execute(&temporary("SERIAL")).await.unwrap();
        let ada = Person {
            id: 1,
            name: "Ada".into(),
            boss_id: None,
        };
        ada.add_toots([3], &mut conn).await?;
        ada.set_liked_toots([1], &mut conn).await?;
        ada.create_note(notes::body.eq("sent"), &mut conn).await?;
        let tree = (Person::NOTES, Person::LIKED_TOOTS);
        people::table.include(tree).load(&mut conn).await?;
        ada.has_toots([1, 2, 3], &mut conn).await
    });
    assert_eq!(read.await.unwrap(), Ok(true));
}
