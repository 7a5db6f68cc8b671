//! On MariaDB, in databases of their own: its temporary tables have no foreign
//! keys.

use crate::mysql_url;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

#[path = "../../behavior/write/model.rs"]
mod model;

type Conn = MysqlConnection;
const STEPS: usize = 1_000;

/// A database of its own, which is gone at the end.
struct Isolated(String);

impl Isolated {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(format!("orm_random_{}_{number}", std::process::id()))
    }

    fn empty(&self) -> Conn {
        let name = &self.0;
        let mut conn = MysqlConnection::establish(&mysql_url()).unwrap();
        conn.batch_execute(&format!(
            "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name}; USE {name}; {}",
            orm_tests::database::tables("INTEGER AUTO_INCREMENT")
        ))
        .unwrap();
        conn
    }
}

impl Drop for Isolated {
    fn drop(&mut self) {
        let mut conn = MysqlConnection::establish(&mysql_url()).unwrap();
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {}", self.0))
            .unwrap();
    }
}
