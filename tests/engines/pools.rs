//! Connections out of a pool: what the pool hands out is dereferenced.

use crate::cancellation::bob;
use diesel::PgConnection;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, bb8, deadpool, mobc};
use orm_tests::asynchronous::dropped_after;
use orm_tests::database::shared_sample;

fn manager(url: &str) -> AsyncDieselConnectionManager<AsyncPgConnection> {
    AsyncDieselConnectionManager::new(url)
}

#[tokio::test(flavor = "multi_thread")]
async fn deadpool_throws_away_what_a_dropped_write_left() {
    let database = &mut shared_sample::<PgConnection>();
    let pool = deadpool::Pool::builder(manager(&database.url()))
        .max_size(1)
        .build()
        .unwrap();
    let bob = bob(database);
    for polls in 0..20 {
        let mut conn = pool.get().await.unwrap();
        dropped_after(polls, bob.set_liked_toots([2, 3], &mut *conn)).await;
        drop(conn);

        let mut conn = pool.get().await.unwrap();
        assert_eq!(bob.set_liked_toots([1, 2], &mut *conn).await, Ok(()));
        assert_eq!(bob.count_liked_toots(&mut *conn).await, Ok(2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bb8_and_mobc() {
    let database = &mut shared_sample::<PgConnection>();
    let bob = bob(database);

    let pool = bb8::Pool::builder().max_size(1);
    let pool = pool.build(manager(&database.url())).await.unwrap();
    let mut conn = pool.get().await.unwrap();
    assert_eq!(bob.add_toots([1, 2], &mut *conn).await, Ok(()));
    assert_eq!(bob.count_toots(&mut *conn).await, Ok(3));

    let pool = mobc::Pool::new(manager(&database.url()));
    let mut conn = pool.get().await.unwrap();
    assert_eq!(bob.count_toots(&mut *conn).await, Ok(3));
    assert_eq!(bob.set_liked_toots([3], &mut *conn).await, Ok(()));
    assert_eq!(bob.count_liked_toots(&mut *conn).await, Ok(1));
}

/// The futures can be spawned.
#[tokio::test(flavor = "multi_thread")]
async fn futures_are_send() {
    use diesel::prelude::*;
    use orm_core::prelude::*;
    use orm_tests::models::Person;
    use orm_tests::schema::{people, toots};

    let database = &mut shared_sample::<PgConnection>();
    let bob = bob(database);
    let pool = deadpool::Pool::builder(manager(&database.url()));
    let pool = pool.build().unwrap();
    let spawned = tokio::spawn(async move {
        let conn = &mut *pool.get().await.unwrap();
        bob.add_toots([1], conn).await?;
        bob.set_liked_toots([1], conn).await?;
        bob.create_toot(toots::body.eq("sent"), conn).await?;
        let tree = (Person::TOOTS, Person::LIKED_TOOTS);
        people::table.include(tree).load(conn).await?;
        bob.has_toots([1, 3], conn).await
    });
    assert_eq!(spawned.await.unwrap(), Ok(true));
}
