//! Timings as ratios within one run.

use diesel::prelude::*;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;

/// Prints the ratio of the medians of two ways of one work, run in turns.
///
/// # Errors
/// What the database reports.
///
/// # Panics
/// If the two ways do not agree.
pub fn compare<C>(
    name: &str,
    conn: &mut C,
    hand: impl Fn(&mut C) -> QueryResult<usize>,
    ours: impl Fn(&mut C) -> QueryResult<usize>,
) -> QueryResult<()> {
    let (mut hand_times, mut our_times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let expected = black_box(hand(conn)?);
        hand_times.push(start.elapsed());
        let start = Instant::now();
        let actual = black_box(ours(conn)?);
        our_times.push(start.elapsed());
        assert_eq!(expected, actual, "{name}: both ways load the same");
    }
    report(name, hand_times, our_times);
    Ok(())
}

/// Prints the ratio of the medians of two ways of one work.
///
/// # Panics
/// If there are no times.
pub fn report(name: &str, mut hand: Vec<Duration>, mut ours: Vec<Duration>) {
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    let (hand, ours) = (median(&mut hand), median(&mut ours));
    let ratio = ours.as_secs_f64() / hand.as_secs_f64();
    println!("{name:36} {ratio:5.2}   ({ours:.2?} to {hand:.2?})");
}
