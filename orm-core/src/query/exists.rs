//! Filtering sources by their associated rows.

use super::join::{JoinKind, JoinedOf, OnOf, join};
use crate::association::{
    Association, Checked, FromOf, IsNone, KeyColumnsOf, Kind, KindOf, Never, Scope,
    SourceKeyColumns, SourceScopeOf, Unchecked, Within,
};
use crate::key::{Columns, KeyEq};
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

/// `SELECT key FROM ..`
pub(crate) type Keys<A> = dsl::Select<FromOf<A>, KeyColumnsOf<A>>;

/// The scope on the sources of `A`, as a condition.
pub(crate) type SourceCondition<A> = <SourceScopeOf<A> as Scope>::Condition;

/// Conditions on a source by its associated rows, for any Diesel `filter`.
///
/// They are sub-selects, not joins: a source appears once however many rows it
/// has, so paging and counting are of sources.
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
/// #[belongs_to(Person, name = boss)]
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
        FromOf<Self>: SelectDsl<KeyColumnsOf<Self>>,
        KeyColumnsOf<Self>: Expression,
    {
        has_rows::<Self, _, true>(keys::<Self>())
    }

    /// The source has a row for which `predicate` holds, a Diesel expression
    /// over the target's table and the junction's. One of these may stand in
    /// another.
    fn any<P: OverRows<Self, M>, M>(
        self,
        predicate: P,
    ) -> HasRows<SourceKeyColumns<Self>, SourceCondition<Self>, P::Filtered, true>
    where
        FromOf<Self>: SelectDsl<KeyColumnsOf<Self>>,
        KeyColumnsOf<Self>: Expression,
    {
        has_rows::<Self, _, true>(predicate.filter(keys::<Self>()))
    }

    /// The source has no row for which `predicate` holds. A source whose key is
    /// NULL has no rows.
    fn none<P: OverRows<Self, M>, M>(
        self,
        predicate: P,
    ) -> HasRows<SourceKeyColumns<Self>, SourceCondition<Self>, P::Filtered, false>
    where
        FromOf<Self>: SelectDsl<KeyColumnsOf<Self>>,
        KeyColumnsOf<Self>: Expression,
    {
        has_rows::<Self, _, false>(predicate.filter(keys::<Self>()))
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
    FromOf<A>: SelectDsl<KeyColumnsOf<A>>,
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
    FromOf<A>: SelectDsl<KeyColumnsOf<A>>,
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
    FromOf<A>: SelectDsl<KeyColumnsOf<A>>,
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
) -> HasRows<SourceKeyColumns<A>, SourceCondition<A>, Q, EXPECTED> {
    HasRows {
        columns: SourceKeyColumns::<A>::default(),
        scope: SourceScopeOf::<A>::condition(),
        keys,
    }
}

/// The keys of the sources that have a row.
pub(crate) fn keys<A>() -> Keys<A>
where
    A: Association,
    FromOf<A>: SelectDsl<KeyColumnsOf<A>>,
    KeyColumnsOf<A>: Expression,
{
    SelectDsl::select(
        <KindOf<A> as Kind<A::Source, A::Target>>::from(),
        KeyColumnsOf::<A>::default(),
    )
}

/// Whether the key of a source is among the keys of a sub-select, as `EXPECTED`;
/// never NULL.
#[derive(Debug, Clone, Copy)]
pub struct HasRows<C, S, Q, const EXPECTED: bool> {
    columns: C,
    scope: S,
    keys: Q,
}

impl<C, S, Q, const EXPECTED: bool> Expression for HasRows<C, S, Q, EXPECTED> {
    type SqlType = Bool;
}

impl<C, S, Q, const EXPECTED: bool> QueryId for HasRows<C, S, Q, EXPECTED>
where
    C: QueryId,
    S: QueryId,
    Q: QueryId,
{
    type QueryId = HasRows<C::QueryId, S::QueryId, Q::QueryId, EXPECTED>;
    const HAS_STATIC_QUERY_ID: bool =
        C::HAS_STATIC_QUERY_ID && S::HAS_STATIC_QUERY_ID && Q::HAS_STATIC_QUERY_ID;
}

impl<C, S, Q, G, const EXPECTED: bool> ValidGrouping<G> for HasRows<C, S, Q, EXPECTED> {
    type IsAggregate = is_aggregate::No;
}

// The sub-select stands for itself, so only the columns must be in the query.
impl<C, S, Q, From, const EXPECTED: bool> AppearsOnTable<From> for HasRows<C, S, Q, EXPECTED>
where
    C: OfSource<From>,
    S: AppearsOnTable<From>,
{
}

impl<C, S, Q, From, const EXPECTED: bool> SelectableExpression<From> for HasRows<C, S, Q, EXPECTED>
where
    C: OfSource<From>,
    S: SelectableExpression<From>,
{
}

impl<C, S, Q, DB, const EXPECTED: bool> QueryFragment<DB> for HasRows<C, S, Q, EXPECTED>
where
    DB: Backend,
    S: IsNone + QueryFragment<DB>,
    C: Columns + QueryFragment<DB>,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(if S::NONE { "((" } else { "(((" });
        self.columns.walk_ast(out.reborrow())?;
        out.push_sql(") IN (");
        self.keys.walk_ast(out.reborrow())?;
        out.push_sql(")");
        if !S::NONE {
            out.push_sql(" AND ");
            self.scope.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(if EXPECTED {
            " IS TRUE)"
        } else {
            " IS NOT TRUE)"
        });
        Ok(())
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
