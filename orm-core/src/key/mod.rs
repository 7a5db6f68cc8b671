//! Keys: the columns that tie two rows together, and their values.
//!
//! A key is always a tuple, of one to four columns and of as many values. That
//! one shape serves plain and composite keys alike.

mod columns;
mod eq;
#[cfg(feature = "sqlite")]
mod json;
#[cfg(any(feature = "mysql", feature = "async-mysql"))]
mod json_table;
mod list;
mod named;
mod order;
mod present;
mod reference;
mod same;

pub use self::columns::{AllOf, Columns, Nullability, SameTypes};
pub use self::eq::{Assign, EqAll, KeyEq, Values};
pub(crate) use self::eq::{EqOrNull, Nulls};
pub use self::list::{KeyIn, KeyRows, KeyTable};
pub use self::named::{EachColumn, Named};
pub(crate) use self::order::sort;
pub use self::present::Present;
pub use self::reference::{
    ByKey, ByRow, ByText, ManyTargets, MaybeReference, OneTarget, Optional, Reference, Targets,
};
pub use self::same::{Equality, Same, SameKeys};

use crate::model::Field;
use diesel::expression::{AsExpression, Expression, TypedExpressionType};
use diesel::query_source::Column;
use diesel::sql_types::is_nullable::{IsNullable, NotNull};
use diesel::sql_types::{IntoNullable, SqlType};
use std::any::Any;
use std::hash::Hash;

/// The value of a key: a tuple of one to four parts.
///
/// ```
/// use orm_core::key::Key;
///
/// assert_eq!(<(i32,) as Key>::from_plain(7), (7,));
/// assert_eq!(<(i32, String) as Key>::from_plain((7, "a".into())), (7, "a".into()));
/// ```
pub trait Key: Clone + Eq + Hash + Send + Sync + 'static {
    /// How a user writes it: `K` for a key of one column, else the tuple.
    type Plain: Clone;

    /// The parts, borrowed from a row. A part is `None` where its column is NULL.
    type Ref<'k>: Copy + Send + Sync;

    /// The parts, owned, in the form in which they are bound.
    type Owned: Send;

    /// Many keys, as a list of values for each column.
    type Lists: Default + std::fmt::Debug + Send;

    /// Reads what a user wrote.
    fn from_plain(plain: Self::Plain) -> Self;

    /// The key, if no part of it is NULL.
    fn from_ref(parts: Self::Ref<'_>) -> Option<Self>;

    /// The key whose parts are all NULL.
    fn null<'k>() -> Self::Ref<'k>;

    /// The key whose parts are all NULL, as it is bound.
    fn null_owned() -> Self::Owned;

    /// Whether no part of the key is NULL. A key with a NULL part refers to
    /// nothing.
    fn is_complete(parts: Self::Ref<'_>) -> bool;

    /// The key as it is bound.
    fn into_owned(self) -> Self::Owned;

    /// The key, if no part of it is NULL.
    fn from_owned(parts: Self::Owned) -> Option<Self>;

    /// Adds the key to many.
    fn push_to(self, lists: &mut Self::Lists);

    /// The part at this place.
    fn part(&self, index: usize) -> Option<&dyn Any>;

    /// Whether the part at this place is `part`, of the same type.
    fn part_is(&self, index: usize, part: &dyn Any) -> bool;

    /// The key for a message: `7`, or `(1, 7)` of several columns.
    fn text(&self) -> String;
}

/// A model that has fields for all of the columns `C`.
///
/// It follows from the model's fields; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no fields for the key columns `{C}`",
    note = "the struct must have a field for every column of a key that is read from it"
)]
pub trait Keyed<C> {
    /// The value of these columns.
    type Key: Key;

    /// The value of these columns in this row.
    fn key(&self) -> <Self::Key as Key>::Ref<'_>;

    /// Changes these columns in this row.
    fn set_key(&mut self, key: Self::Key);

    /// Changes those of these columns that have these names and may be NULL to NULL.
    fn unset_key(&mut self, names: &[&str]);
}

/// A model that has fields for all of the columns `C`, as [`Keyed`] says.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no fields for the key columns `{C}`",
    label = "expected columns that are fields of `{Self}`",
    note = "add the fields to the struct, or name other columns"
)]
pub trait IsKeyed<C> {
    /// That it has.
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<C, M: Keyed<C>> IsKeyed<C> for M {}

/// How a field holds a column: plainly where the column is `NOT NULL`, in an
/// `Option` where it is nullable.
#[diagnostic::on_unimplemented(
    message = "a field of the type `{Self}` cannot hold a nullable key column",
    note = "declare the field as `Option<{Self}>`"
)]
pub trait KeyField<IsNull> {
    /// The value without its `Option`.
    type Part;

    /// The value, if there is one.
    fn part(&self) -> Option<&Self::Part>;

    /// Changes the value, to `None` only where it may be NULL.
    fn set_part(&mut self, part: Option<Self::Part>);
}

#[diagnostic::do_not_recommend]
impl<T> KeyField<NotNull> for T {
    type Part = T;

    fn part(&self) -> Option<&T> {
        Some(self)
    }

    fn set_part(&mut self, part: Option<T>) {
        if let Some(part) = part {
            *self = part;
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T> KeyField<IsNullable> for Option<T> {
    type Part = T;

    fn part(&self) -> Option<&T> {
        self.as_ref()
    }

    fn set_part(&mut self, part: Self) {
        *self = part;
    }
}

/// A Rust type of a key's column, nullable or not.
#[diagnostic::on_unimplemented(
    message = "a field of the type `{Self}` cannot hold the key column `{C}`",
    label = "give the field the Rust type of its column"
)]
pub trait KeyValue<C> {
    /// That it is.
    #[doc(hidden)]
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<C, T> KeyValue<C> for T
where
    C: Expression<SqlType: IntoNullable>,
    T: AsExpression<<C::SqlType as IntoNullable>::Nullable>,
    <C::SqlType as IntoNullable>::Nullable: SqlType + TypedExpressionType,
{
}

type IsNullOf<C> = <<C as Expression>::SqlType as SqlType>::IsNull;
type PartOf<M, C> = <<M as Field<C>>::Value as KeyField<IsNullOf<C>>>::Part;

macro_rules! keys {
    ($(($($column:ident $part:ident $index:tt),+) $plain:ty, $from_plain:pat => $value:expr;)+) => {$(
        impl<$($part),+> Key for ($($part,)+)
        where
            $($part: Clone + std::fmt::Debug + Eq + Hash + Send + Sync + 'static),+
        {
            type Plain = $plain;
            type Ref<'k> = ($(Option<&'k $part>,)+);
            type Owned = ($(Option<$part>,)+);
            type Lists = ($(Vec<$part>,)+);

            fn from_plain($from_plain: $plain) -> Self {
                $value
            }

            fn from_ref(parts: Self::Ref<'_>) -> Option<Self> {
                Some(($(parts.$index?.clone(),)+))
            }

            fn null<'k>() -> Self::Ref<'k> {
                ($(None::<&'k $part>,)+)
            }

            fn null_owned() -> Self::Owned {
                ($(None::<$part>,)+)
            }

            fn is_complete(parts: Self::Ref<'_>) -> bool {
                $(parts.$index.is_some())&&+
            }

            fn into_owned(self) -> Self::Owned {
                ($(Some(self.$index),)+)
            }

            fn from_owned(parts: Self::Owned) -> Option<Self> {
                Some(($(parts.$index?,)+))
            }

            fn push_to(self, lists: &mut Self::Lists) {
                $(lists.$index.push(self.$index);)+
            }

            fn part(&self, index: usize) -> Option<&dyn Any> {
                match index {
                    $($index => Some(&self.$index),)+
                    _ => None,
                }
            }

            fn part_is(&self, index: usize, part: &dyn Any) -> bool {
                match index {
                    $($index => part.downcast_ref() == Some(&self.$index),)+
                    _ => false,
                }
            }

            fn text(&self) -> String {
                let parts = [$(format!("{:?}", self.$index)),+].join(", ");
                if [$($index),+].len() == 1 { parts } else { format!("({parts})") }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<M, $($column),+> Keyed<($($column,)+)> for M
        where
            $(
                M: Field<$column>,
                $column: Column,
                $column::SqlType: SqlType,
                <M as Field<$column>>::Value: KeyField<IsNullOf<$column>> + 'static,
            )+
            ($(PartOf<M, $column>,)+): for<'k> Key<
                Ref<'k> = ($(Option<&'k PartOf<M, $column>>,)+),
                Owned = ($(Option<PartOf<M, $column>>,)+),
            >,
        {
            type Key = ($(PartOf<M, $column>,)+);

            fn key(&self) -> <Self::Key as Key>::Ref<'_> {
                ($(KeyField::part(Field::<$column>::value(self)),)+)
            }

            fn set_key(&mut self, key: Self::Key) {
                let parts = key.into_owned();
                $(KeyField::set_part(Field::<$column>::value_mut(self), parts.$index);)+
            }

            fn unset_key(&mut self, names: &[&str]) {
                $(
                    if names.contains(&<$column as Column>::NAME) {
                        KeyField::set_part(Field::<$column>::value_mut(self), None);
                    }
                )+
            }
        }
    )+};
}

keys! {
    (A KA 0) KA, plain => (plain,);
    (A KA 0, B KB 1) Self, plain => plain;
    (A KA 0, B KB 1, C KC 2) Self, plain => plain;
    (A KA 0, B KB 1, C KC 2, D KD 3) Self, plain => plain;
}
