//! The throughput of a page of people beside that of a handler written by hand on
//! diesel-async: `cargo bench -p orm-example-axum [-- URL of an empty database]`.
//!
//! Both answer the same text. Rounds alternate; the medians are compared. With
//! `ORM_PEER=program` a third takes part, which is started as `program URL PORT`: see
//! `benches/peers`.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed measurement may panic"
)]

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use diesel::prelude::{ExpressionMethods, JoinOnDsl as _, QueryDsl, SelectableHelper};
use diesel::{QueryResult, SqliteConnection};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use orm_example_axum::models::{City, DrivingLicense, LikedToot, Person, Profile, Toot};
use orm_example_axum::schema::*;
use orm_example_axum::{Database, router};
use serde::Deserialize;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CLIENTS: i32 = 8;
const REQUESTS: i32 = 100;
const ROUNDS: usize = 15;

#[derive(Deserialize)]
struct After {
    after: i32,
}

/// What a person writes who knows Diesel: a query for each table, put together by
/// hand.
macro_rules! by_hand {
    ($name:ident, $connection:ty) => {
        async fn $name(after: i32, conn: &mut $connection) -> QueryResult<Vec<Profile>> {
            let people: Vec<Person> = people::table
                .filter(people::id.gt(after))
                .order(people::id)
                .limit(20)
                .select(Person::as_select())
                .load(conn)
                .await?;
            let ids: Vec<i32> = people.iter().map(|person| person.id).collect();
            let licenses: Vec<DrivingLicense> = driving_licenses::table
                .filter(driving_licenses::owner_id.eq_any(ids.iter().copied().map(Some)))
                .select(DrivingLicense::as_select())
                .load(conn)
                .await?;
            let mut licenses: HashMap<_, _> = licenses
                .into_iter()
                .map(|license| (license.owner_id, license))
                .collect();
            let mut of_cities: Vec<i32> = people.iter().map(|p| p.birthplace_id).collect();
            of_cities.sort_unstable();
            of_cities.dedup();
            let cities: Vec<City> = cities::table
                .filter(cities::id.eq_any(of_cities))
                .select(City::as_select())
                .load(conn)
                .await?;
            let cities: HashMap<_, _> = cities
                .into_iter()
                .map(|city| (city.id, Arc::new(city)))
                .collect();
            let liked: Vec<(i32, Toot)> = liked_toots::table
                .inner_join(toots::table.on(toots::id.eq(liked_toots::toot_id)))
                .filter(liked_toots::person_id.eq_any(ids))
                .order(toots::id)
                .select((liked_toots::person_id, Toot::as_select()))
                .load(conn)
                .await?;
            let mut of_authors: Vec<i32> = liked.iter().map(|(_, toot)| toot.author_id).collect();
            of_authors.sort_unstable();
            of_authors.dedup();
            let authors: Vec<Person> = people::table
                .filter(people::id.eq_any(of_authors))
                .select(Person::as_select())
                .load(conn)
                .await?;
            let authors: HashMap<_, _> = authors
                .into_iter()
                .map(|author| (author.id, Arc::new(author)))
                .collect();
            let mut likes: HashMap<i32, Vec<Arc<LikedToot>>> = HashMap::new();
            for (person, toot) in liked {
                let author = authors.get(&toot.author_id).cloned();
                let author = author.ok_or(diesel::result::Error::NotFound)?;
                likes
                    .entry(person)
                    .or_default()
                    .push(Arc::new(LikedToot { toot, author }));
            }
            people
                .into_iter()
                .map(|person| {
                    let birthplace = cities.get(&person.birthplace_id).cloned();
                    Ok(Profile {
                        driving_license: licenses.remove(&Some(person.id)),
                        birthplace: birthplace.ok_or(diesel::result::Error::NotFound)?,
                        liked_toots: likes.remove(&person.id).unwrap_or_default(),
                        person,
                    })
                })
                .collect()
        }
    };
}

by_hand!(on_postgres, AsyncPgConnection);
by_hand!(on_sqlite, SyncConnectionWrapper<SqliteConnection>);

async fn hand_written(
    State(database): State<Database>,
    Query(page): Query<After>,
) -> Json<Vec<Profile>> {
    Json(match database {
        Database::Postgres(pool) => {
            let mut conn = pool.get().await.unwrap();
            on_postgres(page.after, &mut conn).await.unwrap()
        }
        Database::Sqlite(pool) => {
            let mut conn = pool.get().await.unwrap();
            on_sqlite(page.after, &mut conn).await.unwrap()
        }
    })
}

const PEOPLE: i32 = 2_000;

async fn fill(database: &Database) {
    let numbers = |count| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        )
    };
    let sql = format!(
        "INSERT INTO people (id, name, birthplace_id) {} SELECT i, 'somebody', i % 2 + 1 FROM n;
         INSERT INTO driving_licenses (id, number, owner_id)
             SELECT id, 'number ' || id, id FROM people WHERE id % 3 > 0 AND id > 3;
         INSERT INTO toots (id, body, author_id) SELECT id, 'a toot of some length', id FROM people WHERE id > 3;
         INSERT INTO liked_toots (person_id, toot_id) {}
             SELECT p.id, (p.id * 7 + i * 31) % {PEOPLE} + 1 FROM people p, n WHERE p.id > 3;",
        numbers(PEOPLE),
        numbers(10),
    );
    match database {
        Database::Postgres(pool) => pool.get().await.unwrap().batch_execute(&sql).await,
        Database::Sqlite(pool) => pool.get().await.unwrap().batch_execute(&sql).await,
    }
    .unwrap();
}

/// Sends a request on an open connection and reads the body.
async fn ask(stream: &mut TcpStream, path: &str, answer: &mut Vec<u8>) -> usize {
    let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    answer.clear();
    loop {
        stream.read_buf(answer).await.unwrap();
        let head = answer.windows(4).position(|end| end == b"\r\n\r\n");
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&answer[..head]).to_lowercase();
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.unwrap().parse().unwrap();
            if answer.len() == head + 4 + length {
                return head + 4;
            }
        }
    }
}

/// How long all clients take for their requests.
async fn round(server: SocketAddr, route: &'static str) -> Duration {
    let start = Instant::now();
    let clients = (0..CLIENTS).map(|client| {
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(server).await.unwrap();
            let mut answer = Vec::new();
            for request in 0..REQUESTS {
                let after = (client * 251 + request * 17) % (PEOPLE - 20);
                ask(&mut stream, &format!("{route}?after={after}"), &mut answer).await;
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    start.elapsed()
}

/// Another program that answers the same.
struct Peer {
    process: std::process::Child,
    server: SocketAddr,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Peer {
    async fn start(url: &str) -> Option<Self> {
        let program = std::env::var("ORM_PEER").ok()?;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        drop(listener);
        let port = server.port().to_string();
        let process = std::process::Command::new(program)
            .args([url, &port])
            .spawn();
        let mut process = process.unwrap();
        while TcpStream::connect(server).await.is_err() {
            assert_eq!(process.try_wait().unwrap(), None, "the peer has ended");
            tokio::task::yield_now().await;
        }
        Some(Self { process, server })
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).filter(|url| url != "--bench");
    let file = std::env::temp_dir().join(format!("orm-throughput-{}", std::process::id()));
    let url = url.unwrap_or_else(|| file.display().to_string());
    let database = Database::open(&url).await.unwrap();
    fill(&database).await;
    let by_hand = Router::new()
        .route("/by-hand", get(hand_written))
        .with_state(database.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router(database).merge(by_hand)).await });

    let mut stream = TcpStream::connect(server).await.unwrap();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for after in [0, 500, 1900] {
        let our = ask(&mut stream, &format!("/people?after={after}"), &mut ours).await;
        let their = ask(&mut stream, &format!("/by-hand?after={after}"), &mut theirs).await;
        assert!(ours[our..] == theirs[their..], "both answer the same");
    }

    let peer = Peer::start(&url).await;
    if let Some(peer) = &peer {
        let mut stream = TcpStream::connect(peer.server).await.unwrap();
        let our = ask(&mut stream, "/people?after=1900", &mut theirs).await;
        let start = ours.len() - (theirs.len() - our);
        assert!(theirs[our..] == ours[start..], "the peer answers the same");
    }

    let (mut ours, mut theirs, mut peers) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(round(server, "/people").await);
        theirs.push(round(server, "/by-hand").await);
        if let Some(peer) = &peer {
            peers.push(round(peer.server, "/people").await);
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let requests = f64::from(CLIENTS * REQUESTS);
    println!("pages of people over HTTP, {CLIENTS} clients, requests in a second");
    println!("  orm-core   {:>8.0}", requests / ours.as_secs_f64());
    println!("  by hand    {:>8.0}", requests / theirs.as_secs_f64());
    println!(
        "  ratio      {:>8.2}",
        theirs.as_secs_f64() / ours.as_secs_f64()
    );
    if peer.is_some() {
        let peers = median(peers);
        println!("  peer       {:>8.0}", requests / peers.as_secs_f64());
        println!(
            "  ratio      {:>8.2}",
            peers.as_secs_f64() / ours.as_secs_f64()
        );
    }
    let _ = std::fs::remove_file(file);
}
