//! Drives the service over HTTP, on SQLite and on PostgreSQL.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

use orm_example_axum::{Database, router};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// An answer: the status, how many statements it took, and the body.
struct Answer {
    status: u16,
    statements: usize,
    body: String,
}

async fn send(server: SocketAddr, request: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let length = body.len();
    let request = format!(
        "{request} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let statements = head
        .lines()
        .find_map(|line| line.strip_prefix("x-statements: "));
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        statements: statements.map_or(0, |count| count.parse().unwrap()),
        body: body.to_owned(),
    }
}

async fn json(server: SocketAddr, path: &str) -> (Value, usize) {
    let answer = send(server, &format!("GET {path}"), "").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    (
        serde_json::from_str(&answer.body).unwrap(),
        answer.statements,
    )
}

async fn drive(url: &str) {
    let database = Database::open(url).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router(database)).await });

    let (people, statements) = json(server, "/people").await;
    // people, licenses, cities, likes, toots, authors
    assert_eq!(statements, 6);
    let ada = json!({
        "id": 1,
        "name": "Ada",
        "driving_license": { "id": 1, "number": "A-1" },
        "birthplace": { "id": 1, "name": "Rome" },
        "liked_toots": [{ "id": 3, "body": "diesel", "author": { "id": 2, "name": "Bob" } }],
    });
    assert_eq!(people[0], ada);
    assert_eq!(people.as_array().unwrap().len(), 3);
    assert_eq!(people[2]["driving_license"], Value::Null);
    assert_eq!(json(server, "/people?after=1").await.0[0]["name"], "Bob");
    assert_eq!(json(server, "/people/1").await.0, ada);
    assert_eq!(send(server, "GET /people/99", "").await.status, 404);

    // twice, and once it is there
    for _ in 0..2 {
        let liked = send(server, "PUT /people/3/likes/2", "").await;
        assert_eq!((liked.status, liked.statements), (204, 2));
    }
    let (cleo, _) = json(server, "/people/3").await;
    assert_eq!(cleo["liked_toots"].as_array().unwrap().len(), 1);
    assert_eq!(
        send(server, "DELETE /people/3/likes/2", "").await.status,
        204
    );
    assert_eq!(json(server, "/people/3").await.0["liked_toots"], json!([]));
    assert_eq!(send(server, "PUT /people/3/likes/99", "").await.status, 409);

    // the license is taken: neither the person nor the likes are there
    let dan = json!({ "name": "Dan <b>", "birthplace_id": 2, "license": "A-1", "likes": [1, 3] });
    let refused = send(server, "POST /people", &dan.to_string()).await;
    assert_eq!(refused.status, 409);
    assert_eq!(json(server, "/people").await.0.as_array().unwrap().len(), 3);
    let dan = json!({ "name": "Dan <b>", "birthplace_id": 2, "license": "D-4", "likes": [1, 3] });
    let created = send(server, "POST /people", &dan.to_string()).await;
    assert_eq!((created.status, created.statements), (201, 3));
    let (people, statements) = json(server, "/people?after=3").await;
    assert_eq!(people[0]["driving_license"]["number"], "D-4");
    assert_eq!(people[0]["liked_toots"].as_array().unwrap().len(), 2);
    assert_eq!(statements, 6);

    let page = send(server, "GET /", "").await;
    assert!(
        page.body
            .contains("<td>Dan &lt;b&gt;</td><td>Oslo</td><td>D-4</td>")
    );
    assert!(page.body.contains("liked_toots n : m"));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let file = std::env::temp_dir().join(format!("orm-axum-{}.sqlite", std::process::id()));
    drive(file.to_str().unwrap()).await;
    std::fs::remove_file(file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
    let url = std::env::var("POSTGRES_URL");
    let url = url.unwrap_or_else(|_| "postgres://root@127.0.0.1:5432/test".to_owned());
    let schema = format!("orm_axum_{}", std::process::id());
    let mut conn = AsyncPgConnection::establish(&url).await.unwrap();
    conn.batch_execute(&format!("CREATE SCHEMA {schema}"))
        .await
        .unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    drive(&format!("{url}{separator}options=-csearch_path%3D{schema}")).await;
    conn.batch_execute(&format!("DROP SCHEMA {schema} CASCADE"))
        .await
        .unwrap();
}
