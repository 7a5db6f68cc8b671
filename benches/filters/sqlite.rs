//! The comparison on SQLite, whose default is compared and also its form row by
//! row.

#[path = "shared.rs"]
mod shared;

use crate::LIMIT;
use crate::data::{data, recursive};
use crate::forms::Engine;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Conn = SqliteConnection;

const ENGINE: Engine = Engine::Sqlite;

const FILE: &str = "filters.sqlite";

/// The environment variables that ask a process of this program for one way, with
/// the path of the database.
const ONLY: &str = "ORM_BENCH_ONLY";
const DATABASE: &str = "ORM_BENCH_DATABASE";

/// Diesel cannot stop a statement of SQLite, so each way is first run in a process
/// of its own, which can be.
fn ends(number: usize) -> bool {
    let run = || -> std::io::Result<bool> {
        let mut child = Command::new(std::env::current_exe()?)
            .env(ONLY, number.to_string())
            .env(DATABASE, directory().join(FILE))
            .stdout(Stdio::null())
            .spawn()?;
        let start = Instant::now();
        while start.elapsed() < LIMIT {
            if let Some(status) = child.try_wait()? {
                return Ok(status.success());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill()?;
        child.wait()?;
        Ok(false)
    };
    run().unwrap_or(false)
}

fn is_stopped(_: &diesel::result::Error) -> bool {
    false
}

fn open(path: &str) -> Result<Conn, Box<dyn Error>> {
    let mut conn = Conn::establish(path)?;
    conn.batch_execute("PRAGMA cache_size = -262144")?;
    Ok(conn)
}

/// Where the database of this process is.
fn directory() -> PathBuf {
    std::env::temp_dir().join(format!("orm-filters-{}", std::process::id()))
}

pub(crate) fn run(rows: i64) -> Result<(), Box<dyn Error>> {
    if let (Ok(only), Ok(path)) = (std::env::var(ONLY), std::env::var(DATABASE)) {
        return Ok(shared::compare_all(&mut open(&path)?, Some(only.parse()?))?);
    }
    std::fs::create_dir(directory())?;
    let done = compare(rows);
    std::fs::remove_dir_all(directory())?;
    done
}

fn compare(rows: i64) -> Result<(), Box<dyn Error>> {
    let path = directory().join(FILE);
    let mut conn = open(path.to_str().ok_or("a path that is not UTF-8")?)?;
    conn.batch_execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    conn.batch_execute(&data(rows, recursive))?;
    conn.batch_execute("ANALYZE")?;
    println!("{:34} {:>10} {:>10}", "SQLite", "default", "row by row");
    shared::compare_all(&mut conn, None)?;
    Ok(())
}
