//! Every sentence of the generated documentation.

use super::last_segment;
use crate::ir::names::{plural, snake_case};
use crate::ir::{Association, Junction, Key, Kind, Model};
use syn::Path;

const DATABASE_ERRORS: &str = "# Errors\nWhat the database reports.";

pub(super) fn constant(model: &Model, association: &Association) -> String {
    let (name, source, target) = (
        &association.name,
        &model.ident,
        last_segment(&association.target),
    );
    match &association.kind {
        Kind::HasOne { .. } => {
            format!("The association `{name}`: a `{source}` has one [`{target}`].")
        }
        Kind::HasMany { .. } => {
            format!("The association `{name}`: a `{source}` has many [`{target}`]s.")
        }
        Kind::BelongsTo { .. } => {
            format!("The association `{name}`: a `{source}` belongs to a [`{target}`].")
        }
        Kind::BelongsToMany(through) => format!(
            "The association `{name}`: a `{source}` belongs to many [`{target}`]s through `{}`.",
            junction_name(&through.junction)
        ),
    }
}

pub(super) fn getter(model: &Model, association: &Association) -> String {
    let (source, target) = (&model.ident, last_segment(&association.target));
    let sql = sql(association);
    match &association.kind {
        Kind::HasOne { .. } => format!(
            "The [`{target}`] of this `{source}`, if it has one; of several, that with the lowest \
             primary key.\n\n{DATABASE_ERRORS}\n\n# SQL\nOne statement:\n\n{sql}"
        ),
        Kind::HasMany { .. } | Kind::BelongsToMany(_) => format!(
            "The [`{target}`]s of this `{source}`, by primary key.\n\n{DATABASE_ERRORS}\n\n\
             # SQL\nOne statement:\n\n{sql}"
        ),
        Kind::BelongsTo { nullable: true, .. } => format!(
            "The [`{target}`] that this `{source}` belongs to, if any.\n\n{DATABASE_ERRORS}\n\n\
             # SQL\nOne statement; none where the key is NULL:\n\n{sql}"
        ),
        Kind::BelongsTo {
            nullable: false, ..
        } => format!(
            "The [`{target}`] that this `{source}` belongs to.\n\n# Errors\n`NotFound` if there is \
             no such row; else what the database reports.\n\n# SQL\nOne statement:\n\n{sql}"
        ),
    }
}

pub(super) fn query(association: &Association) -> String {
    format!(
        "The query of [`{name}`](Self::{name}), not run yet and not ordered: a plain Diesel query \
         to `filter`, `order`, `limit`, `select` or `count`.\n\n# SQL\nNone until it is run; then \
         one statement:\n\n{sql}",
        name = association.name,
        sql = sql_of(association, "..", false),
    )
}

pub(super) fn count(association: &Association) -> String {
    let links = links(association);
    format!(
        "How many [`{name}`](Self::{name}) there are.\n\n{DATABASE_ERRORS}\n\n# SQL\nOne \
         statement:\n\n```sql\nSELECT COUNT(*) FROM {links} WHERE {condition}\n```",
        name = association.name,
        condition = condition(association),
    )
}

pub(super) fn has_one(association: &Association) -> String {
    format!(
        "Whether this row, given as itself or as its key, is one of [`{name}`](Self::{name}).\n\n\
         {DATABASE_ERRORS}\n\n# SQL\nOne statement:\n\n{sql}",
        name = association.name,
        sql = has_sql(association, "= ?"),
    )
}

pub(super) fn has_all(association: &Association) -> String {
    format!(
        "Whether all of these rows, given as themselves or as their keys, are among \
         [`{name}`](Self::{name}). Of none it is true; repetitions do not matter.\n\n\
         {DATABASE_ERRORS}\n\n# SQL\nOne statement, with one text for any number of rows; none \
         for no rows:\n\n{sql}",
        name = association.name,
        sql = has_sql(association, "IN (..)"),
    )
}

pub(super) fn read_through(association: &Association, junction: &Path) -> String {
    let junction = last_segment(junction);
    let selection = format!(
        "{}.*, {}.*",
        plural(&snake_case(&junction)),
        target_table(association)
    );
    format!(
        "As [`{name}`](Self::{name}), each row beside its [`{junction}`].\n\n{DATABASE_ERRORS}\n\n\
         # SQL\nOne statement:\n\n{sql}",
        name = association.name,
        sql = sql_of(association, &selection, true),
    )
}

/// The getter's statement.
fn sql(association: &Association) -> String {
    sql_of(
        association,
        &format!("{}.*", target_table(association)),
        true,
    )
}

fn sql_of(association: &Association, selection: &str, ordered: bool) -> String {
    let target = target_table(association);
    let primary_key = Key::Primary(association.target.clone());
    let mut order = columns(&primary_key, &target);
    let mut from = target.clone();
    if let Kind::BelongsToMany(through) = &association.kind {
        let junction = links(association);
        let other = columns(&through.other_key, &junction);
        let on = equal(&other, &columns(&through.target_key, &target));
        from = format!("{junction} INNER JOIN {target} ON {on}");
        if let Key::Primary(_) = through.target_key {
            order = other;
        }
    }
    let order = if ordered {
        format!("\nORDER BY {}", order.join(", "))
    } else {
        String::new()
    };
    format!(
        "```sql\nSELECT {selection} FROM {from}\nWHERE {}{order}\n```",
        condition(association)
    )
}

fn has_sql(association: &Association, comparison: &str) -> String {
    let links = links(association);
    let key = match &association.kind {
        Kind::BelongsToMany(through) => columns(&through.other_key, &links),
        _ => columns(&Key::Primary(association.target.clone()), &links),
    }
    .join(", ");
    format!(
        "```sql\nSELECT DISTINCT {key} FROM {links}\nWHERE {} AND {key} {comparison}\n```",
        condition(association)
    )
}

/// `toots.author_id = ?`
fn condition(association: &Association) -> String {
    let key = match &association.kind {
        Kind::HasOne { foreign_key, .. } | Kind::HasMany { foreign_key, .. } => foreign_key,
        Kind::BelongsTo { target_key, .. } => target_key,
        Kind::BelongsToMany(through) => &through.foreign_key,
    };
    let table = match &association.kind {
        Kind::BelongsToMany(_) => links(association),
        _ => target_table(association),
    };
    let columns = columns(key, &table);
    columns
        .iter()
        .map(|column| format!("{column} = ?"))
        .collect::<Vec<_>>()
        .join(" AND ")
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
fn columns(key: &Key, table: &str) -> Vec<String> {
    let names = key.names().unwrap_or_else(|| vec!["id".to_owned()]);
    names.iter().map(|name| format!("{table}.{name}")).collect()
}

/// The table whose rows are the links.
fn links(association: &Association) -> String {
    match &association.kind {
        Kind::BelongsToMany(through) => through
            .foreign_key
            .table()
            .unwrap_or_else(|| junction_name(&through.junction)),
        _ => target_table(association),
    }
}

/// The target's table, as its key's path or else the plural of its type says.
fn target_table(association: &Association) -> String {
    let key = match &association.kind {
        Kind::HasOne { foreign_key, .. } | Kind::HasMany { foreign_key, .. } => foreign_key,
        Kind::BelongsTo { target_key, .. } => target_key,
        Kind::BelongsToMany(through) => &through.target_key,
    };
    key.table()
        .unwrap_or_else(|| plural(&snake_case(&last_segment(&association.target))))
}

fn junction_name(junction: &Junction) -> String {
    match junction {
        Junction::Model(path) | Junction::Table(path) => last_segment(path),
    }
}
