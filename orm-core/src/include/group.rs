//! Bringing rows to their parents.

use crate::association::Slot;
use crate::key::Key;
use diesel::QueryResult;
use diesel::result::Error;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// The number of a source among the sources.
type SourceIndex = usize;

/// The keys of the sources, each with the first source that has it.
#[derive(Debug)]
pub struct Index<K> {
    first: HashMap<K, SourceIndex, RandomState>,
    /// For each source the first with the same key; itself if its key is NULL.
    same: Vec<SourceIndex>,
}

impl<K: Key> Index<K> {
    pub(super) fn new<'s>(keys: impl ExactSizeIterator<Item = K::Ref<'s>>) -> Self {
        let mut first = HashMap::with_capacity_and_hasher(keys.len(), RandomState::default());
        let same = keys
            .enumerate()
            .map(|(source, key)| {
                K::from_ref(key).map_or(source, |key| *first.entry(key).or_insert(source))
            })
            .collect();
        Self { first, same }
    }

    /// The distinct keys, as often as they are sent.
    pub(super) fn keys(&self) -> impl ExactSizeIterator<Item = K> + '_ {
        self.first.keys().cloned()
    }

    /// Whether no source has a key.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// What each source gets, from what the first with its key gets: moved to
    /// that one, cloned to the others.
    pub(super) fn spread<F, T: Clone>(
        &self,
        of_first: Vec<F>,
        finish: impl Fn(SourceIndex, F) -> QueryResult<T>,
    ) -> QueryResult<Vec<T>> {
        let mut spread: Vec<T> = Vec::with_capacity(of_first.len());
        for (source, (own, &first)) in of_first.into_iter().zip(&self.same).enumerate() {
            let value = if first == source {
                finish(source, own)?
            } else {
                spread[first].clone()
            };
            spread.push(value);
        }
        Ok(spread)
    }

    /// The key of the first source that has it.
    fn key(&self, source: SourceIndex) -> Option<&K> {
        let mut keys = self.first.iter();
        keys.find_map(|(key, &first)| (first == source).then_some(key))
    }

    /// The first source that has this key.
    pub(super) fn source(&self, key: &K) -> Option<SourceIndex> {
        self.first.get(key).copied()
    }
}

/// Target rows, and which sources they belong to.
#[derive(Debug)]
pub struct Fetched<T> {
    /// The rows, in the order in which every source gets them.
    pub(super) rows: Vec<T>,
    pub(super) links: Links,
    /// Whether the rows are their whole table.
    pub(super) whole: bool,
}

/// Which sources rows belong to.
#[derive(Debug)]
pub(super) enum Links {
    /// Each row belongs to one source, or to none that was asked for.
    Own(Vec<Option<SourceIndex>>),
    /// These are pairs of a source and a row; a row may belong to many sources.
    Shared(Vec<(SourceIndex, usize)>),
}

impl Links {
    /// Gives every source its rows. Rows of one source are moved, rows of
    /// several are cloned. `missing` is the error for a source whose key must have
    /// a row and has none.
    pub(super) fn distribute<S: Slot, K: Key, R: Clone + Send>(
        self,
        rows: Vec<R>,
        index: &Index<K>,
        missing: impl Fn(&K) -> Error,
    ) -> QueryResult<Vec<S::Each<R>>> {
        let mut counts = vec![0; index.same.len()];
        match &self {
            Self::Own(sources) => sources
                .iter()
                .flatten()
                .for_each(|&source| counts[source] += 1),
            Self::Shared(pairs) => pairs.iter().for_each(|&(source, _)| counts[source] += 1),
        }
        let mut slots: Vec<S::Filling<R>> = counts.into_iter().map(S::with_capacity).collect();
        match self {
            Self::Own(sources) => {
                for (source, row) in sources.into_iter().zip(rows) {
                    if let Some(source) = source {
                        S::push(&mut slots[source], row);
                    }
                }
            }
            Self::Shared(pairs) => {
                let sources = Sources::by_row(&pairs, rows.len());
                for (number, row) in rows.into_iter().enumerate() {
                    if let Some((&last, others)) = sources.of(number).split_last() {
                        for &source in others {
                            S::push(&mut slots[source], row.clone());
                        }
                        S::push(&mut slots[last], row);
                    }
                }
            }
        }
        index.spread(slots, |source, slot| {
            S::finish_each(slot).map_err(|error| index.key(source).map_or(error, &missing))
        })
    }
}

/// The sources of each row, without a list for each.
struct Sources {
    /// Where each row's sources start; one more than there are rows.
    starts: Vec<usize>,
    sources: Vec<SourceIndex>,
}

impl Sources {
    /// Sorts pairs of a source and a row by row, by counting.
    fn by_row(pairs: &[(SourceIndex, usize)], rows: usize) -> Self {
        let mut starts = vec![0; rows + 1];
        for &(_, row) in pairs {
            starts[row + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut sources = vec![0; pairs.len()];
        for &(source, row) in pairs {
            sources[next[row]] = source;
            next[row] += 1;
        }
        Self { starts, sources }
    }

    fn of(&self, row: usize) -> &[SourceIndex] {
        &self.sources[self.starts[row]..self.starts[row + 1]]
    }
}
