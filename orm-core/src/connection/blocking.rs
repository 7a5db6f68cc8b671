//! Connections that block: the future of an operation is always ready.

use diesel::QueryResult;
use diesel::connection::{
    Connection, InstrumentationEvent, TransactionDepthChange, TransactionManager,
    TransactionManagerStatus,
};
use diesel::result::Error;
#[cfg(feature = "sqlite")]
use std::any::TypeId;
use std::future::Future;
use std::num::NonZeroU32;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs an operation on a blocking connection to its end.
///
/// Nothing in it ever waits, so the first poll finishes it.
#[doc(hidden)]
#[inline]
pub fn run_now<T>(operation: impl Future<Output = QueryResult<T>>) -> QueryResult<T> {
    match pin!(operation).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Error::QueryBuilderError(
            "a connection enrolled as blocking waited; enrol it with `async_connection!`".into(),
        )),
    }
}

/// Begins a transaction on SQLite, if none is open.
#[doc(hidden)]
pub fn begin_read<C: Connection<Backend: 'static>>(conn: &mut C) -> QueryResult<bool> {
    if !is_sqlite::<C::Backend>() || depth(conn)?.is_some() {
        return Ok(false);
    }
    let begun = C::TransactionManager::begin_transaction(conn);
    // a `BEGIN` that the caller sent as text, of which Diesel does not know
    if says(&begun, IN_TRANSACTION) {
        return Ok(false);
    }
    begun.map(|()| true)
}

/// Ends what `begin_read` began.
#[doc(hidden)]
pub fn end_read<C: Connection>(conn: &mut C, began: bool) -> QueryResult<()> {
    if began {
        C::TransactionManager::commit_transaction(conn)
    } else {
        Ok(())
    }
}

/// What SQLite says to a `BEGIN` in a transaction.
const IN_TRANSACTION: &str = "cannot start a transaction within a transaction";
/// What SQLite says to a write under `PRAGMA query_only`.
const READ_ONLY: &str = "attempt to write a readonly database";

/// Whether SQLite reports this. It has no other code for it that Diesel tells.
fn says(result: &QueryResult<()>, message: &str) -> bool {
    matches!(result, Err(Error::DatabaseError(_, information)) if information.message() == message)
}

/// How many transactions and savepoints are open, as far as Diesel knows.
fn depth<C: Connection>(conn: &mut C) -> QueryResult<Option<NonZeroU32>> {
    C::TransactionManager::transaction_manager_status_mut(conn).transaction_depth()
}

/// Begins a transaction, or inside one a savepoint.
///
/// On SQLite the transaction locks for writing at once. One that reads first, as
/// Diesel's do, fails when it comes to write if another connection wrote in the
/// meantime, and no `busy_timeout` helps it.
#[doc(hidden)]
pub fn begin<C: Connection<Backend: 'static>>(conn: &mut C) -> QueryResult<()> {
    if !is_sqlite::<C::Backend>() || depth(conn)?.is_some() {
        return C::TransactionManager::begin_transaction(conn);
    }
    conn.instrumentation()
        .on_connection_event(InstrumentationEvent::begin_transaction(NonZeroU32::MIN));
    let mut begun = conn.batch_execute("BEGIN IMMEDIATE");
    if says(&begun, READ_ONLY) {
        // What turns out to change nothing works.
        begun = conn.batch_execute("BEGIN");
    }
    if says(&begun, IN_TRANSACTION) {
        // The caller sent `BEGIN` as text, of which Diesel does not know. Its depth
        // stays none, which tells `commit` and `rollback`.
        return conn.batch_execute("SAVEPOINT orm_core");
    }
    begun?;
    match C::TransactionManager::transaction_manager_status_mut(conn) {
        TransactionManagerStatus::Valid(status) => {
            status.change_transaction_depth(TransactionDepthChange::IncreaseDepth)
        }
        TransactionManagerStatus::InError => Err(Error::BrokenTransactionManager),
    }
}

/// Keeps what was done since `begin`; where that fails, undoes it.
#[doc(hidden)]
pub fn commit<C: Connection<Backend: 'static>>(conn: &mut C) -> QueryResult<()> {
    let mut committing = Committing { conn, ended: false };
    let committed = committing.commit();
    committing.ended = true;
    committed
}

/// While it lives, a transaction is being committed: a panic of the user's
/// instrumentation must not leave it open.
struct Committing<'c, C: Connection<Backend: 'static>> {
    conn: &'c mut C,
    ended: bool,
}

impl<C: Connection<Backend: 'static>> Committing<'_, C> {
    fn commit(&mut self) -> QueryResult<()> {
        let conn = &mut *self.conn;
        let open = depth(conn)?;
        let committed = if is_sqlite::<C::Backend>() && open.is_none() {
            conn.batch_execute("RELEASE SAVEPOINT orm_core")
        } else {
            C::TransactionManager::commit_transaction(conn)
        };
        // A savepoint that could not be released is still there, and with it what
        // was written; the transaction around it would keep that.
        if committed.is_err()
            && open.is_none_or(|open| open.get() > 1)
            && depth(conn).is_ok_and(|now| now == open)
            && rollback(conn).is_err()
            && depth(conn).is_ok_and(|now| now.is_some())
        {
            C::TransactionManager::transaction_manager_status_mut(conn).set_in_error();
        }
        committed
    }
}

impl<C: Connection<Backend: 'static>> Drop for Committing<'_, C> {
    fn drop(&mut self) {
        if !self.ended {
            abandon(self.conn);
        }
    }
}

/// Undoes what was done since `begin`.
#[doc(hidden)]
pub fn rollback<C: Connection<Backend: 'static>>(conn: &mut C) -> QueryResult<()> {
    if is_sqlite::<C::Backend>() && depth(conn)?.is_none() {
        conn.batch_execute("ROLLBACK TO SAVEPOINT orm_core; RELEASE SAVEPOINT orm_core")
    } else {
        C::TransactionManager::rollback_transaction(conn)
    }
}

/// Undoes what was done since `begin`, where a panic passes through it.
#[doc(hidden)]
pub fn abandon<C: Connection<Backend: 'static>>(conn: &mut C) {
    // Where this fails there is nobody to tell, and the connection is broken.
    let _ = rollback(conn);
}

/// Whether the database is SQLite.
pub(crate) fn is_sqlite<DB: 'static>() -> bool {
    #[cfg(feature = "sqlite")]
    return TypeId::of::<DB>() == TypeId::of::<diesel::sqlite::Sqlite>();
    #[cfg(not(feature = "sqlite"))]
    false
}

/// Enrols a blocking connection type of your own, so that associations can be
/// read through it.
///
/// The type must implement [`diesel::Connection`]. Generic types put their
/// parameters and bounds in front. For an enum of connections
/// [`multi_connection!`](crate::multi_connection) does this and what its database
/// needs beside it.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::connection::Executor;
///
/// /// A connection that may be to any of the supported databases.
/// #[derive(diesel::MultiConnection)]
/// enum AnyConnection {
///     Sqlite(SqliteConnection),
/// }
///
/// orm_core::blocking_connection!(AnyConnection);
///
/// fn usable<C: Executor>() {}
/// # fn main() {
/// usable::<AnyConnection>();
/// # }
/// ```
#[macro_export]
macro_rules! blocking_connection {
    ([$($generics:tt)*] $connection:ty $(where $($bounds:tt)*)?) => {
        impl<$($generics)*> $crate::connection::Enrolled for $connection $(where $($bounds)*)? {}

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $crate::connection::Executor for $connection $(where $($bounds)*)? {
            type Backend = <Self as $crate::__private::diesel::Connection>::Backend;
            type Shared = ::core::convert::Infallible;
            type Return<'a, T: ::core::marker::Send + 'a> = $crate::__private::diesel::QueryResult<T>;

            async fn begin_read(&mut self) -> $crate::__private::diesel::QueryResult<bool> {
                $crate::connection::begin_read(self)
            }

            async fn end_read(&mut self, began: bool) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::end_read(self, began)
            }

            fn abandon(&mut self) {
                $crate::connection::abandon(self);
            }

            #[inline]
            fn finish<'a, T: ::core::marker::Send + 'a>(
                operation: impl ::core::future::Future<
                    Output = $crate::__private::diesel::QueryResult<T>,
                > + ::core::marker::Send + 'a,
            ) -> $crate::__private::diesel::QueryResult<T> {
                $crate::connection::run_now(operation)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $crate::connection::Exclusive for $connection $(where $($bounds)*)? {
            async fn begin(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::begin(self)
            }

            async fn commit(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::commit(self)
            }

            async fn rollback(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::rollback(self)
            }

            fn set_instrumentation(
                &mut self,
                instrumentation: impl $crate::__private::diesel::connection::Instrumentation,
            ) {
                $crate::__private::diesel::Connection::set_instrumentation(self, instrumentation);
            }
        }

        impl<'q, Q, T, $($generics)*> $crate::connection::Load<'q, Q, T> for $connection
        where
            T: ::core::marker::Send,
            Q: ::core::marker::Send
                + $crate::__private::diesel::query_dsl::LoadQuery<'q, Self, T>,
            $($($bounds)*)?
        {
            #[inline]
            async fn load(
                &mut self,
                query: Q,
            ) -> $crate::__private::diesel::QueryResult<::std::vec::Vec<T>> {
                $crate::__private::diesel::RunQueryDsl::load::<T>(query, self)
            }

            async fn load_beside(
                shared: &::core::convert::Infallible,
                _: Q,
            ) -> $crate::__private::diesel::QueryResult<::std::vec::Vec<T>> {
                match *shared {}
            }

            #[inline]
            async fn load_first(
                &mut self,
                query: Q,
            ) -> $crate::__private::diesel::QueryResult<::core::option::Option<T>> {
                $crate::__private::diesel::OptionalExtension::optional(
                    $crate::__private::diesel::RunQueryDsl::get_result::<T>(query, self),
                )
            }
        }

        impl<'q, Q, $($generics)*> $crate::connection::Execute<'q, Q> for $connection
        where
            Q: ::core::marker::Send
                + $crate::__private::diesel::query_builder::QueryFragment<
                    <Self as $crate::__private::diesel::Connection>::Backend,
                > + $crate::__private::diesel::query_builder::QueryId,
            $($($bounds)*)?
        {
            #[inline]
            async fn execute(
                &mut self,
                query: Q,
            ) -> $crate::__private::diesel::QueryResult<::core::primitive::usize> {
                $crate::__private::diesel::query_dsl::methods::ExecuteDsl::execute(query, self)
            }
        }
    };
    ($connection:ty) => { $crate::blocking_connection!([] $connection); };
}

#[cfg(feature = "sqlite")]
blocking_connection!(diesel::SqliteConnection);
#[cfg(feature = "postgres")]
blocking_connection!(diesel::PgConnection);
#[cfg(feature = "mysql")]
blocking_connection!(diesel::MysqlConnection);
#[cfg(feature = "r2d2")]
blocking_connection!(
    [M] diesel::r2d2::PooledConnection<M>
    where
        M: diesel::r2d2::ManageConnection,
        M::Connection: Connection + diesel::r2d2::R2D2Connection + Send + 'static,
        Self: Connection + Send,
);
