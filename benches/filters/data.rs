//! The rows, made by the database.

/// The tables, all of them.
#[cfg(feature = "servers")]
pub(crate) const TABLES: &str = "people, toots, replies, projects, tasks";

/// The numbers from 1 to `count` by a recursive query, as a table `s`.
pub(crate) fn recursive(count: i64) -> String {
    format!(
        "(WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {count})
          SELECT i FROM s) AS s"
    )
}

/// Statements that make the tables and `rows` parents. `series` gives the numbers
/// from 1 to its argument.
///
/// Half of the children are `common`, one of 10,000 is `rare`, which has an index.
/// A tenth of the parents has no child.
pub(crate) fn data(rows: i64, series: impl Fn(i64) -> String) -> String {
    let children = rows * 10;
    let owner = format!("1 + (i * 48271) % {}", rows * 9 / 10 - 1);
    let toot = format!("1 + (i * 69621) % {}", rows * 8 - 1);
    let body = "'a text that says something or other'";
    let flags = "CASE WHEN (i * 31) % 97 < 48 THEN 1 ELSE 0 END,
                 CASE WHEN i % 10007 = 0 THEN 1 ELSE 0 END";
    let child = "body VARCHAR(80) NOT NULL, common INTEGER NOT NULL, rare INTEGER NOT NULL";
    let (parents, children) = (series(rows), series(children));
    format!(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
         CREATE TABLE toots (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, {child});
         CREATE TABLE replies (id INTEGER PRIMARY KEY, toot_id INTEGER NOT NULL, {child});
         CREATE TABLE projects (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (tenant_id, id));
         CREATE TABLE tasks (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, project_id INTEGER, {child});
         INSERT INTO people SELECT i, 'somebody' FROM {parents};
         INSERT INTO toots SELECT i, {owner}, {body}, {flags} FROM {children};
         INSERT INTO replies SELECT i, {toot}, {body}, {flags} FROM {children};
         INSERT INTO projects SELECT 1 + i % 100, i FROM {parents};
         INSERT INTO tasks
             SELECT i, 1 + ({owner}) % 100, CASE WHEN i % 50 = 0 THEN NULL ELSE {owner} END, {body}, {flags}
             FROM {children};
         CREATE INDEX toots_person ON toots (person_id);
         CREATE INDEX toots_rare ON toots (rare);
         CREATE INDEX replies_toot ON replies (toot_id);
         CREATE INDEX replies_rare ON replies (rare);
         CREATE INDEX tasks_project ON tasks (tenant_id, project_id);
         CREATE INDEX tasks_rare ON tasks (rare);"
    )
}
