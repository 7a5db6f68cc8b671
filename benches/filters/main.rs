//! Filters by association compared with the best hand-written SQL: 150,000
//! parents with 1.5 million children and as many grandchildren, plain and
//! composite keys. Prints the medians of interleaved rounds as ratios of one run.
//!
//! `cargo bench -p orm-benches --bench filters` runs on SQLite, with
//! `--features servers -- postgres mysql` on the servers that are named.
//! `POSTGRES_URL` and `MYSQL_URL` name other servers than those of this machine,
//! `ROWS` another number of parents.
#![allow(
    clippy::duplicate_mod,
    reason = "the comparison is one file, which each engine takes with its connection"
)]

mod data;
mod forms;
mod schema;
mod sqlite;

#[cfg(feature = "servers")]
mod mysql;
#[cfg(feature = "servers")]
mod postgres;

use std::error::Error;
use std::time::Duration;

/// A statement that takes longer is stopped.
const LIMIT: Duration = Duration::from_secs(5);

fn main() -> Result<(), Box<dyn Error>> {
    let rows = std::env::var("ROWS").map_or(Ok(150_000), |rows| rows.parse())?;
    let asked = |engine: &str| std::env::args().any(|argument| argument == engine);
    if !asked("postgres") && !asked("mysql") {
        return sqlite::run(rows);
    }
    #[cfg(not(feature = "servers"))]
    {
        Err("the servers need `--features servers`".into())
    }
    #[cfg(feature = "servers")]
    {
        if asked("postgres") {
            postgres::run(rows)?;
        }
        if asked("mysql") {
            mysql::run(rows)?;
        }
        Ok(())
    }
}
