//! Connections of diesel-async: an operation is a future to await.

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

            async fn begin(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                <<Self as $crate::__private::diesel_async::AsyncConnection>::TransactionManager
                    as $crate::__private::diesel_async::TransactionManager<Self>>::begin_transaction(self).await
            }

            async fn commit(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                <<Self as $crate::__private::diesel_async::AsyncConnection>::TransactionManager
                    as $crate::__private::diesel_async::TransactionManager<Self>>::commit_transaction(self).await
            }

            async fn rollback(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                <<Self as $crate::__private::diesel_async::AsyncConnection>::TransactionManager
                    as $crate::__private::diesel_async::TransactionManager<Self>>::rollback_transaction(self).await
            }

            fn abandon(&mut self) {
                <<Self as $crate::__private::diesel_async::AsyncConnection>::TransactionManager
                    as $crate::__private::diesel_async::TransactionManager<Self>>::transaction_manager_status_mut(self).set_in_error();
            }

            fn not_broken(&mut self) -> $crate::__private::diesel::QueryResult<()> {
                <<Self as $crate::__private::diesel_async::AsyncConnection>::TransactionManager
                    as $crate::__private::diesel_async::TransactionManager<Self>>::transaction_manager_status_mut(self)
                        .transaction_depth()
                        .map(|_| ())
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

            fn finish<'a, T: ::core::marker::Send + 'a>(
                operation: impl ::core::future::Future<
                    Output = $crate::__private::diesel::QueryResult<T>,
                > + ::core::marker::Send + 'a,
            ) -> Self::Return<'a, T> {
                ::std::boxed::Box::pin(operation)
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
                $crate::connection::Executor::not_broken(self)?;
                $crate::__private::diesel_async::RunQueryDsl::load::<T>(query, self).await
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
                $crate::connection::Executor::not_broken(self)?;
                $crate::__private::diesel::OptionalExtension::optional(
                    $crate::__private::diesel_async::RunQueryDsl::get_result::<T>(query, self)
                        .await,
                )
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
                $crate::connection::Executor::not_broken(self)?;
                $crate::__private::diesel_async::methods::ExecuteDsl::execute(query, self).await
            }
        }
    };
    ($connection:ty) => { $crate::async_connection!([] $connection); };
}

#[cfg(feature = "async-mysql")]
async_connection!(diesel_async::AsyncMysqlConnection);
