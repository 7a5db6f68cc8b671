//! PostgreSQL behind diesel-async: it answers statements in their order, so that
//! several can be in flight.

use super::{Enrolled, Execute, Executor, Load};
use diesel::deserialize::FromSqlRow;
use diesel::expression::QueryMetadata;
use diesel::pg::Pg;
use diesel::query_builder::{AsQuery, QueryFragment, QueryId};
use diesel::query_dsl::CompatibleType;
use diesel::{OptionalExtension, QueryResult};
use diesel_async::methods::ExecuteDsl;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::future::Future;

crate::async_connection!(
    @executor {
        type Shared = Self;

        fn shared(&self) -> Option<&Self> {
            Some(self)
        }
    }
    [] AsyncPgConnection
);

// What diesel-async asks of a query, which holds for a connection and for a
// shared one alike.
#[diagnostic::do_not_recommend]
impl<'q, Q, T, ST> Load<'q, Q, T> for AsyncPgConnection
where
    Q: AsQuery<Query: QueryFragment<Pg> + QueryId + Send + 'q> + Send + 'q,
    Q::SqlType: CompatibleType<T, Pg, SqlType = ST>,
    T: FromSqlRow<ST, Pg> + Send + 'static,
    Pg: QueryMetadata<Q::SqlType>,
    ST: 'static,
{
    async fn load(&mut self, query: Q) -> QueryResult<Vec<T>> {
        self.not_broken()?;
        RunQueryDsl::load::<T>(query, self).await
    }

    async fn load_beside(mut shared: &Self, query: Q) -> QueryResult<Vec<T>> {
        RunQueryDsl::load::<T>(query, &mut shared).await
    }

    async fn load_first(&mut self, query: Q) -> QueryResult<Option<T>> {
        self.not_broken()?;
        RunQueryDsl::get_result::<T>(query, self).await.optional()
    }
}

// A shared connection, of which there may be many. It reads: what is written in a transaction
// needs the connection itself.
impl Enrolled for &AsyncPgConnection {}

#[diagnostic::do_not_recommend]
impl Executor for &AsyncPgConnection {
    type Backend = Pg;
    type Shared = AsyncPgConnection;
    type Return<'a, T: Send + 'a> = <AsyncPgConnection as Executor>::Return<'a, T>;

    fn shared(&self) -> Option<&AsyncPgConnection> {
        Some(self)
    }

    async fn begin_read(&mut self) -> QueryResult<bool> {
        Ok(false)
    }

    async fn end_read(&mut self, _: bool) -> QueryResult<()> {
        Ok(())
    }

    fn abandon(&mut self) {}

    fn finish<'a, T: Send + 'a>(
        operation: impl Future<Output = QueryResult<T>> + Send + 'a,
    ) -> Self::Return<'a, T> {
        AsyncPgConnection::finish(operation)
    }
}

#[diagnostic::do_not_recommend]
impl<'q, Q, T, ST> Load<'q, Q, T> for &AsyncPgConnection
where
    Q: AsQuery<Query: QueryFragment<Pg> + QueryId + Send + 'q> + Send + 'q,
    Q::SqlType: CompatibleType<T, Pg, SqlType = ST>,
    T: FromSqlRow<ST, Pg> + Send + 'static,
    Pg: QueryMetadata<Q::SqlType>,
    ST: 'static,
{
    async fn load(&mut self, query: Q) -> QueryResult<Vec<T>> {
        RunQueryDsl::load::<T>(query, self).await
    }

    async fn load_beside(mut shared: &AsyncPgConnection, query: Q) -> QueryResult<Vec<T>> {
        RunQueryDsl::load::<T>(query, &mut shared).await
    }

    async fn load_first(&mut self, query: Q) -> QueryResult<Option<T>> {
        RunQueryDsl::get_result::<T>(query, self).await.optional()
    }
}

// Each answer goes to the one who asked, so that a statement that is dropped is
// harmless, and the connection is not broken by it.
#[diagnostic::do_not_recommend]
impl<'q, Q> Execute<'q, Q> for AsyncPgConnection
where
    Q: Send + 'q + ExecuteDsl<Self>,
{
    async fn execute(&mut self, query: Q) -> QueryResult<usize> {
        self.not_broken()?;
        ExecuteDsl::execute(query, self).await
    }
}
