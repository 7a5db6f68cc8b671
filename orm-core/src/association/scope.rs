//! Scopes: columns that have given values in every row of an association.

use crate::key::{Columns, EqAll, EqOrNull, KeyValue, Nulls, Values};
use crate::query::ColumnsAs;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::dsl;
use diesel::expression::{
    AppearsOnTable, AsExpression, Expression, SelectableExpression, TypedExpressionType,
    ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::FilterDsl;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Bool, HasSqlType, Nullable, SqlType};
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

    /// Whether which values are NULL is known from their types: then the SQL
    /// follows from the type too.
    const NULLS_ARE_TYPED: bool;

    /// The values.
    fn values() -> Self::Values;

    /// Which of the values are NULL.
    fn nulls(values: &Self::Values) -> [bool; 4];
}

/// NULL, as the value of a column of any type that may be NULL: what `None` is
/// in a scope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Null;

/// [`Null`] of the SQL type `T`.
#[derive(Debug, Clone, Copy, Default, QueryId)]
pub struct NullOf<T>(PhantomData<T>);

impl<T: SqlType + TypedExpressionType> AsExpression<T> for Null {
    type Expression = NullOf<T>;

    fn as_expression(self) -> NullOf<T> {
        NullOf(PhantomData)
    }
}

impl<T: SqlType + TypedExpressionType> Expression for NullOf<T> {
    type SqlType = T;
}

impl<T, G> ValidGrouping<G> for NullOf<T> {
    type IsAggregate = is_aggregate::Never;
}

impl<T, From> AppearsOnTable<From> for NullOf<T> where Self: Expression {}

impl<T, From> SelectableExpression<From> for NullOf<T> where Self: Expression {}

// Bound, so that it has a type in a list of values too, where PostgreSQL takes a `NULL`
// that is written for text.
impl<T: SqlType, DB: Backend + HasSqlType<T>> QueryFragment<DB> for NullOf<T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_bind_param::<T, Null>(&Null)
    }
}

impl<T: SqlType, DB: Backend> ToSql<T, DB> for Null {
    fn to_sql<'b>(&'b self, _: &mut Output<'b, '_, DB>) -> serialize::Result {
        Ok(IsNull::Yes)
    }
}

/// A column that may be NULL, as `None` in a scope needs it.
#[diagnostic::on_unimplemented(
    message = "a column of the SQL type `{Self}` cannot be NULL",
    label = "no row has this value",
    note = "leave `None` out of the scope, or declare the column as `Nullable<..>` in the schema"
)]
pub trait NullableColumn {
    /// That it may.
    #[doc(hidden)]
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> NullableColumn for Nullable<T> {}

/// What is known of the type `V` of a scope's value. An `Option` may be NULL;
/// what [`MaybeOption`] says holds for the others.
#[derive(Debug)]
pub struct ValueType<V>(PhantomData<V>);

impl<V> ValueType<Option<V>> {
    /// Whether a value may be NULL.
    pub const MAY_BE_NULL: bool = true;

    /// Whether this value is NULL.
    #[must_use]
    pub fn is_null(value: &Option<V>) -> bool {
        value.is_none()
    }

    /// The value as an `Option`.
    #[must_use]
    pub fn option(value: Option<V>) -> Option<V> {
        value
    }
}

impl ValueType<Null> {
    /// It is NULL whatever the value, and the type says so.
    pub const MAY_BE_NULL: bool = false;

    /// It is.
    #[must_use]
    pub fn is_null(_: &Null) -> bool {
        true
    }
}

/// What [`ValueType`] says of a type that is no `Option`.
pub trait MaybeOption<V> {
    /// Whether a value may be NULL.
    const MAY_BE_NULL: bool = false;

    /// Whether this value is NULL.
    #[must_use]
    fn is_null(_: &V) -> bool {
        false
    }

    /// The value as an `Option`.
    #[must_use]
    fn option(value: V) -> Option<V> {
        Some(value)
    }
}

impl<V> MaybeOption<V> for ValueType<V> {}

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
impl<T: IntegerType + SqlType> IntegerType for Nullable<T> {
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

type ConditionOf<C> =
    ScopeEq<C, <<C as ScopeColumns>::Columns as EqAll<<C as ScopeColumns>::Values>>::Output>;

/// The columns of the scope `C` have its values: `a = x AND b IS NULL ..`
pub struct ScopeEq<C, E> {
    eq: E,
    nulls: Nulls,
    scope: PhantomData<fn() -> C>,
}

impl<C: ScopeColumns, E> ScopeEq<C, E> {
    fn of<Columns: EqAll<C::Values, Output = E>>(columns: Columns) -> Self {
        let values = C::values();
        let nulls = C::nulls(&values);
        Self {
            eq: columns.eq_all(values),
            nulls,
            scope: PhantomData,
        }
    }
}

impl<C, E: std::fmt::Debug> std::fmt::Debug for ScopeEq<C, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ScopeEq").field(&self.eq).finish()
    }
}

impl<C, E: Clone> Clone for ScopeEq<C, E> {
    fn clone(&self) -> Self {
        Self {
            eq: self.eq.clone(),
            ..*self
        }
    }
}

impl<C, E: Copy> Copy for ScopeEq<C, E> {}

// Where a value decides whether it is NULL it decides the SQL.
impl<C: ScopeColumns, E: QueryId> QueryId for ScopeEq<C, E> {
    type QueryId = ScopeEq<(), E::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = C::NULLS_ARE_TYPED && E::HAS_STATIC_QUERY_ID;
}

impl<C, E> Expression for ScopeEq<C, E> {
    type SqlType = Nullable<Bool>;
}

impl<C, E, G> ValidGrouping<G> for ScopeEq<C, E> {
    type IsAggregate = is_aggregate::No;
}

impl<C, E: AppearsOnTable<From>, From> AppearsOnTable<From> for ScopeEq<C, E> {}

impl<C, E: SelectableExpression<From>, From> SelectableExpression<From> for ScopeEq<C, E> {}

impl<C, E: EqOrNull<DB>, DB: Backend> QueryFragment<DB> for ScopeEq<C, E> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.eq.walk_eq(self.nulls, out)
    }
}

impl<C, E: Values<DB>, DB: Backend> Values<DB> for ScopeEq<C, E> {
    const COUNT: usize = E::COUNT;

    fn name(index: usize) -> &'static str {
        E::name(index)
    }

    fn walk_value<'b>(&'b self, index: usize, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.eq.walk_value(index, out)
    }
}

impl<C> Scope for Scoped<C>
where
    C: ScopeColumns,
    C::Columns: EqAll<C::Values>,
    ConditionOf<C>: Copied,
{
    const NAMES: &'static [&'static str] = C::Columns::NAMES;
    type Condition = ConditionOf<C>;
    type Either<Plain, Narrow> = Narrow;

    fn condition() -> Self::Condition {
        ScopeEq::of(C::Columns::default())
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
    type Joined = ScopeEq<C, <ColumnsOf<C, As> as EqAll<C::Values>>::Output>;

    fn joined() -> Self::Joined {
        ScopeEq::of(C::Columns::default().columns_as())
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

impl<C, E> IsNone for ScopeEq<C, E> {
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
