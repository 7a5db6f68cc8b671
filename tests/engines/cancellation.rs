//! Asynchronous writes that are dropped in the middle.

use crate::{Person, postgres_url, tables};
use diesel::result::Error;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use std::future::Future;
use std::task::Poll;

/// Polls the write this often and drops it; whether it ended before.
pub(crate) async fn dropped_after(polls: usize, write: impl Future) -> bool {
    let mut write = std::pin::pin!(write);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        write.as_mut().poll(context).map(|_| true)
    })
    .await
}

/// The process of the server behind a connection.
async fn process(conn: &mut AsyncPgConnection) -> i32 {
    let id = diesel::dsl::sql::<diesel::sql_types::Integer>("pg_backend_pid()");
    RunQueryDsl::get_result(diesel::select(id), conn)
        .await
        .unwrap()
}

/// Waits until the server has done what was sent by a connection that is gone.
async fn gone(process: i32, conn: &mut AsyncPgConnection) {
    let sql = format!("(SELECT count(*) FROM pg_stat_activity WHERE pid = {process})");
    loop {
        let count = diesel::dsl::sql::<diesel::sql_types::BigInt>(&sql);
        let count = diesel::select(count);
        let count: i64 = RunQueryDsl::get_result(count, conn).await.unwrap();
        if count == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Wherever a write is dropped, all of it is kept or nothing, all only where its
/// commit was sent; and the connection is usable or says that it is not.
#[tokio::test]
async fn a_dropped_write_is_whole_or_nothing_and_the_connection_says_so() {
    let name = format!("orm_dropped_{}", std::process::id());
    let mut other = AsyncPgConnection::establish(&postgres_url()).await.unwrap();
    let script = format!(
        "CREATE SCHEMA {name}; SET search_path TO {name}; {}",
        tables("SERIAL")
    );
    other.batch_execute(&script).await.unwrap();
    let bob = Person {
        id: 2,
        name: "Bob".into(),
        boss_id: Some(1),
    };

    let mut broken = 0;
    let mut polls = 0;
    loop {
        let mut conn = AsyncPgConnection::establish(&postgres_url()).await.unwrap();
        let path = format!("SET search_path TO {name}");
        conn.batch_execute(&path).await.unwrap();
        let process = process(&mut conn).await;

        let ended = dropped_after(polls, bob.set_liked_toots([2, 3], &mut conn)).await;
        if ended {
            assert_eq!(bob.has_liked_toots([2, 3], &mut other).await, Ok(true));
            break;
        }
        let next = bob.add_liked_toot(1, &mut conn).await;
        match next {
            Ok(()) => assert_eq!(bob.count_liked_toots(&mut conn).await, Ok(2)),
            Err(Error::BrokenTransactionManager) => broken += 1,
            other => unreachable!("{other:?}"),
        }
        drop(conn);
        gone(process, &mut other).await;
        let liked = bob.liked_toots(&mut other).await.unwrap();
        let liked: Vec<_> = liked.iter().map(|toot| toot.id).collect();
        assert!(
            liked == [1, 2] || liked == [2, 3],
            "{liked:?} after {polls} polls"
        );
        bob.set_liked_toots([1, 2], &mut other).await.unwrap();
        polls += 1;
    }
    let script = format!("DROP SCHEMA {name} CASCADE");
    other.batch_execute(&script).await.unwrap();
    assert!(broken > 0, "a write was dropped in its transaction");
}
