//! The comparison on MariaDB.

#[path = "shared.rs"]
mod shared;

use crate::LIMIT;
use crate::data::{TABLES, data, recursive};
use crate::forms::Engine;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error::DatabaseError;
use std::error::Error;

type Conn = MysqlConnection;

const ENGINE: Engine = Engine::Mysql;

fn ends(_: usize) -> bool {
    true
}

fn is_stopped(error: &diesel::result::Error) -> bool {
    matches!(error, DatabaseError(_, info) if info.message().contains("max_statement_time"))
}

pub(crate) fn run(rows: i64) -> Result<(), Box<dyn Error>> {
    let url = std::env::var("MYSQL_URL");
    let url = url.unwrap_or_else(|_| "mysql://root@127.0.0.1:3306/test".to_owned());
    let mut conn = Conn::establish(&url)?;
    let drop = "DROP DATABASE IF EXISTS orm_filters";
    conn.batch_execute(drop)?;
    conn.batch_execute("CREATE DATABASE orm_filters; USE orm_filters")?;
    let done = compare(rows, &mut conn);
    conn.batch_execute(drop)?;
    Ok(done?)
}

fn compare(rows: i64, conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute("SET max_recursive_iterations = 1000000000")?;
    conn.batch_execute(&data(rows, recursive))?;
    conn.batch_execute(&format!("ANALYZE TABLE {TABLES}"))?;
    conn.batch_execute(&format!("SET max_statement_time = {}", LIMIT.as_secs()))?;
    println!("{:34} {:>10}", "MariaDB", "ratio");
    let done = shared::compare_all(conn, None);
    conn.batch_execute("SET max_statement_time = 0")?;
    done
}
