//! Joins from the source's table to the target's.

use crate::association::{
    Association, BelongsTo, BelongsToMany, Checked, HasMany, HasOne, Junction, JunctionKeys, Kind,
    Never, ScopeAs, SourceTable, TargetTable, Unchecked, Within,
};
use crate::key::{Columns, KeyEq};
use crate::model::Model;
use diesel::query_dsl::{InternalJoinDsl, JoinOnDsl, JoinWithImplicitOnClause, QueryDsl};
use diesel::query_source::{
    Alias, AliasSource, AliasedField, AppearsInFromClause, Column, JoinTo, QuerySource,
};
use diesel::{NullableExpressionMethods, dsl};
use std::marker::PhantomData;

/// Diesel keeps the types that say which join is meant private, but hands them
/// to whoever implements its join trait.
#[derive(Debug)]
pub struct KindOfJoin;

impl QueryDsl for KindOfJoin {}

impl JoinTo<()> for KindOfJoin {
    type FromClause = ();
    type OnClause = ();

    fn join_target((): ()) -> ((), ()) {
        ((), ())
    }
}

impl<Kind> InternalJoinDsl<(), Kind, ()> for KindOfJoin {
    type Output = Kind;

    fn join(self, (): (), kind: Kind, (): ()) -> Kind {
        kind
    }
}

/// `INNER`, as Diesel's type.
pub type InnerKind = dsl::InnerJoin<KindOfJoin, ()>;

/// `LEFT OUTER`, as Diesel's type.
pub type LeftKind = dsl::LeftJoin<KindOfJoin, ()>;

/// The target's table is joined under its own name.
#[derive(Debug)]
pub struct Plain;

/// The target's table is joined under the alias `S`, because the source's table
/// is the same.
#[derive(Debug)]
pub struct Aliased<S>(PhantomData<S>);

/// What the target's table is called in a join.
pub trait JoinedAs<T> {
    /// The table, or its alias.
    type Table: QuerySource;

    /// The table, or its alias.
    fn table() -> Self::Table;
}

impl<T: Model> JoinedAs<T> for Plain {
    type Table = T::Table;

    fn table() -> T::Table {
        T::Table::default()
    }
}

impl<T, S> JoinedAs<T> for Aliased<S>
where
    T: Model,
    S: AliasSource<Target = T::Table> + Default,
    Alias<S>: QuerySource,
{
    type Table = Alias<S>;

    fn table() -> Alias<S> {
        Alias::default()
    }
}

/// The columns of a key as they are called in a join, in nullable form.
pub trait ColumnsAs<JoinedAs>: Columns {
    /// The columns.
    type Output;

    /// The columns.
    fn columns_as(self) -> Self::Output;
}

impl<C: Columns> ColumnsAs<Plain> for C {
    type Output = C::Nullable;

    fn columns_as(self) -> C::Nullable {
        self.nullable()
    }
}

macro_rules! aliased_columns {
    ($(($($column:ident $index:tt),+);)+) => {$(
        impl<S, $($column),+> ColumnsAs<Aliased<S>> for ($($column,)+)
        where
            Self: Columns,
            S: AliasSource + Default,
            $(
                $column: Column<Table = S::Target>,
                AliasedField<S, $column>: NullableExpressionMethods,
            )+
        {
            type Output = ($(dsl::Nullable<AliasedField<S, $column>>,)+);

            fn columns_as(self) -> Self::Output {
                ($(Alias::<S>::default().field(self.$index).nullable(),)+)
            }
        }
    )+};
}

aliased_columns! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
}

/// How a kind is joined to its source: what, and on what condition.
pub trait JoinKind<S, T, As>: Kind<S, T> {
    /// The target, or the junction joined to it.
    type Joined;

    /// The condition of the join.
    type On;

    /// What is joined, and the condition.
    fn join() -> (Self::Joined, Self::On);
}

type KeyColumnsAs<K, S, T, As> = <<K as Kind<S, T>>::KeyColumns as ColumnsAs<As>>::Output;

/// The kinds without a junction join the target's table alone, within the scope
/// that is on it, or of a `belongs_to` on the source.
macro_rules! join_target {
    ($($kind:ident<$($key:ident),+> within $as:ident;)+) => {$(
        impl<S, T, As, $($key),+> JoinKind<S, T, As> for $kind<$($key),+>
        where
            Self: Kind<S, T>,
            As: JoinedAs<T>,
            <Self as Kind<S, T>>::KeyColumns: ColumnsAs<As>,
            Scope: ScopeAs<$as>,
        {
            type Joined = As::Table;
            type On = Within<
                KeyEq<<Self as Kind<S, T>>::SourceKey, KeyColumnsAs<Self, S, T, As>>,
                Scope::Joined,
            >;

            fn join() -> (Self::Joined, Self::On) {
                let key = <Self as Kind<S, T>>::KeyColumns::default().columns_as();
                let on = KeyEq::columns(<Self as Kind<S, T>>::SourceKey::default(), key);
                (As::table(), Within(on, Scope::joined()))
            }
        }
    )+};
}

join_target! {
    HasOne<ForeignKey, SourceKey, Scope> within As;
    HasMany<ForeignKey, SourceKey, Scope> within As;
    BelongsTo<ForeignKey, TargetKey, Scope, Of> within Plain;
}

type OnTarget<OtherKey, TargetKey, Scope, As> =
    Within<KeyEq<OtherKey, <TargetKey as ColumnsAs<As>>::Output>, <Scope as ScopeAs<As>>::Joined>;

impl<S, T, As, Through, ForeignKey, OtherKey, SourceKey, TargetKey, Order, Scope, ThroughScope>
    JoinKind<S, T, As>
    for BelongsToMany<
        Through,
        JunctionKeys<ForeignKey, OtherKey, SourceKey, TargetKey>,
        Order,
        Scope,
        ThroughScope,
    >
where
    Self: Kind<S, T>,
    T: Model,
    Through: Junction,
    As: JoinedAs<T>,
    ForeignKey: Columns,
    OtherKey: Columns,
    SourceKey: Columns,
    TargetKey: Columns + ColumnsAs<As>,
    Scope: ScopeAs<As>,
    ThroughScope: ScopeAs<Plain>,
    Through::Table: QueryDsl
        + JoinWithImplicitOnClause<
            dsl::On<As::Table, OnTarget<OtherKey, TargetKey, Scope, As>>,
            InnerKind,
        >,
{
    type Joined = dsl::InnerJoin<
        Through::Table,
        dsl::On<As::Table, OnTarget<OtherKey, TargetKey, Scope, As>>,
    >;
    type On = Within<KeyEq<SourceKey, ForeignKey::Nullable>, ThroughScope::Joined>;

    fn join() -> (Self::Joined, Self::On) {
        let target = KeyEq::columns(OtherKey::default(), TargetKey::default().columns_as());
        let source = KeyEq::columns(SourceKey::default(), ForeignKey::default().nullable());
        (
            Through::Table::default().inner_join(As::table().on(Within(target, Scope::joined()))),
            Within(source, ThroughScope::joined()),
        )
    }
}

macro_rules! of_join {
    ($($(#[$doc:meta])* $name:ident = $item:ident;)+) => {$(
        $(#[$doc])*
        pub type $name<A> = <<A as Association>::Kind as JoinKind<
            <A as Association>::Source,
            <A as Association>::Target,
            <A as Association>::JoinedAs,
        >>::$item;
    )+};
}

of_join! {
    /// What is joined to the source of an association.
    JoinedOf = Joined;
    /// The condition of an association's join.
    OnOf = On;
}

/// What is joined to the source of `A`, and on what condition.
#[must_use]
pub fn join<A>() -> (JoinedOf<A>, OnOf<A>)
where
    A: Association,
    A::Kind: JoinKind<A::Source, A::Target, A::JoinedAs>,
{
    <A::Kind as JoinKind<A::Source, A::Target, A::JoinedAs>>::join()
}

/// A table that may stand in one query with the table `T`.
#[diagnostic::on_unimplemented(
    message = "the tables `{Self}` and `{T}` are not allowed in one query",
    label = "this join needs them in one query",
    note = "add both to one `diesel::allow_tables_to_appear_in_same_query!(..);` in the schema"
)]
pub trait InOneQueryWith<T, M> {
    /// The table `T`. One that may not stand there is mistaken once: where it
    /// should, not where Diesel joins it too.
    type Table;
}

#[diagnostic::do_not_recommend]
impl<T, Other: AppearsInFromClause<T>> InOneQueryWith<T, Checked> for Other {
    type Table = T;
}

#[diagnostic::do_not_recommend]
impl<T, Other: Never<T>> InOneQueryWith<T, Unchecked> for Other {
    type Table = T;
}

/// The table of the source of `A`, where it may stand in one query with that of
/// the target.
type Beside<A, M> = <TargetTable<A> as InOneQueryWith<SourceTable<A>, M>>::Table;

/// The joins of an association.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { people (id) { id -> Integer, name -> Text, boss_id -> Nullable<Integer>, } }
/// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, } }
/// diesel::allow_tables_to_appear_in_same_query!(people, toots);
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = people)]
/// #[has_many(Toot)]
/// #[belongs_to_one(Person, name = boss)]
/// struct Person { id: i32, name: String, boss_id: Option<i32> }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = toots)]
/// struct Toot { id: i32, person_id: i32 }
///
/// let toots = Person::TOOTS.inner_join().select((people::name, toots::id));
/// // the same from a query of people, with another join beside it
/// let boss = Person::BOSS.target();
/// let people = people::table
///     .filter(people::id.gt(7))
///     .left_join(Person::BOSS)
///     .select((people::name, boss.field(people::name).nullable()));
/// # use diesel::sqlite::Sqlite;
/// assert!(diesel::debug_query::<Sqlite, _>(&toots).to_string().contains("INNER JOIN"));
/// assert!(diesel::debug_query::<Sqlite, _>(&people).to_string().contains("LEFT OUTER JOIN"));
/// ```
pub trait Join: Association {
    /// The target's table as it is called in the joins: the table itself, or of
    /// a self-reference its alias, whose `field` and `fields` name its columns.
    fn target(self) -> <Self::JoinedAs as JoinedAs<Self::Target>>::Table
    where
        Self::JoinedAs: JoinedAs<Self::Target>,
    {
        Self::JoinedAs::table()
    }

    /// The source's table joined to the target's, through the junction if there
    /// is one.
    ///
    /// The same from any other query of the source is
    /// `query.inner_join(Person::TOOTS)`.
    fn inner_join<M>(self) -> dsl::InnerJoin<Beside<Self, M>, Self>
    where
        TargetTable<Self>: InOneQueryWith<SourceTable<Self>, M>,
        Beside<Self, M>: Default + QueryDsl + JoinWithImplicitOnClause<Self, InnerKind>,
    {
        Beside::<Self, M>::default().inner_join(self)
    }

    /// As [`inner_join`](Join::inner_join), with the sources that have no
    /// target too.
    fn left_join<M>(self) -> dsl::LeftJoin<Beside<Self, M>, Self>
    where
        TargetTable<Self>: InOneQueryWith<SourceTable<Self>, M>,
        Beside<Self, M>: Default + QueryDsl + JoinWithImplicitOnClause<Self, LeftKind>,
    {
        Beside::<Self, M>::default().left_join(self)
    }
}

impl<A: Association> Join for A {}
