//! What the `INSERT`s into a junction share.

use super::names::{push_columns, push_names};
use crate::association::{
    Association, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, LinkScopeOf, LinkTableOf, Scope,
};
use crate::connection::{Dialect, HasDialect};
use crate::key::Columns;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::query_source::QuerySource;

pub(super) type Condition<A> = <LinkScopeOf<A> as Scope>::Condition;
pub(super) type LinkFrom<A> = <LinkTableOf<A> as QuerySource>::FromClause;

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
