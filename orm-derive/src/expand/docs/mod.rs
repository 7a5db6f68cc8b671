//! Every sentence of the generated documentation.

mod read;
mod write;

pub(super) use self::read::*;
pub(super) use self::write::*;

use super::last_segment;
use crate::ir::names::{plural, snake_case};
use crate::ir::{Association, End, Junction, Key, Kind};
use crate::parse::Scope;

const DATABASE_ERRORS: &str = "# Errors\nWhat the database reports.";

/// The getter's statement.
pub(super) fn sql(association: &Association) -> String {
    sql_of(
        association,
        &format!("{}.*", target_table(association)),
        true,
    )
}

pub(super) fn sql_of(association: &Association, selection: &str, ordered: bool) -> String {
    let target = target_table(association);
    let primary_key = Key::Primary(End::Target);
    let mut order = columns(&primary_key, &target);
    if let Kind::BelongsToMany(through) = &association.kind
        && let Key::Primary(_) = through.target_key
    {
        order = columns(&through.other_key, &links(association));
    }
    let from = rows(association);
    let condition = [condition(association), target_condition(association)].concat();
    let order = if ordered {
        format!("\nORDER BY {}", order.join(", "))
    } else {
        String::new()
    };
    format!("```sql\nSELECT {selection} FROM {from}\nWHERE {condition}{order}\n```")
}

/// The target's table, or the junction joined to it.
pub(super) fn rows(association: &Association) -> String {
    let target = target_table(association);
    let Kind::BelongsToMany(through) = &association.kind else {
        return target;
    };
    let junction = links(association);
    let other = columns(&through.other_key, &junction);
    let on = equal(&other, &columns(&through.target_key, &target));
    joined(&junction, &target, &on)
}

pub(super) fn has_sql(association: &Association, comparison: &str) -> String {
    let links = links(association);
    let key = match &association.kind {
        Kind::BelongsToMany(through) => columns(&through.other_key, &links),
        _ => columns(&Key::Primary(End::Target), &links),
    }
    .join(", ");
    format!(
        "```sql\nSELECT DISTINCT {key} FROM {}\nWHERE {} AND {key} {comparison}\n```",
        rows(association),
        [condition(association), target_condition(association)].concat(),
    )
}

fn joined(junction: &str, target: &str, on: &str) -> String {
    format!("{junction} INNER JOIN {target} ON {on}")
}

/// ` AND people.rank = ?`: the scope of the target behind a junction.
pub(super) fn target_condition(association: &Association) -> String {
    match &association.kind {
        Kind::BelongsToMany(_) => {
            let table = target_table(association);
            let scope = scope_columns(association.scope.as_ref());
            scope
                .flat_map(|(column, is_none)| {
                    [" AND ".to_owned(), scope_equals(&table, &column, is_none)]
                })
                .collect()
        }
        _ => String::new(),
    }
}

fn scope_equals(table: &str, column: &str, is_none: bool) -> String {
    let comparison = if is_none { "IS NULL" } else { "= ?" };
    format!("{table}.{column} {comparison}")
}

/// `toots.author_id = ?`
pub(super) fn condition(association: &Association) -> String {
    let key = match &association.kind {
        Kind::HasOne { foreign_key, .. } | Kind::HasMany { foreign_key, .. } => foreign_key,
        Kind::BelongsTo { target_key, .. } => target_key,
        Kind::BelongsToMany(through) => &through.foreign_key,
    };
    let table = match &association.kind {
        Kind::BelongsToMany(_) => links(association),
        _ => target_table(association),
    };
    let mut columns = columns(key, &table);
    let scope = link_scope(association);
    for column in &mut columns {
        column.push_str(" = ?");
    }
    columns.extend(
        scope_columns(scope).map(|(column, is_none)| scope_equals(&table, &column, is_none)),
    );
    columns.join(" AND ")
}

/// The columns of a scope, and whether their value is NULL.
pub(super) fn scope_columns(scope: Option<&Scope>) -> impl Iterator<Item = (String, bool)> + '_ {
    let columns = scope.into_iter().flat_map(|scope| &scope.0);
    columns.filter_map(|column| {
        let name = &column.path.segments.last()?.ident;
        Some((name.to_string(), column.is_none()))
    })
}

/// The scope of the rows that are the links.
pub(super) fn link_scope(association: &Association) -> Option<&Scope> {
    match &association.kind {
        Kind::BelongsTo { .. } => None,
        Kind::BelongsToMany(through) => through.scope.as_ref(),
        _ => association.scope.as_ref(),
    }
}

fn equal(a: &[String], b: &[String]) -> String {
    a.iter()
        .zip(b)
        .map(|(a, b)| format!("{a} = {b}"))
        .collect::<Vec<_>>()
        .join(" AND ")
}

/// The columns with their table. A primary key is only known where the model is
/// declared; it is called `id` here.
pub(super) fn columns(key: &Key, table: &str) -> Vec<String> {
    let names = key.names().unwrap_or_else(|| vec!["id".to_owned()]);
    names.iter().map(|name| format!("{table}.{name}")).collect()
}

/// The table whose rows are the links.
pub(super) fn links(association: &Association) -> String {
    match &association.kind {
        Kind::BelongsToMany(through) => through
            .foreign_key
            .table()
            .unwrap_or_else(|| junction_name(&through.junction)),
        _ => target_table(association),
    }
}

/// The target's table, as its key's path or else the plural of its type says.
pub(super) fn target_table(association: &Association) -> String {
    let key = match &association.kind {
        Kind::HasOne { foreign_key, .. } | Kind::HasMany { foreign_key, .. } => foreign_key,
        Kind::BelongsTo { target_key, .. } => target_key,
        Kind::BelongsToMany(through) => &through.target_key,
    };
    key.table()
        .unwrap_or_else(|| plural(&snake_case(&last_segment(&association.target))))
}

pub(super) fn junction_name(junction: &Junction) -> String {
    match junction {
        Junction::Model(path) | Junction::Table(path) => last_segment(path),
    }
}
