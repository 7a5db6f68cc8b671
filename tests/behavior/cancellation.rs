//! Asynchronous operations that are dropped in the middle: on SQLite they are
//! ended before anything else is sent.

use diesel::prelude::*;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use orm_core::prelude::*;
use orm_tests::asynchronous::{Run, dropped_after, wait};
use orm_tests::connection::TestConnection;
use orm_tests::database::{sample, shared_sample};
use orm_tests::models::Person;
use orm_tests::schema::people;

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
    let bob: Person = diesel_async::RunQueryDsl::first(query, conn).run().unwrap();

    let mut undone = 0;
    for polls in 0.. {
        let ended = wait(dropped_after(polls, bob.set_liked_toots([2, 3], conn)));
        assert_eq!(conn.depth(), None);
        let liked = liked(&bob, conn);
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
    let bob: Person = diesel_async::RunQueryDsl::first(query, conn).run().unwrap();

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
    for polls in 0.. {
        let tree = (Person::TOOTS, Person::LIKED_TOOTS);
        let read = people::table.include(tree).load(conn);
        if wait(dropped_after(polls, read)) {
            break;
        }
        assert_eq!(conn.depth(), None);
    }
}
