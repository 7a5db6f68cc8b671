//! Scopes: columns that have given values in every row of an association.

use crate::key::{Columns, EqAll, KeyEq, KeyValue, Values};
use crate::query::ColumnsAs;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::dsl;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::FilterDsl;
use diesel::sql_types::{Bool, Nullable};
use std::marker::PhantomData;

/// The columns of a scope and their values.
///
/// `#[derive(Model)]` implements it for what `scope(..)` and `through_scope(..)`
/// say.
pub trait ScopeColumns: Send + Sync + 'static {
    /// The columns.
    type Columns: Columns;

    /// The values, as many.
    type Values: Send + Sync;

    /// The values.
    fn values() -> Self::Values;
}

/// A scope over columns of the source, which holds the foreign key: of a
/// `belongs_to`.
pub trait SourceScope<S> {
    /// Whether this row has the values.
    fn holds(source: &S) -> bool;

    /// Gives this row the values.
    fn enter(source: &mut S);
}

/// The SQL type of an integer column, and its Rust type.
#[diagnostic::on_unimplemented(
    message = "an integer is no value of a column of the SQL type `{Self}`",
    label = "not a value of this column",
    note = "say the type of a value that is not plain: `value as Type`"
)]
pub trait IntegerType {
    /// That it is one.
    #[doc(hidden)]
    const HOLDS: bool = true;

    /// The Rust type.
    type Integer;
}

/// A value of a column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of the column `{C}`",
    label = "not a value of this column",
    note = "say the type of a value that is not plain: `value as Type`"
)]
pub trait ValueOf<C> {
    /// That it is.
    #[doc(hidden)]
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<C, V: KeyValue<C>> ValueOf<C> for V {}

macro_rules! integers {
    ($($sql:ident: $rust:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl IntegerType for diesel::sql_types::$sql {
            type Integer = $rust;
        }
    )+};
}

integers! {
    SmallInt: i16;
    Integer: i32;
    BigInt: i64;
}

#[diagnostic::do_not_recommend]
impl<T: IntegerType + diesel::sql_types::SqlType> IntegerType for Nullable<T> {
    type Integer = T::Integer;
}

/// The Rust type of an integer of this SQL type.
pub type IntegerOf<T> = <T as IntegerType>::Integer;

/// The scope of an association that has none.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Unscoped;

/// The scope `C` of an association.
#[derive(Debug)]
pub struct Scoped<C>(PhantomData<fn() -> C>);

/// A scope, or none.
pub trait Scope: Send + Sync + 'static {
    /// The names of its columns.
    const NAMES: &'static [&'static str];

    /// `a = x AND b = y`, or nothing.
    type Condition: Copied;

    /// `a = x AND b = y`, or nothing.
    fn condition() -> Self::Condition;

    /// `Plain` without a scope, `Narrow` with one.
    type Either<Plain, Narrow>;

    /// `plain` without a scope, `narrow` with one.
    fn either<Plain, Narrow>(
        plain: impl FnOnce() -> Plain,
        narrow: impl FnOnce() -> Narrow,
    ) -> Self::Either<Plain, Narrow>;
}

/// What a condition can be in a statement of its own.
pub trait Copied: Send + Sync + QueryId {}

impl<T: Send + Sync + QueryId> Copied for T {}

impl Scope for Unscoped {
    const NAMES: &'static [&'static str] = &[];
    type Condition = Self;
    type Either<Plain, Narrow> = Plain;

    fn condition() -> Self {
        Self
    }

    fn either<Plain, Narrow>(plain: impl FnOnce() -> Plain, _: impl FnOnce() -> Narrow) -> Plain {
        plain()
    }
}

type ConditionOf<C> = <<C as ScopeColumns>::Columns as EqAll<<C as ScopeColumns>::Values>>::Output;

impl<C> Scope for Scoped<C>
where
    C: ScopeColumns,
    C::Columns: EqAll<C::Values, Output: Copied>,
{
    const NAMES: &'static [&'static str] = C::Columns::NAMES;
    type Condition = ConditionOf<C>;
    type Either<Plain, Narrow> = Narrow;

    fn condition() -> Self::Condition {
        C::Columns::default().eq_all(C::values())
    }

    fn either<Plain, Narrow>(_: impl FnOnce() -> Plain, narrow: impl FnOnce() -> Narrow) -> Narrow {
        narrow()
    }
}

impl<S> SourceScope<S> for Unscoped {
    fn holds(_: &S) -> bool {
        true
    }

    fn enter(_: &mut S) {}
}

impl<S, C: SourceScope<S>> SourceScope<S> for Scoped<C> {
    fn holds(source: &S) -> bool {
        C::holds(source)
    }

    fn enter(source: &mut S) {
        C::enter(source);
    }
}

/// A scope that narrows the query `Q`.
pub trait ScopeOf<Q>: Scope {
    /// The rows of the query that are in the scope.
    type Output;

    /// The rows of the query that are in the scope.
    fn narrow(query: Q) -> Self::Output;
}

impl<Q> ScopeOf<Q> for Unscoped {
    type Output = Q;

    fn narrow(query: Q) -> Q {
        query
    }
}

impl<C, Q> ScopeOf<Q> for Scoped<C>
where
    C: ScopeColumns,
    Self: Scope,
    Q: FilterDsl<<Self as Scope>::Condition>,
{
    type Output = dsl::Filter<Q, <Self as Scope>::Condition>;

    fn narrow(query: Q) -> Self::Output {
        FilterDsl::filter(query, Self::condition())
    }
}

/// A scope's condition on a table that is joined as `As`.
pub trait ScopeAs<As>: Scope {
    /// The condition, or nothing.
    type Joined;

    /// The condition, or nothing.
    fn joined() -> Self::Joined;
}

impl<As> ScopeAs<As> for Unscoped {
    type Joined = Self;

    fn joined() -> Self {
        Self
    }
}

type ColumnsOf<C, As> = <<C as ScopeColumns>::Columns as ColumnsAs<As>>::Output;

impl<C, As> ScopeAs<As> for Scoped<C>
where
    C: ScopeColumns,
    Self: Scope,
    C::Columns: ColumnsAs<As>,
    ColumnsOf<C, As>: EqAll<C::Values>,
{
    type Joined = <ColumnsOf<C, As> as EqAll<C::Values>>::Output;

    fn joined() -> Self::Joined {
        C::Columns::default().columns_as().eq_all(C::values())
    }
}

/// A condition within a scope.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Within<P, S>(pub(crate) P, pub(crate) S);

/// Whether a condition is none.
pub trait IsNone {
    /// Whether it is.
    const NONE: bool;
}

impl IsNone for Unscoped {
    const NONE: bool = true;
}

impl<C, V> IsNone for KeyEq<C, V> {
    const NONE: bool = false;
}

impl<P, S> Expression for Within<P, S> {
    type SqlType = Nullable<Bool>;
}

impl<P, S, G> ValidGrouping<G> for Within<P, S> {
    type IsAggregate = is_aggregate::No;
}

impl<P, S, From> AppearsOnTable<From> for Within<P, S>
where
    P: AppearsOnTable<From>,
    S: AppearsOnTable<From>,
{
}

impl<P, S, From> SelectableExpression<From> for Within<P, S>
where
    P: SelectableExpression<From>,
    S: SelectableExpression<From>,
{
}

impl<P, S, DB> QueryFragment<DB> for Within<P, S>
where
    DB: Backend,
    P: QueryFragment<DB>,
    S: IsNone + QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        if !S::NONE {
            out.push_sql(" AND ");
        }
        self.1.walk_ast(out)
    }
}

impl Expression for Unscoped {
    type SqlType = Nullable<Bool>;
}

impl<G> ValidGrouping<G> for Unscoped {
    type IsAggregate = is_aggregate::No;
}

impl<From> AppearsOnTable<From> for Unscoped {}

impl<From> SelectableExpression<From> for Unscoped {}

impl<DB: Backend> QueryFragment<DB> for Unscoped {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}

impl<DB: Backend> Values<DB> for Unscoped {
    const COUNT: usize = 0;

    fn name(_: usize) -> &'static str {
        ""
    }

    fn walk_value<'b>(&'b self, _: usize, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}
