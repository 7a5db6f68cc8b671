//! Parts of statements that change links.

use crate::association::{
    Association, AssociationKind, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, Scope,
    SourceKeyColumns, TargetKeyColumns, TargetKeyOf, TargetScopeOf, TargetTable, Unscoped,
    is_shared, is_unlinked,
};
use crate::connection::{Dialect, HasDialect};
use crate::key::{Columns, KeyIn, KeyTable, Values};
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::sql_types::{BigInt, Bool, Nullable};
use diesel::{QueryResult, RunQueryDsl};
use std::marker::PhantomData;

/// Whether a link is to one of these targets, as a selected column. A link of a junction
/// to a target that is not there is to none of them:
/// `(toot_id) IN (SELECT id FROM toots WHERE id IN (..))`.
pub struct Among<A: Association> {
    links: LinkColumnsOf<A>,
    keys: KeyTable<LinkColumnsOf<A>, TargetKeyOf<A>>,
    targets: KeyIn<TargetKeyColumns<A>, TargetKeyOf<A>>,
    table: TargetFrom<A>,
}

impl<A: Association> Among<A> {
    pub(in crate::write) fn new(targets: Vec<TargetKeyOf<A>>) -> Self {
        let (keys, targets) = if is_junction::<A>() {
            (Vec::new(), targets)
        } else {
            (targets, Vec::new())
        };
        Self {
            links: LinkColumnsOf::<A>::default(),
            keys: KeyTable(KeyIn::new(LinkColumnsOf::<A>::default(), keys)),
            targets: KeyIn::new(TargetKeyColumns::<A>::default(), targets),
            table: TargetTable::<A>::default().from_clause(),
        }
    }
}

fn is_junction<A: Association>() -> bool {
    <KindOf<A> as Kind<A::Source, A::Target>>::KIND == AssociationKind::BelongsToMany
}

impl<A: Association> Expression for Among<A> {
    type SqlType = Nullable<Bool>;
}

impl<A: Association, G> ValidGrouping<G> for Among<A> {
    type IsAggregate = is_aggregate::No;
}

impl<A: Association, From> AppearsOnTable<From> for Among<A> where
    LinkColumnsOf<A>: AppearsOnTable<From>
{
}

impl<A: Association, From> SelectableExpression<From> for Among<A> where
    LinkColumnsOf<A>: SelectableExpression<From>
{
}

impl<A: Association> QueryId for Among<A> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<A, DB> QueryFragment<DB> for Among<A>
where
    DB: HasDialect,
    A: Association,
    LinkColumnsOf<A>: QueryFragment<DB>,
    TargetKeyColumns<A>: QueryFragment<DB>,
    TargetFrom<A>: QueryFragment<DB>,
    KeyIn<LinkColumnsOf<A>, TargetKeyOf<A>>: QueryFragment<DB>,
    KeyTable<LinkColumnsOf<A>, TargetKeyOf<A>>: QueryFragment<DB>,
    KeyIn<TargetKeyColumns<A>, TargetKeyOf<A>>: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let is_junction = is_junction::<A>();
        if !is_junction && out.backend().dialect() != Dialect::Postgres {
            return self.keys.0.walk_ast(out);
        }
        out.push_sql("(");
        self.links.walk_ast(out.reborrow())?;
        out.push_sql(") IN (");
        if is_junction {
            out.push_sql("SELECT ");
            self.targets.columns().walk_ast(out.reborrow())?;
            out.push_sql(" FROM ");
            self.table.walk_ast(out.reborrow())?;
            out.push_sql(" WHERE ");
            self.targets.walk_ast(out.reborrow())?;
        } else {
            // it compares a selected `= ANY` with one element after another
            self.keys.walk_ast(out.reborrow())?;
        }
        out.push_sql(")");
        Ok(())
    }
}

/// What links a row by its foreign key: `foreign_key = ?, scope = ?`, without the columns
/// that are part of the row's own primary key `Own`, such as a tenant: they are compared
/// instead, see [`WithShared`].
#[derive(Debug)]
pub struct SetLink<Own, E>(E, PhantomData<Own>);

impl<Own, E> SetLink<Own, E> {
    pub(in crate::write) fn new(values: E) -> Self {
        Self(values, PhantomData)
    }
}

/// The identity of a fragment that depends on more than its parts.
#[derive(Debug)]
pub struct Depending<On, I>(PhantomData<(On, I)>);

impl<Own: 'static, E: QueryId> QueryId for SetLink<Own, E> {
    type QueryId = Depending<Own, E::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = E::HAS_STATIC_QUERY_ID;
}

impl<Own, E, DB> QueryFragment<DB> for SetLink<Own, E>
where
    DB: Backend,
    Own: Columns,
    E: Values<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut written = (0..E::COUNT).filter(|&index| !Own::NAMES.contains(&E::name(index)));
        let Some(first) = written.next() else {
            // all of it is in the row's own key: nothing is left to be written
            out.push_identifier(E::name(0))?;
            out.push_sql(" = ");
            return out.push_identifier(E::name(0));
        };
        for index in std::iter::once(first).chain(written) {
            if index != first {
                out.push_sql(", ");
            }
            out.push_identifier(E::name(index))?;
            out.push_sql(" = ");
            self.0.walk_value(index, out.reborrow())?;
        }
        Ok(())
    }
}

/// `P`, of the rows that have the values of the foreign key `F` in the columns that it
/// shares: `id IN (..) AND tenant_id = ?`. A row that has another value there is
/// of another tenant.
#[derive(Debug)]
pub struct WithShared<P, Own, Other, F> {
    condition: P,
    key: F,
    keys: PhantomData<(Own, Other)>,
}

impl<P, Own, Other, F> WithShared<P, Own, Other, F> {
    pub(in crate::write) fn new(condition: P, key: F) -> Self {
        Self {
            condition,
            key,
            keys: PhantomData,
        }
    }
}

impl<P, Own, Other, F> QueryId for WithShared<P, Own, Other, F>
where
    P: QueryId,
    Own: 'static,
    Other: 'static,
    F: QueryId,
{
    type QueryId = Depending<(Own, Other), (P::QueryId, F::QueryId)>;
    const HAS_STATIC_QUERY_ID: bool = P::HAS_STATIC_QUERY_ID && F::HAS_STATIC_QUERY_ID;
}

impl<P, Own, Other, F, DB> QueryFragment<DB> for WithShared<P, Own, Other, F>
where
    DB: Backend,
    P: QueryFragment<DB>,
    Own: Columns,
    Other: Columns,
    F: Values<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.condition.walk_ast(out.reborrow())?;
        let names: Vec<_> = (0..F::COUNT).map(F::name).collect();
        for (index, name) in names.iter().copied().enumerate() {
            if !is_shared(index, &names, Own::NAMES, Other::NAMES) {
                continue;
            }
            // a row that belongs to nobody may have no value there
            let is_own = Own::NAMES.contains(&name);
            out.push_sql(if is_own { " AND " } else { " AND (" });
            out.push_identifier(name)?;
            out.push_sql(" = ");
            self.key.walk_value(index, out.reborrow())?;
            if !is_own {
                out.push_sql(" OR ");
                out.push_identifier(name)?;
                out.push_sql(" IS NULL)");
            }
        }
        Ok(())
    }
}

/// The columns of a foreign key that unlinking sets to NULL, see [`is_unlinked`].
pub(in crate::write) fn unlinked<C: Columns, Own: Columns, Other: Columns>()
-> impl Iterator<Item = &'static str> {
    let names = C::NAMES.iter().enumerate();
    names.filter_map(|(place, name)| {
        is_unlinked(place, C::NAMES, C::NULLABLES, Own::NAMES, Other::NAMES).then_some(*name)
    })
}

/// `a = NULL, b = NULL`, for the columns that unlinking sets; of a row out of the scope
/// `S` nothing: `a = CASE WHEN scope THEN NULL ELSE a END`.
#[derive(Debug, Clone, Copy)]
pub struct SetNull<C, Own, Other, S = Unscoped> {
    scope: S,
    keys: PhantomData<(C, Own, Other)>,
}

/// Unlinks the target rows of `A`.
pub type UnlinkRows<A> = SetNull<KeyColumnsOf<A>, LinkColumnsOf<A>, SourceKeyColumns<A>>;

impl<C, Own, Other> SetNull<C, Own, Other> {
    pub(in crate::write) const NEW: Self = Self::within(Unscoped);
}

impl<C, Own, Other, S> SetNull<C, Own, Other, S> {
    pub(in crate::write) const fn within(scope: S) -> Self {
        Self {
            scope,
            keys: PhantomData,
        }
    }
}

impl<C: 'static, Own: 'static, Other: 'static, S: QueryId> QueryId for SetNull<C, Own, Other, S> {
    type QueryId = Depending<(C, Own, Other), S::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = S::HAS_STATIC_QUERY_ID;
}

impl<C, Own, Other, S, DB> QueryFragment<DB> for SetNull<C, Own, Other, S>
where
    C: Columns,
    Own: Columns,
    Other: Columns,
    S: Values<DB> + QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (index, name) in unlinked::<C, Own, Other>().enumerate() {
            if index > 0 {
                out.push_sql(", ");
            }
            out.push_identifier(name)?;
            if S::COUNT == 0 {
                out.push_sql(" = NULL");
                continue;
            }
            out.push_sql(" = CASE WHEN ");
            self.scope.walk_ast(out.reborrow())?;
            out.push_sql(" THEN NULL ELSE ");
            out.push_identifier(name)?;
            out.push_sql(" END");
        }
        Ok(())
    }
}

pub(super) type TargetFrom<A> = <TargetTable<A> as QuerySource>::FromClause;
pub(super) type TargetCondition<A> = <TargetScopeOf<A> as Scope>::Condition;

/// `P`, and of a junction's rows those whose target is in its scope:
/// `P AND (other_key) IN (SELECT id FROM things WHERE color = ?)`.
pub struct WithTargetInScope<A: Association, P> {
    condition: P,
    links: LinkColumnsOf<A>,
    targets: TargetKeyColumns<A>,
    table: TargetFrom<A>,
    scope: TargetCondition<A>,
    /// Whether the target must be there where there is no scope too.
    is_there: bool,
}

impl<A: Association, P> WithTargetInScope<A, P> {
    pub(in crate::write) fn new(condition: P) -> Self {
        Self {
            is_there: false,
            condition,
            links: LinkColumnsOf::<A>::default(),
            targets: TargetKeyColumns::<A>::default(),
            table: TargetTable::<A>::default().from_clause(),
            scope: TargetScopeOf::<A>::condition(),
        }
    }

    /// The same of links whose target is there, for a statement whose text is its identity.
    pub(in crate::write) fn there(condition: P) -> Self {
        Self {
            is_there: true,
            ..Self::new(condition)
        }
    }
}

impl<A: Association, P: QueryId> QueryId for WithTargetInScope<A, P> {
    type QueryId = Depending<A, P::QueryId>;
    const HAS_STATIC_QUERY_ID: bool =
        P::HAS_STATIC_QUERY_ID && TargetCondition::<A>::HAS_STATIC_QUERY_ID;
}

impl<A, P, DB> QueryFragment<DB> for WithTargetInScope<A, P>
where
    DB: Backend,
    A: Association,
    P: QueryFragment<DB>,
    LinkColumnsOf<A>: QueryFragment<DB>,
    TargetKeyColumns<A>: QueryFragment<DB>,
    TargetFrom<A>: QueryFragment<DB>,
    TargetCondition<A>: Values<DB> + QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.condition.walk_ast(out.reborrow())?;
        let is_scoped = TargetCondition::<A>::COUNT > 0;
        if !is_scoped && !self.is_there {
            return Ok(());
        }
        out.push_sql(" AND (");
        self.links.walk_ast(out.reborrow())?;
        out.push_sql(") IN (SELECT ");
        self.targets.walk_ast(out.reborrow())?;
        out.push_sql(" FROM ");
        self.table.walk_ast(out.reborrow())?;
        if is_scoped {
            out.push_sql(" WHERE ");
            self.scope.walk_ast(out.reborrow())?;
        }
        out.push_sql(")");
        Ok(())
    }
}

/// These targets of `A` within its scope: `things WHERE things.id IN (..) AND color = ?`.
pub struct TargetsIn<A: Association> {
    pub(super) table: TargetFrom<A>,
    keys: KeyIn<TargetKeyColumns<A>, TargetKeyOf<A>>,
    scope: TargetCondition<A>,
}

impl<A: Association> TargetsIn<A> {
    pub(super) fn new(targets: impl IntoIterator<Item = TargetKeyOf<A>>) -> Self {
        Self {
            table: TargetTable::<A>::default().from_clause(),
            keys: KeyIn::new(TargetKeyColumns::<A>::default(), targets),
            scope: TargetScopeOf::<A>::condition(),
        }
    }

    /// As [`KeyIn::kept_by_text`].
    pub(super) fn kept_by_text(self) -> Self {
        Self {
            keys: self.keys.kept_by_text(),
            ..self
        }
    }

    /// The columns of the keys.
    pub(super) fn columns(&self) -> &TargetKeyColumns<A> {
        self.keys.columns()
    }
}

impl<A, DB> QueryFragment<DB> for TargetsIn<A>
where
    DB: Backend,
    A: Association,
    TargetFrom<A>: QueryFragment<DB>,
    KeyIn<TargetKeyColumns<A>, TargetKeyOf<A>>: QueryFragment<DB>,
    TargetCondition<A>: Values<DB> + QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.keys.walk_ast(out.reborrow())?;
        if TargetCondition::<A>::COUNT > 0 {
            out.push_sql(" AND ");
            self.scope.walk_ast(out.reborrow())?;
        }
        Ok(())
    }
}

/// How many of these targets of `A` there are within its scope.
pub struct CountTargets<A: Association>(TargetsIn<A>);

impl<A: Association> CountTargets<A> {
    pub(in crate::write) fn new(targets: impl IntoIterator<Item = TargetKeyOf<A>>) -> Self {
        Self(TargetsIn::new(targets))
    }
}

impl<A: Association> QueryId for CountTargets<A> {
    type QueryId = Depending<A, CountTargets<A>>;
    const HAS_STATIC_QUERY_ID: bool = TargetCondition::<A>::HAS_STATIC_QUERY_ID;
}

impl<A: Association> Query for CountTargets<A> {
    type SqlType = BigInt;
}

impl<A: Association, Conn> RunQueryDsl<Conn> for CountTargets<A> {}

impl<A, DB> QueryFragment<DB> for CountTargets<A>
where
    DB: Backend,
    A: Association,
    TargetsIn<A>: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM ");
        self.0.walk_ast(out)
    }
}
