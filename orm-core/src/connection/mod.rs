//! One implementation for blocking and asynchronous connections.
//!
//! The core writes every operation once, as a future over an [`Executor`].
//! The connection's type says what becomes of that future: a blocking
//! connection runs it at once and returns the `QueryResult`, an asynchronous
//! one returns the future for the caller to await.
//!
//! A connection type of your own joins with one line, see
//! [`blocking_connection!`](crate::blocking_connection) and, with a feature for
//! diesel-async, `async_connection!`.

mod blocking;
pub(crate) use self::blocking::is_sqlite;
#[doc(hidden)]
pub use self::blocking::{abandon, begin, begin_read, commit, end_read, rollback, run_now};
mod dialect;
pub use self::dialect::{Dialect, HasDialect};
mod multi;
#[cfg(feature = "__async")]
mod nonblocking;
#[cfg(feature = "__async")]
#[doc(hidden)]
pub use self::nonblocking::{
    Running, begin_async, commit_async, not_broken, rollback_async, set_broken,
};
#[cfg(feature = "async-postgres")]
mod nonblocking_postgres;
#[cfg(feature = "async-sqlite")]
mod nonblocking_sqlite;

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::connection::Instrumentation;
use diesel::result::Error;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

/// A connection that associations can be read through.
///
/// It is implemented for Diesel's own connections and, behind the features
/// `r2d2`, `async-postgres`, `async-mysql` and `async-sqlite`, for pooled and
/// asynchronous ones. A type that implements it by hand implements [`Enrolled`]
/// too.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::connection::Executor;
///
/// fn backend_of<C: Executor>(_: &C) -> &'static str {
///     std::any::type_name::<C::Backend>()
/// }
///
/// let conn = SqliteConnection::establish(":memory:")?;
/// assert!(backend_of(&conn).ends_with("Sqlite"));
/// # Ok::<(), diesel::ConnectionError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a connection that associations can use",
    label = "not an enrolled connection type",
    note = "pass `&mut SqliteConnection`, `&mut PgConnection`, `&mut MysqlConnection` or a pooled or \
            asynchronous connection whose feature of `orm-core` is on",
    note = "a connection type of your own joins with `orm_core::blocking_connection!({Self});` or \
            `orm_core::async_connection!({Self});`"
)]
pub trait Executor: Send + Sized {
    /// The database this connection talks to.
    type Backend: Backend;

    /// What an operation that yields `T` returns: `QueryResult<T>` on a
    /// blocking connection, a boxed future of it on an asynchronous one.
    type Return<'a, T: Send + 'a>;

    /// The connection as several statements use it at once: `Self` where the
    /// protocol answers them in their order, [`Infallible`](std::convert::Infallible)
    /// where there is one at a time.
    type Shared: Sync;

    /// The connection for several statements at once, where they can.
    fn shared(&self) -> Option<&Self::Shared> {
        None
    }

    /// Begins a read transaction for several statements, where that is worth
    /// its cost: on SQLite, which else locks the database for each statement.
    /// Inside a transaction of the caller's it does nothing. Returns whether it
    /// began one.
    ///
    /// # Errors
    /// What the database reports.
    fn begin_read(&mut self) -> impl Future<Output = QueryResult<bool>> + Send;

    /// Ends the transaction that [`begin_read`](Executor::begin_read) began.
    ///
    /// # Errors
    /// What the database reports.
    fn end_read(&mut self, began: bool) -> impl Future<Output = QueryResult<()>> + Send;

    /// Gives up what was begun: called where an operation panics or is dropped
    /// between its statements, where nothing can be awaited. Either it is undone, or
    /// the connection reports itself as broken from then on.
    fn abandon(&mut self);

    /// Whether a statement may be sent: not where an operation was dropped whose
    /// answer would be taken for that of the next, or in a transaction that nobody
    /// can end, in which nothing would be kept.
    ///
    /// # Errors
    /// [`BrokenTransactionManager`](diesel::result::Error::BrokenTransactionManager).
    fn not_broken(&mut self) -> QueryResult<()> {
        Ok(())
    }

    /// Turns the one implementation of an operation into what this kind of
    /// connection returns.
    fn finish<'a, T: Send + 'a>(
        operation: impl Future<Output = QueryResult<T>> + Send + 'a,
    ) -> Self::Return<'a, T>;
}

/// A type that was enrolled as a connection, which a type parameter bounded by
/// [`Executor`] is not.
///
/// Every operation asks for it before anything else, so that in generic code, as
/// the methods of associations are, the compiler leaves the operation's own
/// bounds alone and takes those that stand there: a model is checked in a third
/// of the time.
pub trait Enrolled: Executor {}

/// An [`Executor`] that nobody else uses at the same time: what writes in a transaction
/// needs one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is shared: it reads, and what writes takes `&mut` of the connection itself",
    label = "others may use this connection in the middle of a transaction",
    note = "pass `&mut AsyncPgConnection`"
)]
pub trait Exclusive: Executor {
    /// Begins a transaction for several writes, or inside one a savepoint. Where
    /// its future is dropped before its end, nothing is begun or the connection
    /// reports itself as broken.
    ///
    /// # Errors
    /// What the database reports.
    fn begin(&mut self) -> impl Future<Output = QueryResult<()>> + Send;

    /// Keeps what was done since [`begin`](Exclusive::begin). Where its future is
    /// dropped before its end, the transaction ends nevertheless or the connection
    /// reports itself as broken.
    ///
    /// # Errors
    /// What the database reports; then nothing is kept.
    fn commit(&mut self) -> impl Future<Output = QueryResult<()>> + Send;

    /// Undoes what was done since [`begin`](Exclusive::begin).
    ///
    /// # Errors
    /// What the database reports, if the connection is lost: then the database
    /// undoes it.
    fn rollback(&mut self) -> impl Future<Output = QueryResult<()>> + Send;

    /// Has every event of the connection told to `instrumentation`.
    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation);
}

/// An [`Executor`] that can run the query `Q` and read its rows as `T`.
///
/// `'q` is what the query may borrow from. It follows from Diesel's own rules
/// for loading; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(
    message = "this connection cannot load `{T}` from this query",
    note = "the model must be `Selectable` and its fields must match the columns' types on this database"
)]
pub trait Load<'q, Q, T>: Executor {
    /// Every row, in one statement.
    ///
    /// # Errors
    /// Whatever the database or the decoding of a row reports.
    fn load(&mut self, query: Q) -> impl Future<Output = QueryResult<Vec<T>>> + Send;

    /// The same, beside other statements that are not answered yet.
    ///
    /// # Errors
    /// Whatever the database or the decoding of a row reports.
    fn load_beside(
        shared: &Self::Shared,
        query: Q,
    ) -> impl Future<Output = QueryResult<Vec<T>>> + Send;

    /// The first row or `None`, in one statement.
    ///
    /// It does not add `LIMIT 1`: a bound limit makes SQLite prepare the
    /// cached statement anew at every execution.
    ///
    /// # Errors
    /// Whatever the database or the decoding of a row reports.
    fn load_first(&mut self, query: Q) -> impl Future<Output = QueryResult<Option<T>>> + Send;
}

/// An [`Executor`] that can run the statement `Q`, which yields no rows.
///
/// `'q` is what the statement may borrow from. It follows from Diesel's own
/// rules; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(
    message = "this connection cannot run this statement",
    note = "the keys of the association must be of types that this database can bind"
)]
pub trait Execute<'q, Q>: Executor {
    /// The number of rows that the statement affects.
    ///
    /// # Errors
    /// What the database reports.
    fn execute(&mut self, query: Q) -> impl Future<Output = QueryResult<usize>> + Send;
}

/// How the nodes of a tree use a connection: one after another, or, where its
/// protocol can, with their statements in flight together.
#[derive(Debug)]
pub enum Reader<'c, C: Executor> {
    /// One after another.
    Alone(&'c mut C),
    /// Beside others.
    Beside(&'c C::Shared),
}

impl<C: Executor> Reader<'_, C> {
    /// Every row, in one statement.
    pub(crate) async fn load<'q, Q: Send, T>(&mut self, query: Q) -> QueryResult<Vec<T>>
    where
        C: Load<'q, Q, T>,
    {
        match self {
            Self::Alone(conn) => conn.load(query).await,
            Self::Beside(shared) => C::load_beside(shared, query).await,
        }
    }

    /// The connection as several statements can use it at once, if they can.
    pub(crate) fn shared(&self) -> Option<&C::Shared> {
        match self {
            Self::Alone(conn) => conn.shared(),
            Self::Beside(shared) => Some(shared),
        }
    }
}

/// Puts an operation on the heap, in a frame of its own: the one who asks for it
/// keeps no room for it where it is never asked for.
#[inline(never)]
pub(crate) fn boxed<F: Future>(operation: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(operation())
}

/// Runs two operations together, to the end of both.
///
/// If both fail, the error is the cause: in a transaction of PostgreSQL's the first
/// statement that fails makes all that follow fail too.
pub(crate) async fn join<A, B>(
    a: impl Future<Output = QueryResult<A>> + Send,
    b: impl Future<Output = QueryResult<B>> + Send,
) -> QueryResult<(A, B)> {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut of_a, mut of_b) = (None, None);
    let mut b_failed_first = false;
    poll_fn(|context| {
        if of_a.is_none()
            && let Poll::Ready(result) = a.as_mut().poll(context)
        {
            of_a = Some(result);
        }
        if of_b.is_none()
            && let Poll::Ready(result) = b.as_mut().poll(context)
        {
            b_failed_first = of_a.is_none() && result.is_err();
            of_b = Some(result);
        }
        match (of_a.take(), of_b.take()) {
            (Some(Ok(a)), Some(Ok(b))) => Poll::Ready(Ok((a, b))),
            (Some(Err(a)), Some(Err(b))) if b_failed_first => Poll::Ready(Err(cause(b, a))),
            (Some(Err(a)), Some(Err(b))) => Poll::Ready(Err(cause(a, b))),
            (Some(Err(error)), Some(Ok(_))) | (Some(Ok(_)), Some(Err(error))) => {
                Poll::Ready(Err(error))
            }
            (a, b) => {
                (of_a, of_b) = (a, b);
                Poll::Pending
            }
        }
    })
    .await
}

/// The error that says what went wrong: the first, unless it only says that
/// another failed before.
fn cause(first: Error, second: Error) -> Error {
    match &first {
        Error::DatabaseError(_, information)
            if information
                .message()
                .starts_with("current transaction is aborted") =>
        {
            second
        }
        _ => first,
    }
}

/// What is read in one transaction, where that is worth its cost, see
/// [`Executor::begin_read`].
///
/// A panic in the middle, as in a user's `FromSql`, must not leave the transaction
/// open: it is undone.
pub(crate) struct Snapshot<'c, C: Executor> {
    conn: &'c mut C,
    open: bool,
}

impl<'c, C: Executor> Snapshot<'c, C> {
    /// Begins it.
    pub(crate) async fn begin(conn: &'c mut C) -> QueryResult<Self> {
        let open = conn.begin_read().await?;
        Ok(Self { conn, open })
    }

    /// The connection to read through.
    pub(crate) fn conn(&mut self) -> &mut C {
        self.conn
    }

    /// Ends it. Where `result` is an error, it stays the error.
    pub(crate) async fn end<T: Send>(mut self, result: QueryResult<T>) -> QueryResult<T> {
        let ended = self.conn.end_read(self.open).await;
        self.open = false;
        let value = result?;
        ended.map(|()| value)
    }
}

impl<C: Executor> Drop for Snapshot<'_, C> {
    fn drop(&mut self) {
        if self.open {
            self.conn.abandon();
        }
    }
}

/// What is written in one transaction, or one savepoint.
///
/// An operation that is dropped in the middle, as a future can be, or that panics,
/// leaves a connection in a transaction that nobody ends. It is given up
/// ([`Executor::abandon`]), so that nothing else is written in it and taken for
/// kept.
pub(crate) struct Transaction<'c, C: Exclusive> {
    conn: &'c mut C,
    open: bool,
}

impl<'c, C: Exclusive> Transaction<'c, C> {
    /// Begins it.
    pub(crate) async fn begin(conn: &'c mut C) -> QueryResult<Self> {
        conn.begin().await?;
        Ok(Self { conn, open: true })
    }

    /// The connection to write through.
    pub(crate) fn conn(&mut self) -> &mut C {
        self.conn
    }

    /// Ends it: keeps what was done, or undoes it where `result` is an error,
    /// which stays the error.
    pub(crate) async fn end<T: Send>(mut self, result: QueryResult<T>) -> QueryResult<T> {
        // From here on the connection answers for it, wherever its future is dropped.
        self.open = false;
        match result {
            Ok(value) => self.conn.commit().await.map(|()| value),
            Err(error) => {
                // Where this fails the connection is lost, and the transaction with
                // it; what went wrong first says more.
                let _ = self.conn.rollback().await;
                Err(error)
            }
        }
    }
}

impl<C: Exclusive> Drop for Transaction<'_, C> {
    fn drop(&mut self) {
        if self.open {
            self.conn.abandon();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{blocking::run_now, join};
    use diesel::QueryResult;
    use diesel::result::{DatabaseErrorKind, Error};
    use std::future::ready;

    fn failed(message: &'static str) -> QueryResult<()> {
        let message = Box::new(message.to_owned());
        Err(Error::DatabaseError(DatabaseErrorKind::Unknown, message))
    }

    #[test]
    fn of_two_errors_the_cause_is_reported() {
        let aborted = || {
            failed(
                "current transaction is aborted, commands ignored until end of transaction block",
            )
        };
        let error = |a, b| run_now(join(ready(a), ready(b))).map_err(|error| error.to_string());

        assert_eq!(error(Ok(()), Ok(())), Ok(((), ())));
        assert_eq!(error(failed("a"), Ok(())), Err("a".to_owned()));
        assert_eq!(error(Ok(()), failed("b")), Err("b".to_owned()));
        assert_eq!(error(failed("a"), failed("b")), Err("a".to_owned()));
        assert_eq!(error(aborted(), failed("b")), Err("b".to_owned()));
        assert_eq!(error(failed("a"), aborted()), Err("a".to_owned()));
    }
}
