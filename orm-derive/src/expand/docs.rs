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
        Kind::BelongsTo { .. } if association.is_optional() => format!(
            "The [`{target}`] that this `{source}` belongs to, if any.\n\n{DATABASE_ERRORS}\n\n\
             # SQL\nOne statement; none where the key is NULL:\n\n{sql}"
        ),
        Kind::BelongsTo { .. } => format!(
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

/// `add`, `remove` and `destroy`.
pub(super) fn targeted(association: &Association, verb: &str, one: bool) -> String {
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

pub(super) fn set(association: &Association, destroys: bool) -> String {
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

pub(super) fn set_one(association: &Association, destroys: bool) -> String {
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
pub(super) fn all(association: &Association, verb: &str) -> String {
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

pub(super) fn create(association: &Association) -> String {
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

pub(super) fn add_with(association: &Association) -> String {
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

pub(super) fn pairs_with(association: &Association, verb: &str) -> String {
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

pub(super) fn create_with(association: &Association) -> String {
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

pub(super) fn set_key(association: &Association, nullable: bool) -> String {
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

pub(super) fn unset_key(association: &Association) -> String {
    format!(
        "Lets this row have no [`{name}`](Self::{name}). The key in memory follows when the \
         database has it.\n\n# Errors\n`NotFound` if this row is not in the database; else what \
         the database reports.\n\n# SQL\nOne statement; none if there is no key:\n\n```sql\n{sql}\n```",
        name = association.name,
        sql = key_sql(association, "NULL"),
    )
}

pub(super) fn create_key(association: &Association) -> String {
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
        Kind::HasOne { foreign_key, .. } | Kind::HasMany { foreign_key, .. } => (
            foreign_key,
            columns(&Key::Primary(association.target.clone()), &links),
        ),
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
    let mut columns = columns(key, &table);
    let scope = match &association.kind {
        Kind::BelongsTo { .. } => None,
        Kind::BelongsToMany(through) => through.scope.as_ref(),
        _ => association.scope.as_ref(),
    };
    let scope = scope.iter().flat_map(|scope| &scope.0);
    let scope = scope.filter_map(|column| column.path.segments.last());
    columns.extend(scope.map(|column| format!("{table}.{}", column.ident)));
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
