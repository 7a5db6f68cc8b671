//! Asynchronous connections out of a pool: what the pool hands out is dereferenced.

use crate::cancellation::dropped_after;
use crate::{Person, postgres_url, temporary};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, bb8, deadpool};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

fn manager() -> AsyncDieselConnectionManager<AsyncPgConnection> {
    AsyncDieselConnectionManager::new(postgres_url())
}

fn bob() -> Person {
    Person {
        id: 2,
        name: "Bob".into(),
        boss_id: Some(1),
    }
}

#[tokio::test]
async fn deadpool_throws_away_what_a_dropped_write_left() {
    let pool = deadpool::Pool::builder(manager())
        .max_size(1)
        .build()
        .unwrap();
    for polls in 0..20 {
        let mut conn = pool.get().await.unwrap();
        // temporary tables are gone with the connection that is thrown away
        let _ = conn.batch_execute(&temporary("SERIAL")).await;
        dropped_after(polls, bob().set_liked_toots([2, 3], &mut *conn)).await;
        drop(conn);

        let mut conn = pool.get().await.unwrap();
        let _ = conn.batch_execute(&temporary("SERIAL")).await;
        assert_eq!(bob().set_liked_toots([1, 2], &mut *conn).await, Ok(()));
        assert_eq!(bob().count_liked_toots(&mut *conn).await, Ok(2));
    }
}

#[tokio::test]
async fn bb8() {
    let pool = bb8::Pool::builder()
        .max_size(1)
        .build(manager())
        .await
        .unwrap();
    let mut conn = pool.get().await.unwrap();
    conn.batch_execute(&temporary("SERIAL")).await.unwrap();
    assert_eq!(bob().add_toots([1, 2], &mut *conn).await, Ok(()));
    assert_eq!(bob().count_toots(&mut *conn).await, Ok(3));
}
