//! On MariaDB, in a database for each thread: its temporary tables have no
//! foreign keys.

use crate::mysql_url;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

#[path = "../../behavior/write/model.rs"]
mod model;

type Conn = MysqlConnection;
const STEPS: usize = 1_000;

/// A database that is gone with its thread.
struct Database(String);

impl Database {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(format!("orm_random_{}_{number}", std::process::id()))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let mut conn = MysqlConnection::establish(&mysql_url()).unwrap();
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {}", self.0))
            .unwrap();
    }
}

thread_local! {
    static DATABASE: Database = Database::new();
}

fn empty() -> Conn {
    let mut conn = MysqlConnection::establish(&mysql_url()).unwrap();
    DATABASE.with(|Database(name)| {
        conn.batch_execute(&format!(
            "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name}; USE {name}; {}",
            orm_tests::database::tables("INTEGER AUTO_INCREMENT")
        ))
        .unwrap();
    });
    conn
}
