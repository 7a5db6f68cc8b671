//! Takes sequences of steps, checks everything after each, and finds the shortest
//! sequence that fails.

use super::Conn;
use super::ENGINE;
use super::associations::asked;
use super::calls::call;
use super::catalog::{SCHEMA, create_tables};
use super::outcome::{is_adopting, is_guess, names, reason};
use super::part::Part;
use super::questions::ask;
use super::rules::take;
use super::state::{Reason, State};
use super::steps::{Branch, Step};
use super::tables::ROWS;
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::{Isolated, with_tables};
use std::collections::BTreeSet;

/// What went wrong: what it is called, which is the same after other steps, and
/// how it went wrong.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    pub(super) kind: String,
    pub(super) how: String,
}

/// A database that many sequences are run on, one after another.
pub(super) struct Runner {
    conn: Isolated<Conn>,
    /// Findings that are passed over.
    pub(super) known: BTreeSet<String>,
    /// Only this is looked for, while steps are left out.
    sought: Option<String>,
    /// The rows of the start were not looked at.
    is_fresh: bool,
}

/// The database counts from here, far from the numbers in the steps.
const COUNTED: i32 = 1_000_000;

impl Runner {
    pub(super) fn new() -> Self {
        let mut tables = create_tables();
        if ENGINE == Engine::Sqlite {
            tables = tables.replace("INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT");
        }
        let mut conn: Isolated<Conn> = with_tables(&tables);
        let counted = SCHEMA.iter().filter(|table| table.key() == ["id"]);
        for table in counted {
            let name = table.name;
            match ENGINE {
                Engine::Sqlite => {
                    conn.batch(&format!(
                        "INSERT INTO sqlite_sequence VALUES ('{name}', {COUNTED})"
                    ));
                }
                Engine::Postgres => {
                    let sequence = format!("pg_get_serial_sequence('{name}', 'id')");
                    conn.batch(&format!("SELECT setval({sequence}, {COUNTED})"));
                }
                Engine::Mysql => {
                    conn.batch(&format!("ALTER TABLE {name} AUTO_INCREMENT = {COUNTED}"));
                }
            }
        }
        Self {
            conn,
            known: BTreeSet::new(),
            sought: None,
            is_fresh: true,
        }
    }

    pub(super) fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    pub(super) fn reset(&mut self) -> State {
        let tables = SCHEMA.iter().rev();
        let deletes: Vec<_> = tables
            .map(|table| format!("DELETE FROM {};", table.name))
            .collect();
        let deletes = deletes.concat();
        self.conn.batch(&format!("BEGIN; {deletes} {ROWS} COMMIT;"));
        State::read(&mut self.conn)
    }

    fn is_new(&self, findings: Vec<Finding>) -> Option<Vec<Finding>> {
        let new = findings.into_iter().filter(|finding| match &self.sought {
            Some(sought) => *sought == finding.kind,
            None => !self.known.contains(&finding.kind),
        });
        let new: Vec<_> = new.collect();
        (!new.is_empty()).then_some(new)
    }

    /// Takes the steps one after another; where something new goes wrong, after
    /// how many steps, and what.
    pub(super) fn run(&mut self, steps: &[Step]) -> Result<(), (usize, Vec<Finding>)> {
        let mut state = self.reset();
        let all: Vec<_> = asked()
            .map(|association| (association.name, Part::All))
            .collect();
        if self.is_fresh || self.sought.is_some() {
            let found = self.ask(&state, &all);
            if let Some(findings) = self.is_new(found) {
                return Err((0, findings));
            }
        }
        self.is_fresh = false;
        for (place, step) in steps.iter().enumerate() {
            let mut found = self.step(&mut state, step, place);
            if place + 1 == steps.len() {
                found.extend(self.ask(&state, &all));
            }
            if let Some(findings) = self.is_new(found) {
                return Err((place + 1, findings));
            }
        }
        Ok(())
    }

    fn ask(&mut self, state: &State, names: &[(&'static str, Part)]) -> Vec<Finding> {
        let conn = &mut *self.conn;
        let sought = self.sought.as_deref().map(|kind| kind.split(' ').next());
        let names = names
            .iter()
            .filter(|(name, _)| sought.is_none_or(|sought| sought == Some(name)));
        let wrong = names.flat_map(|(name, part)| {
            let wrong = ask(name, *part, state, conn).into_iter();
            wrong.map(move |(question, how)| Finding {
                kind: format!("{name} {question}"),
                how,
            })
        });
        wrong.collect()
    }

    /// Takes a step; what goes wrong in it. The state is then that of the
    /// database.
    pub(super) fn step(&mut self, state: &mut State, step: &Step, number: usize) -> Vec<Finding> {
        let (on, name) = match step {
            Step::Call(call) => (call.on, format!("{} {}", call.on, call.op.name())),
            Step::Trees(on, roots) => {
                let branch = match roots[0].1 {
                    Branch::Link(_) => "link",
                    Branch::LinkWith(_) => "link_with",
                    Branch::New(_) => "new",
                    Branch::NewWith(_) => "new_with",
                };
                (
                    *on,
                    format!(
                        "{on} {} {branch}",
                        if roots.len() == 1 { "tree" } else { "trees" }
                    ),
                )
            }
            Step::Delete(table, _) => ("", format!("delete of {table}")),
            Step::Change(table, ..) => ("", format!("change of {table}")),
        };
        let mut findings = vec![];
        let mut wrong = |what: &str, how: String| {
            findings.push(Finding {
                kind: format!("{name}: {what}"),
                how,
            });
        };
        let Some(result) = call(step, &mut self.conn) else {
            return findings;
        };
        let created: Vec<String> = result
            .iter()
            .flatten()
            .map(|(key, _)| key.clone())
            .collect();
        let expected = take(state, step, &created).unwrap();
        let after = State::read(&mut self.conn);
        if self.conn.depth().is_some() {
            wrong("a transaction is open", String::new());
        }
        match (&result, &expected) {
            (Ok(rows), Ok(next)) => {
                let names = names(step);
                let given: Vec<_> = rows.iter().map(|(_, name)| name.as_str()).collect();
                if names.iter().any(|names| *names != given) {
                    wrong(
                        "returns other rows",
                        format!("{given:?}, expected {names:?}"),
                    );
                } else if !after.is_like(next) && !is_adopting(state, step) {
                    wrong("Ok leaves other rows", after.difference(next));
                }
            }
            (Err(error), Err(reasons)) => {
                let found = reason(error);
                if !reasons.contains(&Reason::Any)
                    && !found.is_some_and(|found| reasons.contains(&found))
                {
                    wrong("another error", format!("{error:?}, expected {reasons:?}"));
                }
            }
            (Err(_), Ok(_)) if is_guess(step) || is_adopting(state, step) => {}
            (Ok(_), Err(reasons)) => {
                wrong(&format!("Ok, not {reasons:?}"), after.difference(state));
            }
            (Err(error), Ok(_)) => wrong(
                &format!("{:?}, not Ok", reason(error)),
                format!("{error:?}"),
            ),
        }
        if result.is_err() && after != *state {
            wrong("an error leaves changes", after.difference(state));
        }
        let changed = state.changed(&after);
        *state = after;
        let names = asked().filter(|association| {
            association.name == on
                || association
                    .tables()
                    .iter()
                    .any(|table| changed.contains(table))
        });
        let names = names.map(|association| {
            let is_own = association.name == on || self.sought.is_some();
            (
                association.name,
                if is_own { Part::All } else { Part::One(number) },
            )
        });
        let names: Vec<_> = names.collect();
        findings.extend(self.ask(state, &names));
        findings
    }

    /// The shortest sequence that still ends so: steps are left out as long as it
    /// does.
    pub(super) fn shortest(
        &mut self,
        mut steps: Vec<Step>,
        finding: &Finding,
    ) -> (Vec<Step>, Finding) {
        let (mut place, mut last) = (0, finding.clone());
        self.sought = Some(finding.kind.clone());
        while place < steps.len() {
            let mut fewer = steps.clone();
            fewer.remove(place);
            let run = self.run(&fewer);
            match run {
                Err((end, mut findings)) => {
                    fewer.truncate(end);
                    (steps, last) = (fewer, findings.remove(0));
                }
                Ok(()) => place += 1,
            }
        }
        self.sought = None;
        (steps, last)
    }
}
