//! What is said of reads.

use super::{
    DATABASE_ERRORS, condition, has_sql, junction_name, rows, sql, sql_of, target_condition,
    target_table,
};
use crate::expand::last_segment;
use crate::ir::names::{plural, snake_case};
use crate::ir::{Association, Kind, Model};
use syn::Path;

pub(in crate::expand) fn constant(model: &Model, association: &Association) -> String {
    let (name, source, target) = (
        &association.name,
        &model.ident,
        last_segment(&association.target),
    );
    let said = match &association.kind {
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
    };
    after_the_users(association, said)
}

/// What the user says of the association stands first.
fn after_the_users(association: &Association, said: String) -> String {
    match &association.doc {
        Some(doc) => format!("{}\n\n{said}", doc.trim()),
        None => said,
    }
}

pub(in crate::expand) fn getter(model: &Model, association: &Association) -> String {
    let (source, target) = (&model.ident, last_segment(&association.target));
    let sql = sql(association);
    let said = match &association.kind {
        Kind::HasOne { .. } => format!(
            "The [`{target}`] of this `{source}`, if it has one; of several, that with the lowest \
             primary key.\n\n{DATABASE_ERRORS}\n\n# SQL\nOne statement:\n\n{sql}"
        ),
        Kind::HasMany { .. } | Kind::BelongsToMany(_) => format!(
            "The [`{target}`]s of this `{source}`, by primary key.\n\n{DATABASE_ERRORS}\n\n\
             # SQL\nOne statement:\n\n{sql}"
        ),
        Kind::BelongsTo { nullable, .. } if association.is_optional() => {
            let none = match (nullable, &association.scope) {
                (_, Some(_)) => "; none for a row outside of the scope",
                (true, None) => "; none where the key is NULL",
                (false, None) => "",
            };
            format!(
                "The [`{target}`] that this `{source}` belongs to, if any.\n\n{DATABASE_ERRORS}\n\n\
                 # SQL\nOne statement{none}:\n\n{sql}"
            )
        }
        Kind::BelongsTo { .. } => format!(
            "The [`{target}`] that this `{source}` belongs to.\n\n# Errors\n`NotFound` if there is \
             no such row; else what the database reports.\n\n# SQL\nOne statement:\n\n{sql}"
        ),
    };
    after_the_users(association, said)
}

pub(in crate::expand) fn query(association: &Association) -> String {
    format!(
        "The query of [`{name}`](Self::{name}), not run yet and not ordered: a plain Diesel query \
         to `filter`, `order`, `limit`, `select` or `count`.\n\n# SQL\nNone until it is run; then \
         one statement:\n\n{sql}",
        name = association.name,
        sql = sql_of(association, "..", false),
    )
}

pub(in crate::expand) fn count(association: &Association) -> String {
    format!(
        "How many [`{name}`](Self::{name}) there are.\n\n{DATABASE_ERRORS}\n\n# SQL\nOne \
         statement:\n\n```sql\nSELECT COUNT(*) FROM {rows} WHERE {condition}\n```",
        name = association.name,
        rows = rows(association),
        condition = [condition(association), target_condition(association)].concat(),
    )
}

pub(in crate::expand) fn has_one(association: &Association) -> String {
    format!(
        "Whether this row, given as itself or as its key, is one of [`{name}`](Self::{name}).\n\n\
         {DATABASE_ERRORS}\n\n# SQL\nOne statement:\n\n{sql}",
        name = association.name,
        sql = has_sql(association, "= ?"),
    )
}

pub(in crate::expand) fn has_all(association: &Association) -> String {
    format!(
        "Whether all of these rows, given as themselves or as their keys, are among \
         [`{name}`](Self::{name}). Of none it is true; repetitions do not matter.\n\n\
         {DATABASE_ERRORS}\n\n# SQL\nOne statement, with one text for any number of rows; none \
         for no rows:\n\n{sql}",
        name = association.name,
        sql = has_sql(association, "IN (..)"),
    )
}

pub(in crate::expand) fn read_through(association: &Association, junction: &Path) -> String {
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
