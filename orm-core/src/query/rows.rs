//! `<name>_query()`: the rows as a plain Diesel query.

use super::Matching;
use crate::association::{
    Association, BelongsTo, BelongsToMany, HasMany, HasOne, KeyColumnsOf, Kind, SourceKeyRef,
    source_key,
};
use crate::key::EqAll;
use crate::model::Model;
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::{Table, dsl};

/// A kind of association whose target rows are a Diesel query.
pub trait RowsKind<S, T>: Kind<S, T> {
    /// The target rows of all sources: the table itself, which can be updated
    /// and deleted from too, or the selection of its columns from a join.
    type Rows;

    /// The target rows of all sources.
    fn rows() -> Self::Rows;
}

macro_rules! rows_are_the_targets {
    ($($kind:ident<$($key:ident),+>;)+) => {$(
        impl<S, T, $($key),+> RowsKind<S, T> for $kind<$($key),+>
        where
            Self: Kind<S, T>,
        {
            type Rows = <Self as Kind<S, T>>::From;

            fn rows() -> Self::Rows {
                <Self as Kind<S, T>>::from()
            }
        }
    )+};
}

rows_are_the_targets! {
    HasOne<ForeignKey, SourceKey, Scope>;
    HasMany<ForeignKey, SourceKey, Scope>;
    BelongsTo<ForeignKey, TargetKey, Scope, Of>;
}

type AllColumns<T> = <<T as Model>::Table as Table>::AllColumns;

impl<S, T, Through, Keys, Order, Scope, ThroughScope> RowsKind<S, T>
    for BelongsToMany<Through, Keys, Order, Scope, ThroughScope>
where
    Self: Kind<S, T, From: SelectDsl<AllColumns<T>>>,
    T: Model,
{
    type Rows = dsl::Select<<Self as Kind<S, T>>::From, AllColumns<T>>;

    fn rows() -> Self::Rows {
        SelectDsl::select(<Self as Kind<S, T>>::from(), T::Table::all_columns())
    }
}

type RowsOf<A> = <<A as Association>::Kind as RowsKind<
    <A as Association>::Source,
    <A as Association>::Target,
>>::Rows;

/// The query that `<name>_query()` returns: the target rows of one source, as a
/// plain Diesel query.
pub type QueryOf<'k, A> = <A as QueryRows<'k>>::Query;

/// An association whose rows are a Diesel query.
///
/// It follows from the model; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(message = "the rows of `{Self}` are not a Diesel query")]
pub trait QueryRows<'k>: Association {
    /// The query.
    type Query;

    /// The query for the target rows of `source`, not run yet. A source whose key
    /// is NULL has none.
    fn query_rows(source: &'k Self::Source) -> Self::Query;
}

#[diagnostic::do_not_recommend]
impl<'k, A> QueryRows<'k> for A
where
    A: Association,
    A::Kind: RowsKind<A::Source, A::Target>,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    RowsOf<A>: FilterDsl<Matching<'k, A>>,
{
    type Query = dsl::Filter<RowsOf<A>, Matching<'k, A>>;

    fn query_rows(source: &'k A::Source) -> Self::Query {
        FilterDsl::filter(
            <A::Kind as RowsKind<A::Source, A::Target>>::rows(),
            KeyColumnsOf::<A>::default().eq_all(source_key::<A>(source)),
        )
    }
}
