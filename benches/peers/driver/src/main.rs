//! Builds the peers, lets them take turns at each workload, and prints the ratios of
//! the medians to hand-tuned Diesel; then the charts are drawn.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/driver/Cargo.toml            # SQLite
//! cargo run --release --manifest-path benches/peers/driver/Cargo.toml postgres   # PostgreSQL
//! cargo run --release --manifest-path benches/peers/driver/Cargo.toml scale      # 1 to 64 times the data
//! ```
//!
//! `PEERS=ours,tuned` asks for some of them, `ROUNDS=21` for more rounds. It takes Node.js
//! with npm, and Python.

mod peer;
mod report;

use peer::{Answer, PEERS, Peer, Process};
use peers_common::Result;
use report::{Row, Table};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The workloads, with what the table calls them.
const WORKLOADS: [(&str, &str); 7] = [
    ("lazy", "lazy point access"),
    ("wide", "eager wide, whole table"),
    ("deep", "eager 3 levels, whole table"),
    ("half", "eager wide, half of the parents"),
    ("page", "page of 20 parents, 4 includes"),
    ("top", "three latest of each parent"),
    ("links", "link writes"),
];

/// What the ratios are to.
const BASE: &str = "tuned";

/// Longer than this, and a peer has its turn three times only; ten times longer, once.
const LONG: Duration = Duration::from_secs(3);

fn main() -> Result<()> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/peers");
    fs::create_dir_all(&place)?;
    let place = place.canonicalize()?;
    match std::env::args().nth(1).as_deref() {
        None => on_sqlite(&place),
        Some("postgres") => on_postgres(&place),
        Some("scale") => scale(&place),
        Some(other) => Err(format!("unknown comparison `{other}`").into()),
    }
}

/// The peers that were asked for.
fn chosen() -> Vec<&'static Peer> {
    let asked = std::env::var("PEERS").ok();
    let is_asked = |peer: &&Peer| {
        asked
            .as_deref()
            .is_none_or(|asked| asked.split(',').any(|name| name == peer.name))
    };
    PEERS.iter().filter(is_asked).collect()
}

fn rounds() -> usize {
    let asked = std::env::var("ROUNDS").ok();
    asked.and_then(|rounds| rounds.parse().ok()).unwrap_or(15)
}

fn on_sqlite(place: &Path) -> Result<()> {
    let data = sqlite(place, 1)?;
    let mut processes = Vec::new();
    for peer in chosen() {
        peer.build(place, false)?;
        let copy = place.join(format!("{}.db", peer.name));
        fs::copy(&data, &copy)?;
        processes.push(peer.start(place, &copy.to_string_lossy(), false)?);
    }
    let table = compare(&mut processes)?;
    table.print("SQLite", BASE);
    table.save(place, "sqlite")
}

fn on_postgres(place: &Path) -> Result<()> {
    let url = std::env::var("POSTGRES_URL")
        .unwrap_or_else(|_| "postgres://root@127.0.0.1:5432/test".to_owned());
    let mut admin = postgres::Client::connect(&url, postgres::NoTls)?;
    admin.batch_execute("DROP DATABASE IF EXISTS orm_peers")?;
    admin.batch_execute("CREATE DATABASE orm_peers")?;
    let (server, _) = url.rsplit_once('/').ok_or("the URL names no database")?;
    let database = format!("{server}/orm_peers");
    let mut client = postgres::Client::connect(&database, postgres::NoTls)?;
    client.batch_execute(&peers_common::data(1))?;
    client.batch_execute("ANALYZE")?;
    drop(client);
    let mut processes = Vec::new();
    for peer in chosen().into_iter().filter(|peer| peer.on_postgres) {
        peer.build(place, true)?;
        processes.push(peer.start(place, &database, true)?);
    }
    let table = compare(&mut processes)?;
    drop(processes);
    admin.batch_execute("DROP DATABASE orm_peers WITH (FORCE)")?;
    table.print("PostgreSQL", BASE);
    table.save(place, "postgres")
}

/// A database file with the data.
fn sqlite(place: &Path, scale: u32) -> Result<PathBuf> {
    let file = place.join(format!("data-{scale}.db"));
    if !file.exists() {
        let unfinished = place.join("data.db");
        let _ = fs::remove_file(&unfinished);
        let conn = rusqlite::Connection::open(&unfinished)?;
        conn.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
        conn.execute_batch(&peers_common::data(scale))?;
        drop(conn);
        fs::rename(unfinished, &file)?;
    }
    Ok(file)
}

/// The medians of each peer at each workload, and that all came to the same sums.
fn compare(processes: &mut [Process]) -> Result<Table> {
    let mut rows = Vec::new();
    for (workload, title) in WORKLOADS {
        let mut times: Vec<Vec<Duration>> = vec![Vec::new(); processes.len()];
        let mut expected = None;
        let mut notes = vec![None; processes.len()];
        for round in 0..=rounds() {
            for (index, process) in processes.iter_mut().enumerate() {
                let turns = match times[index].first() {
                    Some(first) if *first > 10 * LONG => 1,
                    Some(first) if *first > LONG => 3,
                    _ => usize::MAX,
                };
                if notes[index].is_some() || times[index].len() >= turns {
                    continue;
                }
                match process.ask(workload)? {
                    Answer::Done { time, sum, .. } => {
                        let expected = *expected.get_or_insert(sum);
                        if sum != expected {
                            let name = process.name;
                            return Err(format!(
                                "{name} came to {sum:?} in `{workload}`, others to {expected:?}"
                            )
                            .into());
                        }
                        // the first round fills the caches
                        if round > 0 || time > LONG {
                            times[index].push(time);
                        }
                    }
                    Answer::Unsupported => notes[index] = Some("-".to_owned()),
                    Answer::Failed(why) => notes[index] = Some(format!("failed: {why}")),
                }
            }
        }
        let medians = times.into_iter().map(median).collect();
        eprintln!("{title}: done");
        rows.push(Row { workload, title, medians, notes });
    }
    let peers = processes.iter().map(|process| (process.name, process.title)).collect();
    Ok(Table { peers, rows })
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

/// Time and memory of the wide load from 1 to 64 times the data, each in a process of
/// its own.
fn scale(place: &Path) -> Result<()> {
    let peers: Vec<_> = chosen()
        .into_iter()
        .filter(|peer| ["ours", "tuned", "rusqlite", "sea-orm-sync"].contains(&peer.name))
        .collect();
    let mut lines = vec!["scale,peer,seconds,kilobytes".to_owned()];
    for peer in &peers {
        peer.build(place, false)?;
    }
    for scale in [1, 4, 16, 64] {
        let data = sqlite(place, scale)?;
        for peer in &peers {
            let copy = place.join(format!("{}.db", peer.name));
            fs::copy(&data, &copy)?;
            let mut process = peer.start(place, &copy.to_string_lossy(), false)?;
            let start = Instant::now();
            let line = match process.ask("wide")? {
                Answer::Done { peak, .. } => {
                    let Answer::Done { time, .. } = process.ask("wide")? else {
                        return Err("the second load failed".into());
                    };
                    format!("{scale},{},{},{peak}", peer.name, time.as_secs_f64())
                }
                Answer::Unsupported => continue,
                Answer::Failed(why) => {
                    eprintln!("{} at {scale}: {why}", peer.name);
                    format!("{scale},{},,", peer.name)
                }
            };
            eprintln!("{line} ({:.1?})", start.elapsed());
            lines.push(line);
            fs::remove_file(copy)?;
        }
    }
    report::save(place, "scale.csv", &(lines.join("\n") + "\n"))?;
    report::draw(place)
}
