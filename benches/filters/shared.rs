//! Filters by association and by hand, on the connection `Conn` of the module
//! around this one: the same on every engine.

use super::{Conn, ENGINE, ends, is_stopped};
use crate::LIMIT;
use crate::forms::{ByHand, Engine, Form, Has, composite, one_level, two_levels};
use crate::schema::*;
use diesel::prelude::*;
use orm_core::prelude::*;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;

/// All rounds of a cell but the first three are within this time.
const TIME: Duration = Duration::from_secs(2);

/// What takes less is run before it is timed.
const SHORT: Duration = Duration::from_millis(50);

#[derive(Clone, Copy)]
enum Read {
    Page,
    Count,
}

/// One way to read a page or a count, which comes to a sum that all ways have.
type Way<'a> = Box<dyn Fn(Read, &mut Conn) -> QueryResult<i64> + 'a>;

macro_rules! way {
    ($table:ident by $key:expr, $condition:expr) => {
        Box::new(move |read, conn: &mut Conn| {
            let query = $table::table.filter($condition);
            match read {
                Read::Page => {
                    let query = query.order($key).limit(20).select($table::id);
                    let ids = query.load::<i32>(conn)?;
                    Ok(ids.into_iter().map(i64::from).sum())
                }
                Read::Count => query.count().get_result(conn),
            }
        })
    };
}

/// Ours, on SQLite also row by row, and those by hand. A macro, because each
/// condition has a type of its own.
macro_rules! compare {
    ($cells:expr, $name:expr, $table:ident by $key:expr, $ours:expr, $row_by_row:expr, $forms:expr) => {{
        let mut ours: Vec<Way<'_>> = vec![way!($table by $key, $ours)];
        if ENGINE == Engine::Sqlite {
            ours.push(way!($table by $key, $row_by_row.row_by_row()));
        }
        let forms: Vec<Form> = $forms;
        let hand: Vec<Way<'_>> = forms
            .iter()
            .map(|form| -> Way<'_> { way!($table by $key, ByHand(&form.sql)) })
            .collect();
        $cells.compare($name, Read::Page, &ours, &hand, &forms)?;
        $cells.compare($name, Read::Count, &ours, &hand, &forms)?;
    }};
}

/// A macro for `any` and `none`, which have different types.
macro_rules! compare_both {
    ($cells:expr, $has:expr, $method:ident, $flag:ident) => {{
        let name = |levels: &str| {
            format!("{levels}{}, {}", stringify!($method), stringify!($flag))
        };
        let flag = stringify!($flag);
        let toots = || Person::TOOTS.$method(toots::$flag.eq(1));
        compare!(
            $cells, &name(""), people by people::id, toots(), toots(),
            one_level(ENGINE, $has, flag)
        );
        let replies = || Toot::REPLIES.any(replies::$flag.eq(1));
        compare!(
            $cells, &name("two levels: "), people by people::id,
            Person::TOOTS.$method(replies()), Person::TOOTS.$method(replies().row_by_row()),
            two_levels(ENGINE, $has, flag)
        );
        let tasks = || Project::TASKS.$method(tasks::$flag.eq(1));
        compare!(
            $cells, &name("composite: "), projects by (projects::tenant_id, projects::id),
            tasks(), tasks(), composite(ENGINE, $has, flag)
        );
    }};
}

/// Compares all and prints it.
///
/// `only` is the number of the one way that is run, once.
pub(crate) fn compare_all(conn: &mut Conn, only: Option<usize>) -> QueryResult<()> {
    let mut cells = Cells {
        conn,
        only,
        number: 0,
    };
    compare_both!(cells, Has::Any, any, common);
    compare_both!(cells, Has::Any, any, rare);
    compare_both!(cells, Has::None, none, common);
    compare_both!(cells, Has::None, none, rare);
    Ok(())
}

struct Cells<'c> {
    conn: &'c mut Conn,
    only: Option<usize>,
    number: usize,
}

/// The times of one way after the first, which warms the caches.
struct Times<'a> {
    way: &'a Way<'a>,
    /// None if it was stopped.
    first: Option<Duration>,
    later: Vec<Duration>,
}

impl Times<'_> {
    /// In milliseconds; infinite if it was stopped.
    fn median(&mut self) -> f64 {
        self.later.sort_unstable();
        let middle = self.later.get(self.later.len() / 2).copied();
        let median = self.first.map(|first| middle.unwrap_or(first));
        median.map_or(f64::INFINITY, |time| time.as_secs_f64() * 1000.0)
    }
}

impl Cells<'_> {
    fn compare(
        &mut self,
        name: &str,
        read: Read,
        ours: &[Way<'_>],
        hand: &[Way<'_>],
        forms: &[Form],
    ) -> QueryResult<()> {
        let mut sum = None;
        let mut ours = self.start(name, read, ours, &mut sum)?;
        let mut hand = self.start(name, read, hand, &mut sum)?;
        if self.only.is_none() {
            self.rounds(read, &mut ours, &mut hand)?;
            let what = match read {
                Read::Page => "page",
                Read::Count => "count",
            };
            print(&format!("{name}, {what}"), &mut ours, &mut hand, forms);
        }
        Ok(())
    }

    /// Runs each way for the first time, or the only one that is asked for.
    fn start<'a>(
        &mut self,
        name: &str,
        read: Read,
        ways: &'a [Way<'a>],
        expected: &mut Option<i64>,
    ) -> QueryResult<Vec<Times<'a>>> {
        let mut started = Vec::new();
        for way in ways {
            let number = self.number;
            self.number += 1;
            let runs = self
                .only
                .map_or_else(|| ends(number), |only| only == number);
            let first = if runs { self.time(way, read)? } else { None };
            let first = first.map(|(sum, time)| {
                let expected = *expected.get_or_insert(sum);
                assert_eq!(expected, sum, "{name}: all ways read the same");
                time
            });
            started.push(Times {
                way,
                first,
                later: Vec::new(),
            });
        }
        Ok(started)
    }

    /// Runs in turns all ways that were not stopped: of those by hand only such as
    /// may be the best, and ours only twice where it is slow beside them.
    fn rounds<'a>(
        &mut self,
        read: Read,
        ours: &mut [Times<'a>],
        hand: &mut [Times<'a>],
    ) -> QueryResult<()> {
        let best = hand.iter().filter_map(|way| way.first).min();
        let slow = best.unwrap_or(LIMIT) * 3 + Duration::from_millis(100);
        hand.iter_mut()
            .filter(|way| way.first > Some(slow))
            .for_each(|way| way.first = None);
        let began = Instant::now();
        for round in 0..ROUNDS {
            if round >= 3 && began.elapsed() > TIME {
                break;
            }
            for way in ours.iter_mut().chain(hand.iter_mut()) {
                let Some(first) = way.first else { continue };
                if round > 0 && first > slow {
                    continue;
                }
                // A short one after a long one would find the caches cold.
                if first < SHORT {
                    self.time(way.way, read)?;
                }
                match self.time(way.way, read)? {
                    Some((_, time)) => way.later.push(time),
                    None => way.first = None,
                }
            }
        }
        Ok(())
    }

    /// What a way comes to and its time, or none if it was stopped.
    fn time(&mut self, way: &Way<'_>, read: Read) -> QueryResult<Option<(i64, Duration)>> {
        let start = Instant::now();
        match black_box(way(read, self.conn)) {
            Ok(sum) => Ok(Some((sum, start.elapsed()))),
            Err(error) if is_stopped(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn print(name: &str, ours: &mut [Times<'_>], hand: &mut [Times<'_>], forms: &[Form]) {
    let medians = hand.iter_mut().map(Times::median).zip(forms);
    let best = medians.min_by(|(one, _), (other, _)| one.total_cmp(other));
    let (best, form) = best.map_or((f64::INFINITY, ""), |(best, form)| (best, form.name));
    let ours: Vec<_> = ours.iter_mut().map(Times::median).collect();
    print!("{name:34}");
    for ours in &ours {
        let ratio = ours / best;
        match (ours.is_finite(), best.is_finite()) {
            (true, true) if ratio < 100.0 => print!(" {ratio:10.2}"),
            (true, true) => print!(" {ratio:10.0}"),
            (true, false) => print!(" {:>10}", "faster"),
            (false, true) => print!(" {:>10}", "stopped"),
            (false, false) => print!(" {:>10}", "all stop"),
        }
    }
    let times: Vec<_> = ours.iter().map(|&ours| milliseconds(ours)).collect();
    let (times, best) = (times.join(", "), milliseconds(best));
    println!("   ({times} to {best} by hand: {form})");
}

fn milliseconds(time: f64) -> String {
    if time.is_infinite() {
        format!("over {} s", LIMIT.as_secs())
    } else if time < 10.0 {
        format!("{time:.2} ms")
    } else {
        format!("{time:.0} ms")
    }
}
