//! What is said of writes.

use super::{DATABASE_ERRORS, columns, condition, has_sql, links, target_table};
use crate::expand::last_segment;
use crate::ir::{Association, End, Key, Kind};

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
            "What the database reports, such as a target that is not there: then nothing is linked.",
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
                "Unlinks {rows} from this one, and returns how many were linked. Where the foreign \
                 key cannot be NULL the rows are deleted. Rows of others are not touched."
            ),
            "What the database reports.",
        ),
        _ => (
            format!(
                "Deletes {rows} where linked to this one, and returns how many were. Rows of others \
                 are not touched."
            ),
            "What the database reports.",
        ),
    };
    let none = if one { "" } else { "; none for no rows" };
    format!(
        "{what}\n\n# Errors\n{errors}\n\n# SQL\nOne statement{none}:\n\n```sql\n{sql}\n```",
        sql = write_sql(association, verb),
    )
}

pub(in crate::expand) fn set(association: &Association, destroys: bool) -> String {
    format!(
        "Lets [`{name}`](Self::{name}) be exactly these rows, given as themselves or as their \
         keys: links what is not linked, and {previous} what else is. All of it happens or \
         nothing.\n\n# Errors\n`NotFound` if a row is not there; else what the database reports. \
         Then nothing is changed.\n\n# SQL\nOne statement if nothing changes, else two or three, \
         in a transaction:\n\n{sql}",
        name = association.name,
        previous = previous(destroys),
        sql = set_sql(association, destroys),
    )
}

pub(in crate::expand) fn set_one(association: &Association, destroys: bool) -> String {
    format!(
        "Lets [`{name}`](Self::{name}) be this row, given as itself or as its key, or with `None` \
         no row: links it, and {previous} what else is linked. All of it happens or \
         nothing.\n\n# Errors\n`NotFound` if the row is not there; else what the database reports. \
         Then nothing is changed.\n\n# SQL\nOne statement if nothing changes or for `None`, else \
         two or three, in a transaction:\n\n{sql}",
        name = association.name,
        previous = previous(destroys),
        sql = set_sql(association, destroys),
    )
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

/// `unset` and `destroy`, of a `has_one`.
pub(in crate::expand) fn all(association: &Association, verb: &str) -> String {
    let what = if verb == "unset" {
        "Unlinks [`{name}`](Self::{name}), if there is one. Where the foreign key cannot be NULL it \
         is deleted."
    } else {
        "Deletes [`{name}`](Self::{name}), and returns how many rows there were."
    };
    let verb = if verb == "unset" { "remove" } else { verb };
    let sql = write_sql(association, verb);
    let sql = sql.rsplit_once(" AND ").map_or(&*sql, |(all, _)| all);
    format!(
        "{what}\n\n{DATABASE_ERRORS}\n\n# SQL\nOne statement:\n\n```sql\n{sql}\n```",
        what = what.replace("{name}", &association.name.to_string()),
    )
}

pub(in crate::expand) fn create(association: &Association) -> String {
    let (name, target) = (&association.name, last_segment(&association.target));
    let table = target_table(association);
    let insert = |columns: String| {
        format!("INSERT INTO {table} (..{columns}) VALUES (..) RETURNING {table}.*")
    };
    let key = |key: &Key| format!(", {}", key.names().unwrap_or_default().join(", "));
    let (also, count, sql) = match &association.kind {
        Kind::HasOne { foreign_key, .. } => (
            " What was linked before is unlinked.",
            "Two statements, in a transaction",
            format!(
                "{};\n{};",
                write_sql(association, "remove")
                    .rsplit_once(" AND ")
                    .map(|(all, _)| all.to_owned())
                    .unwrap_or_default(),
                insert(key(foreign_key))
            ),
        ),
        Kind::HasMany { foreign_key, .. } => ("", "One statement", insert(key(foreign_key))),
        _ => (
            "",
            "Two statements, in a transaction",
            format!(
                "{};\n{};",
                insert(String::new()),
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

const PAYLOAD: &str = "A payload is anything that derives Diesel's `Insertable` and `AsChangeset` \
                       for the junction's table, without its keys, or an assignment to a column.";

pub(in crate::expand) fn add_with(association: &Association) -> String {
    format!(
        "Links this row, given as itself or as its key, so that it is among \
         [`{name}`](Self::{name}), with values for the junction's other columns. Where it is \
         linked the link gets the values.\n\n{PAYLOAD}\n\n# Errors\nWhat the database reports; \
         then nothing is changed.\n\n# SQL\nOne statement if it is linked, else two, in a \
         transaction:\n\n{sql}",
        name = association.name,
        sql = payload_sql(association),
    )
}

pub(in crate::expand) fn pairs_with(association: &Association, verb: &str) -> String {
    let name = &association.name;
    let (what, also) = if verb == "add" {
        (
            format!("Links these rows, so that they are among [`{name}`](Self::{name})"),
            "",
        )
    } else {
        (
            format!("Lets [`{name}`](Self::{name}) be exactly these rows"),
            ", one to unlink what else is linked",
        )
    };
    format!(
        "{what}, each with values for the junction's other columns. A link that is there gets the \
         values.\n\n{PAYLOAD}\n\n# Errors\nWhat the database reports; then nothing is \
         changed.\n\n# SQL\nIn a transaction: one statement to see what is linked{also}, one for \
         each row that is, and one for all that are not:\n\n{sql}",
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
    let keys: Vec<_> = keys.into_iter().flatten().flatten().collect();
    format!(
        "```sql\nUPDATE {links} SET .. WHERE {};\nINSERT INTO {links} (.., {}) VALUES (..), ..\n\
         ON CONFLICT DO NOTHING;\n```",
        write_sql(association, "remove")
            .split_once(" WHERE ")
            .map_or("..", |(_, condition)| condition),
        keys.join(", "),
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
         key that refers to nothing. Then nothing is changed.\n\n# SQL\nOne statement; none if \
         the key is the same:\n\n```sql\n{sql}\n```",
        name = association.name,
        sql = key_sql(association, "?"),
    )
}

pub(in crate::expand) fn unset_key(association: &Association) -> String {
    format!(
        "Lets this row have no [`{name}`](Self::{name}). The key in memory follows when the \
         database has it.\n\n# Errors\n`NotFound` if this row is not in the database; else what \
         the database reports.\n\n# SQL\nOne statement; none if there is no key:\n\n```sql\n{sql}\n```",
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
    let names = foreign_key.names().unwrap_or_default();
    let set: Vec<_> = names
        .iter()
        .map(|name| format!("{name} = {value}"))
        .collect();
    format!("UPDATE {table} SET {} WHERE {table}.id = ?", set.join(", "))
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
    let set = |value: &str| {
        let names = key.names().unwrap_or_default();
        let set: Vec<_> = names
            .iter()
            .map(|name| format!("{name} = {value}"))
            .collect();
        set.join(", ")
    };
    let targets = format!("{} IN (..)", target.join(", "));
    match (verb, &association.kind) {
        ("add", Kind::BelongsToMany(through)) => {
            let names = [&through.foreign_key, &through.other_key].map(Key::names);
            let names: Vec<_> = names.into_iter().flatten().flatten().collect();
            format!(
                "INSERT INTO {links} ({}) SELECT ?, .. FROM (..) WHERE NOT EXISTS (..)\n\
                 ON CONFLICT DO NOTHING",
                names.join(", ")
            )
        }
        ("add", _) => format!("UPDATE {links} SET {} WHERE {targets}", set("?")),
        ("remove", Kind::HasOne { .. } | Kind::HasMany { .. }) => format!(
            "UPDATE {links} SET {} WHERE {condition} AND {targets}",
            set("NULL")
        ),
        _ => format!("DELETE FROM {links} WHERE {condition} AND {targets}"),
    }
}
