//! What another connection does between the statements of a write.

use super::Conn;
use super::prelude::*;
use super::support::{ENGINE, person};
use diesel::connection::InstrumentationEvent;
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::shared_sample;
use orm_tests::models::{LikedToot, Person};
use orm_tests::schema::liked_toots;
use std::sync::atomic::{AtomicBool, Ordering};

/// Has another connection run `sql` before the first statement of `conn` that begins so.
fn before(conn: &mut Conn, url: &str, statement: &'static str, sql: &'static str) {
    let url = url.to_owned();
    let done = AtomicBool::new(false);
    conn.watch(move |event: InstrumentationEvent<'_>| {
        let InstrumentationEvent::StartQuery { query, .. } = event else {
            return;
        };
        if query.to_string().contains(statement) && !done.swap(true, Ordering::Relaxed) {
            let url = url.clone();
            let other = std::thread::spawn(move || Conn::open(&url).batch(sql));
            other.join().unwrap();
        }
    });
}

fn like(conn: &mut Conn) -> Vec<LikedToot> {
    let likes = liked_toots::table
        .filter(liked_toots::person_id.eq(3))
        .select(LikedToot::as_select());
    likes.load(conn).run().unwrap()
}

/// better: a pair that another connection adds meanwhile gets the payload too.
#[test]
fn better_a_pair_that_another_connection_adds_meanwhile_gets_its_payload() {
    if ENGINE == Engine::Sqlite {
        // one connection writes at a time
        return;
    }
    let database = &mut shared_sample::<Conn>();
    let url = database.url();
    let conn = &mut **database;
    let cleo = person(3, conn);
    let add = "INSERT INTO liked_toots VALUES (3, 1, 'theirs')";
    let writes: [fn(&Person, &mut Conn) -> QueryResult<()>; 3] = [
        |cleo, conn| {
            cleo.add_liked_toot_with(1, liked_toots::liked_at.eq("mine"), conn)
                .run()
        },
        |cleo, conn| {
            cleo.add_liked_toots_with([(1, liked_toots::liked_at.eq("mine"))], conn)
                .run()
        },
        |cleo, conn| {
            cleo.set_liked_toots_with([(1, liked_toots::liked_at.eq("mine"))], conn)
                .run()
        },
    ];
    // On MariaDB `set` keeps others from linking to its source, and above this level of
    // isolation what was looked for and is not there cannot be inserted.
    let is_mysql = ENGINE == Engine::Mysql;
    if is_mysql {
        conn.batch("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    }
    let count = if is_mysql { 2 } else { 3 };
    for write in &writes[..count] {
        conn.batch("DELETE FROM liked_toots WHERE person_id = 3");
        before(conn, &url, "INSERT", add);
        assert_eq!(write(&cleo, conn), Ok(()));
        conn.watch(|_: InstrumentationEvent<'_>| {});
        let likes = like(conn);
        assert_eq!(likes.len(), 1);
        assert_eq!(likes[0].liked_at, "mine");
    }

    // without a payload it stays as it is
    conn.batch("DELETE FROM liked_toots WHERE person_id = 3");
    before(conn, &url, "INSERT", add);
    assert_eq!(cleo.add_liked_toots([1, 2], conn).run(), Ok(()));
    conn.watch(|_: InstrumentationEvent<'_>| {});
    assert_eq!(like(conn).len(), 2);
}
