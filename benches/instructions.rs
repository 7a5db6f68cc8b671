//! How many instructions a call takes, and how many pieces of memory, beside the same
//! work written directly on Diesel's blocking connections:
//! `cargo bench -p orm-benches --bench instructions`.
//!
//! Counted by valgrind, so that it says the same each time: this program runs again
//! with few and with many rounds, and the difference is that of the rounds. It fails
//! where a ratio is more than 1.03 of what is written down here.

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

/// A work, ours and by hand.
struct Work {
    hand: &'static str,
    ours: &'static str,
    /// The rounds that warm up, and those that are counted.
    rounds: (i32, i32),
    /// The ratio of the instructions, and that of the pieces of memory.
    ratios: (f64, f64),
}

const WORKS: [Work; 4] = [
    Work {
        hand: "getter by hand",
        ours: "getter",
        rounds: (10, 400),
        ratios: (1.00, 1.00),
    },
    Work {
        hand: "single getter by hand",
        ours: "single getter",
        rounds: (10, 400),
        ratios: (1.02, 1.00),
    },
    Work {
        hand: "page by hand",
        ours: "page",
        rounds: (10, 40),
        ratios: (0.81, 0.55),
    },
    Work {
        hand: "whole table by hand",
        ours: "whole table",
        rounds: (1, 2),
        ratios: (0.55, 0.51),
    },
];

/// What is more than so much of them is a failure.
const TOLERANCE: f64 = 1.03;

/// The rows that a round of the whole table gives: people with their cities, their
/// licenses, toots and liked toots.
const ROWS: f64 = 157_000.0;

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
        "whole table by hand" => {
            let people = people::table.order(people::id);
            let people = people.select(Person::as_select()).load(conn)?;
            black_box(wide_by_hand(people, conn)?);
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
            if work == "page" {
                black_box(page().include(tree).load(conn)?);
            } else {
                let people = people::table.order(people::id);
                black_box(people.include(tree).load(conn)?);
            }
        }
    }
    Ok(())
}

/// What a tool of valgrind counts of a process with these rounds: the number behind
/// `label`.
fn counted(
    tool: &[&str],
    label: &str,
    work: &str,
    rounds: i32,
    file: &str,
) -> Result<f64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(tool)
        .arg(std::env::current_exe()?)
        .env(WORK, work)
        .env(ROUNDS, rounds.to_string())
        .env(FILE, file)
        .output()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let count = report.lines().find_map(|line| line.split(label).nth(1));
    let count = count.and_then(|count| count.split_whitespace().next());
    let count = count.ok_or_else(|| format!("valgrind counts nothing: {report}"))?;
    Ok(count.replace(',', "").parse()?)
}

/// The instructions and the pieces of memory of one round.
fn costs(work: &str, (few, many): (i32, i32), file: &str) -> Result<(f64, f64), Box<dyn Error>> {
    let callgrind = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let memcheck = ["--leak-check=no", "--undef-value-errors=no"];
    let of = |tool: &[&str], label: &str| -> Result<f64, Box<dyn Error>> {
        let all = counted(tool, label, work, few + many, file)?;
        Ok((all - counted(tool, label, work, few, file)?) / f64::from(many))
    };
    Ok((
        of(&callgrind, "Collected : ")?,
        of(&memcheck, "total heap usage: ")?,
    ))
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

    println!("instructions and pieces of memory of a call, and their ratios to the same by hand");
    let mut exit = ExitCode::SUCCESS;
    for work in WORKS {
        let (by_hand, by_us) = (
            costs(work.hand, work.rounds, file)?,
            costs(work.ours, work.rounds, file)?,
        );
        let ratios = (by_us.0 / by_hand.0, by_us.1 / by_hand.1);
        println!(
            "{:16} {:5.3}   ({:.0} to {:.0})   {:5.3}   ({:.0} to {:.0})",
            work.ours, ratios.0, by_us.0, by_hand.0, ratios.1, by_us.1, by_hand.1
        );
        if work.ours == "whole table" {
            println!(
                "{:16} {:.2} pieces of memory for each row, by hand {:.2}",
                "",
                by_us.1 / ROWS,
                by_hand.1 / ROWS
            );
        }
        if ratios.0 > work.ratios.0 * TOLERANCE || ratios.1 > work.ratios.1 * TOLERANCE {
            println!("{:16} was {:?}", "", work.ratios);
            exit = ExitCode::FAILURE;
        }
    }
    std::fs::remove_file(file)?;
    Ok(exit)
}
