//! What the examples share: an SQLite database in memory that tells which
//! statements it runs, and tables on the terminal.

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use std::error::Error;
use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

/// An SQLite database in memory with these tables and rows.
///
/// # Errors
/// If SQLite does not take them.
pub fn database(script: &str) -> Result<SqliteConnection, Box<dyn Error>> {
    let mut conn = SqliteConnection::establish(":memory:")?;
    conn.batch_execute(script)?;
    conn.set_instrumentation(|event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let sql = query.to_string().replace('`', "");
            if !["BEGIN", "COMMIT"].iter().any(|word| sql.starts_with(word)) {
                STATEMENTS.fetch_add(1, Ordering::Relaxed);
            }
            println!("    sql: {sql}");
        }
    });
    Ok(conn)
}

/// How many statements have run, transaction control not counted.
#[must_use]
pub fn statements() -> usize {
    STATEMENTS.load(Ordering::Relaxed)
}

/// Prints a heading and the Rust that is about to run.
pub fn step(title: &str, code: &str) {
    println!("\n{title}\n    {code}");
}

/// Prints rows below a header, in columns.
pub fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
    let rows: Vec<_> = rows.into_iter().collect();
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells
            .chain([header[column].len()])
            .max()
            .unwrap_or_default()
    });
    let line = |cells: [&str; N]| {
        let cells: Vec<_> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        println!("    | {} |", cells.join(" | "));
    };
    line(header);
    println!(
        "    |{}|",
        widths.map(|width| "-".repeat(width + 2)).join("|")
    );
    for row in &rows {
        line(row.each_ref().map(String::as_str));
    }
}

/// A value, or a dash where there is none.
pub fn or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// The pages of the guide: their code is compiled and run with the tests.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../docs/guide/src/writing.md")]
    struct Writing;

    #[doc = include_str!("../../docs/guide/src/scaling.md")]
    struct Scaling;
}
