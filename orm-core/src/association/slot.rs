//! What a source row gets from an association: one row, perhaps one, or many.

use crate::connection::Load;
use diesel::QueryResult;
use diesel::result::Error;
use std::future::Future;

/// The number of rows that an association yields, as a type.
pub trait Slot: 'static {
    /// The rows of one source.
    type Of<T: Send>: Send;

    /// What a source gets whose key is NULL, without asking the database.
    ///
    /// # Errors
    /// `NotFound` where a row must be there.
    fn empty<T: Send>() -> QueryResult<Self::Of<T>>;

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

/// One row or none: a `has_one`, or a `belongs_to` over a nullable key.
#[derive(Debug)]
pub struct Maybe;

/// Any number of rows.
#[derive(Debug)]
pub struct Many;

impl Slot for One {
    type Of<T: Send> = T;

    fn empty<T: Send>() -> QueryResult<T> {
        Err(Error::NotFound)
    }

    async fn load<'q, Q: Send, T: Send, C: Load<'q, Q, T>>(
        query: Q,
        conn: &mut C,
    ) -> QueryResult<T> {
        conn.load_first(query).await?.ok_or(Error::NotFound)
    }
}

impl Slot for Maybe {
    type Of<T: Send> = Option<T>;

    fn empty<T: Send>() -> QueryResult<Option<T>> {
        Ok(None)
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

    fn empty<T: Send>() -> QueryResult<Vec<T>> {
        Ok(Vec::new())
    }

    async fn load<'q, Q: Send, T: Send, C: Load<'q, Q, T>>(
        query: Q,
        conn: &mut C,
    ) -> QueryResult<Vec<T>> {
        conn.load(query).await
    }
}
