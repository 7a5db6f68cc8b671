//! Two connections that write the same links at the same time, and connections
//! that are lost in the middle of a write.

use super::*;
use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error};
use std::sync::Barrier;

/// A schema of its own, which is gone at the end.
struct Isolated {
    url: String,
    drop: Box<dyn Fn()>,
}

impl Drop for Isolated {
    fn drop(&mut self) {
        (self.drop)();
    }
}

const KEYS: &str = "
    ALTER TABLE liked_toots ADD FOREIGN KEY (person_id) REFERENCES people (id);
    ALTER TABLE liked_toots ADD FOREIGN KEY (toot_id) REFERENCES toots (id);";

fn postgres_schema(name: &str) -> Isolated {
    let name = format!("orm_{name}_{}", std::process::id());
    let run = |sql: &str| {
        let mut conn = PgConnection::establish(&postgres_url()).unwrap();
        conn.batch_execute(sql).unwrap();
    };
    run(&format!(
        "CREATE SCHEMA {name}; SET search_path TO {name}; {}{KEYS}",
        tables("SERIAL")
    ));
    Isolated {
        url: format!("{}?options=-csearch_path%3D{name}", postgres_url()),
        drop: Box::new(move || run(&format!("DROP SCHEMA {name} CASCADE"))),
    }
}

fn mysql(name: &str) -> Isolated {
    let name = format!("orm_{name}_{}", std::process::id());
    let run = |sql: &str| {
        let mut conn = MysqlConnection::establish(&mysql_url()).unwrap();
        conn.batch_execute(sql).unwrap();
    };
    run(&format!(
        "CREATE DATABASE {name}; USE {name}; {}{KEYS}",
        tables("INTEGER AUTO_INCREMENT")
    ));
    let (server, _) = mysql_url()
        .rsplit_once('/')
        .map(|(server, name)| (server.to_owned(), name.to_owned()))
        .unwrap();
    Isolated {
        url: format!("{server}/{name}"),
        drop: Box::new(move || run(&format!("DROP DATABASE {name}"))),
    }
}

fn cleo() -> Person {
    Person {
        id: 3,
        name: "Cleo".into(),
        boss_id: None,
    }
}

/// How often each connection writes; `ORM_ROUNDS` says another number.
fn rounds() -> usize {
    std::env::var("ORM_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(200)
}

/// A deadlock or a serialization failure is for the caller to try again; nothing
/// else may go wrong.
fn retried<C, T>(conn: &mut C, write: impl Fn(&mut C) -> QueryResult<T>) -> T {
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

macro_rules! race {
    ($connection:ty, $database:expr) => {{
        let database = $database;
        let barrier = Barrier::new(2);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut conn = <$connection>::establish(&database.url).unwrap();
                    for _ in 0..rounds() {
                        barrier.wait();
                        retried(&mut conn, |conn| cleo().add_liked_toots([1, 2, 3], conn));
                        retried(&mut conn, |conn| cleo().set_liked_toots([2, 3], conn));
                        barrier.wait();
                        // whoever came last, these are linked, and once
                        let count = cleo().count_liked_toots(&mut conn).unwrap();
                        assert!((2..=3).contains(&count), "{count} links");
                        assert_eq!(cleo().has_liked_toots([2, 3], &mut conn), Ok(true));
                        barrier.wait();
                        retried(&mut conn, |conn| cleo().remove_liked_toots([1, 2, 3], conn));
                    }
                });
            }
        });
        let mut conn = <$connection>::establish(&database.url).unwrap();
        assert_eq!(cleo().count_liked_toots(&mut conn), Ok(0));
    }};
}

#[test]
fn two_connections_write_the_same_links_on_postgres() {
    race!(PgConnection, postgres_schema("race"));
}

#[test]
fn two_connections_write_the_same_links_on_mysql() {
    race!(MysqlConnection, mysql("race"));
}

macro_rules! killed {
    ($connection:ty, $database:expr, $own_id:expr, $kill:expr) => {{
        let database = $database;
        let mut conn = <$connection>::establish(&database.url).unwrap();
        let mut other = <$connection>::establish(&database.url).unwrap();
        let id: i64 = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>($own_id))
            .get_result(&mut conn)
            .unwrap();
        // in the middle of the caller's transaction, after a write of ours
        let killed = conn.transaction(|conn| {
            cleo().set_liked_toots([1, 2], conn)?;
            other.batch_execute(&format!($kill, id)).unwrap();
            cleo().set_toots([1], conn)
        });
        // the error says that the connection is gone, whichever statement sees it
        assert!(killed.is_err());
        assert!(cleo().toots(&mut conn).is_err());
        assert_eq!(cleo().count_liked_toots(&mut other), Ok(0));
        assert_eq!(cleo().count_toots(&mut other), Ok(0));
    }};
}

#[test]
fn a_connection_that_is_killed_leaves_nothing_on_postgres() {
    killed!(
        PgConnection,
        postgres_schema("killed"),
        "pg_backend_pid()::bigint",
        "SELECT pg_terminate_backend({})"
    );
}

#[test]
fn a_connection_that_is_killed_leaves_nothing_on_mysql() {
    killed!(
        MysqlConnection,
        mysql("killed"),
        "CONNECTION_ID()",
        "KILL {}"
    );
}

/// Serialization failures are surfaced as themselves, and trying again helps.
#[test]
fn serializable_transactions_are_tried_again_on_postgres() {
    let database = postgres_schema("retry");
    let barrier = Barrier::new(2);
    let failures = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for own in 1..=2 {
            let (barrier, failures, url) = (&barrier, &failures, &database.url);
            scope.spawn(move || {
                let mut conn = PgConnection::establish(url).unwrap();
                let first = std::cell::Cell::new(true);
                retried(&mut conn, |conn| {
                    let waits = first.replace(false);
                    let done = conn.build_transaction().serializable().run(|conn| {
                        let count = cleo().count_liked_toots(conn)?;
                        if waits {
                            barrier.wait();
                        }
                        // each sees the other's number unless it is tried again
                        if count == 0 {
                            cleo().add_liked_toot(own, conn)?;
                        }
                        Ok(())
                    });
                    if done.is_err() {
                        failures.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                    done
                });
            });
        }
    });
    let mut conn = PgConnection::establish(&database.url).unwrap();
    assert_eq!(cleo().count_liked_toots(&mut conn), Ok(1));
    // tried again too early it is refused again
    assert!(failures.into_inner() >= 1);
}
