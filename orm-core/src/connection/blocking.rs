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
    let worth_it = is_sqlite::<C::Backend>()
        && C::TransactionManager::transaction_manager_status_mut(conn)
            .transaction_depth()?
            .is_none();
    if worth_it {
        C::TransactionManager::begin_transaction(conn)?;
    }
    Ok(worth_it)
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

/// Begins a transaction, or inside one a savepoint.
///
/// On SQLite the transaction locks for writing at once. One that reads first, as
/// Diesel's do, fails when it comes to write if another connection wrote in the
/// meantime, and no `busy_timeout` helps it.
#[doc(hidden)]
pub fn begin<C: Connection<Backend: 'static>>(conn: &mut C) -> QueryResult<()> {
    let status = C::TransactionManager::transaction_manager_status_mut(conn);
    if !is_sqlite::<C::Backend>() || status.transaction_depth()?.is_some() {
        return C::TransactionManager::begin_transaction(conn);
    }
    conn.instrumentation()
        .on_connection_event(InstrumentationEvent::begin_transaction(NonZeroU32::MIN));
    conn.batch_execute("BEGIN IMMEDIATE")?;
    match C::TransactionManager::transaction_manager_status_mut(conn) {
        TransactionManagerStatus::Valid(status) => {
            status.change_transaction_depth(TransactionDepthChange::IncreaseDepth)
        }
        TransactionManagerStatus::InError => Err(Error::BrokenTransactionManager),
    }
}

/// Keeps what was done since `begin`.
#[doc(hidden)]
pub fn commit<C: Connection>(conn: &mut C) -> QueryResult<()> {
    C::TransactionManager::commit_transaction(conn)
}

/// Undoes what was done since `begin`.
#[doc(hidden)]
pub fn rollback<C: Connection>(conn: &mut C) -> QueryResult<()> {
    C::TransactionManager::rollback_transaction(conn)
}

/// Undoes what was done since `begin`, where a panic passes through it.
#[doc(hidden)]
pub fn abandon<C: Connection>(conn: &mut C) {
    // Where this fails there is nobody to tell, and the connection is broken.
    let _ = C::TransactionManager::rollback_transaction(conn);
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

            async fn begin(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::begin(self)
            }

            async fn commit(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::commit(self)
            }

            async fn rollback(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::rollback(self)
            }

            fn abandon(&mut self) {
                $crate::connection::abandon(self);
            }

            fn set_instrumentation(
                &mut self,
                instrumentation: impl $crate::__private::diesel::connection::Instrumentation,
            ) {
                $crate::__private::diesel::Connection::set_instrumentation(self, instrumentation);
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
