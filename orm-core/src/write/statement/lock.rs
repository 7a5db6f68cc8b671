//! Locking a source row while its links are replaced.

use crate::connection::{Dialect, HasDialect};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::sql_types::Integer;
use diesel::{QueryResult, RunQueryDsl, Table};
use std::marker::PhantomData;

/// Locks the rows of `T` for which `P` holds until the transaction ends:
/// `SELECT 1 FROM people WHERE people.id = ? FOR UPDATE`.
///
/// On PostgreSQL `FOR NO KEY UPDATE`: a stronger lock would keep others from inserting
/// rows that refer to it. SQLite has one writer at a time and takes no lock.
#[derive(Debug)]
pub struct LockRows<T: QuerySource, P> {
    table: T::FromClause,
    condition: P,
}

impl<T: Table + Default, P> LockRows<T, P> {
    pub(in crate::write) fn new(condition: P) -> Self {
        Self {
            table: T::default().from_clause(),
            condition,
        }
    }
}

/// The identity of a [`LockRows`].
#[derive(Debug)]
pub struct LockRowsOf<T, P>(PhantomData<(T, P)>);

impl<T: QuerySource + 'static, P: QueryId> QueryId for LockRows<T, P> {
    type QueryId = LockRowsOf<T, P::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = P::HAS_STATIC_QUERY_ID;
}

impl<T: QuerySource, P> Query for LockRows<T, P> {
    type SqlType = Integer;
}

impl<T: QuerySource, P, Conn> RunQueryDsl<Conn> for LockRows<T, P> {}

impl<T, P, DB> QueryFragment<DB> for LockRows<T, P>
where
    DB: HasDialect,
    T: QuerySource<FromClause: QueryFragment<DB>>,
    P: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT 1 FROM ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.condition.walk_ast(out.reborrow())?;
        out.push_sql(match out.backend().dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR NO KEY UPDATE",
            Dialect::Mysql => " FOR UPDATE",
        });
        Ok(())
    }
}

/// The query `Q`, which on MySQL reads what is committed now, and not what its
/// transaction saw first.
#[derive(Debug)]
pub struct Current<Q>(pub(in crate::write) Q);

/// The identity of a [`Current`].
#[derive(Debug)]
pub struct CurrentOf<Q>(PhantomData<Q>);

impl<Q: QueryId> QueryId for Current<Q> {
    type QueryId = CurrentOf<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Current<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Conn> RunQueryDsl<Conn> for Current<Q> {}

impl<Q, DB> QueryFragment<DB> for Current<Q>
where
    DB: HasDialect,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        if out.backend().dialect() == Dialect::Mysql {
            out.push_sql(" FOR UPDATE");
        }
        Ok(())
    }
}
