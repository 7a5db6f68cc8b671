//! The independent nodes of a tree are in flight together on PostgreSQL.

use crate::cancellation::bob;
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use orm_core::prelude::*;
use orm_tests::database::{postgres_address, shared_sample};
use orm_tests::models::{Person, Toot};
use orm_tests::schema::{people, toots};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A network that is slow in one direction: what the server answers is held back
/// until neither side has said anything for a while, so that a client has sent all
/// that it can. Each time is one round trip.
async fn slow_network(round_trips: Arc<AtomicUsize>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let address = postgres_address();
        let server = (&*address.host, address.port);
        let mut server = TcpStream::connect(server).await.unwrap();
        let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
        let mut held = Vec::new();
        loop {
            tokio::select! {
                count = client.read(&mut asked) => match count {
                    Ok(0) | Err(_) => return,
                    Ok(count) => server.write_all(&asked[..count]).await.unwrap(),
                },
                count = server.read(&mut answered) => match count {
                    Ok(0) | Err(_) => return,
                    Ok(count) => held.extend_from_slice(&answered[..count]),
                },
                () = tokio::time::sleep(Duration::from_millis(40)), if !held.is_empty() => {
                    round_trips.fetch_add(1, Ordering::SeqCst);
                    client.write_all(&std::mem::take(&mut held)).await.unwrap();
                }
            }
        }
    });
    port
}

/// The database at `url` behind such a network.
async fn slow_url(url: &str, round_trips: &Arc<AtomicUsize>) -> String {
    let port = slow_network(Arc::clone(round_trips)).await;
    let (_, after) = url.rsplit_once('/').unwrap();
    let address = postgres_address();
    let (user, password) = (&address.user, &address.password);
    format!("postgres://{user}:{password}@127.0.0.1:{port}/{after}")
}

#[tokio::test(flavor = "multi_thread")]
async fn siblings_cost_one_round_trip() {
    let database = &mut shared_sample::<PgConnection>();
    let bob = bob(database);
    let round_trips = Arc::new(AtomicUsize::new(0));
    let url = slow_url(&database.url(), &round_trips).await;
    let conn = &mut AsyncPgConnection::establish(&url).await.unwrap();

    let load = async |conn: &mut AsyncPgConnection| {
        let tree = (
            Person::DRIVING_LICENSE,
            Person::BIRTHPLACE,
            Person::TOOTS.order(toots::id.desc()).limit(1),
            Person::REPORTS.counted(),
        );
        let query = people::table.filter(people::id.gt(0)).order(people::id);
        let before = round_trips.load(Ordering::SeqCst);
        let rows = query.include(tree).load(conn).await.unwrap();
        (rows, round_trips.load(Ordering::SeqCst) - before)
    };
    // the first time prepares the statements
    let (first, _) = load(conn).await;
    let (rows, trips) = load(conn).await;
    assert_eq!(rows, first);
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[1].0.id, rows[1].3[0].id, rows[0].4), (2, 3, 1));
    assert_eq!(trips, 2, "the people, and all that belongs to them");

    // a junction's targets wait for its pairs, its siblings do not
    let deep = async |conn: &mut AsyncPgConnection| {
        let tree = (
            Person::LIKED_TOOTS.include((Toot::AUTHOR, Toot::LIKERS.counted())),
            Person::TOOTS.include(Toot::LIKERS),
        );
        let query = people::table.filter(people::id.gt(0));
        let before = round_trips.load(Ordering::SeqCst);
        let rows = query.include(tree).load(conn).await.unwrap();
        assert_eq!(rows.len(), 3);
        round_trips.load(Ordering::SeqCst) - before
    };
    deep(conn).await;
    assert_eq!(deep(conn).await, 4, "eight statements");

    // one by one, each call is a round trip
    bob.toots(conn).await.unwrap();
    bob.boss(conn).await.unwrap();
    let before = round_trips.load(Ordering::SeqCst);
    bob.toots(conn).await.unwrap();
    bob.boss(conn).await.unwrap();
    assert_eq!(round_trips.load(Ordering::SeqCst) - before, 2);
}

/// A shared connection reads, and what is read at once is one round trip.
#[tokio::test(flavor = "multi_thread")]
async fn shared_connections_read_together() {
    let database = &mut shared_sample::<PgConnection>();
    let bob = bob(database);
    let round_trips = Arc::new(AtomicUsize::new(0));
    let url = slow_url(&database.url(), &round_trips).await;
    let conn = &mut AsyncPgConnection::establish(&url).await.unwrap();
    let toots_of_bob = bob.toots(conn).await.unwrap();
    let boss_of_bob = bob.boss(conn).await.unwrap();
    let people = people::table.order(people::id);
    let tree = people.include(Person::TOOTS).load(conn).await.unwrap();

    // in the style of functions that take `&AsyncPgConnection`
    let shared: &AsyncPgConnection = conn;
    assert_eq!(bob.count_toots(&mut &*shared).await, Ok(1));
    assert_eq!(bob.has_toot(3, &mut &*shared).await, Ok(true));
    assert_eq!(Person::find(bob.id, &mut &*shared).await.as_ref(), Ok(&bob));
    let again = people.include(Person::TOOTS).load(&mut &*shared).await;
    assert_eq!(again, Ok(tree));
    let (mut one, mut two) = (shared, shared);
    let both = async |one: &mut &AsyncPgConnection, two: &mut &AsyncPgConnection| {
        tokio::try_join!(bob.toots(one), bob.boss(two)).unwrap()
    };
    assert_eq!(both(&mut one, &mut two).await, (toots_of_bob, boss_of_bob));
    let before = round_trips.load(Ordering::SeqCst);
    both(&mut one, &mut two).await;
    assert_eq!(round_trips.load(Ordering::SeqCst) - before, 1);
}

/// In a transaction of the caller's, siblings fail because another one did: whichever
/// is answered first, the error is the one that says why.
#[tokio::test(flavor = "multi_thread")]
async fn the_error_of_a_sibling_is_the_one_that_went_first() {
    let database = &mut shared_sample::<PgConnection>();
    let url = database.url();
    let slow = slow_url(&url, &Arc::default()).await;

    for (url, rounds) in [(slow, 3), (url, 100)] {
        let conn = &mut AsyncPgConnection::establish(&url).await.unwrap();
        for round in 0..rounds {
            conn.batch_execute("BEGIN").await.unwrap();
            let fails = || {
                let condition =
                    diesel::dsl::sql::<diesel::sql_types::Bool>("1 / (toots.id - toots.id) = 1");
                Person::TOOTS.filter(condition)
            };
            let tree = (
                Person::LIKED_TOOTS.include(Toot::AUTHOR),
                Person::BIRTHPLACE,
                fails(),
                Person::REPORTS.include(fails()),
                Person::DRIVING_LICENSE,
            );
            let query = people::table.order(people::id);
            let error = query
                .include(tree)
                .load(conn)
                .await
                .unwrap_err()
                .to_string();
            assert_eq!(error, "division by zero", "in round {round}");
            conn.batch_execute("ROLLBACK").await.unwrap();
        }
    }
}

/// A task that waits for an answer is not blamed for what another one sends.
#[tokio::test]
async fn an_accessor_is_named_for_its_own_statements_only() {
    use orm_core::guard::watch;
    let database = &mut shared_sample::<PgConnection>();
    let bob = bob(database);
    let reading = &mut AsyncPgConnection::establish(&database.url()).await.unwrap();
    let other = &mut AsyncPgConnection::establish(&database.url()).await.unwrap();
    let watch = watch(other);
    let mut toots = Box::pin(bob.toots(reading));
    let once = std::future::poll_fn(|context| {
        std::task::Poll::Ready(toots.as_mut().poll(context).is_pending())
    });
    assert!(once.await);
    for _ in 0..5 {
        let count = people::table.count();
        let count: i64 = diesel_async::RunQueryDsl::get_result(count, other)
            .await
            .unwrap();
        assert_eq!(count, 3);
    }
    assert_eq!(toots.await.unwrap().len(), 1);
    let repeated = watch.queries().repeated()[0].to_string();
    assert!(repeated.starts_with("sent 5 times"), "{repeated}");
}
