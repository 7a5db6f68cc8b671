//! `a = x AND b = y ..` as one expression, for keys of any length.

use crate::connection::is_sqlite;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, AsExpression, Expression, SelectableExpression, TypedExpressionType,
    ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_source::Column;
use diesel::sql_types::{Bool, IntoNullable, Nullable, SqlType};

/// Columns that can be compared with the values `V`, one by one.
///
/// The values are keys borrowed from a row, keys of their own, or the columns
/// of another table, all in nullable form.
#[diagnostic::on_unimplemented(
    message = "the key columns `{Self}` cannot be compared with `{V}`",
    note = "the two ends of an association must have as many columns, of the same SQL types"
)]
pub trait EqAll<V> {
    /// `a = x AND b = y ..`
    type Output;

    /// `a = x AND b = y ..`
    fn eq_all(self, values: V) -> Self::Output;
}

/// The columns of a key equal these values, one by one.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct KeyEq<C, V> {
    columns: C,
    values: V,
    /// Whether the values are bound; else they are columns. It follows from
    /// their types.
    bound: bool,
}

impl<C, V> KeyEq<C, V> {
    /// The columns equal the columns of another table.
    pub(crate) fn columns(columns: C, values: V) -> Self {
        Self {
            columns,
            values,
            bound: false,
        }
    }
}

/// What is compared with values of which some are NULL.
pub(crate) trait EqOrNull<DB: Backend> {
    /// `a = x AND b IS NULL ..`, where `nulls` says which values are NULL.
    fn walk_eq<'b>(&'b self, nulls: Nulls, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

/// Which of at most four values are NULL.
pub(crate) type Nulls = [bool; 4];

impl<C, V> Expression for KeyEq<C, V> {
    type SqlType = Nullable<Bool>;
}

impl<C, V, G> ValidGrouping<G> for KeyEq<C, V> {
    type IsAggregate = is_aggregate::No;
}

impl<C, V, From> AppearsOnTable<From> for KeyEq<C, V>
where
    C: AppearsOnTable<From>,
    V: AppearsOnTable<From>,
{
}

impl<C, V, From> SelectableExpression<From> for KeyEq<C, V>
where
    C: SelectableExpression<From>,
    V: SelectableExpression<From>,
{
}

/// `a = x, b = y`: what an `UPDATE` sets.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Assign<E>(pub(crate) E);

/// Columns with values, as a new row or an `UPDATE` has them.
pub trait Values<DB: Backend> {
    /// How many.
    const COUNT: usize;

    /// The name of the column at this place.
    fn name(index: usize) -> &'static str;

    /// Writes the value at this place.
    ///
    /// # Errors
    /// A value that cannot be bound.
    fn walk_value<'b>(&'b self, index: usize, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;

    /// Whether a new row's own value for the column at this place goes before this one.
    #[must_use]
    fn yields(index: usize) -> bool {
        let _ = index;
        false
    }
}

impl<A, B, DB> Values<DB> for (A, B)
where
    DB: Backend,
    A: Values<DB>,
    B: Values<DB>,
{
    const COUNT: usize = A::COUNT + B::COUNT;

    fn name(index: usize) -> &'static str {
        if index < A::COUNT {
            A::name(index)
        } else {
            B::name(index - A::COUNT)
        }
    }

    fn walk_value<'b>(&'b self, index: usize, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if index < A::COUNT {
            self.0.walk_value(index, out)
        } else {
            self.1.walk_value(index - A::COUNT, out)
        }
    }

    fn yields(index: usize) -> bool {
        if index < A::COUNT {
            A::yields(index)
        } else {
            B::yields(index - A::COUNT)
        }
    }
}

type NullableType<C> = <<C as Expression>::SqlType as IntoNullable>::Nullable;

macro_rules! key_eq {
    ($(($($column:ident $value:ident $index:tt),+) $open:literal $close:literal;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($column, $value),+> EqAll<($($value,)+)> for ($($column,)+)
        where
            $(
                $column: Expression,
                $column::SqlType: IntoNullable,
                NullableType<$column>: SqlType + TypedExpressionType,
                $value: AsExpression<NullableType<$column>>,
            )+
        {
            type Output = KeyEq<Self, ($($value::Expression,)+)>;

            fn eq_all(self, values: ($($value,)+)) -> Self::Output {
                KeyEq {
                    columns: self,
                    values: ($(values.$index.as_expression(),)+),
                    bound: true,
                }
            }
        }

        impl<DB, $($column, $value),+> QueryFragment<DB> for KeyEq<($($column,)+), ($($value,)+)>
        where
            DB: Backend + 'static,
            $($column: QueryFragment<DB>, $value: QueryFragment<DB>,)+
        {
            fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                self.walk_eq(Nulls::default(), out)
            }
        }

        impl<DB, $($column, $value),+> EqOrNull<DB> for KeyEq<($($column,)+), ($($value,)+)>
        where
            DB: Backend + 'static,
            $($column: QueryFragment<DB>, $value: QueryFragment<DB>,)+
        {
            fn walk_eq<'b>(&'b self, nulls: Nulls, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql($open);
                $(
                    if $index > 0 {
                        out.push_sql(" AND ");
                    }
                    self.columns.$index.walk_ast(out.reborrow())?;
                    if nulls[$index] {
                        out.push_sql(" IS NULL");
                    } else {
                        // SQLite prepares a cached statement anew when the value of a
                        // bind changes for which `ANALYZE` keeps samples. It does not
                        // look behind the plus, which changes nothing else.
                        out.push_sql(if self.bound && is_sqlite::<DB>() { " = +" } else { " = " });
                        self.values.$index.walk_ast(out.reborrow())?;
                    }
                )+
                out.push_sql($close);
                Ok(())
            }
        }

        impl<DB, $($column, $value),+> Values<DB> for KeyEq<($($column,)+), ($($value,)+)>
        where
            DB: Backend,
            $($column: Column, $value: QueryFragment<DB>,)+
        {
            const COUNT: usize = [$($index),+].len();

            fn name(index: usize) -> &'static str {
                [$($column::NAME),+][index]
            }

            fn walk_value<'b>(&'b self, index: usize, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                match index {
                    $($index => self.values.$index.walk_ast(out),)+
                    _ => Ok(()),
                }
            }
        }
    )+};
}

key_eq! {
    (A VA 0) "" "";
    (A VA 0, B VB 1) "(" ")";
    (A VA 0, B VB 1, C VC 2) "(" ")";
    (A VA 0, B VB 1, C VC 2, D VD 3) "(" ")";
}

impl<E, DB> QueryFragment<DB> for Assign<E>
where
    DB: Backend,
    E: Values<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for index in 0..E::COUNT {
            if index > 0 {
                out.push_sql(", ");
            }
            out.push_identifier(E::name(index))?;
            out.push_sql(" = ");
            self.0.walk_value(index, out.reborrow())?;
        }
        Ok(())
    }
}
