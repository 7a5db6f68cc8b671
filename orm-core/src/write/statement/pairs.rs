//! `INSERT` of rows of a junction, each with values of its own.

use super::columns::NewColumns;
use super::dialect::HasDialect;
use super::insert_links::walk_ending;
use super::names::push_names;
use crate::association::{Association, LinkColumnsOf, LinkScopeOf, LinkTableOf, Scope};
use crate::key::{Columns, Values};
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::QueryResult;

type Condition<A> = <LinkScopeOf<A> as Scope>::Condition;
type LinkFrom<A> = <LinkTableOf<A> as QuerySource>::FromClause;

/// What an `INSERT` of pairs does with those that exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// They stay as they are; PostgreSQL does not count them.
    Keep,
    /// They get the new values, and are counted.
    Update,
    /// They are an error, as any other constraint is.
    Refuse,
}

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
    crate::association::KeyColumnsOf::<A>::NAMES.contains(&name)
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
        // A column that both keys have is written once.
        let others =
            || (0..K::COUNT).filter(|&index| (0..S::COUNT).all(|own| S::name(own) != K::name(index)));
        out.push_sql("INSERT INTO ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" (");
        push_names(
            (0..S::COUNT)
                .map(S::name)
                .chain(others().map(K::name))
                .chain((0..Condition::<A>::COUNT).map(Condition::<A>::name))
                .chain(payload.iter().copied()),
            &mut out,
        )?;
        out.push_sql(") VALUES ");
        for (number, (source, target, values)) in self.rows.iter().enumerate() {
            out.push_sql(if number > 0 { ", (" } else { "(" });
            for index in 0..S::COUNT {
                out.push_sql(if index > 0 { ", " } else { "" });
                source.walk_value(index, out.reborrow())?;
            }
            for index in others() {
                out.push_sql(", ");
                target.walk_value(index, out.reborrow())?;
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
        match self.existing {
            Existing::Refuse => Ok(()),
            Existing::Keep => walk_ending::<A, S, DB>(&self.table, &self.scope, None, &mut out),
            Existing::Update => {
                walk_ending::<A, S, DB>(&self.table, &self.scope, Some(&payload), &mut out)
            }
        }
    }
}
