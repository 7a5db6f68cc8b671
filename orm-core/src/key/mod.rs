//! Keys: the columns that tie two rows together, and their values.
//!
//! A key is always a tuple, of one to four columns and of as many values. That
//! one shape serves plain and composite keys alike.

mod columns;
mod eq;
#[cfg(feature = "sqlite")]
mod json;
mod list;
mod reference;

pub use self::columns::{Columns, Nullability, SameTypes, assert_same_types};
pub use self::eq::{EqAll, KeyEq};
pub use self::list::KeyIn;
pub use self::reference::{ByKey, ByRow, ByText, ManyTargets, OneTarget, Reference, Targets};

use crate::model::Field;
use diesel::expression::Expression;
use diesel::sql_types::SqlType;
use diesel::sql_types::is_nullable::{IsNullable, NotNull};
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

    /// Whether no part of the key is NULL. A key with a NULL part refers to
    /// nothing.
    fn is_complete(parts: Self::Ref<'_>) -> bool;

    /// The key as it is bound.
    fn into_owned(self) -> Self::Owned;

    /// The key, if no part of it is NULL.
    fn from_owned(parts: Self::Owned) -> Option<Self>;

    /// Adds the key to many.
    fn push_to(self, lists: &mut Self::Lists);
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
}

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
}

#[diagnostic::do_not_recommend]
impl<T> KeyField<NotNull> for T {
    type Part = T;

    fn part(&self) -> Option<&T> {
        Some(self)
    }
}

impl<T> KeyField<IsNullable> for Option<T> {
    type Part = T;

    fn part(&self) -> Option<&T> {
        self.as_ref()
    }
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
        }

        #[diagnostic::do_not_recommend]
        impl<M, $($column),+> Keyed<($($column,)+)> for M
        where
            $(
                M: Field<$column>,
                $column: Expression,
                $column::SqlType: SqlType,
                <M as Field<$column>>::Value: KeyField<IsNullOf<$column>> + 'static,
            )+
            ($(PartOf<M, $column>,)+): for<'k> Key<Ref<'k> = ($(Option<&'k PartOf<M, $column>>,)+)>,
        {
            type Key = ($(PartOf<M, $column>,)+);

            fn key(&self) -> <Self::Key as Key>::Ref<'_> {
                ($(KeyField::part(Field::<$column>::value(self)),)+)
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
