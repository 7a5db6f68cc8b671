//! What is said of writes.

use super::{
    DATABASE_ERRORS, columns, condition, has_sql, link_scope, links, scope_columns, target_table,
};
use crate::expand::last_segment;
use crate::ir::{Association, End, Key, Kind};
use crate::parse::Scope;

/// `add`, `remove` and `destroy`.
pub(in crate::expand) fn targeted(association: &Association, verb: &str, one: bool) -> String {
    let name = &association.name;
    let rows = if one {
        "this row, given as itself or as its key,"
    } else {
        "these rows, given as themselves or as their keys,"
    };
    let through = matches!(association.kind, Kind::BelongsToMany(_));
    let (what, errors) = match (verb, through) {
        ("add", true) => (
            format!(
                "Links {rows} to this one, so that {they} among [`{name}`](Self::{name}). What is \
                 linked already stays so, also where another connection links it at the same time.",
                they = if one { "it is" } else { "they are" },
            ),
            "`NotFound` or what the database reports if a target is not there; else what the database \
             reports. Then nothing is linked.",
        ),
        ("add", false) => (
            format!(
                "Lets {rows} belong to this one, so that {they} among [`{name}`](Self::{name}), \
                 whatever {belonged} to before.",
                they = if one { "it is" } else { "they are" },
                belonged = if one { "it belonged" } else { "they belonged" },
            ),
            "`NotFound` if there is no such row: then nothing is changed. Else what the database reports.",
        ),
        ("remove", true) => (
            format!(
                "Unlinks {rows} from this one, and returns how many links there were. The rows stay."
            ),
            "What the database reports.",
        ),
        ("remove", false) => (
            format!(
                "{} {rows} from this one, and returns how many were linked. Rows of others are not \
                 touched.{}",
                if association.orphans {
                    "Unlinks and, as `orphans = delete` says, deletes"
                } else {
                    "Unlinks"
                },
                unlinking(association),
            ),
            if association.orphans {
                DESTROYING
            } else {
                "What the database reports."
            },
        ),
        _ => (
            format!(
                "Deletes {rows} where linked to this one, and returns how many were. Rows of others \
                 are not touched. {ON_DELETE}"
            ),
            DESTROYING,
        ),
    };
    let none = match (verb, one, through) {
        (_, true, _) => "",
        ("add", false, true) => {
            ", in a transaction; none for no rows, and one more where a pair was linked by a row that \
             the statement does not count"
        }
        ("add", false, false) => ", in a transaction; none for no rows",
        _ => "; none for no rows",
    };
    format!(
        "{what}\n\n# Errors\n{errors}\n\n# SQL\nOne statement{none}:\n\n```sql\n{sql}\n```",
        sql = write_sql(association, verb),
    )
}

/// What a destroyed row takes with it.
const ON_DELETE: &str = "What the target's own `on_delete` declares happens first, as in its \
                         `destroy`; its rows are then read first, in a transaction.";

const DESTROYING: &str = "A `Restricted` where an `on_delete = restrict` of the target refuses; else \
                          what the database reports. Then nothing is changed.";

/// What is to be known of a method that unlinks rows.
fn unlinking(association: &Association) -> String {
    if association.orphans {
        return format!(" {ON_DELETE}");
    }
    match association.kind {
        Kind::HasOne { .. } | Kind::HasMany { .. } => {
            "\n\nOnly for a foreign key that may be NULL. Otherwise call the `destroy_` method, \
             or add `orphans = delete` to the declaration."
                .to_owned()
        }
        _ => String::new(),
    }
}

/// What comes before the statements that replace links.
const LOCKED: &str = ", after one that locks this row on PostgreSQL and MySQL";

pub(in crate::expand) fn set(association: &Association, destroys: bool) -> String {
    format!(
        "Lets [`{name}`](Self::{name}) be exactly these rows, given as themselves or as their \
         keys: links what is not linked, and {previous} what else is. All of it happens or \
         nothing.{also}\n\n# Errors\n{errors}Then nothing is changed.\n\n# SQL\nOne statement if \
         nothing changes, else two or three, in a transaction{LOCKED}:\n\n{sql}",
        name = association.name,
        previous = previous(destroys),
        also = replacing(association, destroys),
        errors = if association.kind.is_junction() {
            "`NotFound` or what the database reports if a target is not there; else what the database \
             reports. "
        } else {
            "`NotFound` if a row is not there; else what the database reports. "
        },
        sql = set_sql(association, destroys),
    )
}

pub(in crate::expand) fn set_one(association: &Association, destroys: bool) -> String {
    format!(
        "Lets [`{name}`](Self::{name}) be this row, given as itself or as its key, or with `None` \
         no row: links it, and {previous} what else is linked. All of it happens or \
         nothing.{also}\n\n# Errors\n`NotFound` if the row is not there; else what the database reports. \
         Then nothing is changed.\n\n# SQL\nOne statement if nothing changes or for `None`, else \
         two or three, in a transaction{LOCKED}:\n\n{sql}",
        name = association.name,
        previous = previous(destroys),
        also = replacing(association, destroys),
        sql = set_sql(association, destroys),
    )
}

/// What is to be known of a method that replaces rows.
fn replacing(association: &Association, destroys: bool) -> String {
    if destroys {
        format!(" {ON_DELETE}")
    } else {
        unlinking(association)
    }
}

fn previous(destroys: bool) -> &'static str {
    if destroys { "deletes" } else { "unlinks" }
}

fn set_sql(association: &Association, destroys: bool) -> String {
    let selected = has_sql(association, "IN (..)");
    let selected = selected.trim_end_matches("\n```");
    let selected = selected
        .rsplit_once(" AND ")
        .map_or(selected, |(selected, _)| selected);
    let removed = write_sql(association, if destroys { "destroy" } else { "remove" });
    format!(
        "{selected};\n{removed};\n{};\n```",
        write_sql(association, "add")
    )
}

/// The statement that removes or destroys whatever is linked.
fn all_sql(association: &Association, verb: &str) -> String {
    let sql = write_sql(association, verb);
    sql.rsplit_once(" AND ")
        .map_or_else(|| sql.clone(), |(all, _)| all.to_owned())
}

/// `unset` and `destroy`, of a `has_one`.
pub(in crate::expand) fn all(association: &Association, verb: &str) -> String {
    let name = &association.name;
    let locked = if verb == "unset" {
        format!(", in a transaction{LOCKED}")
    } else {
        String::new()
    };
    let (what, verb) = match verb {
        "unset" if association.orphans => (
            format!(
                "Unlinks and, as `orphans = delete` says, deletes [`{name}`](Self::{name}), if there is \
                 one.{}",
                unlinking(association)
            ),
            "remove",
        ),
        "unset" => (
            format!(
                "Unlinks [`{name}`](Self::{name}), if there is one.{}",
                unlinking(association)
            ),
            "remove",
        ),
        _ => (
            format!(
                "Deletes [`{name}`](Self::{name}), and returns how many rows there were. {ON_DELETE}"
            ),
            "destroy",
        ),
    };
    let errors = if verb == "destroy" || association.orphans {
        format!("# Errors\n{DESTROYING}")
    } else {
        DATABASE_ERRORS.to_owned()
    };
    format!(
        "{what}\n\n{errors}\n\n# SQL\nOne statement{locked}:\n\n```sql\n{sql}\n```",
        sql = all_sql(association, verb),
    )
}

pub(in crate::expand) fn create(association: &Association) -> String {
    let (name, target) = (&association.name, last_segment(&association.target));
    let table = target_table(association);
    let insert = |columns: String| {
        format!("INSERT INTO {table} (..{columns}) VALUES (..) RETURNING {table}.*")
    };
    let given = |key: Option<&Key>| {
        let key = key.and_then(Key::names).unwrap_or_default().into_iter();
        let scope = scope_columns(association.scope.as_ref()).map(|(column, _)| column);
        key.chain(scope)
            .flat_map(|column| [", ".to_owned(), column])
            .collect()
    };
    let (also, count, sql) = match &association.kind {
        Kind::HasOne { foreign_key, .. } => (
            if association.orphans {
                " What was linked before is deleted, as `orphans = delete` says."
            } else {
                " What was linked before is unlinked; where its foreign key cannot be NULL, it is an \
                 `Occupied` error instead."
            },
            "Two statements, in a transaction, after one that locks this row on PostgreSQL and MySQL",
            format!(
                "{};\n{};",
                all_sql(association, "remove"),
                insert(given(Some(foreign_key)))
            ),
        ),
        Kind::HasMany { foreign_key, .. } => (
            "",
            "One statement, in a transaction",
            insert(given(Some(foreign_key))),
        ),
        _ => (
            "",
            "Two statements, in a transaction",
            format!(
                "{};\n{};",
                insert(given(None)),
                write_sql(association, "add")
            ),
        ),
    };
    format!(
        "Creates a [`{target}`] and links it, so that it is among [`{name}`](Self::{name}). `new` \
         is anything that derives Diesel's `Insertable` for its table, without what the \
         association sets.{also}\n\n# Errors\nWhat the database reports; then nothing is \
         changed.\n\n# SQL\n{count}:\n\n```sql\n{sql}\n```",
    )
}

const PAYLOAD: &str = "A payload is anything that derives Diesel's `Insertable` for the junction's \
                       table, or an assignment to a column; the keys are those of the association.";

const PAYLOAD_ERRORS: &str = "`NotFound` or what the database reports if a target is not there; else \
                              what the database reports. Then nothing is changed.";

pub(in crate::expand) fn add_with(association: &Association) -> String {
    format!(
        "Links this row, given as itself or as its key, so that it is among \
         [`{name}`](Self::{name}), with values for the junction's other columns. Where it is \
         linked the link gets the values.\n\n{PAYLOAD}\n\n# Errors\n{PAYLOAD_ERRORS}\n\n# SQL\nOne \
         statement if it is linked with these values, else two, in a transaction:\n\n{sql}",
        name = association.name,
        sql = payload_sql(association),
    )
}

pub(in crate::expand) fn pairs_with(association: &Association, verb: &str) -> String {
    let name = &association.name;
    let (what, also, locked) = if verb == "add" {
        (
            format!("Links these rows, so that they are among [`{name}`](Self::{name})"),
            "",
            "",
        )
    } else {
        (
            format!("Lets [`{name}`](Self::{name}) be exactly these rows"),
            ", one to unlink what else is linked",
            LOCKED,
        )
    };
    format!(
        "{what}, each with values for the junction's other columns. A link that is there gets the \
         values.\n\n{PAYLOAD}\n\n# Errors\n{PAYLOAD_ERRORS}\n\n# SQL\nIn a transaction{locked}: one \
         statement to see what is linked{also}, one to change the links that have other values, and \
         one to link the rest. Payloads with values for other columns than the first take statements \
         of their own:\n\n{sql}",
        sql = payload_sql(association),
    )
}

pub(in crate::expand) fn create_with(association: &Association) -> String {
    format!(
        "{}\n\nThe link gets values for the junction's other columns. {PAYLOAD}",
        create(association)
    )
}

fn payload_sql(association: &Association) -> String {
    let links = links(association);
    let keys = match &association.kind {
        Kind::BelongsToMany(through) => [&through.foreign_key, &through.other_key].map(Key::names),
        _ => [None, None],
    };
    let scope = scope_columns(link_scope(association)).map(|(column, _)| column);
    let keys: Vec<_> = keys.into_iter().flatten().flatten().chain(scope).collect();
    format!(
        "```sql\nSELECT .. FROM {links} WHERE {condition};\nUPDATE {links} SET .. WHERE {condition};\n\
         INSERT INTO {links} ({}, ..) SELECT .. FROM {target} WHERE ..;\n```",
        keys.join(", "),
        condition = write_sql(association, "remove")
            .split_once(" WHERE ")
            .map_or("..", |(_, condition)| condition),
        target = target_table(association),
    )
}

pub(in crate::expand) fn set_key(association: &Association, nullable: bool) -> String {
    let or_nothing = if nullable {
        ", or with `None` to no row"
    } else {
        ""
    };
    format!(
        "Lets this row belong to another as its [`{name}`](Self::{name}), given as itself or as \
         its key{or_nothing}. The key in memory follows when the database has it.\n\n# Errors\n\
         `NotFound` if this row is not in the database; else what the database reports, such as a \
         key that refers to nothing. Then nothing is changed.\n\n# SQL\nOne statement, also if the key \
         in memory is the same, which may be out of date:\n\n```sql\n{sql}\n```",
        name = association.name,
        sql = key_sql(association, "?"),
    )
}

pub(in crate::expand) fn unset_key(association: &Association) -> String {
    format!(
        "Lets this row have no [`{name}`](Self::{name}). The key in memory follows when the \
         database has it.\n\n# Errors\n`NotFound` if this row is not in the database; else what \
         the database reports.\n\n# SQL\nOne statement:\n\n```sql\n{sql}\n```",
        name = association.name,
        sql = key_sql(association, "NULL"),
    )
}

pub(in crate::expand) fn create_key(association: &Association) -> String {
    let (name, target) = (&association.name, last_segment(&association.target));
    let table = target_table(association);
    format!(
        "Creates a [`{target}`] and lets this row belong to it as its [`{name}`](Self::{name}). \
         `new` is anything that derives Diesel's `Insertable` for its table. The key in memory \
         follows when the database has it.\n\n# Errors\n`NotFound` if this row is not in the \
         database; else what the database reports. Then nothing is changed.\n\n# SQL\nTwo \
         statements, in a transaction:\n\n```sql\nINSERT INTO {table} (..) VALUES (..) RETURNING \
         {table}.*;\n{sql};\n```",
        sql = key_sql(association, "?"),
    )
}

/// `UPDATE people SET city_id = ? WHERE people.id = ?`
fn key_sql(association: &Association, value: &str) -> String {
    let Kind::BelongsTo { foreign_key, .. } = &association.kind else {
        return String::new();
    };
    let table = foreign_key.table().unwrap_or_default();
    // A row that belongs to nothing keeps the scope's values.
    let scope = association.scope.as_ref().filter(|_| value != "NULL");
    let set = assignments(foreign_key, value, scope);
    format!("UPDATE {table} SET {set} WHERE {table}.id = ?")
}

/// `author_id = ?, kind = ?`
fn assignments(key: &Key, value: &str, scope: Option<&Scope>) -> String {
    let names = key.names().unwrap_or_default().into_iter();
    let keys = names.map(|name| format!("{name} = {value}"));
    let scope = scope_columns(scope).map(|(column, is_none)| {
        let value = if is_none { "NULL" } else { "?" };
        format!("{column} = {value}")
    });
    keys.chain(scope).collect::<Vec<_>>().join(", ")
}

/// The statement that adds, removes or destroys links.
fn write_sql(association: &Association, verb: &str) -> String {
    let links = links(association);
    let condition = condition(association);
    let (key, target) = match &association.kind {
        Kind::BelongsToMany(through) => (&through.foreign_key, columns(&through.other_key, &links)),
        Kind::HasOne { foreign_key, .. } | Kind::HasMany { foreign_key, .. } => {
            (foreign_key, columns(&Key::Primary(End::Target), &links))
        }
        Kind::BelongsTo { .. } => return String::new(),
    };
    let targets = format!("{} IN (..)", target.join(", "));
    match (verb, &association.kind) {
        ("add", Kind::BelongsToMany(through)) => {
            let names = [&through.foreign_key, &through.other_key].map(Key::names);
            let scope = scope_columns(through.scope.as_ref()).map(|(column, _)| column);
            let names: Vec<_> = names.into_iter().flatten().flatten().chain(scope).collect();
            let table = target_table(association);
            let of_targets = columns(&through.target_key, &table).join(", ");
            format!(
                "INSERT INTO {links} ({}) SELECT ?, {of_targets} FROM {table}\nWHERE {of_targets} IN \
                 (..) ON CONFLICT (..) DO NOTHING",
                names.join(", ")
            )
        }
        ("add", _) => format!(
            "UPDATE {links} SET {} WHERE {targets}",
            assignments(key, "?", link_scope(association))
        ),
        ("remove", Kind::HasOne { .. } | Kind::HasMany { .. }) if !association.orphans => format!(
            "UPDATE {links} SET {} WHERE {condition} AND {targets}",
            assignments(key, "NULL", None)
        ),
        _ => format!("DELETE FROM {links} WHERE {condition} AND {targets}"),
    }
}
