//! The rows of all tables, in memory, with the constraints of the tables.

use super::Conn;
use super::ENGINE;
use super::associations::Association;
use super::catalog::{SCHEMA, Table, plain, table};
use orm_tests::connection::{Engine, TestConnection};
use std::collections::{BTreeMap, BTreeSet};

pub(super) type Value = Option<String>;
pub(super) type Row = Vec<Value>;

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    NotFound,
    ForeignKey,
    Unique,
    NotNull,
    /// Any error that says no.
    Any,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct State(BTreeMap<&'static str, Vec<Row>>);

/// Keys are equal as they are in the database: without regard to case.
pub(super) fn equal(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    one.eq_ignore_ascii_case(other)
}

/// The parts of a key that is written as text.
pub(super) fn parts(key: &str) -> Vec<Value> {
    key.split('.').map(|part| Some(part.to_owned())).collect()
}

pub(super) fn text(parts: &[Value]) -> String {
    let parts = parts.iter().map(|part| part.as_deref().unwrap_or("NULL"));
    parts.collect::<Vec<_>>().join(".")
}

impl State {
    /// What is in the database, in one statement.
    pub(super) fn read(conn: &mut Conn) -> Self {
        let mut state = Self(SCHEMA.iter().map(|table| (table.name, vec![])).collect());
        for line in conn.lines(&DUMP) {
            let mut parts = line.split('|');
            let name = table(parts.next().unwrap()).name;
            let row = parts
                .map(|part| (part != "~").then(|| part.to_owned()))
                .collect();
            state.0.get_mut(name).unwrap().push(row);
        }
        state.sorted()
    }

    pub(super) fn sorted(mut self) -> Self {
        self.0.values_mut().for_each(|rows| rows.sort());
        self
    }

    pub(super) fn rows(&self, table: &str) -> &[Row] {
        &self.0[table]
    }

    pub(super) fn rows_mut(&mut self, table: &str) -> &mut Vec<Row> {
        self.0.get_mut(table).unwrap()
    }

    /// Whether two states are the same but for the spelling of equal keys.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let folded = |state: &Self| {
            let fold = |row: &Row| {
                row.iter()
                    .map(|value| value.as_ref().map(|value| value.to_lowercase()))
                    .collect()
            };
            let tables = state
                .0
                .values()
                .map(|rows| rows.iter().map(fold).collect::<BTreeSet<Row>>());
            tables.collect::<Vec<_>>()
        };
        folded(self) == folded(other)
    }

    /// The tables in which two states differ.
    pub(super) fn changed(&self, other: &Self) -> Vec<&'static str> {
        let tables = self
            .0
            .iter()
            .filter(|(name, rows)| other.0.get(*name) != Some(rows));
        tables.map(|(name, _)| *name).collect()
    }

    /// How two states differ, for people.
    pub(super) fn difference(&self, other: &Self) -> String {
        let show = |state: &Self| {
            let rows = self
                .changed(other)
                .into_iter()
                .map(|name| format!("{name}: {:?}", state.0[name]));
            rows.collect::<Vec<_>>()
                .join(", ")
                .replace("Some(", "")
                .replace(')', "")
        };
        format!("{}, expected {}", show(self), show(other))
    }

    pub(super) fn find(&self, name: &str, key: &[Value]) -> Option<Row> {
        let table = table(name);
        let mut rows = self.rows(name).iter();
        rows.find(|row| same(&pick(table, row, table.key()), key))
            .cloned()
    }

    /// What the constraints of the tables say.
    pub(super) fn violations(&self, reasons: &mut BTreeSet<Reason>) {
        for table in SCHEMA.iter() {
            let rows = self.rows(table.name);
            for (place, column) in table.shown().enumerate() {
                if !column.nullable && rows.iter().any(|row| row[place].is_none()) {
                    reasons.insert(Reason::NotNull);
                }
            }
            let unique = table.unique.iter();
            for columns in unique.filter(|columns| columns != &&["id"] || table.name != "marks") {
                for (place, row) in rows.iter().enumerate() {
                    let key = pick(table, row, columns);
                    if rows[..place]
                        .iter()
                        .any(|other| same(&pick(table, other, columns), &key))
                    {
                        reasons.insert(Reason::Unique);
                    }
                }
            }
            for (column, target) in &table.foreign {
                let is_lost = |row: &Row| {
                    let key = pick(table, row, &[column]);
                    key[0].is_some() && self.find(target, &key).is_none()
                };
                if rows.iter().any(is_lost) {
                    reasons.insert(Reason::ForeignKey);
                }
            }
        }
    }

    /// The keys of the rows that belong to a source.
    pub(super) fn linked(&self, association: &Association, source: &Row) -> Vec<String> {
        let (from, to) = (table(association.source), table(association.target));
        let here = pick(from, source, &association.here);
        let targets = self
            .rows(to.name)
            .iter()
            .filter(|row| within(to, row, &association.scope));
        let key = |row: &Row| text(&pick(to, row, to.key()));
        match &association.junction {
            None => {
                let is_linked = |row: &&Row| same(&pick(to, row, &association.there), &here);
                targets.filter(is_linked).map(key).collect()
            }
            Some((junction, other, _)) => {
                let links = table(junction);
                let rows = self.rows(junction).iter();
                let rows = rows.filter(|row| within(links, row, &association.through_scope));
                let rows = rows.filter(|row| same(&pick(links, row, &association.there), &here));
                let others: Vec<_> = rows.map(|row| pick(links, row, other)).collect();
                let targets: Vec<_> = targets.collect();
                let of = |other: &Vec<Value>| {
                    let target = targets
                        .iter()
                        .find(|row| same(&pick(to, row, to.key()), other));
                    target.map(|row| key(row))
                };
                others.iter().filter_map(of).collect()
            }
        }
    }
}

pub(super) fn pick(table: &Table, row: &Row, columns: &[&str]) -> Vec<Value> {
    columns
        .iter()
        .map(|column| row[table.column(column)].clone())
        .collect()
}

pub(super) fn same(one: &[Value], other: &[Value]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
}

pub(super) fn within(table: &Table, row: &Row, scope: &[(&'static str, &'static str)]) -> bool {
    scope.iter().all(|(column, literal)| {
        let value = &row[table.column(column)];
        plain(literal).map_or(value.is_none(), |plain| value.as_deref() == Some(plain))
    })
}

/// A value as text, for the database.
pub(super) fn as_text(column: &str) -> String {
    format!(
        "CAST({column} AS {})",
        if ENGINE == Engine::Mysql {
            "CHAR"
        } else {
            "TEXT"
        }
    )
}

static DUMP: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    let tables = SCHEMA.iter().map(|table| {
        let columns = table.shown().map(|column| {
            let value = if column.is_flag && ENGINE == Engine::Postgres {
                format!("CAST({} AS INTEGER)", column.name)
            } else {
                column.name.to_owned()
            };
            format!(", '|', coalesce({}, '~')", as_text(&value))
        });
        let columns: String = columns.collect();
        format!("SELECT concat('{0}'{columns}) AS line FROM {0}", table.name)
    });
    tables.collect::<Vec<_>>().join(" UNION ALL ")
});
