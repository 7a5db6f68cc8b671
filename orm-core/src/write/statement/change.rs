//! `UPDATE` and `DELETE`.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::{QueryResult, Table};
use std::marker::PhantomData;

/// One condition and another.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct And<A, B>(pub(in crate::write) A, pub(in crate::write) B);

impl<A, B, DB> QueryFragment<DB> for And<A, B>
where
    DB: Backend,
    A: QueryFragment<DB>,
    B: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" AND ");
        self.1.walk_ast(out)
    }
}

/// `UPDATE table SET .. WHERE ..`
#[derive(Debug)]
pub struct Update<T: QuerySource, S, P> {
    table: T::FromClause,
    set: S,
    condition: P,
}

impl<T: Table + Default, S, P> Update<T, S, P> {
    pub(in crate::write) fn new(set: S, condition: P) -> Self {
        Self {
            table: T::default().from_clause(),
            set,
            condition,
        }
    }
}

/// The identity of an [`Update`]: the table's type says what its name is.
#[derive(Debug)]
pub struct UpdateOf<T, S, P>(PhantomData<(T, S, P)>);

impl<T: QuerySource + 'static, S: QueryId, P: QueryId> QueryId for Update<T, S, P> {
    type QueryId = UpdateOf<T, S::QueryId, P::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = S::HAS_STATIC_QUERY_ID && P::HAS_STATIC_QUERY_ID;
}

impl<T, S, P, DB> QueryFragment<DB> for Update<T, S, P>
where
    DB: Backend,
    T: QuerySource<FromClause: QueryFragment<DB>>,
    S: QueryFragment<DB>,
    P: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.set.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.condition.walk_ast(out)
    }
}

/// `DELETE FROM table WHERE ..`
#[derive(Debug)]
pub struct Delete<T: QuerySource, P> {
    table: T::FromClause,
    condition: P,
}

impl<T: Table + Default, P> Delete<T, P> {
    pub(in crate::write) fn new(condition: P) -> Self {
        Self {
            table: T::default().from_clause(),
            condition,
        }
    }
}

impl<T: QuerySource + 'static, P: QueryId> QueryId for Delete<T, P> {
    type QueryId = DeleteOf<T, P::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = P::HAS_STATIC_QUERY_ID;
}

/// The identity of a [`Delete`].
#[derive(Debug)]
pub struct DeleteOf<T, P>(PhantomData<(T, P)>);

impl<T, P, DB> QueryFragment<DB> for Delete<T, P>
where
    DB: Backend,
    T: QuerySource<FromClause: QueryFragment<DB>>,
    P: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("DELETE FROM ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.condition.walk_ast(out)
    }
}
