//! `INSERT` of rows of a junction, each with values of its own.

use super::columns::NewColumns;
use super::given::{Given, GivenValues};
use super::junction::{Condition, Existing, LinkFrom, places_of_target, walk_ending, walk_head};
use super::names::push_columns;
use crate::association::{
    Association, KeyColumnsOf, LinkColumnsOf, LinkScopeOf, LinkTableOf, Scope, TargetKeyColumns,
    TargetTable,
};
use crate::connection::{Dialect, HasDialect};
use crate::key::{Columns, Values};
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_source::QuerySource;

/// New links of `A` with the source's key `S`, the target's `K` and the values `P`, which
/// all have values for the same columns.
pub struct InsertPairRows<A: Association, S, K, P> {
    table: LinkFrom<A>,
    rows: Vec<(S, K, P)>,
    scope: Condition<A>,
    existing: Existing,
}

impl<A: Association, S, K, P> InsertPairRows<A, S, K, P> {
    pub(in crate::write) fn new(rows: Vec<(S, K, P)>, existing: Existing) -> Self {
        Self {
            table: LinkTableOf::<A>::default().from_clause(),
            rows,
            scope: LinkScopeOf::<A>::condition(),
            existing,
        }
    }
}

/// Whether the association gives this column of its junction a value: then the values of
/// the user's do not.
fn is_given<A: Association>(name: &str) -> bool {
    KeyColumnsOf::<A>::NAMES.contains(&name)
        || LinkColumnsOf::<A>::NAMES.contains(&name)
        || LinkScopeOf::<A>::NAMES.contains(&name)
}

/// The columns that `values` has values for, without those that are left to their
/// default and those that the association gives.
pub(in crate::write) fn payload_names<A, P, DB>(values: &P) -> QueryResult<Vec<&'static str>>
where
    A: Association,
    DB: Backend,
    P: NewColumns<DB>,
{
    let mut names = Vec::new();
    values.each(&mut |column| {
        if !column.is_default && !is_given::<A>(column.name) && !names.contains(&column.name) {
            names.push(column.name);
        }
        Ok(())
    })?;
    Ok(names)
}

// The text grows with the rows, and with the columns that they have values for.
impl<A: Association, S, K, P> QueryId for InsertPairRows<A, S, K, P> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<A, S, K, P, DB> QueryFragment<DB> for InsertPairRows<A, S, K, P>
where
    DB: HasDialect,
    A: Association,
    LinkFrom<A>: QueryFragment<DB>,
    S: Values<DB>,
    K: Values<DB>,
    P: NewColumns<DB>,
    Condition<A>: Values<DB> + QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Some((_, _, first)) = self.rows.first() else {
            return Err(diesel::result::Error::QueryBuilderError(
                "an insert needs a row".into(),
            ));
        };
        if self.rows.len() > super::FEW {
            // The text grows with the rows; so many seldom come again.
            out.unsafe_to_cache_prepared();
        }
        let payload = payload_names::<A, P, DB>(first)?;
        walk_head::<A, DB>(&self.table, &payload, &mut out)?;
        out.push_sql(" VALUES ");
        for (number, (source, target, values)) in self.rows.iter().enumerate() {
            out.push_sql(if number > 0 { ", (" } else { "(" });
            for index in 0..S::COUNT {
                out.push_sql(if index > 0 { ", " } else { "" });
                source.walk_value(index, out.reborrow())?;
            }
            for place in places_of_target::<A>() {
                out.push_sql(", ");
                target.walk_value(place, out.reborrow())?;
            }
            for index in 0..Condition::<A>::COUNT {
                out.push_sql(", ");
                self.scope.walk_value(index, out.reborrow())?;
            }
            for name in &payload {
                out.push_sql(", ");
                if let Some(column) = values.column(name)? {
                    column.value.walk_ast(out.reborrow())?;
                }
            }
            out.push_sql(")");
        }
        walk_ending::<A, DB>(&self.table, &self.scope, self.existing, &payload, &mut out)
    }
}

/// As [`InsertPairRows`], of targets that are there: their keys are read from their table.
///
/// ```sql
/// WITH orm_given (i, k0, k1, v0) AS (VALUES (0, ?, ?, ?))
/// INSERT INTO liked_toots (person_id, toot_id, liked_at)
/// SELECT orm_given.k0, toots.id, orm_given.v0
/// FROM orm_given INNER JOIN toots ON toots.id = orm_given.k1 WHERE 1 = 1
/// ```
pub struct InsertGiven<A: Association, S, K, P> {
    given: Given<LinkTableOf<A>, (S, K), P>,
    table: LinkFrom<A>,
    target: <TargetTable<A> as QuerySource>::FromClause,
    scope: Condition<A>,
    existing: Existing,
}

impl<A: Association, S, K, P> InsertGiven<A, S, K, P> {
    pub(in crate::write) fn new(
        given: Given<LinkTableOf<A>, (S, K), P>,
        existing: Existing,
    ) -> Self {
        Self {
            given,
            table: LinkTableOf::<A>::default().from_clause(),
            target: TargetTable::<A>::default().from_clause(),
            scope: LinkScopeOf::<A>::condition(),
            existing,
        }
    }
}

impl<A: Association, S, K, P> QueryId for InsertGiven<A, S, K, P> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<A, S, K, P, DB> QueryFragment<DB> for InsertGiven<A, S, K, P>
where
    DB: HasDialect,
    A: Association,
    LinkFrom<A>: QueryFragment<DB>,
    <TargetTable<A> as QuerySource>::FromClause: QueryFragment<DB>,
    S: Values<DB>,
    K: Values<DB>,
    P: GivenValues<DB>,
    Condition<A>: Values<DB> + QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let given = &self.given;
        if given.len() > super::FEW {
            // The text grows with the rows; so many seldom come again.
            out.unsafe_to_cache_prepared();
        }
        let mysql = out.backend().dialect() == Dialect::Mysql;
        if !mysql {
            given.walk_with(&mut out)?;
        }
        let target_names = TargetKeyColumns::<A>::NAMES;
        walk_head::<A, DB>(&self.table, given.names(), &mut out)?;
        // The database may have two keys for one. Values cannot always be compared.
        out.push_sql(if given.names().is_empty() {
            " SELECT DISTINCT "
        } else {
            " SELECT "
        });
        for index in 0..S::COUNT {
            out.push_sql(if index > 0 { ", " } else { "" });
            out.push_sql(&format!("orm_given.k{index}"));
        }
        for place in places_of_target::<A>() {
            out.push_sql(", ");
            push_columns(&self.target, [target_names[place]], &mut out)?;
        }
        for index in 0..Condition::<A>::COUNT {
            out.push_sql(", ");
            self.scope.walk_value(index, out.reborrow())?;
        }
        for index in 0..given.names().len() {
            out.push_sql(&format!(", orm_given.v{index}"));
        }
        if mysql {
            out.push_sql(" FROM (");
            given.walk_union(&mut out)?;
            out.push_sql(") AS orm_given INNER JOIN ");
        } else {
            out.push_sql(" FROM orm_given INNER JOIN ");
        }
        self.target.walk_ast(out.reborrow())?;
        for (index, name) in target_names.iter().enumerate() {
            out.push_sql(if index > 0 { " AND " } else { " ON " });
            push_columns(&self.target, [*name], &mut out)?;
            out.push_sql(&format!(" = orm_given.k{}", S::COUNT + index));
        }
        // SQLite would take the next `ON` for that of the join
        out.push_sql(" WHERE 1 = 1");
        let payload = given.names();
        walk_ending::<A, DB>(&self.table, &self.scope, self.existing, payload, &mut out)
    }
}
