//! Bringing rows to their parents.

use crate::association::Slot;
use crate::connection::{Executor, Load, Reader};
use crate::key::{Columns, Equality, Key, KeyIn, SameKeys};
use diesel::QueryResult;
use diesel::result::Error;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::future::Future;

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

    /// The keys of things that are found by them, of which a key may be NULL.
    pub(super) fn of<'s>(keys: impl ExactSizeIterator<Item = Option<&'s K>>) -> Self {
        let mut first = HashMap::with_capacity_and_hasher(keys.len(), RandomState::default());
        let same = keys
            .enumerate()
            .map(|(source, key)| match key.map(|key| (key, first.get(key))) {
                None => source,
                Some((_, Some(&first))) => first,
                Some((key, None)) => {
                    first.insert(key.clone(), source);
                    source
                }
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

    /// The rows of each source, by links to the first with its key.
    pub(super) fn rows_of(&self, links: Links) -> RowsOf<'_> {
        let mut one = vec![None; self.same.len()];
        let mut more: HashMap<_, Vec<_>, _> = HashMap::with_hasher(RandomState::default());
        links.for_each(|source, row| match one[source] {
            None => one[source] = Some(row),
            Some(_) => more.entry(source).or_default().push(row),
        });
        RowsOf {
            same: &self.same,
            one,
            more,
        }
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

/// The rows of each source, of which few have more than one.
pub(super) struct RowsOf<'i> {
    same: &'i [SourceIndex],
    one: Vec<Option<usize>>,
    more: HashMap<SourceIndex, Vec<usize>, RandomState>,
}

impl RowsOf<'_> {
    /// The rows of this source.
    pub(super) fn rows(&self, source: SourceIndex) -> impl Iterator<Item = usize> + '_ {
        let first = self.same[source];
        let one = self.one[first];
        let more = one.and_then(|_| self.more.get(&first));
        one.into_iter().chain(more.into_iter().flatten().copied())
    }
}

/// A connection that knows, or can ask, which keys over the columns `Cols` are one.
///
/// It follows from the columns' types; there is nothing to implement by hand.
pub trait MatchKeys<'q, Cols, K: Key>: Executor {
    /// As [`Equality::is_that_of_rust`].
    fn is_that_of_rust() -> bool;

    /// As [`Equality::in_parts`].
    ///
    /// # Errors
    /// As [`Equality::in_parts`].
    fn in_parts(keys: KeyIn<Cols, K>) -> QueryResult<Vec<KeyIn<Cols, K>>>;

    /// The numbers, from 1 on, of the keys that equal earlier ones in the database, and
    /// of the first that each equals.
    ///
    /// # Errors
    /// What the database reports.
    fn same(
        conn: &mut Reader<'_, Self>,
        keys: Vec<K>,
    ) -> impl Future<Output = QueryResult<Vec<(i64, i64)>>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'q, Cols, K, C> MatchKeys<'q, Cols, K> for C
where
    Cols: Columns,
    K: Key,
    C: Executor + Load<'q, SameKeys<Cols, K>, (i64, i64)>,
    KeyIn<Cols, K>: Equality<C::Backend>,
    SameKeys<Cols, K>: Send,
{
    fn is_that_of_rust() -> bool {
        <KeyIn<Cols, K> as Equality<C::Backend>>::is_that_of_rust()
    }

    fn in_parts(keys: KeyIn<Cols, K>) -> QueryResult<Vec<KeyIn<Cols, K>>> {
        keys.in_parts()
    }

    fn same(
        conn: &mut Reader<'_, Self>,
        keys: Vec<K>,
    ) -> impl Future<Output = QueryResult<Vec<(i64, i64)>>> + Send {
        conn.load(SameKeys::new(Cols::default(), keys))
    }
}

/// Which sources rows belong to, by the keys that the rows have: found out in Rust
/// where its equality is the database's, else by a statement once all keys are known.
pub(super) struct Owners<'i, K> {
    index: &'i Index<K>,
    /// Whether Rust's equality is the database's.
    exact: bool,
    /// For each row its source; where the database is to be asked, the number of its
    /// key: that of the source that has it as it is written, or of a key in `others`,
    /// counted on from the sources.
    rows: Vec<Option<usize>>,
    /// The keys that no source has as they are written.
    others: HashMap<K, usize, RandomState>,
}

impl<'i, K: Key> Owners<'i, K> {
    pub(super) fn new<'q, Cols, C>(index: &'i Index<K>, rows: usize) -> Self
    where
        C: MatchKeys<'q, Cols, K>,
    {
        Self {
            index,
            exact: C::is_that_of_rust(),
            rows: Vec::with_capacity(rows),
            others: HashMap::default(),
        }
    }

    /// Adds the next row.
    pub(super) fn push(&mut self, key: Option<K>) {
        let row = key.and_then(|key| match self.index.source(&key) {
            None if !self.exact => {
                let next = self.index.same.len() + self.others.len();
                Some(*self.others.entry(key).or_insert(next))
            }
            source => source,
        });
        self.rows.push(row);
    }

    /// Which sources the rows belong to. At most one statement: none where Rust's
    /// equality is the database's or one key was asked for, to which all rows then
    /// belong.
    ///
    /// # Errors
    /// What the database reports, or that it found a row by a key that equals none
    /// that was asked for.
    pub(super) async fn find<'q, Cols, C>(self, conn: &mut Reader<'_, C>) -> QueryResult<Links>
    where
        C: MatchKeys<'q, Cols, K>,
    {
        let Self {
            index,
            exact,
            mut rows,
            others,
        } = self;
        if exact || rows.is_empty() {
            return Ok(Links::Own(rows));
        }
        if let (Some(&source), 1) = (index.first.values().next(), index.first.len()) {
            rows.fill(Some(source));
            return Ok(Links::Own(rows));
        }

        let sources = index.same.len();
        let mut keys: Vec<_> = index.first.iter().chain(&others).collect();
        // The first of the keys that are one is a source's, if one of them is.
        keys.sort_unstable_by_key(|&(_, &number)| number);
        let numbers: Vec<usize> = keys.iter().map(|&(_, &number)| number).collect();
        let keys = keys.into_iter().map(|(key, _)| key.clone()).collect();
        let mut first_of: Vec<usize> = (0..sources + others.len()).collect();
        let mut more: HashMap<usize, Vec<usize>, RandomState> = HashMap::default();
        let number = |place: i64| {
            let place = usize::try_from(place).ok()?.checked_sub(1)?;
            numbers.get(place).copied()
        };
        for (key, first) in C::same(conn, keys).await? {
            if let (Some(key), Some(first)) = (number(key), number(first)) {
                first_of[key] = first;
                if key < sources {
                    more.entry(first).or_default().push(key);
                }
            }
        }
        for row in &mut rows {
            *row = row.map(|key| first_of[key]);
            if row.is_none_or(|first| first >= sources) {
                return Err(unmatched());
            }
        }
        if more.is_empty() {
            return Ok(Links::Own(rows));
        }
        let mut pairs = Vec::with_capacity(rows.len());
        for (row, first) in rows.into_iter().enumerate() {
            let Some(first) = first else { continue };
            pairs.push((first, row));
            pairs.extend(
                more.get(&first)
                    .into_iter()
                    .flatten()
                    .map(|&key| (key, row)),
            );
        }
        Ok(Links::Shared(pairs))
    }
}

fn unmatched() -> Error {
    Error::QueryBuilderError(
        "the database found a row by its key, and says that this key equals none of those that it \
         was found by; are the columns at both ends of the association of one type and collation?"
            .into(),
    )
}

/// Target rows, and which sources they belong to.
#[derive(Debug)]
pub struct Fetched<T> {
    /// The rows, in the order in which every source gets them. Each belongs to a
    /// source.
    pub(super) rows: Vec<T>,
    pub(super) links: Links,
    /// Whether the rows are their whole table.
    pub(super) whole: bool,
}

impl<T> Fetched<T> {
    /// Leaves out the rows that belong to no source: nothing is loaded for them.
    pub(super) fn without_orphans(self) -> Self {
        match self.links {
            Links::Own(sources) if sources.iter().any(Option::is_none) => {
                let rows = self.rows.into_iter().zip(&sources);
                let rows = rows
                    .filter_map(|(row, source)| source.map(|_| row))
                    .collect();
                let links = sources.into_iter().flatten().map(Some).collect();
                Self {
                    rows,
                    links: Links::Own(links),
                    whole: false,
                }
            }
            links => Self { links, ..self },
        }
    }
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
    /// Calls `link` with each source that has a row, and the row.
    pub(super) fn for_each(self, mut link: impl FnMut(SourceIndex, usize)) {
        match self {
            Self::Own(sources) => {
                for (row, source) in sources.into_iter().enumerate() {
                    if let Some(source) = source {
                        link(source, row);
                    }
                }
            }
            Self::Shared(pairs) => pairs
                .into_iter()
                .for_each(|(source, row)| link(source, row)),
        }
    }

    /// The pairs of a source and a row.
    pub(super) fn into_pairs(self) -> Vec<(SourceIndex, usize)> {
        match self {
            Self::Own(sources) => {
                let mut pairs = Vec::with_capacity(sources.len());
                Self::Own(sources).for_each(|source, row| pairs.push((source, row)));
                pairs
            }
            Self::Shared(pairs) => pairs,
        }
    }

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
