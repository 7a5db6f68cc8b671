//! `a IS NOT NULL AND b IS NOT NULL`, for keys of any length.

use super::Columns;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

/// No part of the key is NULL: the row belongs to another, or may.
///
/// ```sql
/// tenant_id IS NOT NULL AND author_id IS NOT NULL
/// ```
///
/// Where the columns cannot be NULL it is true, which every database knows.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Present<C>(pub(crate) C);

impl<C> Expression for Present<C> {
    type SqlType = Bool;
}

impl<C, G> ValidGrouping<G> for Present<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C: AppearsOnTable<From>, From> AppearsOnTable<From> for Present<C> {}

impl<C: SelectableExpression<From>, From> SelectableExpression<From> for Present<C> {}

macro_rules! present {
    ($(($($column:ident $index:tt),+);)+) => {$(
        impl<DB: Backend, $($column: QueryFragment<DB>),+> QueryFragment<DB>
            for Present<($($column,)+)>
        where
            ($($column,)+): Columns,
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                $(
                    out.push_sql(if $index > 0 { " AND " } else { "" });
                    self.0.$index.walk_ast(out.reborrow())?;
                    out.push_sql(" IS NOT NULL");
                )+
                Ok(())
            }
        }
    )+};
}

present! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
}
