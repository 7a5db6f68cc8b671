//! How answers are compared with what is right.

use super::junctions::{KeyText, Named};
use super::prelude::*;
use super::slots::{Nested, Slot};
use super::truth::{Rows, Truth};
use diesel::result::Error;
use std::collections::{BTreeMap, BTreeSet};

/// The questions of one association, and which answers are wrong.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) truth: Truth,
    /// The question, what was wrong.
    pub(super) wrong: Vec<(String, String)>,
    /// The answers on the number of a source's rows, and on whether there are any.
    numbers: BTreeMap<(String, bool), BTreeMap<i64, String>>,
}

impl Ask {
    pub(super) fn new(truth: Truth) -> Self {
        Self {
            truth,
            wrong: vec![],
            numbers: BTreeMap::new(),
        }
    }

    pub(super) fn wrong(&mut self, question: &str, how: String) {
        self.wrong.push((question.to_owned(), how));
    }

    fn check<T: PartialEq + std::fmt::Debug>(&mut self, question: &str, got: &T, expected: &T) {
        if got != expected {
            self.wrong(question, format!("{got:?}, expected {expected:?}"));
        }
    }

    fn expected_error(&mut self, question: &str, error: &Error, name: &str) {
        if *error == Error::NotFound {
            self.wrong(question, "a dangling key is NotFound".to_owned());
        } else if !error.to_string().contains(name) {
            self.wrong(question, format!("a dangling key is {error}"));
        }
    }

    fn attribute(&self) -> String {
        let name = self.truth.association.name;
        name.split("::").last().unwrap_or_default().to_lowercase()
    }

    /// Each source beside its rows.
    pub(super) fn rows<S: Named, X: Slot>(
        &mut self,
        question: &str,
        got: QueryResult<Vec<(S, X)>>,
    ) {
        let got = got.map(|rows| {
            let rows = rows
                .iter()
                .map(|(source, slot)| (source.key().to_text(), slot.keys()));
            rows.collect::<Rows>()
        });
        let expected: Rows = self
            .truth
            .rows
            .keys()
            .map(|key| (key.clone(), self.truth.slot(key)))
            .collect();
        let dangles = self.truth.rows.keys().any(|key| self.truth.dangles(key));
        match got {
            Err(error) if dangles => self.expected_error(question, &error, &self.attribute()),
            Ok(got) if !dangles => self.check(question, &got, &expected),
            other => self.wrong(question, format!("{other:?}, expected {expected:?}")),
        }
    }

    /// The sources that have a row, each beside its rows.
    pub(super) fn required<S: Named, X: Slot>(
        &mut self,
        question: &str,
        got: QueryResult<Vec<(S, X)>>,
    ) {
        let got = got.map(|rows| {
            let rows = rows
                .iter()
                .map(|(source, slot)| (source.key().to_text(), slot.keys()));
            rows.collect::<Rows>()
        });
        let rows = self
            .truth
            .rows
            .keys()
            .map(|key| (key.clone(), self.truth.slot(key)));
        let expected: Rows = rows.filter(|(_, rows)| !rows.is_empty()).collect();
        self.check(question, &got, &Ok(expected));
    }

    /// The first row of each source.
    pub(super) fn first_of_each<S: Named, X: Slot>(
        &mut self,
        question: &str,
        got: QueryResult<Vec<(S, X)>>,
    ) {
        let got = got.map(|rows| {
            let rows = rows
                .iter()
                .map(|(source, slot)| (source.key().to_text(), slot.keys()));
            rows.collect::<Rows>()
        });
        let first = |rows: &Vec<String>| rows.iter().take(1).cloned().collect();
        let expected = self
            .truth
            .rows
            .iter()
            .map(|(key, rows)| (key.clone(), first(rows)));
        self.check(question, &got, &Ok(expected.collect()));
    }

    /// As [`rows`](Self::rows), with what the junction says.
    pub(super) fn through<S: Named, X: Slot>(
        &mut self,
        question: &str,
        got: QueryResult<Vec<(S, X)>>,
    ) {
        let got = got.map(|rows| {
            let rows = rows
                .iter()
                .map(|(source, slot)| (source.key().to_text(), slot.keys()));
            rows.collect::<Rows>()
        });
        let expected = self.truth.through.clone();
        self.check(question, &got, &Ok(expected));
    }

    /// Each source beside its rows, and their rows beside each.
    pub(super) fn nested<S: Named, X: Nested>(
        &mut self,
        question: &str,
        below: &Truth,
        got: QueryResult<Vec<(S, X)>>,
    ) {
        let got = got.map(|rows| {
            let rows = rows
                .iter()
                .map(|(source, slot)| (source.key().to_text(), slot.each()));
            rows.collect::<BTreeMap<_, _>>()
        });
        let each = |key: &String| {
            let rows = self.truth.slot(key).into_iter();
            rows.map(|row| (row.clone(), below.slot(&row)))
                .collect::<Vec<_>>()
        };
        let expected: BTreeMap<_, _> = self
            .truth
            .rows
            .keys()
            .map(|key| (key.clone(), each(key)))
            .collect();
        let of_parents: BTreeSet<_> = expected
            .values()
            .flatten()
            .map(|(key, _)| key.clone())
            .collect();
        let dangles = self.truth.rows.keys().any(|key| self.truth.dangles(key));
        let dangles = dangles || of_parents.iter().any(|key| below.dangles(key));
        match got {
            Err(Error::NotFound) if dangles => {
                self.wrong(question, "a dangling key is NotFound".into());
            }
            Err(_) if dangles => {}
            other if dangles => self.wrong(question, format!("{other:?}, expected an error")),
            other => self.check(question, &other, &Ok(expected)),
        }
    }

    /// The keys of the sources that have a row, or of those that have none.
    pub(super) fn sources<K: KeyText>(
        &mut self,
        question: &str,
        having: bool,
        got: QueryResult<Vec<K>>,
    ) {
        let got = got.map(|keys| keys.iter().map(KeyText::to_text).collect::<BTreeSet<_>>());
        let rows = self
            .truth
            .rows
            .iter()
            .filter(|(_, rows)| rows.is_empty() != having);
        let expected: BTreeSet<_> = rows.map(|(key, _)| key.clone()).collect();
        self.check(question, &got, &Ok(expected));
    }

    /// Pairs of a source and a row.
    pub(super) fn pairs<S: KeyText, T: KeyText>(
        &mut self,
        question: &str,
        got: QueryResult<Vec<(S, T)>>,
    ) {
        let got = got.map(|pairs| {
            let pairs = pairs
                .iter()
                .map(|(source, row)| (source.to_text(), row.to_text()));
            let mut pairs: Vec<_> = pairs.collect();
            pairs.sort();
            pairs
        });
        let rows = self.truth.rows.iter();
        let pairs =
            rows.flat_map(|(key, rows)| rows.iter().map(move |row| (key.clone(), row.clone())));
        let mut expected: Vec<_> = pairs.collect();
        expected.sort();
        self.check(question, &got, &Ok(expected));
    }

    /// What the row itself says of its rows.
    pub(super) fn of_one<X: Slot>(&mut self, question: &str, source: &str, got: QueryResult<X>) {
        let mut expected = self.truth.slot(source);
        if self.truth.dangles(source) {
            return self.check(
                question,
                &got.map(|slot| slot.keys()),
                &Err(Error::NotFound),
            );
        }
        expected.sort();
        let got = got.map(|slot| {
            let mut keys = slot.keys();
            keys.sort();
            keys
        });
        self.check(question, &got, &Ok(expected));
    }

    pub(super) fn of_one_through<X: Slot>(
        &mut self,
        question: &str,
        source: &str,
        got: QueryResult<X>,
    ) {
        let mut expected = self.truth.through[source].clone();
        expected.sort();
        let got = got.map(|slot| {
            let mut keys = slot.keys();
            keys.sort();
            keys
        });
        self.check(question, &got, &Ok(expected));
    }

    /// All rows of a query that the row itself gives.
    pub(super) fn query<X: Slot>(
        &mut self,
        question: &str,
        source: &str,
        got: QueryResult<Vec<X>>,
    ) {
        let mut expected = self.truth.of(source).to_vec();
        expected.sort();
        let got = got.map(|rows| {
            let mut keys = rows.keys();
            keys.sort();
            keys
        });
        self.check(question, &got, &Ok(expected));
    }

    /// How many rows a source has. A link that leads nowhere may count or not,
    /// but everywhere alike.
    pub(super) fn number(&mut self, question: &str, source: &str, got: QueryResult<i64>) {
        self.number_or_any(question, source, got, false);
    }

    pub(super) fn exists(&mut self, question: &str, source: &str, got: QueryResult<bool>) {
        self.number_or_any(question, source, got.map(i64::from), true);
    }

    fn number_or_any(&mut self, question: &str, source: &str, got: QueryResult<i64>, any: bool) {
        let number = |count: usize| {
            let number = i64::try_from(count).unwrap();
            if any { number.min(1) } else { number }
        };
        let rows = number(self.truth.rows[source].len());
        let links = self.truth.links.get(source).copied().map_or(rows, number);
        match got {
            Ok(got) if got == rows || got == links => {
                let numbers = self.numbers.entry((source.to_owned(), any)).or_default();
                numbers.insert(got, question.to_owned());
                if numbers.len() > 1 {
                    let how = format!("{numbers:?} of {source}");
                    self.wrong(&format!("{question} of a dangling link"), how);
                }
            }
            other => self.wrong(question, format!("{other:?} of {source}, expected {rows}")),
        }
    }
}
