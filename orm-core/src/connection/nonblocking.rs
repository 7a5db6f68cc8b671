//! Connections of diesel-async: an operation is a future to await.

use super::{Exclusive, Executor};
use diesel::QueryResult;
use diesel::result::Error;
use diesel_async::{AsyncConnection, TransactionManager};
use std::mem;

/// A statement that was sent and is not answered yet.
///
/// Where it is dropped, as its future is, its answer would be taken for that of the
/// next statement, or nobody knows what became of the transaction: the connection
/// reports itself as broken ([`Executor::abandon`]).
#[doc(hidden)]
#[derive(Debug)]
pub struct Running<'c, C: Executor> {
    conn: &'c mut C,
    running: bool,
}

impl<'c, C: Executor> Running<'c, C> {
    /// A statement that is about to be sent.
    ///
    /// # Errors
    /// Those of [`Executor::not_broken`].
    pub fn new(conn: &'c mut C) -> QueryResult<Self> {
        conn.not_broken()?;
        Ok(Self {
            conn,
            running: true,
        })
    }

    /// The connection to send it through.
    pub fn conn(&mut self) -> &mut C {
        self.conn
    }

    /// It is answered.
    pub fn end(mut self) {
        self.running = false;
    }
}

impl<C: Executor> Drop for Running<'_, C> {
    fn drop(&mut self) {
        if self.running {
            self.conn.abandon();
        }
    }
}

/// Begins a transaction, or inside one a savepoint.
#[doc(hidden)]
pub async fn begin_async<C: Exclusive + AsyncConnection>(conn: &mut C) -> QueryResult<()> {
    let mut running = Running::new(conn)?;
    let begun = C::TransactionManager::begin_transaction(running.conn()).await;
    running.end();
    begun
}

/// Keeps what was done since `begin_async`; where that fails, undoes it.
#[doc(hidden)]
pub async fn commit_async<C: Exclusive + AsyncConnection>(conn: &mut C) -> QueryResult<()> {
    let mut running = Running::new(conn)?;
    let conn = running.conn();
    let depth = C::TransactionManager::transaction_manager_status_mut(conn).transaction_depth()?;
    let committed = C::TransactionManager::commit_transaction(conn).await;
    if committed.is_err() {
        // diesel-async takes it for ended, though a savepoint that could not be
        // released is still there, and with it what was written.
        let undo = match depth {
            Some(depth) if depth.get() > 1 => {
                format!("ROLLBACK TO SAVEPOINT diesel_savepoint_{}", depth.get() - 1)
            }
            _ => "ROLLBACK".to_owned(),
        };
        if conn.batch_execute(&undo).await.is_err() {
            set_broken(conn);
        }
    }
    running.end();
    committed
}

/// Undoes what was done since `begin_async`.
#[doc(hidden)]
pub async fn rollback_async<C: Exclusive + AsyncConnection>(conn: &mut C) -> QueryResult<()> {
    let mut running = Running::new(conn)?;
    let undone = C::TransactionManager::rollback_transaction(running.conn()).await;
    running.end();
    undone
}

/// Has pools throw the connection away, and transactions and associations refuse it.
#[doc(hidden)]
pub fn set_broken<C: AsyncConnection>(conn: &mut C) {
    C::TransactionManager::transaction_manager_status_mut(conn).set_in_error();
}

/// Whether neither an operation of ours was dropped while it ran, nor a `BEGIN` or
/// `COMMIT` of the caller's.
#[doc(hidden)]
pub fn not_broken<C: AsyncConnection>(conn: &mut C) -> QueryResult<()> {
    let status = C::TransactionManager::transaction_manager_status_mut(conn);
    status.transaction_depth()?;
    // diesel-async tells the second from an open transaction where none is open
    let status = mem::take(status);
    let dropped = C::TransactionManager::is_broken_transaction_manager(conn);
    *C::TransactionManager::transaction_manager_status_mut(conn) = status;
    if dropped {
        return Err(Error::BrokenTransactionManager);
    }
    Ok(())
}

/// Enrols an asynchronous connection type of your own, so that associations
/// can be read through it.
///
/// The type must implement `diesel_async::AsyncConnection`. Generic types put
/// their parameters and bounds in front, as in
/// [`blocking_connection!`](crate::blocking_connection).
#[macro_export]
macro_rules! async_connection {
    ([$($generics:tt)*] $connection:ty $(where $($bounds:tt)*)?) => {
        $crate::async_connection!(
            @executor { type Shared = ::core::convert::Infallible; }
            [$($generics)*] $connection $(where $($bounds)*)?
        );
        $crate::async_connection!(@load [$($generics)*] $connection $(where $($bounds)*)?);
        $crate::async_connection!(@execute [$($generics)*] $connection $(where $($bounds)*)?);
    };
    (@executor { $($shared:tt)* } [$($generics:tt)*] $connection:ty $(where $($bounds:tt)*)?) => {
        impl<$($generics)*> $crate::connection::Enrolled for $connection $(where $($bounds)*)? {}

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $crate::connection::Executor for $connection $(where $($bounds)*)? {
            type Backend = <Self as $crate::__private::diesel_async::AsyncConnectionCore>::Backend;
            $($shared)*

            type Return<'a, T: ::core::marker::Send + 'a> = ::core::pin::Pin<
                ::std::boxed::Box<
                    dyn ::core::future::Future<
                            Output = $crate::__private::diesel::QueryResult<T>,
                        > + ::core::marker::Send + 'a,
                >,
            >;

            async fn begin_read(&mut self) -> $crate::__private::diesel::QueryResult<bool> {
                ::core::result::Result::Ok(false)
            }

            async fn end_read(&mut self, _: bool) -> $crate::__private::diesel::QueryResult<()> {
                ::core::result::Result::Ok(())
            }

            fn abandon(&mut self) {
                $crate::connection::set_broken(self);
            }

            fn not_broken(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::not_broken(self)
            }

            fn finish<'a, T: ::core::marker::Send + 'a>(
                operation: impl ::core::future::Future<
                    Output = $crate::__private::diesel::QueryResult<T>,
                > + ::core::marker::Send + 'a,
            ) -> Self::Return<'a, T> {
                ::std::boxed::Box::pin(operation)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $crate::connection::Exclusive for $connection $(where $($bounds)*)? {
            async fn begin(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::begin_async(self).await
            }

            async fn commit(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::commit_async(self).await
            }

            async fn rollback(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                $crate::connection::rollback_async(self).await
            }

            fn set_instrumentation(
                &mut self,
                instrumentation: impl $crate::__private::diesel::connection::Instrumentation,
            ) {
                $crate::__private::diesel_async::AsyncConnection::set_instrumentation(
                    self,
                    instrumentation,
                );
            }
        }

    };
    (@load [$($generics:tt)*] $connection:ty $(where $($bounds:tt)*)?) => {
        impl<'q, Q, T, $($generics)*> $crate::connection::Load<'q, Q, T> for $connection
        where
            T: ::core::marker::Send,
            Q: ::core::marker::Send + 'q
                + $crate::__private::diesel_async::methods::LoadQuery<'q, Self, T>,
            $($($bounds)*)?
        {
            async fn load(
                &mut self,
                query: Q,
            ) -> $crate::__private::diesel::QueryResult<::std::vec::Vec<T>> {
                let mut running = $crate::connection::Running::new(self)?;
                let conn = running.conn();
                let rows = $crate::__private::diesel_async::RunQueryDsl::load::<T>(query, conn).await;
                running.end();
                rows
            }

            async fn load_beside(
                shared: &::core::convert::Infallible,
                _: Q,
            ) -> $crate::__private::diesel::QueryResult<::std::vec::Vec<T>> {
                match *shared {}
            }

            async fn load_first(
                &mut self,
                query: Q,
            ) -> $crate::__private::diesel::QueryResult<::core::option::Option<T>> {
                let mut running = $crate::connection::Running::new(self)?;
                let conn = running.conn();
                let row = $crate::__private::diesel_async::RunQueryDsl::get_result::<T>(query, conn).await;
                running.end();
                $crate::__private::diesel::OptionalExtension::optional(row)
            }
        }

    };
    (@execute [$($generics:tt)*] $connection:ty $(where $($bounds:tt)*)?) => {
        impl<'q, Q, $($generics)*> $crate::connection::Execute<'q, Q> for $connection
        where
            Q: ::core::marker::Send + 'q
                + $crate::__private::diesel_async::methods::ExecuteDsl<Self>,
            $($($bounds)*)?
        {
            async fn execute(
                &mut self,
                query: Q,
            ) -> $crate::__private::diesel::QueryResult<::core::primitive::usize> {
                let mut running = $crate::connection::Running::new(self)?;
                let conn = running.conn();
                let count = $crate::__private::diesel_async::methods::ExecuteDsl::execute(query, conn).await;
                running.end();
                count
            }
        }
    };
    ($connection:ty) => { $crate::async_connection!([] $connection); };
}

#[cfg(feature = "async-mysql")]
async_connection!(diesel_async::AsyncMysqlConnection);
