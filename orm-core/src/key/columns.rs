//! Tuples of columns.

use diesel::dsl;
use diesel::expression::Expression;
use diesel::expression_methods::NullableExpressionMethods;
use diesel::query_source::Column;
use diesel::sql_types::is_nullable::{IsNullable, NotNull};
use diesel::sql_types::{IntoNullable, SqlType};

/// The columns of a key: a tuple of one to four of them.
pub trait Columns: Copy + Default + Send + Sync + 'static {
    /// The names of the columns, as the database knows them.
    const NAMES: &'static [&'static str];

    /// Whether any of the columns may be NULL.
    const NULLABLE: bool;

    /// Whether each of the columns may be NULL.
    const NULLABLES: &'static [bool];

    /// The same columns, typed as nullable.
    ///
    /// Two ends of an association may differ in nullability; compared in this
    /// form they have one type. The SQL is the same.
    type Nullable: Expression;

    /// The types of the columns, all nullable: equal on the two ends of an
    /// association.
    type SqlTypes;

    /// The tables of the columns: one, as many times as there are columns.
    type Tables;

    /// See [`Columns::Nullable`].
    fn nullable(self) -> Self::Nullable;
}

/// Whether a column may be NULL, as a constant.
pub trait Nullability {
    /// Whether it may.
    const NULLABLE: bool;
}

impl Nullability for NotNull {
    const NULLABLE: bool = false;
}

impl Nullability for IsNullable {
    const NULLABLE: bool = true;
}

/// The SQL types of a key are those of the key it refers to, but for
/// nullability.
#[diagnostic::on_unimplemented(
    message = "a key of the SQL types `{Self}` cannot refer to a key of the SQL types `{Other}`",
    label = "the two ends of this association do not match",
    note = "name the columns of both ends, in the same order, with `foreign_key`, `other_key`, `source_key` and `target_key`"
)]
pub trait SameTypes<Other> {
    /// That it holds.
    #[doc(hidden)]
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<T> SameTypes<T> for T {}

/// The columns of a key are all of one table.
#[diagnostic::on_unimplemented(
    message = "this key has columns of `{Self}`, not of `{T}`",
    label = "expected columns of `{T}`",
    note = "the foreign key is in the target of a `has_one` or `has_many`, in the struct itself for a \
            `belongs_to`, and in the junction for a `belongs_to_many`"
)]
pub trait AllOf<T> {
    /// That they are.
    #[doc(hidden)]
    const HOLDS: bool = true;
}

macro_rules! all_of {
    ($($tables:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> AllOf<T> for $tables {}
    )+};
}

all_of! { (T,), (T, T), (T, T, T), (T, T, T, T) }

type NullableType<C> = <<C as Expression>::SqlType as IntoNullable>::Nullable;

macro_rules! columns {
    ($(($($column:ident $index:tt),+);)+) => {$(
        impl<$($column),+> Columns for ($($column,)+)
        where
            $(
                $column: Column + NullableExpressionMethods + Copy + Default + Send + Sync + 'static,
                $column::SqlType: SqlType + IntoNullable,
                <$column::SqlType as SqlType>::IsNull: Nullability,
            )+
            ($(dsl::Nullable<$column>,)+): Expression,
        {
            const NAMES: &'static [&'static str] = &[$($column::NAME),+];
            const NULLABLE: bool =
                $(<<$column::SqlType as SqlType>::IsNull as Nullability>::NULLABLE)||+;
            const NULLABLES: &'static [bool] =
                &[$(<<$column::SqlType as SqlType>::IsNull as Nullability>::NULLABLE),+];

            type Nullable = ($(dsl::Nullable<$column>,)+);
            type SqlTypes = ($(NullableType<$column>,)+);
            type Tables = ($($column::Table,)+);

            fn nullable(self) -> Self::Nullable {
                ($(self.$index.nullable(),)+)
            }
        }
    )+};
}

columns! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
}
