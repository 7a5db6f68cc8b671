//! Bringing rows to their parents.

use crate::association::Slot;
use crate::key::Key;
use diesel::QueryResult;
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
    /// several are cloned.
    pub(super) fn distribute<S: Slot, K, R: Clone + Send>(
        self,
        rows: Vec<R>,
        index: &Index<K>,
    ) -> QueryResult<Vec<S::Each<R>>> {
        let mut slots: Vec<S::Filling<R>> = Vec::new();
        slots.resize_with(index.same.len(), Default::default);
        match self {
            Self::Own(sources) => {
                for (source, row) in sources.into_iter().zip(rows) {
                    if let Some(source) = source {
                        S::push(&mut slots[source], row);
                    }
                }
            }
            Self::Shared(mut pairs) => {
                pairs.sort_unstable_by_key(|&(_, row)| row);
                for (source, row) in pairs {
                    S::push(&mut slots[source], rows[row].clone());
                }
            }
        }
        let mut filled: Vec<S::Each<R>> = Vec::with_capacity(slots.len());
        for (source, (slot, &same)) in slots.into_iter().zip(&index.same).enumerate() {
            let rows = if same == source { S::finish_each(slot)? } else { filled[same].clone() };
            filled.push(rows);
        }
        Ok(filled)
    }
}
