//! How many instructions a call takes beside the same work written directly on
//! Diesel's blocking connections: `cargo bench -p orm-benches --bench instructions`.
//!
//! Counted by valgrind's callgrind, so that it says the same each time: this
//! program runs again with few and with many rounds, and the difference is that of
//! the rounds. It fails where a call takes more than 1.02 of the same by hand.

#[path = "eager/shared.rs"]
#[allow(dead_code, reason = "the comparisons of times are not run here")]
mod shared;

use self::shared::wide_by_hand;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use orm_benches::*;
use orm_core::prelude::*;
use std::error::Error;
use std::hint::black_box;
use std::process::{Command, ExitCode};

type Conn = SqliteConnection;

/// The environment variables that ask a process of this program for some rounds of
/// one work, on the database in this file.
const WORK: &str = "ORM_BENCH_WORK";
const ROUNDS: &str = "ORM_BENCH_ROUNDS";
const FILE: &str = "ORM_BENCH_FILE";

/// What may be taken more than by hand.
const LIMIT: f64 = 1.02;

/// Each work: by hand, ours, and rounds that warm up and that are counted.
const WORKS: [(&str, &str, i32); 3] = [
    ("getter by hand", "getter", 400),
    ("single getter by hand", "single getter", 400),
    ("page by hand", "page", 40),
];

fn round(work: &str, number: i32, conn: &mut Conn) -> QueryResult<()> {
    let person = Person {
        id: number % 10_000 + 1,
        name: String::new(),
        city_id: number % 100 + 1,
    };
    let page = || {
        let page = people::table.filter(people::id.gt(number * 20));
        page.order(people::id).limit(20)
    };
    match work {
        "getter by hand" => {
            let query = toots::table.filter(toots::person_id.eq(person.id));
            let query = query.order(toots::id).select(Toot::as_select());
            black_box(query.load::<Toot>(conn)?);
        }
        "getter" => {
            black_box(person.toots(conn)?);
        }
        "single getter by hand" => {
            let query = cities::table.filter(cities::id.eq(person.city_id));
            let query = query.order(cities::id).select(City::as_select());
            black_box(query.get_result::<City>(conn)?);
        }
        "single getter" => {
            black_box(person.city(conn)?);
        }
        "page by hand" => {
            let people = page().select(Person::as_select()).load(conn)?;
            black_box(wide_by_hand(people, conn)?);
        }
        _ => {
            let tree = (
                Person::LICENSE,
                Person::CITY,
                Person::TOOTS,
                Person::LIKED_TOOTS,
            );
            black_box(page().include(tree).load(conn)?);
        }
    }
    Ok(())
}

/// The instructions that a process with these rounds takes.
fn instructions(work: &str, rounds: i32, file: &str) -> Result<f64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .env(WORK, work)
        .env(ROUNDS, rounds.to_string())
        .env(FILE, file)
        .output()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let collected = report
        .lines()
        .find_map(|line| line.split("Collected : ").nth(1));
    let count = collected.ok_or_else(|| format!("callgrind counts nothing: {report}"))?;
    Ok(count.trim().parse()?)
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    if let (Ok(work), Ok(rounds), Ok(file)) = (
        std::env::var(WORK),
        std::env::var(ROUNDS),
        std::env::var(FILE),
    ) {
        let conn = &mut SqliteConnection::establish(&file)?;
        for number in 0..rounds.parse()? {
            round(&work, number, conn)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let file = std::env::temp_dir().join(format!("orm-instructions-{}", std::process::id()));
    let file = file
        .to_str()
        .ok_or("the folder of temporary files has an odd name")?;
    // without the samples of `ANALYZE`, for which SQLite prepares Diesel's statements
    // anew when a bind changes, and ours not
    let samples = "DROP TABLE sqlite_stat1; DROP TABLE IF EXISTS sqlite_stat4";
    database()?.batch_execute(&format!("{samples}; VACUUM INTO '{file}'"))?;

    println!("instructions of a call, and their ratio to the same by hand");
    let mut exit = ExitCode::SUCCESS;
    for (hand, ours, rounds) in WORKS {
        let of = |work: &str| -> Result<f64, Box<dyn Error>> {
            let (few, many) = (10, 10 + rounds);
            let counted = instructions(work, many, file)? - instructions(work, few, file)?;
            Ok(counted / f64::from(rounds))
        };
        let (by_hand, by_us) = (of(hand)?, of(ours)?);
        let ratio = by_us / by_hand;
        println!("{ours:32} {ratio:5.3}   ({by_us:.0} to {by_hand:.0})");
        if ratio > LIMIT {
            exit = ExitCode::FAILURE;
        }
    }
    std::fs::remove_file(file)?;
    Ok(exit)
}
