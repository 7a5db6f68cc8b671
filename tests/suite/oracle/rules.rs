//! What every write does, in memory: written from what is promised, not from the
//! crate.

use super::associations::{Association, Kind, association};
use super::catalog::table;
use super::junctions::Values;
use super::state::{Reason, Row, State, parts, pick, same};
use super::steps::{Branch, Call, Op, Step};
use std::collections::BTreeSet;

mod links;

use links::has;

/// A state that a step is taking.
pub(super) struct World<'a> {
    state: State,
    reasons: BTreeSet<Reason>,
    /// The keys of the new rows, in their order, as the call says.
    created: std::slice::Iter<'a, String>,
    /// How many rows have a key that is not known, because the call failed.
    counted: usize,
}

/// The state after the step, or why it must be refused; nothing if there is no
/// such source, so that there is nothing to call.
pub(super) fn take(
    state: &State,
    step: &Step,
    created: &[String],
) -> Option<Result<State, BTreeSet<Reason>>> {
    let mut world = World {
        state: state.clone(),
        reasons: BTreeSet::new(),
        created: created.iter(),
        counted: 0,
    };
    match step {
        Step::Delete(name, key) => {
            let (table, key) = (table(name), parts(key));
            let rows = world.state.rows_mut(name);
            rows.retain(|row| !same(&pick(table, row, table.key()), &key));
        }
        Step::Change(name, key, column, value) => {
            let (table, key) = (table(name), parts(key));
            for row in world.state.rows_mut(name) {
                if same(&pick(table, row, table.key()), &key) {
                    row[table.column(column)].clone_from(value);
                }
            }
        }
        Step::Call(Call { on, source, op }) => {
            let association = association(on);
            let source = state.find(association.source, &parts(source))?;
            world.call(association, &source, op);
        }
        Step::Trees(on, roots) => {
            let association = association(on);
            if matches!(roots[0].1, Branch::Link(_) | Branch::LinkWith(_)) {
                // a row of the same call may be linked
                let rows = roots
                    .iter()
                    .map(|(root, branch)| (world.root(association, root, branch), branch));
                let rows: Vec<_> = rows.collect();
                for (row, branch) in rows {
                    world.branch(association, &row, branch);
                }
            } else {
                for (root, branch) in roots {
                    let row = world.root(association, root, branch);
                    world.branch(association, &row, branch);
                }
            }
        }
    }
    if world.created.next().is_some() {
        world.reasons.insert(Reason::Any);
    }
    world.state.violations(&mut world.reasons);
    Some(if world.reasons.is_empty() {
        Ok(world.state.sorted())
    } else {
        Err(world.reasons)
    })
}

impl World<'_> {
    fn refuse(&mut self, reason: Reason) {
        self.reasons.insert(reason);
    }

    fn call(&mut self, a: &Association, source: &Row, op: &Op) {
        match op {
            Op::Add(keys) | Op::AddEach(keys) => self.link(a, source, keys),
            Op::AddWith(pairs) => self.link_with(a, source, pairs),
            Op::AddCarrying(_, key, payload) => {
                self.link_with(a, source, &[(key.clone(), *payload)]);
            }
            Op::Remove(keys) => self.unlink(a, source, false, |key| has(keys, key)),
            Op::Destroy(keys) => self.unlink(a, source, true, |key| has(keys, key)),
            Op::Set(keys) | Op::SetStale(keys) if a.kind == Kind::BelongsTo && !keys.is_empty() => {
                self.link(a, source, keys);
            }
            Op::Set(keys) | Op::SetStale(keys) => {
                self.unlink(a, source, false, |key| !has(keys, key));
                self.link(a, source, keys);
            }
            Op::SetDestroyPrevious(keys) => {
                self.unlink(a, source, true, |key| !has(keys, key));
                self.link(a, source, keys);
            }
            Op::SetWith(pairs) => {
                let keys: Vec<_> = pairs.iter().map(|pair| pair.0.clone()).collect();
                self.unlink(a, source, false, |key| !has(&keys, key));
                self.link_with(a, source, pairs);
            }
            Op::Unset => self.unlink(a, source, false, |_| true),
            Op::DestroyAll => self.unlink(a, source, true, |_| true),
            Op::Create(values) => self.create(a, source, values, None),
            Op::CreateWith(values, payload) => self.create(a, source, values, Some(*payload)),
        }
    }

    fn root(&mut self, a: &Association, root: &Values, branch: &Branch) -> Row {
        let mut given = vec![("name", Some(root.name.clone()))];
        // what a row belongs to is a part of it
        if a.kind == Kind::BelongsTo {
            let key = match branch {
                Branch::Link(keys) if keys.is_empty() && a.is_nullable() => None,
                Branch::Link(keys) => keys.first().map(|key| parts(key)),
                _ => None,
            };
            let to = key.unwrap_or_else(|| vec![None; a.here.len()]);
            let own = root.id.as_deref().map(parts).unwrap_or_default();
            for (place, (here, there)) in a.here.iter().zip(&a.there).enumerate() {
                let shared = here == there;
                let owner = table(a.source)
                    .key()
                    .iter()
                    .position(|column| column == here);
                match owner.and_then(|owner| own.get(owner)) {
                    Some(own) if shared && to[place].is_some() && own != &to[place] => {
                        self.refuse(Reason::NotFound);
                    }
                    Some(_) if shared => {}
                    _ => given.push((here, to[place].clone())),
                }
            }
        }
        self.insert(a.source, root, &given)
    }

    fn branch(&mut self, a: &Association, source: &Row, branch: &Branch) {
        match branch {
            Branch::Link(_) if a.kind == Kind::BelongsTo => {}
            Branch::Link(keys)
                if a.kind == Kind::HasOne && keys.iter().any(|key| *key != keys[0]) =>
            {
                self.refuse(Reason::Any);
            }
            Branch::Link(keys) => self.link(a, source, keys),
            Branch::LinkWith(pairs) => self.link_with(a, source, pairs),
            Branch::New(rows) => {
                for values in rows {
                    self.create(a, source, values, None);
                }
            }
            Branch::NewWith(rows) => {
                for (values, payload) in rows {
                    self.create(a, source, values, Some(*payload));
                }
            }
        }
    }
}
