//! `INSERT` of links from one source to many targets.

use super::conditions::{TargetCondition, TargetFrom, TargetsIn};
use super::names::{push_columns, push_names};
use super::pairs::Existing;
use crate::association::{
    Association, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, LinkScopeOf, LinkTableOf, Scope,
    TargetKeyColumns, TargetKeyOf,
};
use crate::connection::{Dialect, HasDialect};
use crate::key::{Columns, Values};
use crate::model::Model;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::sql_types::BigInt;
use diesel::{QueryResult, RunQueryDsl};
use std::marker::PhantomData;

type Condition<A> = <LinkScopeOf<A> as Scope>::Condition;
type LinkFrom<A> = <LinkTableOf<A> as QuerySource>::FromClause;

/// Links a source to many targets of the association `A`:
///
/// ```sql
/// INSERT INTO junction (foreign_key, other_key)
/// SELECT ?, targets.id FROM targets WHERE targets.id IN (..)
/// ```
///
/// The keys are read from the target's table, and within its scope: a target that is not
/// there is not linked, also where no foreign key says so. A pair that exists, or that
/// another connection adds at this moment, is left as it is, and no other constraint is
/// ignored. Where the primary key does not find existing pairs, this
/// is added:
///
/// ```sql
/// AND NOT EXISTS (SELECT 1 FROM junction WHERE foreign_key = ? AND other_key = targets.id)
/// ```
pub struct InsertLinks<A: Association, F> {
    table: LinkFrom<A>,
    source: F,
    columns: LinkColumnsOf<A>,
    targets: TargetsIn<A>,
    scope: Condition<A>,
}

impl<A: Association, F> InsertLinks<A, F> {
    pub(in crate::write) fn new(
        source: F,
        targets: impl IntoIterator<Item = TargetKeyOf<A>>,
    ) -> Self {
        Self {
            table: LinkTableOf::<A>::default().from_clause(),
            source,
            columns: LinkColumnsOf::<A>::default(),
            targets: TargetsIn::new(targets).kept_by_text(),
            scope: LinkScopeOf::<A>::condition(),
        }
    }
}

/// The columns of the junction's primary key, if it is the pair.
pub(super) fn pair_key<A: Association>() -> Option<&'static [&'static str]> {
    <KindOf<A> as Kind<A::Source, A::Target>>::pair_key()
}

/// The places of the columns of the target's key in the junction that the source's key has
/// not: a column that both have is written once.
pub(super) fn places_of_target<A: Association>() -> impl Iterator<Item = usize> {
    let names = LinkColumnsOf::<A>::NAMES.iter().enumerate();
    names.filter_map(|(place, name)| {
        let is_own = KeyColumnsOf::<A>::NAMES.contains(name);
        (!is_own).then_some(place)
    })
}

/// Writes `INSERT INTO junction (foreign_key, other_key, scope, payload)`.
pub(super) fn walk_head<'b, A, DB>(
    table: &'b LinkFrom<A>,
    payload: &[&'static str],
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()>
where
    A: Association,
    DB: Backend,
    LinkFrom<A>: QueryFragment<DB>,
{
    out.push_sql("INSERT INTO ");
    table.walk_ast(out.reborrow())?;
    out.push_sql(" (");
    let names = KeyColumnsOf::<A>::NAMES.iter();
    let names = names
        .copied()
        .chain(places_of_target::<A>().map(|place| LinkColumnsOf::<A>::NAMES[place]))
        .chain(LinkScopeOf::<A>::NAMES.iter().copied())
        .chain(payload.iter().copied());
    push_names(names, out)?;
    out.push_sql(")");
    Ok(())
}

// On MySQL the text of few keys is kept, one for each number.
impl<A: Association, F> QueryId for InsertLinks<A, F> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<A, F, DB> QueryFragment<DB> for InsertLinks<A, F>
where
    DB: HasDialect,
    A: Association,
    LinkFrom<A>: QueryFragment<DB>,
    TargetFrom<A>: QueryFragment<DB>,
    F: Values<DB> + QueryFragment<DB>,
    LinkColumnsOf<A>: QueryFragment<DB>,
    TargetKeyColumns<A>: QueryFragment<DB>,
    TargetsIn<A>: QueryFragment<DB>,
    Condition<A>: Values<DB> + QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        walk_head::<A, DB>(&self.table, &[], &mut out)?;
        // a target's key may be in several rows
        let is_unique = TargetKeyColumns::<A>::NAMES == <A::Target as Model>::PrimaryKey::NAMES;
        out.push_sql(if is_unique {
            " SELECT "
        } else {
            " SELECT DISTINCT "
        });
        for index in 0..F::COUNT {
            if index > 0 {
                out.push_sql(", ");
            }
            self.source.walk_value(index, out.reborrow())?;
        }
        for place in places_of_target::<A>() {
            out.push_sql(", ");
            let name = TargetKeyColumns::<A>::NAMES[place];
            push_columns(&self.targets.table, [name], &mut out)?;
        }
        for index in 0..Condition::<A>::COUNT {
            out.push_sql(", ");
            self.scope.walk_value(index, out.reborrow())?;
        }
        out.push_sql(" FROM ");
        self.targets.walk_ast(out.reborrow())?;
        if pair_key::<A>().is_none() {
            out.push_sql(" AND NOT EXISTS (SELECT 1 FROM ");
            self.table.walk_ast(out.reborrow())?;
            out.push_sql(" WHERE ");
            self.source.walk_ast(out.reborrow())?;
            out.push_sql(" AND (");
            self.columns.walk_ast(out.reborrow())?;
            out.push_sql(") = (");
            self.targets.columns().walk_ast(out.reborrow())?;
            out.push_sql(")");
            if Condition::<A>::COUNT > 0 {
                out.push_sql(" AND ");
                self.scope.walk_ast(out.reborrow())?;
            }
            out.push_sql(")");
        }
        walk_ending::<A, DB>(&self.table, &self.scope, Existing::Keep, &[], &mut out)
    }
}

/// Writes the end of an `INSERT` of links, which does with existing pairs what `existing`
/// says, to their columns `payload`, and ignores no other constraint.
///
/// | database | the pair is the primary key | else |
/// |---|---|---|
/// | SQLite | `ON CONFLICT (pair) DO UPDATE SET a = a`, so that existing pairs count as affected rows | nothing: nobody else writes at the same time |
/// | PostgreSQL | `ON CONFLICT (pair) DO NOTHING`; with a payload `DO UPDATE SET ..` | `ON CONFLICT DO NOTHING`; whoever sends it compares the number of rows |
/// | MySQL | `ON DUPLICATE KEY UPDATE a = IF(it is the pair, a, <an error>)`: the clause catches every unique key | the same |
pub(super) fn walk_ending<'b, A, DB>(
    table: &'b LinkFrom<A>,
    scope: &'b Condition<A>,
    existing: Existing,
    payload: &[&'static str],
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()>
where
    DB: HasDialect,
    A: Association,
    LinkFrom<A>: QueryFragment<DB>,
    Condition<A>: QueryFragment<DB>,
{
    let payload = match existing {
        Existing::Refuse => return Ok(()),
        Existing::Keep => &[],
        Existing::Update => payload,
    };
    let own = KeyColumnsOf::<A>::NAMES;
    let dialect = out.backend().dialect();
    let pair_key = pair_key::<A>();
    match (dialect, pair_key) {
        (Dialect::Sqlite, None) => return Ok(()),
        (Dialect::Postgres, None) => {
            out.push_sql(" ON CONFLICT DO NOTHING");
            return Ok(());
        }
        (Dialect::Sqlite | Dialect::Postgres, Some(key)) => {
            out.push_sql(" ON CONFLICT (");
            push_names(key.iter().copied(), out)?;
            if dialect == Dialect::Postgres && existing == Existing::Keep {
                out.push_sql(") DO NOTHING");
                return Ok(());
            }
            out.push_sql(") DO UPDATE SET ");
        }
        (Dialect::Mysql, _) => out.push_sql(" ON DUPLICATE KEY UPDATE "),
    }
    if dialect == Dialect::Mysql {
        out.push_identifier(own[0])?;
        out.push_sql(" = IF(");
        let pair = own.iter().chain(LinkColumnsOf::<A>::NAMES);
        for (index, name) in pair.chain(LinkScopeOf::<A>::NAMES).enumerate() {
            out.push_sql(if index > 0 { " AND " } else { "" });
            push_columns(table, [*name], out)?;
            out.push_sql(" <=> VALUES(");
            out.push_identifier(name)?;
            out.push_sql(")");
        }
        out.push_sql(", ");
        push_columns(table, [own[0]], out)?;
        // an error of its own: the row that is in the way is another
        out.push_sql(", (SELECT 1 UNION ALL SELECT 2))");
        for name in payload {
            out.push_sql(", ");
            out.push_identifier(name)?;
            out.push_sql(" = VALUES(");
            out.push_identifier(name)?;
            out.push_sql(")");
        }
        return Ok(());
    }
    if payload.is_empty() {
        out.push_identifier(own[0])?;
        out.push_sql(" = ");
        push_columns(table, [own[0]], out)?;
    }
    for (index, name) in payload.iter().enumerate() {
        out.push_sql(if index > 0 { ", " } else { "" });
        out.push_identifier(name)?;
        out.push_sql(" = excluded.");
        out.push_identifier(name)?;
    }
    if !LinkScopeOf::<A>::NAMES.is_empty() {
        out.push_sql(" WHERE ");
        scope.walk_ast(out.reborrow())?;
    }
    Ok(())
}

/// For PostgreSQL: links a source to many targets, and yields to how many of them it is
/// linked then, in one statement.
///
/// ```sql
/// WITH orm_new AS (INSERT INTO junction .. ON CONFLICT (..) DO NOTHING RETURNING 1)
/// SELECT (SELECT COUNT(*) FROM orm_new) + (SELECT COUNT(*) FROM (
///     SELECT DISTINCT other_key FROM junction WHERE foreign_key = $1
///     AND other_key IN (SELECT id FROM targets WHERE id = ANY ($2))) AS orm_old)
/// ```
pub struct CountLinked<A: Association, F> {
    insert: InsertLinks<A, F>,
}

impl<A: Association, F> CountLinked<A, F> {
    pub(in crate::write) fn new(source: F, targets: Vec<TargetKeyOf<A>>) -> Self {
        Self {
            insert: InsertLinks::new(source, targets),
        }
    }
}

/// The identity of a [`CountLinked`].
#[derive(Debug)]
pub struct CountLinkedOf<A, F>(PhantomData<(A, F)>);

impl<A: Association, F: QueryId> QueryId for CountLinked<A, F> {
    type QueryId = CountLinkedOf<A, F::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = F::HAS_STATIC_QUERY_ID
        && Condition::<A>::HAS_STATIC_QUERY_ID
        && TargetCondition::<A>::HAS_STATIC_QUERY_ID;
}

impl<A: Association, F> Query for CountLinked<A, F> {
    type SqlType = BigInt;
}

impl<A: Association, F, Conn> RunQueryDsl<Conn> for CountLinked<A, F> {}

impl<A, F, DB> QueryFragment<DB> for CountLinked<A, F>
where
    DB: HasDialect,
    A: Association,
    InsertLinks<A, F>: QueryFragment<DB>,
    LinkFrom<A>: QueryFragment<DB>,
    F: Values<DB> + QueryFragment<DB>,
    LinkColumnsOf<A>: QueryFragment<DB>,
    TargetKeyColumns<A>: QueryFragment<DB>,
    TargetsIn<A>: QueryFragment<DB>,
    Condition<A>: Values<DB> + QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let insert = &self.insert;
        out.push_sql("WITH orm_new AS (");
        insert.walk_ast(out.reborrow())?;
        out.push_sql(
            " RETURNING 1) SELECT (SELECT COUNT(*) FROM orm_new) + (SELECT COUNT(*) FROM (SELECT DISTINCT ",
        );
        insert.columns.walk_ast(out.reborrow())?;
        out.push_sql(" FROM ");
        insert.table.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        insert.source.walk_ast(out.reborrow())?;
        if Condition::<A>::COUNT > 0 {
            out.push_sql(" AND ");
            insert.scope.walk_ast(out.reborrow())?;
        }
        out.push_sql(" AND (");
        insert.columns.walk_ast(out.reborrow())?;
        out.push_sql(") IN (SELECT ");
        insert.targets.columns().walk_ast(out.reborrow())?;
        out.push_sql(" FROM ");
        insert.targets.walk_ast(out.reborrow())?;
        out.push_sql(")) AS orm_old)");
        Ok(())
    }
}
