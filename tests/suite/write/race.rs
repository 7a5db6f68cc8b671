//! Two processes that write the same links at the same time.

use super::Conn;
use super::prelude::*;
use super::support::person;
use diesel::result::{DatabaseErrorKind, Error};
use orm_tests::connection::TestConnection;
use orm_tests::database::shared_sample;
use orm_tests::models::Person;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long they write; `ORM_RACE_SECONDS` says another time.
fn time() -> Duration {
    let seconds = std::env::var("ORM_RACE_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(10))
}

#[test]
fn two_processes_write_the_same_links() {
    let conn = &mut shared_sample::<Conn>();
    // this program again, with the one test that is a process of the race
    let module = module_path!().split_once("::").unwrap().1;
    let writers: Vec<_> = (0..2)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args([&format!("{module}::writer"), "--exact", "--ignored"])
                .arg("--nocapture")
                .env("ORM_RACE_URL", conn.url())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}{errors}");
        assert!(printed.contains("1 passed"), "{printed}");
    }

    // what both did last
    let conn = &mut **conn;
    let cleo = person(3, conn);
    let liked = cleo.liked_toots(conn).run().unwrap();
    let liked: Vec<_> = liked.iter().map(|toot| toot.id).collect();
    assert_eq!(liked, [2, 3]);
    assert_eq!(cleo.count_liked_toots(conn).run(), Ok(2));
}

/// A deadlock or a serialization failure is for the caller to try again; nothing
/// else may go wrong.
fn retried<T>(conn: &mut Conn, write: impl Fn(&mut Conn) -> QueryResult<T>) -> T {
    loop {
        match write(conn) {
            Ok(value) => return value,
            Err(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => {}
            Err(Error::DatabaseError(DatabaseErrorKind::Unknown, information))
                if information.message().to_lowercase().contains("deadlock") => {}
            Err(other) => unreachable!("{other:?}"),
        }
    }
}

#[test]
#[ignore = "a process of the race, which the test above starts"]
fn writer() {
    let conn = &mut Conn::open(&std::env::var("ORM_RACE_URL").unwrap());
    let cleo: Person = person(3, conn);
    let start = Instant::now();
    while start.elapsed() < time() {
        retried(conn, |conn| cleo.add_liked_toots([1, 2, 3], conn).run());
        retried(conn, |conn| cleo.remove_liked_toots([1, 3], conn).run());
        retried(conn, |conn| cleo.set_liked_toots([1, 3], conn).run());
        retried(conn, |conn| cleo.add_liked_toot(1, conn).run());
        let count = cleo.count_liked_toots(conn).run().unwrap();
        assert!((0..=3).contains(&count), "{count} links");
    }
    retried(conn, |conn| cleo.set_liked_toots([2, 3], conn).run());
}
