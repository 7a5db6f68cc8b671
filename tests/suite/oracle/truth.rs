//! What is right, by SQL written by hand.

use super::Conn;
use super::associations::{Association, Kind, association};
use super::catalog::table;
use super::state::{State, as_text, pick, text};
use orm_tests::connection::TestConnection;
use std::collections::BTreeMap;

pub(super) type Rows = BTreeMap<String, Vec<String>>;

/// The rows of each source in the order of their keys.
#[derive(Debug)]
pub(super) struct Truth {
    pub(super) association: &'static Association,
    pub(super) rows: Rows,
    /// With what the junction says.
    pub(super) through: Rows,
    pub(super) links: BTreeMap<String, usize>,
}

fn key_of(alias: &str, name: &str) -> String {
    let parts = table(name)
        .key()
        .iter()
        .map(|column| as_text(&format!("{alias}.{column}")));
    parts.collect::<Vec<_>>().join(", '.', ")
}

fn on(left: &str, there: &[&str], right: &str, here: &[&str]) -> String {
    let pairs = there.iter().zip(here);
    let pairs = pairs.map(|(there, here)| format!("{left}.{there} = {right}.{here}"));
    pairs.collect::<Vec<_>>().join(" AND ")
}

fn scope(alias: &str, scope: &[(&str, &str)]) -> String {
    let parts = scope.iter().map(|(column, literal)| match *literal {
        "NULL" => format!(" AND {alias}.{column} IS NULL"),
        literal => format!(" AND {alias}.{column} = {literal}"),
    });
    parts.collect()
}

impl Truth {
    pub(super) fn new(state: &State, name: &str, conn: &mut Conn) -> Self {
        let a = association(name);
        let (from, to) = (table(a.source), table(a.target));
        let keys = |row| text(&pick(from, row, from.key()));
        let none: Rows = state
            .rows(a.source)
            .iter()
            .map(|row| (keys(row), vec![]))
            .collect();
        let mut truth = Self {
            association: a,
            rows: none.clone(),
            through: none,
            links: BTreeMap::new(),
        };
        let (source, target) = (key_of("s", a.source), key_of("t", a.target));
        let order = |alias: &str, key: &[&str]| {
            let columns = key.iter().map(|column| format!("{alias}.{column}"));
            columns.collect::<Vec<_>>().join(", ")
        };
        let order = format!(
            "ORDER BY {}, {}",
            order("s", from.key()),
            order("t", to.key())
        );
        let scoped = scope("t", &a.scope);
        let sql = if let Some((junction, other, payload)) = &a.junction {
            let links = format!(
                "{} s JOIN {junction} j ON {}{}",
                a.source,
                on("j", &a.there, "s", &a.here),
                scope("j", &a.through_scope)
            );
            if a.scope.is_empty() {
                let sql = format!("SELECT concat({source}) AS line FROM {links}");
                for line in conn.lines(&sql) {
                    *truth.links.entry(line).or_default() += 1;
                }
            }
            format!(
                "SELECT concat({source}, '>', {target}, '=', {}) AS line \
                 FROM {links} JOIN {} t ON {}{scoped} {order}",
                as_text(&format!("j.{payload}")),
                a.target,
                on("t", to.key(), "j", other),
            )
        } else {
            format!(
                "SELECT concat({source}, '>', {target}, '=') AS line FROM {} s JOIN {} t ON {}{scoped} {order}",
                a.source,
                a.target,
                on("t", &a.there, "s", &a.here)
            )
        };
        for line in conn.lines(&sql) {
            let (source, row) = line.split_once('>').unwrap();
            let (target, _) = row.split_once('=').unwrap();
            truth.rows.get_mut(source).unwrap().push(target.to_owned());
            truth.through.get_mut(source).unwrap().push(row.to_owned());
        }
        truth
    }

    /// Whether the rows in memory say the same.
    pub(super) fn agrees(&self, state: &State) -> bool {
        let from = table(self.association.source);
        state.rows(from.name).iter().all(|row| {
            let mut linked = state.linked(self.association, row);
            linked.sort();
            let mut rows = self.rows[&text(&pick(from, row, from.key()))].clone();
            rows.sort();
            rows == linked
        })
    }

    fn is_single(&self) -> bool {
        matches!(self.association.kind, Kind::HasOne | Kind::BelongsTo)
    }

    pub(super) fn slot(&self, source: &str) -> Vec<String> {
        let mut rows = self
            .rows
            .get(source)
            .cloned()
            .unwrap_or_else(|| vec!["no source".into()]);
        if self.is_single() {
            rows.truncate(1);
        }
        rows
    }

    /// Whether a key that cannot be NULL leads nowhere.
    pub(super) fn dangles(&self, source: &str) -> bool {
        self.association.kind == Kind::BelongsTo
            && !self.association.is_nullable()
            && self.rows[source].is_empty()
    }

    pub(super) fn of(&self, source: &str) -> &[String] {
        &self.rows[source]
    }
}
