//! The oracle: random sequences of every write on every kind of association, on
//! the connection `Conn` of the module around this one, the same on every engine.
//!
//! After each step the result and all tables are compared with a model in memory
//! that is written from what is promised (`rules`), and each association whose
//! tables have changed is asked in every way there is (`questions`): the answers
//! are compared with SQL written by hand (`answers`).
//!
//! A failure prints the shortest sequence that still fails. `ORM_STEPS` says how
//! many steps are taken, `ORM_SEED` from which seed. `ORM_COLLECT=1` goes on after
//! a failure, and prints each kind of failure once.

mod answers;
mod associations;
mod calls;
mod catalog;
mod junctions;
mod outcome;
mod part;
mod questions;
mod rules;
mod runner;
mod schema;
mod slots;
mod state;
mod steps;
mod tables;
mod truth;

use super::{Conn, prelude};
use orm_tests::connection::Engine;
use orm_tests::connection::TestConnection;
use orm_tests::random::Random;
use part::Part;
use questions::ask_after;
use runner::Runner;
use std::collections::BTreeSet;
use std::sync::Mutex;
use steps::{Call, Op, Step, Steps};

const ENGINE: Engine = <Conn as TestConnection>::ENGINE;

/// How many steps are taken.
const STEPS: usize = match ENGINE {
    // in each of the two modes
    Engine::Sqlite => 5_000,
    _ => 2_000,
};
/// Steps before the tables are made anew, so that a sequence stays short.
const RUN: usize = 25;

fn setting(name: &str, default: usize) -> usize {
    let value = std::env::var(name).ok();
    value
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

#[test]
fn every_answer_after_every_step() {
    let runs = setting("ORM_STEPS", STEPS).div_ceil(RUN);
    let seed = setting("ORM_SEED", 7);
    let collects = setting("ORM_COLLECT", 0) > 0;
    let found = Mutex::new(BTreeSet::new());
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let found = &found;
            scope.spawn(move || {
                let mut runner = Runner::new();
                for number in (worker..runs).step_by(workers) {
                    let seed = u64::try_from(seed * 1_000_003 + number).unwrap();
                    let mut random = Steps(Random::new(seed));
                    let steps: Vec<_> = (0..RUN).map(|_| random.step()).collect();
                    while let Err((end, findings)) = runner.run(&steps) {
                        // another worker may have found it meanwhile
                        runner.known.extend(found.lock().unwrap().iter().cloned());
                        let known = runner.known.clone();
                        let findings = findings.into_iter();
                        let findings = findings.filter(|finding| !known.contains(&finding.kind));
                        for finding in findings {
                            let (steps, last) = runner.shortest(steps[..end].to_vec(), &finding);
                            let report =
                                format!("{}\n  {}\n  after {steps:?}", last.kind, last.how);
                            assert!(collects, "{report}");
                            runner.known.insert(finding.kind.clone());
                            if found.lock().unwrap().insert(finding.kind) {
                                println!("{report}");
                            }
                        }
                    }
                }
            });
        }
    });
}

/// The test can fail: what is wrong is found out by every question.
#[test]
fn wrong_answers_are_found_out() {
    let runner = &mut Runner::new();
    let mut wrong = BTreeSet::new();
    for meanwhile in [
        "DELETE FROM seats",
        "INSERT INTO seats (person_id, room_id, place) VALUES (1, 2, 1)",
    ] {
        let state = runner.reset();
        let found = ask_after("Person::ROOMS", Part::All, &state, meanwhile, runner.conn());
        wrong.extend(found.into_iter().map(|(question, _)| question));
    }
    let questions = [
        "any",
        "count",
        "count in a query",
        "counted of some",
        "counted of the whole table",
        "existing of some",
        "existing of the whole table",
        "exists",
        "getter",
        "getter with_through",
        "has",
        "has all",
        "include of some",
        "include of the whole table",
        "inner_join",
        "limit of each",
        "load_for",
        "nested include of some",
        "nested include of the whole table",
        "nested, refined include of some",
        "nested, refined include of the whole table",
        "none",
        "not any",
        "query",
        "required include of some",
        "required include of the whole table",
        "with_through",
    ];
    assert_eq!(
        wrong.iter().map(String::as_str).collect::<Vec<_>>(),
        questions
    );
}

/// The test can fail: a model that is wrong, and a write that is.
#[test]
fn wrong_rows_are_found_out() {
    let runner = &mut Runner::new();
    let mut state = runner.reset();
    let add = |room: &str| {
        let op = Op::AddEach(vec![room.to_owned()]);
        Step::Call(Call {
            on: "Person::ROOMS",
            source: "1".to_owned(),
            op,
        })
    };
    assert_eq!(runner.step(&mut state, &add("2"), 0), []);
    // what nobody told the model
    runner.conn().batch("DELETE FROM seats WHERE room_id = 2");
    let found = runner.step(&mut state, &add("3"), 1);
    assert_eq!(found[0].kind, "Person::ROOMS AddEach: Ok leaves other rows");
    // from there the state is the database's
    assert_eq!(runner.step(&mut state, &add("3"), 2), []);
}
