//! Connections out of a pool: what the pool hands out is dereferenced.

use crate::cancellation::bob;
use diesel::prelude::*;
use diesel::result::Error;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, PoolableConnection, RecyclingMethod, bb8,
    deadpool, mobc,
};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncMysqlConnection, AsyncPgConnection, TransactionManager};
use orm_core::prelude::*;
use orm_tests::asynchronous::dropped_after;
use orm_tests::database::shared_sample;
use orm_tests::models::{Person, Toot};
use orm_tests::schema::people;
use std::pin::Pin;

fn manager<C: PoolableConnection + 'static>(
    url: &str,
    recycling_method: RecyclingMethod<C>,
) -> AsyncDieselConnectionManager<C> {
    let mut config = ManagerConfig::default();
    config.recycling_method = recycling_method;
    AsyncDieselConnectionManager::new_with_config(url, config)
}

/// What mobc must be told: diesel-async 0.9 has it keep what is broken, and throw away
/// what is not.
fn not_broken<C: AsyncConnection>(
    conn: &mut C,
) -> Pin<Box<dyn Future<Output = QueryResult<()>> + Send + '_>> {
    let broken = C::TransactionManager::is_broken_transaction_manager(conn);
    let checked = if broken {
        Err(Error::BrokenTransactionManager)
    } else {
        Ok(())
    };
    Box::pin(std::future::ready(checked))
}

/// Drops reads and writes at each of their polls, on the one connection of a pool. The
/// pool throws it away or it is as new: whoever gets the next is told what is right.
macro_rules! dropped_in_a_pool {
    ($($engine:ident: $connection:ty;)+) => {$(
        mod $engine {
            use super::*;

            type Conn = $connection;

            fn ids(toots: &[Toot]) -> Vec<i32> {
                toots.iter().map(|toot| toot.id).collect()
            }

            macro_rules! in_pool {
                ($name:ident, $url:ident => $pool:expr) => {
                    #[tokio::test(flavor = "multi_thread")]
                    async fn $name() {
                        let database = tokio::task::spawn_blocking(shared_sample::<Conn>);
                        let database = database.await.unwrap();
                        let $url = database.url();
                        let pool = $pool;
                        let query = people::table.order(people::id).select(Person::as_select());
                        let mut conn = pool.get().await.unwrap();
                        let people = diesel_async::RunQueryDsl::load::<Person>(query, &mut *conn);
                        let people = people.await.unwrap();
                        drop(conn);
                        let (ada, bob) = (&people[0], &people[1]);
                        let mut kept = 0;
                        for operation in 0..3 {
                            for polls in 0.. {
                                let mut conn = pool.get().await.unwrap();
                                let conn_ = &mut *conn;
                                let ended = match operation {
                                    0 => dropped_after(polls, bob.toots(conn_)).await,
                                    1 => {
                                        let tree = (Person::TOOTS, Person::LIKED_TOOTS);
                                        let query = people::table.include(tree);
                                        dropped_after(polls, query.load(conn_)).await
                                    }
                                    _ => {
                                        let set = bob.set_liked_toots([2, 3], conn_);
                                        dropped_after(polls, set).await
                                    }
                                };
                                drop(conn);
                                for _ in 0..5 {
                                    let mut conn = pool.get().await.unwrap();
                                    let toots = ada.toots(&mut *conn).await;
                                    assert_eq!(ids(&toots.unwrap()), [1, 2]);
                                    drop(conn);
                                    let mut conn = pool.get().await.unwrap();
                                    assert_eq!(bob.count_toots(&mut *conn).await, Ok(1));
                                }
                                let conn = &mut *pool.get().await.unwrap();
                                let set = bob.set_liked_toots([1, 2], conn).await;
                                assert_eq!(set, Ok(()));
                                assert_eq!(ids(&bob.liked_toots(conn).await.unwrap()), [1, 2]);
                                if ended {
                                    kept += 1;
                                    break;
                                }
                            }
                        }
                        assert_eq!(kept, 3);
                        drop(pool);
                        tokio::task::spawn_blocking(|| drop(database)).await.unwrap();
                    }
                };
            }

            in_pool!(fast_deadpool, url => {
                let pool = deadpool::Pool::builder(manager::<Conn>(&url, RecyclingMethod::Fast));
                pool.max_size(1).build().unwrap()
            });
            in_pool!(verified_deadpool, url => {
                let pool = deadpool::Pool::builder(manager::<Conn>(&url, RecyclingMethod::Verified));
                pool.max_size(1).build().unwrap()
            });
            in_pool!(bb8, url => {
                let pool = bb8::Pool::builder().max_size(1);
                pool.build(manager::<Conn>(&url, RecyclingMethod::Fast)).await.unwrap()
            });
            in_pool!(mobc, url => {
                let pool = mobc::Pool::builder().max_open(1);
                pool.build(manager::<Conn>(&url, RecyclingMethod::CustomFunction(Box::new(not_broken))))
            });
        }
    )+};
}

dropped_in_a_pool! {
    sqlite: SyncConnectionWrapper<SqliteConnection>;
    postgres: AsyncPgConnection;
    mysql: AsyncMysqlConnection;
}

#[tokio::test(flavor = "multi_thread")]
async fn bb8_and_mobc() {
    let database = &mut shared_sample::<PgConnection>();
    let bob = bob(database);

    let pool = bb8::Pool::builder().max_size(1);
    let pool = pool
        .build(manager::<AsyncPgConnection>(
            &database.url(),
            RecyclingMethod::Fast,
        ))
        .await
        .unwrap();
    let mut conn = pool.get().await.unwrap();
    assert_eq!(bob.add_toots([1, 2], &mut *conn).await, Ok(()));
    assert_eq!(bob.count_toots(&mut *conn).await, Ok(3));

    let pool = mobc::Pool::new(manager::<AsyncPgConnection>(
        &database.url(),
        RecyclingMethod::Verified,
    ));
    let mut conn = pool.get().await.unwrap();
    assert_eq!(bob.count_toots(&mut *conn).await, Ok(3));
    assert_eq!(bob.set_liked_toots([3], &mut *conn).await, Ok(()));
    assert_eq!(bob.count_liked_toots(&mut *conn).await, Ok(1));
}

/// The futures can be spawned.
#[tokio::test(flavor = "multi_thread")]
async fn futures_are_send() {
    use orm_tests::schema::toots;

    let database = &mut shared_sample::<PgConnection>();
    let bob = bob(database);
    let pool = deadpool::Pool::builder(manager::<AsyncPgConnection>(
        &database.url(),
        RecyclingMethod::Fast,
    ));
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
