//! Asynchronous writes that are dropped in the middle.

use diesel::prelude::*;
use diesel::result::Error;
use diesel_async::AsyncPgConnection;
use orm_tests::asynchronous::dropped_after;
use orm_tests::connection::TestConnection;
use orm_tests::database::shared_sample;
use orm_tests::models::Person;
use orm_tests::schema::people;

pub(crate) fn bob(conn: &mut PgConnection) -> Person {
    let query = people::table.find(2).select(Person::as_select());
    query.first(conn).unwrap()
}

/// Waits until the server has done what was sent by a connection that is gone.
fn gone(process: &str, conn: &mut PgConnection) {
    let sql = format!("SELECT pid::text AS line FROM pg_stat_activity WHERE pid = {process}");
    while !conn.lines(&sql).is_empty() {
        std::thread::yield_now();
    }
}

/// Wherever a write is dropped, all of it is kept or nothing, all only where its
/// commit was sent; and the connection is usable or says that it is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_write_is_whole_or_nothing_and_the_connection_says_so() {
    use diesel_async::AsyncConnection;
    let database = &mut shared_sample::<PgConnection>();
    let url = database.url();
    let other = &mut **database;
    let bob = bob(other);

    let mut broken = 0;
    for polls in 0.. {
        let mut conn = AsyncPgConnection::establish(&url).await.unwrap();
        let process = diesel::dsl::sql::<diesel::sql_types::Text>("pg_backend_pid()::text");
        let process = diesel::select(process);
        let process: String = diesel_async::RunQueryDsl::get_result(process, &mut conn)
            .await
            .unwrap();

        let ended = dropped_after(polls, bob.set_liked_toots([2, 3], &mut conn)).await;
        if ended {
            assert_eq!(bob.has_liked_toots([2, 3], other), Ok(true));
            break;
        }
        match bob.add_liked_toot(1, &mut conn).await {
            Ok(()) => assert_eq!(bob.count_liked_toots(&mut conn).await, Ok(2)),
            Err(Error::BrokenTransactionManager) => broken += 1,
            other => unreachable!("{other:?}"),
        }
        drop(conn);
        gone(&process, other);
        let liked = bob.liked_toots(other).unwrap();
        let liked: Vec<_> = liked.iter().map(|toot| toot.id).collect();
        assert!(
            liked == [1, 2] || liked == [2, 3],
            "{liked:?} after {polls} polls"
        );
        bob.set_liked_toots([1, 2], other).unwrap();
    }
    assert!(broken > 0, "a write was dropped in its transaction");
}
