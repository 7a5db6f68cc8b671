//! Filtering sources by their associated rows.

use super::join::{JoinKind, JoinedOf, OnOf, join};
use super::semi_join::{KeySet, Parts};
use crate::association::{
    Association, Checked, FromOf, IsNone, KeyColumnsOf, Kind, KindOf, Never, Scope,
    SourceKeyColumns, SourceScopeOf, Unchecked, Within,
};
use crate::connection::{Dialect, HasDialect};
use crate::key::{Columns, EachColumn, KeyEq, Named};
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::query_source::QuerySource;
use diesel::sql_types::{BigInt, Bool};
use diesel::{QueryResult, dsl};
use std::marker::PhantomData;

/// The columns that equal the source's key, by the names that they have in a
/// derived table.
pub(crate) type NamedKeys<A> = Named<KeyColumnsOf<A>, 'k'>;

/// `SELECT key AS k0 FROM ..`
pub(crate) type Keys<A> = dsl::Select<FromOf<A>, NamedKeys<A>>;

/// The scope on the sources of `A`, as a condition.
pub(crate) type SourceCondition<A> = <SourceScopeOf<A> as Scope>::Condition;

/// Conditions on a source by its associated rows, for any Diesel `filter`.
///
/// They are sub-selects, not joins: a source appears once however many rows it
/// has, so paging and counting are of sources. Each is true or false, never NULL,
/// so that `not(..)` and `or(..)` mean what they say. PostgreSQL, MariaDB and
/// MySQL plan them as joins; on SQLite see [`HasRows::row_by_row`].
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { people (id) { id -> Integer, name -> Text, boss_id -> Nullable<Integer>, } }
/// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, body -> Text, } }
/// diesel::allow_tables_to_appear_in_same_query!(people, toots);
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = people)]
/// #[has_many(Toot)]
/// #[belongs_to_one(Person, name = boss)]
/// struct Person { id: i32, boss_id: Option<i32> }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = toots)]
/// struct Toot { id: i32, person_id: i32, body: String }
///
/// let _ = people::table.filter(Person::TOOTS.any(toots::body.like("%rust%")));
/// let _ = people::table.filter(Person::TOOTS.none(toots::body.like("%rust%")));
/// let _ = people::table.filter(Person::TOOTS.exists());
/// // those whose boss has toots
/// let _ = people::table.filter(Person::BOSS.any(Person::TOOTS.exists()));
/// // the most eager writers
/// let _ = people::table.order(Person::TOOTS.count().desc()).limit(10);
/// ```
pub trait Exists: Association {
    /// The source has a row.
    fn exists(self) -> HasRows<SourceKeyColumns<Self>, SourceCondition<Self>, Keys<Self>, true>
    where
        FromOf<Self>: SelectDsl<NamedKeys<Self>>,
        KeyColumnsOf<Self>: Expression,
    {
        has_rows::<Self, _, true>(keys::<Self>(), KeySet::Every)
    }

    /// The source has a row for which `predicate` holds, a Diesel expression
    /// over the target's table and the junction's. One of these may stand in
    /// another.
    fn any<P: OverRows<Self, M>, M>(
        self,
        predicate: P,
    ) -> HasRows<SourceKeyColumns<Self>, SourceCondition<Self>, P::Filtered, true>
    where
        FromOf<Self>: SelectDsl<NamedKeys<Self>>,
        KeyColumnsOf<Self>: Expression,
    {
        let keys = predicate.filter(keys::<Self>());
        has_rows::<Self, _, true>(keys, KeySet::filtered::<KeyColumnsOf<Self>>())
    }

    /// The source has no row for which `predicate` holds. A source whose key is
    /// NULL has no rows.
    fn none<P: OverRows<Self, M>, M>(
        self,
        predicate: P,
    ) -> HasRows<SourceKeyColumns<Self>, SourceCondition<Self>, P::Filtered, false>
    where
        FromOf<Self>: SelectDsl<NamedKeys<Self>>,
        KeyColumnsOf<Self>: Expression,
    {
        let keys = predicate.filter(keys::<Self>());
        has_rows::<Self, _, false>(keys, KeySet::filtered::<KeyColumnsOf<Self>>())
    }

    /// How many rows the source has: an expression to order or filter sources
    /// by, before a page of them is cut.
    fn count(self) -> RowCount<Self, <JoinedOf<Self> as QuerySource>::FromClause, OnOf<Self>>
    where
        Self::Kind: JoinKind<Self::Source, Self::Target, Self::JoinedAs, Joined: QuerySource>,
    {
        let (joined, on) = join::<Self>();
        RowCount {
            association: PhantomData,
            from: joined.from_clause(),
            on,
        }
    }
}

impl<A: Association> Exists for A {}

/// A condition on the rows of the association `A`.
#[diagnostic::on_unimplemented(
    message = "this is not a condition on the rows of `{A}`",
    label = "this is a condition on rows of `{A}`",
    note = "it is over the columns of the association's target and its junction"
)]
pub trait OverRows<A: Association, M>: Sized
where
    FromOf<A>: SelectDsl<NamedKeys<A>>,
    KeyColumnsOf<A>: Expression,
{
    /// The keys, filtered. What is not over the rows has none, and is mistaken
    /// once.
    type Filtered;

    /// The keys of the rows for which it holds.
    fn filter(self, keys: Keys<A>) -> Self::Filtered;
}

#[diagnostic::do_not_recommend]
impl<A, P> OverRows<A, Checked> for P
where
    A: Association,
    FromOf<A>: SelectDsl<NamedKeys<A>>,
    KeyColumnsOf<A>: Expression,
    Keys<A>: FilterDsl<P>,
    dsl::Filter<Keys<A>, P>: Query,
{
    type Filtered = dsl::Filter<Keys<A>, P>;

    fn filter(self, keys: Keys<A>) -> Self::Filtered {
        FilterDsl::filter(keys, self)
    }
}

#[diagnostic::do_not_recommend]
impl<A, P: Never<A>> OverRows<A, Unchecked> for P
where
    A: Association,
    FromOf<A>: SelectDsl<NamedKeys<A>>,
    KeyColumnsOf<A>: Expression,
{
    type Filtered = Keys<A>;

    fn filter(self, keys: Keys<A>) -> Keys<A> {
        keys
    }
}

/// The condition that the key of a source of `A` is among `keys`, or is not.
pub(crate) fn has_rows<A: Association, Q, const EXPECTED: bool>(
    keys: Q,
    key_set: KeySet,
) -> HasRows<SourceKeyColumns<A>, SourceCondition<A>, Q, EXPECTED> {
    HasRows {
        columns: SourceKeyColumns::<A>::default(),
        scope: SourceScopeOf::<A>::condition(),
        keys,
        key_set,
    }
}

/// The keys of the sources that have a row.
pub(crate) fn keys<A>() -> Keys<A>
where
    A: Association,
    FromOf<A>: SelectDsl<NamedKeys<A>>,
    KeyColumnsOf<A>: Expression,
{
    SelectDsl::select(
        <KindOf<A> as Kind<A::Source, A::Target>>::from(),
        Named(KeyColumnsOf::<A>::default()),
    )
}

/// Whether the key of a source is among the keys of a sub-select, as `EXPECTED`;
/// never NULL.
#[derive(Debug, Clone, Copy)]
pub struct HasRows<C, S, Q, const EXPECTED: bool, const ROW_BY_ROW: bool = false> {
    columns: C,
    scope: S,
    keys: Q,
    key_set: KeySet,
}

impl<C, S, Q, const EXPECTED: bool> HasRows<C, S, Q, EXPECTED> {
    /// Asks for each source on its own, on SQLite.
    ///
    /// SQLite runs the condition as it is written. Without this call it first
    /// collects the keys of all rows for which the predicate holds, once: best for
    /// a count, and where the predicate holds for few rows. With it, SQLite looks
    /// for a row of one source after another, by the index on the foreign key:
    /// best for a page that is full after few sources, which is a page of `any`
    /// with a predicate that holds for many rows, or a page of `none`. Over a large
    /// table either is slow where the other is right.
    ///
    /// The other databases choose by themselves, and get the same SQL with it and
    /// without.
    ///
    /// ```
    /// use diesel::prelude::*;
    /// use orm_core::prelude::*;
    ///
    /// diesel::table! { people (id) { id -> Integer, } }
    /// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, body -> Text, } }
    /// diesel::allow_tables_to_appear_in_same_query!(people, toots);
    ///
    /// #[derive(Model, Queryable, Selectable)]
    /// #[diesel(table_name = people)]
    /// #[has_many(Toot)]
    /// struct Person { id: i32 }
    ///
    /// #[derive(Model, Queryable, Selectable)]
    /// #[diesel(table_name = toots)]
    /// struct Toot { id: i32, person_id: i32, body: String }
    ///
    /// let quiet = || Person::TOOTS.none(toots::body.like("%rust%"));
    /// let page = people::table.filter(quiet().row_by_row()).order(people::id).limit(20);
    /// let total = people::table.filter(quiet()).count();
    /// # use diesel::sqlite::Sqlite;
    /// assert!(diesel::debug_query::<Sqlite, _>(&page).to_string().contains("NOT EXISTS"));
    /// assert!(!diesel::debug_query::<Sqlite, _>(&total).to_string().contains("NOT EXISTS"));
    /// ```
    pub fn row_by_row(self) -> HasRows<C, S, Q, EXPECTED, true> {
        HasRows {
            columns: self.columns,
            scope: self.scope,
            keys: self.keys,
            key_set: self.key_set,
        }
    }
}

impl<C, S, Q, const EXPECTED: bool, const ROW_BY_ROW: bool> Expression
    for HasRows<C, S, Q, EXPECTED, ROW_BY_ROW>
{
    type SqlType = Bool;
}

// What the keys are follows from the type of the sub-select.
impl<C, S, Q, const EXPECTED: bool, const ROW_BY_ROW: bool> QueryId
    for HasRows<C, S, Q, EXPECTED, ROW_BY_ROW>
where
    C: QueryId,
    S: QueryId,
    Q: QueryId,
{
    type QueryId = HasRows<C::QueryId, S::QueryId, Q::QueryId, EXPECTED, ROW_BY_ROW>;
    const HAS_STATIC_QUERY_ID: bool =
        C::HAS_STATIC_QUERY_ID && S::HAS_STATIC_QUERY_ID && Q::HAS_STATIC_QUERY_ID;
}

impl<C, S, Q, G, const EXPECTED: bool, const ROW_BY_ROW: bool> ValidGrouping<G>
    for HasRows<C, S, Q, EXPECTED, ROW_BY_ROW>
{
    type IsAggregate = is_aggregate::No;
}

// The sub-select stands for itself, so only the columns must be in the query.
impl<C, S, Q, From, const EXPECTED: bool, const ROW_BY_ROW: bool> AppearsOnTable<From>
    for HasRows<C, S, Q, EXPECTED, ROW_BY_ROW>
where
    C: OfSource<From>,
    S: AppearsOnTable<From>,
{
}

impl<C, S, Q, From, const EXPECTED: bool, const ROW_BY_ROW: bool> SelectableExpression<From>
    for HasRows<C, S, Q, EXPECTED, ROW_BY_ROW>
where
    C: OfSource<From>,
    S: SelectableExpression<From>,
{
}

impl<C, S, Q, DB, const EXPECTED: bool, const ROW_BY_ROW: bool> QueryFragment<DB>
    for HasRows<C, S, Q, EXPECTED, ROW_BY_ROW>
where
    DB: HasDialect,
    S: IsNone + QueryFragment<DB>,
    C: Columns + EachColumn<DB> + QueryFragment<DB>,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let parts = Parts {
            columns: &self.columns,
            scope: &self.scope,
            keys: &self.keys,
        };
        match (out.backend().dialect(), self.key_set) {
            // in any place of a `WHERE` it becomes a join
            (Dialect::Postgres, _) => parts.walk_exists(EXPECTED, out),
            // an `IN` inside of another is planned as one join
            (Dialect::Mysql, _) => parts.walk_in(EXPECTED, true, out),
            // SQLite runs what is written: `IN` collects the keys, `EXISTS` asks for each row
            (Dialect::Sqlite, _) if ROW_BY_ROW => parts.walk_exists(EXPECTED, out),
            (Dialect::Sqlite, KeySet::Plain) if EXPECTED => parts.walk_in(true, false, out),
            (Dialect::Sqlite, KeySet::Nullable) if EXPECTED => parts.walk_in(true, true, out),
            (Dialect::Sqlite, _) => parts.walk_is_true(EXPECTED, out),
        }
    }
}

/// The number of a source's rows, counted by a sub-select for each source.
#[derive(Debug, Clone, Copy)]
pub struct RowCount<A, From, On> {
    association: PhantomData<A>,
    from: From,
    on: On,
}

impl<A, From, On> Expression for RowCount<A, From, On> {
    type SqlType = BigInt;
}

// The association says what the SQL is.
impl<A: Association, From, On> QueryId for RowCount<A, From, On> {
    type QueryId = RowCount<A, (), ()>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<A, From, On, G> ValidGrouping<G> for RowCount<A, From, On> {
    type IsAggregate = is_aggregate::No;
}

// The condition names the source's columns beside those of the sub-select.
impl<A, From, On: JoinsSource<Table>, Table> AppearsOnTable<Table> for RowCount<A, From, On> {}

impl<A, From, On: JoinsSource<Table>, Table> SelectableExpression<Table> for RowCount<A, From, On> {}

/// Columns of the source that appear on `Table`.
#[diagnostic::on_unimplemented(
    message = "this association does not start at a table of this query",
    note = "the query must have the table of the association's source"
)]
pub trait OfSource<Table> {}

#[diagnostic::do_not_recommend]
impl<C: AppearsOnTable<Table>, Table> OfSource<Table> for C {}

/// A join's condition whose columns of the source appear on `Table`.
pub trait JoinsSource<Table> {}

impl<C: OfSource<Table>, V, S, Table> JoinsSource<Table> for Within<KeyEq<C, V>, S> {}

impl<A, From, On, DB> QueryFragment<DB> for RowCount<A, From, On>
where
    DB: Backend,
    From: QueryFragment<DB>,
    On: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(SELECT COUNT(*) FROM ");
        self.from.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.on.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
