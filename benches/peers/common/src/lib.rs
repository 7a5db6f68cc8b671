//! What every peer does, and how it is asked for.
//!
//! A peer is a program with a database as its argument. It reads the name of a
//! workload from a line of its input, does it once, and writes the nanoseconds it
//! took and what it summed up; so a driver can let peers of any language take turns.
//! Every peer must come to the same sums.

use std::error::Error;
use std::io::{BufRead, Write};
use std::time::Instant;

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What a workload read: rows, and the lengths of their texts or their keys.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    pub rows: u64,
    pub text: u64,
}

impl Sum {
    /// A row with a text.
    pub fn text(&mut self, text: &str) {
        self.rows += 1;
        self.text += text.len() as u64;
    }

    /// A row with a number.
    pub fn number(&mut self, number: i64) {
        self.rows += 1;
        self.text += number.unsigned_abs();
    }
}

/// The workloads. A peer that cannot do one says `Ok(None)`.
pub trait Peer {
    /// For each person in hand: the license, the city and the toots, one statement each.
    fn lazy(&mut self) -> Result<Option<Sum>>;
    /// All people with license, city, toots and liked toots.
    fn wide(&mut self) -> Result<Option<Sum>>;
    /// All cities with people with toots with likers.
    fn deep(&mut self) -> Result<Option<Sum>>;
    /// As `wide`, of the half of the people with the higher keys.
    fn half(&mut self) -> Result<Option<Sum>>;
    /// As `wide`, of [`PAGES`] pages of 20 people.
    fn page(&mut self) -> Result<Option<Sum>>;
    /// The three latest toots of each of the first [`PERSONS`] people.
    fn top(&mut self) -> Result<Option<Sum>>;
    /// For each of [`PERSONS`] people ten likes are added, checked, counted, and five
    /// removed; then all of it is undone.
    fn links(&mut self) -> Result<Option<Sum>>;
}

/// How many people are in hand for `lazy`, `top` and `links`.
pub const PERSONS: i32 = 1000;

/// How many pages `page` reads.
pub const PAGES: i32 = 50;

/// The keys of the people in hand, of `people` in all.
pub fn persons(people: i32) -> impl Iterator<Item = i32> {
    (0..PERSONS).map(move |number| number * 37 % people + 1)
}

/// After which key each page begins.
pub fn pages() -> impl Iterator<Item = i32> {
    (0..PAGES).map(|page| page * 200)
}

/// The toots that a person is to like.
pub fn toots_for(person: i32) -> Vec<i32> {
    (0..10)
        .map(|number| (person * 31 + number * 97) % 30_000 + 1)
        .collect()
}

/// Each process has its copy of the database to itself.
pub const PRAGMAS: &str = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; \
                           PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;";

/// Answers until the input ends.
pub fn serve(mut peer: impl Peer) -> Result<()> {
    let mut output = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let workload = line?;
        let start = Instant::now();
        let done = match workload.as_str() {
            "lazy" => peer.lazy(),
            "wide" => peer.wide(),
            "deep" => peer.deep(),
            "half" => peer.half(),
            "page" => peer.page(),
            "top" => peer.top(),
            "links" => peer.links(),
            other => Err(format!("unknown workload `{other}`").into()),
        };
        let nanoseconds = start.elapsed().as_nanos();
        match done {
            Ok(Some(Sum { rows, text })) => {
                writeln!(output, "{nanoseconds} {rows} {text} {}", peak_memory()?)?;
            }
            Ok(None) => writeln!(output, "unsupported")?,
            Err(error) => writeln!(output, "failed {error}")?,
        }
        output.flush()?;
    }
    Ok(())
}

/// The peak of resident memory in kilobytes, as Linux says it.
fn peak_memory() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes.ok_or("no peak of memory")?.trim().parse()?)
}

/// The statements that make `scale` times 100 cities, 10,000 people, 7,000 licenses,
/// 30,000 toots and 100,000 likes: always the same, on SQLite and PostgreSQL.
pub fn data(scale: u32) -> String {
    let (cities, people) = (100 * scale, 10_000 * scale);
    let (licenses, toots, likes) = (7_000 * scale, 30_000 * scale, 100_000 * scale);
    let series = |from: u32, to: u32| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT CAST({from} AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {to})"
        )
    };
    format!(
        "CREATE TABLE cities (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
        CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, city_id INTEGER NOT NULL);
        CREATE TABLE licenses (
            id INTEGER PRIMARY KEY, number VARCHAR(40) NOT NULL, person_id INTEGER NOT NULL UNIQUE);
        CREATE TABLE toots (id INTEGER PRIMARY KEY, body VARCHAR(40) NOT NULL, person_id INTEGER NOT NULL);
        CREATE TABLE likes (person_id INTEGER NOT NULL, toot_id INTEGER NOT NULL, PRIMARY KEY (person_id, toot_id));
        INSERT INTO cities {} SELECT i, 'city ' || i FROM n;
        INSERT INTO people {} SELECT i, 'person number ' || i, i * 37 % {cities} + 1 FROM n;
        INSERT INTO licenses {} SELECT i, 'license ' || i, (i * 7919) % {people} + 1 FROM n;
        INSERT INTO toots {} SELECT i, 'the text of toot number ' || i, (i * 7907) % {people} + 1 FROM n;
        INSERT INTO likes {}
            SELECT i % {people} + 1, (i * 7901 + (i - i % {people}) / {people} * 13) % {toots} + 1 FROM n;
        CREATE INDEX people_city ON people (city_id);
        CREATE INDEX toots_person ON toots (person_id);
        CREATE INDEX likes_toot ON likes (toot_id);",
        series(1, cities),
        series(1, people),
        series(1, licenses),
        series(1, toots),
        series(0, likes - 1),
    )
}
