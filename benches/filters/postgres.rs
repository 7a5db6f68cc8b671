//! The comparison on PostgreSQL.

#[path = "shared.rs"]
mod shared;

use crate::LIMIT;
use crate::data::{TABLES, data};
use crate::forms::Engine;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error::DatabaseError;
use std::error::Error;

type Conn = PgConnection;

const ENGINE: Engine = Engine::Postgres;

fn ends(_: usize) -> bool {
    true
}

fn is_stopped(error: &diesel::result::Error) -> bool {
    matches!(error, DatabaseError(_, info) if info.message().contains("statement timeout"))
}

pub(crate) fn run(rows: i64) -> Result<(), Box<dyn Error>> {
    let url = std::env::var("POSTGRES_URL");
    let url = url.unwrap_or_else(|_| "postgres://root@127.0.0.1:5432/test".to_owned());
    let mut conn = Conn::establish(&url)?;
    let drop = "DROP SCHEMA IF EXISTS orm_filters CASCADE";
    conn.batch_execute(drop)?;
    conn.batch_execute("CREATE SCHEMA orm_filters; SET search_path = orm_filters")?;
    let done = compare(rows, &mut conn);
    conn.batch_execute(drop)?;
    Ok(done?)
}

fn compare(rows: i64, conn: &mut Conn) -> QueryResult<()> {
    let series = |count| {
        format!("(SELECT CAST(i AS BIGINT) AS i FROM generate_series(1, {count}) AS i) AS s")
    };
    conn.batch_execute(&data(rows, series))?;
    conn.batch_execute(&format!("VACUUM ANALYZE {TABLES}"))?;
    conn.batch_execute(&format!("SET statement_timeout = {}", LIMIT.as_millis()))?;
    println!("{:34} {:>10}", "PostgreSQL", "ratio");
    let done = shared::compare_all(conn, None);
    conn.batch_execute("SET statement_timeout = 0")?;
    done
}
