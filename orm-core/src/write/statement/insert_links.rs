//! `INSERT` of links from one source to many targets.

use super::conditions::{TargetCondition, TargetFrom, TargetsIn};
use super::junction::{
    Condition, Existing, LinkFrom, pair_key, places_of_target, walk_ending, walk_head,
};
use super::names::push_columns;
use crate::association::{
    Association, LinkColumnsOf, LinkScopeOf, LinkTableOf, Scope, TargetKeyColumns, TargetKeyOf,
};
use crate::connection::HasDialect;
use crate::key::{Columns, Values};
use crate::model::Model;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::sql_types::BigInt;
use diesel::{QueryResult, RunQueryDsl};
use std::marker::PhantomData;

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
