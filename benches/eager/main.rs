//! Eager loading against hand-tuned Diesel: one statement a level with distinct
//! keys, a junction in two, hash maps. Prints the median of interleaved rounds
//! as a ratio to the hand-written code of the same run.

mod shared;

use self::shared::{compare_all, wide_by_hand};
use diesel::prelude::*;
use orm_benches::*;
use orm_core::prelude::*;
use std::error::Error;
use std::hint::black_box;

type Conn = SqliteConnection;

/// The environment variable that asks a process of this program for one load.
const LOAD: &str = "ORM_BENCH_LOAD";

/// What the wide load of whole tables adds to this process's peak of resident
/// memory, in kilobytes.
fn peak_memory(load: &str) -> Result<u64, Box<dyn Error>> {
    let conn = &mut database()?;
    let before = resident_peak()?;
    if load == "hand" {
        let people = people::table
            .order(people::id)
            .select(Person::as_select())
            .load(conn)?;
        black_box(wide_by_hand(people, conn)?);
    } else {
        let tree = (
            Person::LICENSE,
            Person::CITY,
            Person::TOOTS,
            Person::LIKED_TOOTS,
        );
        black_box(people::table.order(people::id).include(tree).load(conn)?);
    }
    Ok(resident_peak()? - before)
}

/// Linux says it in `/proc`.
fn resident_peak() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes
        .ok_or("no peak of resident memory")?
        .trim()
        .parse()?)
}

/// Each load in a process of its own.
fn compare_memory() -> Result<(), Box<dyn Error>> {
    let peak = |load: &str| -> Result<f64, Box<dyn Error>> {
        let program = std::env::current_exe()?;
        let output = std::process::Command::new(program)
            .env(LOAD, load)
            .output()?;
        Ok(String::from_utf8(output.stdout)?.trim().parse()?)
    };
    let (hand, ours) = (peak("hand")?, peak("ours")?);
    println!(
        "{:32} {:5.2}   ({ours} kB to {hand} kB)",
        "peak memory of the first",
        ours / hand
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Ok(load) = std::env::var(LOAD) {
        println!("{}", peak_memory(&load)?);
        return Ok(());
    }
    println!("{:32} ratio to hand-tuned Diesel", "eager loading");
    compare_all(&mut database()?)?;
    compare_memory()
}
