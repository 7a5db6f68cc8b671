//! Asynchronous operations that are dropped in the middle: on SQLite they have ended
//! before anything else is sent.

use diesel::QueryResult;
use diesel::prelude::{QueryDsl, SelectableHelper, SqliteConnection};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use orm_core::prelude::*;
use orm_tests::asynchronous::{Run, dropped_after, wait};
use orm_tests::connection::TestConnection;
use orm_tests::database::{sample, shared_sample};
use orm_tests::models::Person;
use orm_tests::schema::people;
use std::task::Poll;

type Conn = SyncConnectionWrapper<SqliteConnection>;

fn liked(person: &Person, conn: &mut Conn) -> Vec<i32> {
    let liked = person.liked_toots(conn).run().unwrap();
    liked.iter().map(|toot| toot.id).collect()
}

#[test]
fn a_dropped_write_is_whole_or_nothing_and_the_connection_is_usable() {
    let database = &mut shared_sample::<Conn>();
    let conn = &mut database.another();
    let query = people::table.find(2).select(Person::as_select());
    let bob: Person = RunQueryDsl::first(query, conn).run().unwrap();

    let mut undone = 0;
    for polls in 0.. {
        let ended = wait(dropped_after(polls, bob.set_liked_toots([2, 3], conn)));
        let liked = liked(&bob, conn);
        assert_eq!(conn.depth(), None);
        if ended {
            assert_eq!(liked, [2, 3]);
            break;
        }
        assert!(
            liked == [1, 2] || liked == [2, 3],
            "{liked:?} after {polls}"
        );
        undone += usize::from(liked == [1, 2]);
        // another connection can write at once
        assert_eq!(bob.set_liked_toots([1, 2], &mut **database).run(), Ok(()));
    }
    assert!(undone > 1, "a write was dropped in its transaction");
}

#[test]
fn inside_a_callers_transaction_the_savepoint_is_undone_alone() {
    let database = &mut shared_sample::<Conn>();
    let conn = &mut database.another();
    let query = people::table.find(2).select(Person::as_select());
    let bob: Person = RunQueryDsl::first(query, conn).run().unwrap();

    let kept = conn.in_transaction(|conn| {
        bob.add_liked_toot(3, conn).run()?;
        for polls in 0..4 {
            wait(dropped_after(polls, bob.set_liked_toots([1], conn)));
            let liked = liked(&bob, conn);
            assert!(liked == [1, 2, 3] || liked == [1], "{liked:?}");
            bob.set_liked_toots([1, 2, 3], conn).run()?;
        }
        Ok(())
    });
    assert_eq!(kept, Ok(()));
    assert_eq!(conn.depth(), None);
    assert_eq!(liked(&bob, conn), [1, 2, 3]);
}

#[test]
fn a_dropped_read_leaves_the_connection_usable() {
    let conn = &mut *sample::<Conn>();
    let query = people::table.find(2).select(Person::as_select());
    let bob: Person = RunQueryDsl::first(query, conn).run().unwrap();
    for polls in 0.. {
        let tree = (Person::TOOTS, Person::LIKED_TOOTS);
        let read = people::table.include(tree).load(conn);
        if wait(dropped_after(polls, read)) {
            break;
        }
        assert_eq!(bob.count_toots(conn).run(), Ok(1));
        assert_eq!(conn.depth(), None);
    }
}

/// Whether the operation is not ended by one poll, after which it is dropped.
async fn pending(operation: impl Future) -> bool {
    let mut operation = std::pin::pin!(operation);
    std::future::poll_fn(|context| Poll::Ready(operation.as_mut().poll(context).is_pending())).await
}

/// The runtime has one thread: one that waited for the lock would wait forever.
#[test]
fn what_waits_for_a_lock_does_not_block_the_one_who_drops_it() {
    let database = &mut shared_sample::<Conn>();
    let query = people::table.find(2).select(Person::as_select());
    let bob = RunQueryDsl::first::<Person>(query, &mut **database);
    let bob = bob.run().unwrap();
    let url = database.url();

    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let work = async |in_transaction: bool| {
        let mut locking = Conn::establish(&url).await.unwrap();
        let conn = &mut Conn::establish(&url).await.unwrap();
        conn.batch_execute("PRAGMA busy_timeout = 36000000")
            .await
            .unwrap();
        locking.batch_execute("BEGIN IMMEDIATE").await.unwrap();
        // `BEGIN`, or the statement itself
        if in_transaction {
            assert!(pending(bob.set_liked_toots([3], conn)).await);
        } else {
            assert!(pending(bob.add_report(3, conn)).await);
        }
        // until it has ended, the connection says that it is broken
        assert!(
            Conn::transaction(conn, async |_| QueryResult::Ok(()))
                .await
                .is_err()
        );
        assert!(people::table.count().get_result::<i64>(conn).await.is_err());
        // a call that waits is dropped too
        assert!(pending(bob.count_toots(conn)).await);
        locking.batch_execute("COMMIT").await.unwrap();
        assert_eq!(bob.count_toots(conn).await, Ok(1));
        // what was one statement is done, what was to be a transaction is not
        assert_eq!(bob.has_liked_toots([1, 2], conn).await, Ok(true));
        assert_eq!(bob.count_liked_toots(conn).await, Ok(2));
        assert_eq!(
            bob.count_reports(conn).await,
            Ok(i64::from(!in_transaction))
        );
        // and the connection is as ever
        assert_eq!(people::table.count().get_result::<i64>(conn).await, Ok(3));
        assert_eq!(bob.set_liked_toots([1, 2], &mut locking).await, Ok(()));
        assert_eq!(bob.set_liked_toots([1, 2], conn).await, Ok(()));
    };
    let runtime = runtime.unwrap();
    runtime.block_on(work(true));
    runtime.block_on(work(false));
}
