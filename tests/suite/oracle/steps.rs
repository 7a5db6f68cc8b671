//! The steps that a sequence is made of.

use super::associations::{Association, Kind, asked};
use super::catalog::table;
use super::junctions::Values;
use orm_tests::random::Random;

/// A step. Keys are text, the parts of a composite one with dots between.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Call(Call),
    /// New rows of the association's source with what belongs to them, one tree
    /// by `create`, more by `create_trees`.
    Trees(&'static str, Vec<(Values, Branch)>),
    /// A row is deleted by other means.
    Delete(&'static str, String),
    /// A column is changed by other means.
    Change(&'static str, String, &'static str, Option<String>),
}

/// A method of the row with the key `source`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) on: &'static str,
    pub(super) source: String,
    pub(super) op: Op,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Op {
    Add(Vec<String>),
    /// One key, by the method for one row.
    AddEach(Vec<String>),
    AddWith(Vec<(String, i32)>),
    /// A payload in which the key of another source stands, which is not heard.
    AddCarrying(String, String, i32),
    Remove(Vec<String>),
    Destroy(Vec<String>),
    Set(Vec<String>),
    /// By a row that has the key in memory already, though not in the database.
    SetStale(Vec<String>),
    SetWith(Vec<(String, i32)>),
    SetDestroyPrevious(Vec<String>),
    Unset,
    DestroyAll,
    Create(Values),
    CreateWith(Values, i32),
}

impl Op {
    /// The operation without its arguments.
    pub(super) fn name(&self) -> String {
        let shown = format!("{self:?}");
        shown
            .split(['(', ' '])
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Branch {
    Link(Vec<String>),
    LinkWith(Vec<(String, i32)>),
    New(Vec<Values>),
    NewWith(Vec<(Values, i32)>),
}

/// Random steps.
pub(super) struct Steps(pub(super) Random);

impl Steps {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.below(u64::try_from(end).unwrap())).unwrap()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn payload(&mut self) -> i32 {
        i32::try_from(self.below(3)).unwrap()
    }

    fn part(&mut self, name: &str, column: &str) -> String {
        let text = match column {
            "code" if name == "crafts" => &["Ink", "ink", "oak", "OAK", "elm"],
            "code" => &["Ada", "ada", "ADA", "Bob", "cleo"],
            _ => {
                let last = if column == "tenant_id" { 2 } else { 4 };
                let far = self.one_in(30);
                return (if far { 99 } else { 1 + self.below(last) }).to_string();
            }
        };
        let place = self.below(text.len());
        text[place].to_owned()
    }

    /// A key of the table, or one of nothing.
    fn key(&mut self, name: &str) -> String {
        let columns = table(name).key();
        let parts: Vec<_> = columns
            .iter()
            .map(|column| self.part(name, column))
            .collect();
        parts.join(".")
    }

    fn keys(&mut self, name: &str, most: usize) -> Vec<String> {
        (0..self.below(most + 1)).map(|_| self.key(name)).collect()
    }

    /// Each key once, because two payloads of one pair have no order.
    fn pairs(&mut self, name: &str) -> Vec<(String, i32)> {
        let mut pairs: Vec<(String, i32)> = vec![];
        for key in self.keys(name, 3) {
            if pairs.iter().all(|pair| !pair.0.eq_ignore_ascii_case(&key)) {
                pairs.push((key, self.payload()));
            }
        }
        pairs
    }

    /// New values, of a row whose key is in part the association's.
    fn values(&mut self, name: &str, given: &[&str]) -> Values {
        let own = table(name)
            .key()
            .iter()
            .filter(|column| !given.contains(column));
        let own: Vec<_> = own.copied().collect();
        let id = own.iter().map(|column| match *column {
            "code" | "tenant_id" => self.part(name, column),
            _ => (4 + self.below(4)).to_string(),
        });
        let id = id.collect::<Vec<_>>().join(".");
        let is_counted = table(name).key() == ["id"] && !self.one_in(3);
        let name = format!("x{}", self.below(100));
        Values {
            id: (!is_counted).then_some(id),
            name,
            carried: None,
        }
    }

    /// What is new in the association's target.
    fn target(&mut self, a: &Association) -> Values {
        let is_owned = matches!(a.kind, Kind::HasOne | Kind::HasMany);
        let mut values = self.values(a.target, if is_owned { &a.there } else { &[] });
        if (is_owned || a.name == "Person::RED_THINGS") && self.one_in(4) {
            values.carried = Some(self.key(a.source));
        }
        values
    }

    pub(super) fn step(&mut self) -> Step {
        if self.one_in(12) {
            return self.by_other_means();
        }
        let place = self.below(asked().count());
        let a = asked().nth(place).unwrap();
        if self.one_in(5) {
            return self.trees(a);
        }
        let source = self.key(a.source);
        let op = self.op(a);
        Step::Call(Call {
            on: a.name,
            source,
            op,
        })
    }

    fn op(&mut self, a: &Association) -> Op {
        let target = a.target;
        let one = self.key(target);
        match (a.kind, a.is_nullable()) {
            (Kind::HasOne, nullable) => match self.below(if nullable { 6 } else { 3 }) {
                0 => Op::Create(self.target(a)),
                1 => Op::SetDestroyPrevious(self.keys(target, 1)),
                2 => Op::DestroyAll,
                3 => Op::Unset,
                _ => Op::Set(self.keys(target, 1)),
            },
            (Kind::HasMany, nullable) => match self.below(if nullable { 7 } else { 5 }) {
                0 => Op::Add(self.keys(target, 3)),
                1 => Op::AddEach(vec![one]),
                2 => Op::Create(self.target(a)),
                3 => Op::Destroy(self.keys(target, 3)),
                4 => Op::SetDestroyPrevious(self.keys(target, 3)),
                5 => Op::Remove(self.keys(target, 3)),
                _ => Op::Set(self.keys(target, 3)),
            },
            (Kind::BelongsTo, nullable) => match self.below(if nullable { 5 } else { 3 }) {
                0 => Op::Set(vec![one]),
                1 => Op::SetStale(vec![one]),
                2 => Op::Create(self.target(a)),
                3 => Op::Set(vec![]),
                _ => Op::Unset,
            },
            (Kind::BelongsToMany, _) => match self.below(10) {
                0 => Op::Add(self.keys(target, 3)),
                1 => Op::AddEach(vec![one]),
                2 | 3 => Op::AddWith(self.pairs(target)),
                4 => Op::AddCarrying(self.key(a.source), one, self.payload()),
                5 => Op::Remove(self.keys(target, 3)),
                6 => Op::Set(self.keys(target, 3)),
                7 => Op::SetWith(self.pairs(target)),
                8 => Op::Create(self.target(a)),
                _ => Op::CreateWith(self.target(a), self.payload()),
            },
        }
    }

    fn trees(&mut self, a: &'static Association) -> Step {
        let count = 1 + self.below(2);
        let mut linked: Vec<String> = vec![];
        let way = self.below(4);
        let roots = (0..count).map(|_| {
            let root = self.values(a.source, &[]);
            let mut keys = match a.kind {
                Kind::BelongsTo if !a.is_nullable() => vec![self.key(a.target)],
                Kind::BelongsTo => self.keys(a.target, 1),
                Kind::HasOne => self.keys(a.target, 2),
                _ => self.keys(a.target, 3),
            };
            if matches!(a.kind, Kind::HasOne | Kind::HasMany) {
                // a row cannot be of two parents
                keys.retain(|key| linked.iter().all(|other| !other.eq_ignore_ascii_case(key)));
                linked.extend(keys.clone());
            }
            let branch = match (way, a.kind) {
                (1, Kind::BelongsToMany) => Branch::LinkWith(self.pairs(a.target)),
                (2, Kind::BelongsToMany) => {
                    let rows = (0..self.below(3)).map(|_| (self.target(a), self.payload()));
                    Branch::NewWith(rows.collect())
                }
                (0 | 1, _) => Branch::Link(keys),
                (_, Kind::BelongsTo) => Branch::New(vec![self.target(a)]),
                (_, Kind::HasOne) => {
                    Branch::New((0..self.below(2)).map(|_| self.target(a)).collect())
                }
                _ => Branch::New((0..self.below(4)).map(|_| self.target(a)).collect()),
            };
            (root, branch)
        });
        Step::Trees(a.name, roots.collect())
    }

    fn by_other_means(&mut self) -> Step {
        const CHANGES: [(&str, &str, &str); 8] = [
            ("books", "author_id", "people"),
            ("books", "room_id", "rooms"),
            ("licenses", "owner_id", "people"),
            ("shops", "town_code", "towns"),
            ("mayors", "town_code", "towns"),
            ("things", "parent_id", "things"),
            ("things", "gone", "things"),
            ("tasks", "user_id", "rooms"),
        ];
        const DELETED: [&str; 7] = [
            "people", "rooms", "things", "towns", "crafts", "users", "teams",
        ];
        if self.one_in(3) {
            let name = DELETED[self.below(DELETED.len())];
            return Step::Delete(name, self.key(name));
        }
        let (name, column, target) = CHANGES[self.below(CHANGES.len())];
        let value = if table(name).is_nullable(column) && self.one_in(3) {
            None
        } else {
            Some(self.key(target))
        };
        Step::Change(name, self.key(name), column, value)
    }
}
