//! Links and rows, in memory.

use super::super::associations::{Association, Kind};
use super::super::catalog::{plain, table};
use super::super::junctions::Values;
use super::super::state::{Reason, Row, Value, parts, pick, same, text, within};
use super::World;

impl World<'_> {
    pub(super) fn link_with(&mut self, a: &Association, source: &Row, pairs: &[(String, i32)]) {
        for (key, payload) in pairs {
            self.link_one(a, source, key, Some(*payload));
        }
    }

    pub(super) fn link(&mut self, a: &Association, source: &Row, keys: &[String]) {
        for key in keys {
            self.link_one(a, source, key, None);
        }
    }

    fn link_one(&mut self, a: &Association, source: &Row, key: &str, payload: Option<i32>) {
        let (from, to) = (table(a.source), table(a.target));
        let (here, key) = (pick(from, source, &a.here), parts(key));
        match &a.junction {
            Some((junction, other, column)) => {
                let target = self.state.find(to.name, &key);
                let in_scope = target.as_ref().is_some_and(|row| within(to, row, &a.scope));
                let crosses = a.shared().any(|shared| {
                    let place = |columns: &[&str]| columns.iter().position(|name| *name == shared);
                    here[place(&a.there).unwrap()] != key[place(other).unwrap()]
                });
                if target.is_none() {
                    // a foreign key or a unique one may say it first
                    self.refuse(Reason::Any);
                }
                if !in_scope || crosses {
                    return self.refuse(Reason::NotFound);
                }
                let links = table(junction);
                let payload = payload.map(|payload| (*column, Some(payload.to_string())));
                let pair = |row: &Row| {
                    same(&pick(links, row, &a.there), &here)
                        && same(&pick(links, row, other), &key)
                        && within(links, row, &a.through_scope)
                };
                let rows = self.state.rows_mut(junction);
                if let Some(row) = rows.iter_mut().find(|row| pair(row)) {
                    if let Some((column, value)) = payload {
                        row[links.column(column)] = value;
                    }
                    return;
                }
                let there = a.there.iter().copied().zip(here);
                let given = there.chain(other.iter().copied().zip(key)).chain(payload);
                let given: Vec<_> = given.chain(scope(&a.through_scope)).collect();
                self.push(junction, &given);
            }
            None if a.kind == Kind::BelongsTo => {
                let crosses = a.here.iter().zip(&a.there).zip(here.iter().zip(&key));
                let crosses = crosses.filter(|((here, there), _)| here == there);
                if crosses
                    .into_iter()
                    .any(|(_, (own, other))| own.is_some() && own != other)
                {
                    return self.refuse(Reason::NotFound);
                }
                self.change(a.source, source, a.here.iter().copied().zip(key).collect());
            }
            None => {
                let Some(row) = self.state.find(to.name, &key) else {
                    return self.refuse(Reason::NotFound);
                };
                let pairs = a.here.iter().zip(&a.there).zip(&here);
                for ((own, there), value) in pairs {
                    let theirs = &row[to.column(there)];
                    if own == there && theirs.is_some() && theirs != value {
                        return self.refuse(Reason::NotFound);
                    }
                }
                let change = a
                    .there
                    .iter()
                    .copied()
                    .zip(here)
                    .chain(scope(&a.scope))
                    .collect();
                self.change(a.target, &row, change);
            }
        }
    }

    pub(super) fn unlink(
        &mut self,
        a: &Association,
        source: &Row,
        destroy: bool,
        which: impl Fn(&str) -> bool,
    ) {
        let linked = self.state.linked(a, source);
        let keys: Vec<_> = linked.into_iter().filter(|key| which(key)).collect();
        let here = pick(table(a.source), source, &a.here);
        let free = |columns: &[&'static str], others: &[&str], holder: &str| {
            let free = columns.iter().filter(|name| !others.contains(name));
            let free = free.filter(|name| table(holder).is_nullable(name));
            free.map(|name| (*name, None)).collect::<Vec<_>>()
        };
        if let Some((junction, other, _)) = &a.junction {
            let links = table(junction);
            // a link that leads nowhere is a link
            let dangles = |key: &[Value]| a.scope.is_empty() && which(&text(key));
            self.state.rows_mut(junction).retain(|row| {
                let key = pick(links, row, other);
                !(same(&pick(links, row, &a.there), &here)
                    && within(links, row, &a.through_scope)
                    && (has(&keys, &text(&key)) || dangles(&key)))
            });
        } else if a.kind == Kind::BelongsTo {
            self.change(a.source, source, free(&a.here, &a.there, a.source));
        } else {
            for key in keys {
                let row = self.state.find(a.target, &parts(&key)).unwrap();
                if destroy {
                    self.state.rows_mut(a.target).retain(|other| *other != row);
                } else {
                    self.change(a.target, &row, free(&a.there, &a.here, a.target));
                }
            }
        }
    }

    pub(super) fn create(
        &mut self,
        a: &Association,
        source: &Row,
        values: &Values,
        payload: Option<i32>,
    ) {
        let mut given = vec![("name", Some(values.name.clone()))];
        given.extend(scope(&a.scope));
        if matches!(a.kind, Kind::HasOne | Kind::HasMany) {
            let is_replaced = a.kind == Kind::HasOne && !self.state.linked(a, source).is_empty();
            if is_replaced && !a.is_nullable() {
                self.refuse(Reason::Any);
            } else if is_replaced {
                self.unlink(a, source, false, |_| true);
            }
            let here = pick(table(a.source), source, &a.here);
            given.extend(a.there.iter().copied().zip(here));
        }
        let row = self.insert(a.target, values, &given);
        if matches!(a.kind, Kind::BelongsTo | Kind::BelongsToMany) {
            let to = table(a.target);
            self.link_one(a, source, &text(&pick(to, &row, to.key())), payload);
        }
    }

    /// Inserts a row whose key the values give, or the database.
    pub(super) fn insert(
        &mut self,
        name: &'static str,
        values: &Values,
        given: &[(&'static str, Value)],
    ) -> Row {
        let table = table(name);
        let created = self.created.next().cloned();
        let own = table
            .key()
            .iter()
            .filter(|column| given.iter().all(|(name, _)| name != *column));
        let own: Vec<_> = own.copied().collect();
        let id = match (&values.id, &created) {
            (Some(id), _) => parts(id),
            // counted, and the last part of a key
            (None, Some(key)) => parts(key).split_off(table.key().len() - own.len()),
            (None, None) => {
                self.counted += 1;
                vec![Some(format!("counted {}", self.counted)); own.len()]
            }
        };
        let given: Vec<_> = own
            .into_iter()
            .zip(id)
            .chain(given.iter().cloned())
            .collect();
        let row = self.push(name, &given);
        let key = text(&pick(table, &row, table.key()));
        if created.is_some_and(|created| created != key) {
            self.refuse(Reason::Any);
        }
        row
    }

    fn push(&mut self, name: &str, given: &[(&str, Value)]) -> Row {
        let columns = table(name).shown().map(|column| {
            let given = given.iter().find(|(name, _)| *name == column.name);
            given.map_or_else(
                || column.default.map(str::to_owned),
                |(_, value)| value.clone(),
            )
        });
        let row: Row = columns.collect();
        self.state.rows_mut(name).push(row.clone());
        row
    }

    fn change(&mut self, name: &str, row: &Row, changes: Vec<(&str, Value)>) {
        let found = self
            .state
            .rows_mut(name)
            .iter_mut()
            .find(|other| *other == row);
        let Some(found) = found else { return };
        for (column, value) in changes {
            found[table(name).column(column)] = value;
        }
    }
}

fn scope(scope: &[(&'static str, &'static str)]) -> impl Iterator<Item = (&'static str, Value)> {
    scope
        .iter()
        .map(|(column, literal)| (*column, plain(literal).map(str::to_owned)))
}

pub(super) fn has(keys: &[String], key: &str) -> bool {
    keys.iter().any(|other| other.eq_ignore_ascii_case(key))
}
