//! What a source row gets from an association: one row, perhaps one, or many.

use crate::connection::Load;
use diesel::QueryResult;
use diesel::result::Error;
use std::future::Future;

/// The number of rows that an association yields, as a type.
pub trait Slot: 'static {
    /// The rows of one source.
    type Of<T: Send>: Send;

    /// The rows of each of many sources: the same type as [`Slot::Of`], and
    /// known to be clonable.
    type Each<T: Clone + Send>: Clone + Send;

    /// The rows of one source while they are being collected.
    type Filling<T: Send>: Default + Send;

    /// Room for this many rows.
    fn with_capacity<T: Send>(rows: usize) -> Self::Filling<T>;

    /// Adds a row. Where one row is wanted the first stays.
    fn push<T: Send>(filling: &mut Self::Filling<T>, row: T);

    /// The rows that were collected.
    ///
    /// # Errors
    /// `NotFound` where a row must be there and is not.
    fn finish<T: Send>(filling: Self::Filling<T>) -> QueryResult<Self::Of<T>>;

    /// The rows that were collected, as [`finish`](Slot::finish).
    ///
    /// # Errors
    /// As [`finish`](Slot::finish).
    fn finish_each<T: Clone + Send>(filling: Self::Filling<T>) -> QueryResult<Self::Each<T>>;

    /// Runs the query and reads as many rows as belong to the slot.
    ///
    /// # Errors
    /// `NotFound` where a row must be there and is not; else what the database
    /// reports.
    fn load<'q, Q: Send, T: Send, C: Load<'q, Q, T>>(
        query: Q,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<Self::Of<T>>> + Send;
}

/// Exactly one row: a `belongs_to` over a key that cannot be NULL.
#[derive(Debug)]
pub struct One;

/// One row or none: a `has_one`, or a `belongs_to` over a nullable key or with `optional`.
#[derive(Debug)]
pub struct Maybe;

/// Any number of rows.
#[derive(Debug)]
pub struct Many;

/// The row that must be there. The error is not made before it is known to be
/// wanted: dropping it takes more than the rest.
fn found<T>(row: Option<T>) -> QueryResult<T> {
    match row {
        Some(row) => Ok(row),
        None => Err(Error::NotFound),
    }
}

impl Slot for One {
    type Of<T: Send> = T;
    type Each<T: Clone + Send> = T;
    type Filling<T: Send> = Option<T>;

    fn with_capacity<T: Send>(_: usize) -> Option<T> {
        None
    }

    fn push<T: Send>(filling: &mut Option<T>, row: T) {
        filling.get_or_insert(row);
    }

    fn finish<T: Send>(filling: Option<T>) -> QueryResult<T> {
        found(filling)
    }

    fn finish_each<T: Clone + Send>(filling: Option<T>) -> QueryResult<T> {
        Self::finish(filling)
    }

    async fn load<'q, Q: Send, T: Send, C: Load<'q, Q, T>>(
        query: Q,
        conn: &mut C,
    ) -> QueryResult<T> {
        found(conn.load_first(query).await?)
    }
}

impl Slot for Maybe {
    type Of<T: Send> = Option<T>;
    type Each<T: Clone + Send> = Option<T>;
    type Filling<T: Send> = Option<T>;

    fn with_capacity<T: Send>(_: usize) -> Option<T> {
        None
    }

    fn push<T: Send>(filling: &mut Option<T>, row: T) {
        filling.get_or_insert(row);
    }

    fn finish<T: Send>(filling: Option<T>) -> QueryResult<Option<T>> {
        Ok(filling)
    }

    fn finish_each<T: Clone + Send>(filling: Option<T>) -> QueryResult<Option<T>> {
        Self::finish(filling)
    }

    async fn load<'q, Q: Send, T: Send, C: Load<'q, Q, T>>(
        query: Q,
        conn: &mut C,
    ) -> QueryResult<Option<T>> {
        conn.load_first(query).await
    }
}

impl Slot for Many {
    type Of<T: Send> = Vec<T>;
    type Each<T: Clone + Send> = Vec<T>;
    type Filling<T: Send> = Vec<T>;

    fn with_capacity<T: Send>(rows: usize) -> Vec<T> {
        Vec::with_capacity(rows)
    }

    fn push<T: Send>(filling: &mut Vec<T>, row: T) {
        filling.push(row);
    }

    fn finish<T: Send>(filling: Vec<T>) -> QueryResult<Vec<T>> {
        Ok(filling)
    }

    fn finish_each<T: Clone + Send>(filling: Vec<T>) -> QueryResult<Vec<T>> {
        Self::finish(filling)
    }

    async fn load<'q, Q: Send, T: Send, C: Load<'q, Q, T>>(
        query: Q,
        conn: &mut C,
    ) -> QueryResult<Vec<T>> {
        conn.load(query).await
    }
}
