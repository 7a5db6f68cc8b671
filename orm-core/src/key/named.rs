//! The columns of a key as a derived table calls them.

use super::Columns;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

/// The columns of a key, selected as `k0`, `k1` and so on, with the letter
/// `LETTER`.
///
/// In a derived table a column's own name may be there twice: two keys of a
/// junction can share a column, and two tables can have columns of one name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<C, const LETTER: char>(pub(crate) C);

/// The name of the column at `index` of a key in a derived table.
const fn name(letter: char, index: usize) -> &'static str {
    match (letter, index) {
        ('k', 0) => "k0",
        ('k', 1) => "k1",
        ('k', 2) => "k2",
        ('k', _) => "k3",
        (_, 0) => "l0",
        (_, 1) => "l1",
        (_, 2) => "l2",
        _ => "l3",
    }
}

impl<C: Columns, const LETTER: char> Named<C, LETTER> {
    /// The names, in order.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        (0..C::NAMES.len()).map(|index| name(LETTER, index))
    }
}

/// Columns that can be written one at a time.
pub trait EachColumn<DB: Backend> {
    /// Writes the column at this place.
    ///
    /// # Errors
    /// What the backend reports.
    fn walk_column<'b>(&'b self, index: usize, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

macro_rules! each_column {
    ($(($($column:ident $index:tt),+);)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<DB, $($column),+> EachColumn<DB> for ($($column,)+)
        where
            DB: Backend,
            $($column: QueryFragment<DB>,)+
        {
            fn walk_column<'b>(
                &'b self,
                index: usize,
                out: AstPass<'_, 'b, DB>,
            ) -> QueryResult<()> {
                match index {
                    $($index => self.$index.walk_ast(out),)+
                    _ => Ok(()),
                }
            }
        }
    )+};
}

each_column! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
}

impl<C: Expression, const LETTER: char> Expression for Named<C, LETTER> {
    type SqlType = C::SqlType;
}

impl<C: QueryId, const LETTER: char> QueryId for Named<C, LETTER> {
    type QueryId = Named<C::QueryId, LETTER>;
    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID;
}

impl<C, G, const LETTER: char> ValidGrouping<G> for Named<C, LETTER> {
    type IsAggregate = is_aggregate::No;
}

impl<C, From, const LETTER: char> AppearsOnTable<From> for Named<C, LETTER> where
    C: Expression + AppearsOnTable<From>
{
}

impl<C, From, const LETTER: char> SelectableExpression<From> for Named<C, LETTER> where
    C: Expression + SelectableExpression<From>
{
}

impl<C, DB, const LETTER: char> QueryFragment<DB> for Named<C, LETTER>
where
    DB: Backend,
    C: Columns + EachColumn<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (index, name) in Self::names().enumerate() {
            if index > 0 {
                out.push_sql(", ");
            }
            self.0.walk_column(index, out.reborrow())?;
            out.push_sql(" AS ");
            out.push_sql(name);
        }
        Ok(())
    }
}
