//! Whether a query is for a whole table.

use crate::query::ShowSql;
use diesel::query_builder::{QueryFragment, QueryId};
use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

static KNOWN: LazyLock<RwLock<HashMap<TypeId, bool>>> = LazyLock::new(RwLock::default);

/// Whether `query` yields every row of `table`, its rows in any order.
///
/// Diesel's clause types are private, so the SQL is asked: it must be that of
/// the table's own query, or that with an order. A query whose type says its
/// SQL is asked once.
pub(super) fn is_whole<Q, T, DB>(query: &Q, table: &T) -> bool
where
    DB: ShowSql,
    Q: QueryFragment<DB> + QueryId,
    T: QueryFragment<DB>,
{
    let Some(id) = Q::query_id() else {
        return ask(query, table);
    };
    let known = KNOWN
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&id)
        .copied();
    known.unwrap_or_else(|| {
        let whole = ask(query, table);
        KNOWN
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, whole);
        whole
    })
}

fn ask<Q, T, DB>(query: &Q, table: &T) -> bool
where
    DB: ShowSql,
    Q: QueryFragment<DB>,
    T: QueryFragment<DB>,
{
    let (Some(query), Some(table)) = (DB::sql(query), DB::sql(table)) else {
        return false;
    };
    query.strip_prefix(&table).is_some_and(|rest| {
        let ordered = rest.strip_prefix(" ORDER BY ").is_some_and(|order| {
            [" LIMIT ", " OFFSET ", " FOR "]
                .iter()
                .all(|clause| !order.contains(clause))
        });
        rest.is_empty() || ordered
    })
}
