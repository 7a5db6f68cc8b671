//! Sources filtered by their associated rows, beside the best SQL that was found
//! by hand for each case: 150,000 parents, 1.5 million children and as many
//! grandchildren, plain and composite keys. Prints medians as ratios of one run.
//!
//! `cargo bench -p orm-benches --bench filters` is on SQLite, `--features servers
//! -- postgres` and `-- mysql` on the servers. `ROWS` is the number of parents.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer};
use orm_core::prelude::*;
use std::error::Error;
use std::time::Instant;

diesel::table! { people (id) { id -> Integer, name -> Text, } }
diesel::table! {
    toots (id) { id -> Integer, person_id -> Integer, body -> Text, common -> Integer, rare -> Integer, }
}
diesel::table! {
    replies (id) { id -> Integer, toot_id -> Integer, body -> Text, common -> Integer, rare -> Integer, }
}
diesel::table! { projects (tenant_id, id) { tenant_id -> Integer, id -> Integer, } }
diesel::table! {
    tasks (id) {
        id -> Integer,
        tenant_id -> Integer,
        project_id -> Nullable<Integer>,
        body -> Text,
        common -> Integer,
        rare -> Integer,
    }
}
diesel::allow_tables_to_appear_in_same_query!(people, toots, replies, projects, tasks);

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[has_many(Toot)]
struct Person {
    id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = toots)]
#[has_many(Reply)]
struct Toot {
    id: i32,
    person_id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = replies)]
struct Reply {
    id: i32,
    toot_id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = projects, primary_key(tenant_id, id))]
#[has_many(Task, foreign_key = (tenant_id, project_id))]
struct Project {
    tenant_id: i32,
    id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = tasks)]
struct Task {
    id: i32,
    tenant_id: i32,
    project_id: Option<i32>,
}

#[derive(QueryableByName)]
struct Page {
    #[diesel(sql_type = Integer)]
    id: i32,
}

#[derive(QueryableByName)]
struct Total {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The tables, with `series(n)` as a sub-select of the numbers from 1 to `n`.
fn data(rows: i64, series: impl Fn(i64) -> String) -> String {
    let (children, parents) = (rows * 10, rows * 9 / 10);
    let body = "'a text that says something or other'";
    let flags =
        "CASE WHEN (i * 31) % 97 < 48 THEN 1 ELSE 0 END, CASE WHEN i % 10007 = 0 THEN 1 ELSE 0 END";
    let (rows, series) = (series(rows), series(children));
    format!(
        "DROP TABLE IF EXISTS people; DROP TABLE IF EXISTS toots; DROP TABLE IF EXISTS replies;
         DROP TABLE IF EXISTS projects; DROP TABLE IF EXISTS tasks;
         CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
         CREATE TABLE toots (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, body VARCHAR(80) NOT NULL,
             common INTEGER NOT NULL, rare INTEGER NOT NULL);
         CREATE TABLE replies (id INTEGER PRIMARY KEY, toot_id INTEGER NOT NULL, body VARCHAR(80) NOT NULL,
             common INTEGER NOT NULL, rare INTEGER NOT NULL);
         CREATE TABLE projects (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (tenant_id, id));
         CREATE TABLE tasks (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, project_id INTEGER,
             body VARCHAR(80) NOT NULL, common INTEGER NOT NULL, rare INTEGER NOT NULL);
         INSERT INTO people SELECT i, 'somebody' FROM {rows};
         INSERT INTO toots SELECT i, 1 + (i * 48271) % {parents}, {body}, {flags} FROM {series};
         INSERT INTO replies SELECT i, 1 + (i * 69621) % {children}, {body}, {flags} FROM {series};
         INSERT INTO projects SELECT 1 + i % 100, i FROM {rows};
         INSERT INTO tasks SELECT i, 1 + (1 + (i * 48271) % {parents}) % 100, 1 + (i * 48271) % {parents}, {body}, {flags}
             FROM {series};
         CREATE INDEX toots_person ON toots (person_id); CREATE INDEX toots_rare ON toots (rare);
         CREATE INDEX replies_toot ON replies (toot_id); CREATE INDEX replies_rare ON replies (rare);
         CREATE INDEX tasks_project ON tasks (tenant_id, project_id); CREATE INDEX tasks_rare ON tasks (rare);"
    )
}

/// The median time of some runs in milliseconds, and what they come to.
fn time(mut run: impl FnMut() -> QueryResult<i64>) -> QueryResult<(f64, i64)> {
    let began = Instant::now();
    let mut times = Vec::new();
    let sum = run()?;
    while times.len() < 3 || (times.len() < 15 && began.elapsed().as_millis() < 1500) {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok((times[times.len() / 2], sum))
}

/// The conditions that one may write by hand on the children `from` where
/// `predicate` holds, which are tried all.
fn by_hand(engine: &str, from: &str, keys: [&str; 2], on: &str, none: bool) -> Vec<String> {
    let [source_key, key] = keys;
    let not = if none { "NOT " } else { "" };
    let exists = format!("{not}EXISTS (SELECT 1 FROM {from} AND {on})");
    let list = format!("({source_key}) {not}IN (SELECT {key} FROM {from})");
    let is_true = format!("(({source_key}) IN (SELECT {key} FROM {from})) IS {not}TRUE");
    match engine {
        // NOT IN and IS TRUE are planned as a sub-plan a row
        "postgres" if none => vec![exists],
        "postgres" => vec![exists, list],
        "mysql" => vec![exists, list],
        _ if key.contains(',') && none => vec![exists, is_true],
        _ => vec![exists, list, is_true],
    }
}

macro_rules! compare_all {
    ($name:ident, $connection:ty) => {
        fn $name(engine: &str, conn: &mut $connection) -> QueryResult<()> {
            /// One case: ours for a page and a count, and what one may write by hand.
            macro_rules! case {
                ($label:expr, $table:ident, $condition:expr, $page:expr, $hand:expr) => {{
                    let table = stringify!($table);
                    for paged in [true, false] {
                        let (ours, sum) = if paged {
                            time(|| {
                                let query = $table::table.filter($page).order($table::id).limit(20);
                                let ids: Vec<i32> = query.select($table::id).load(conn)?;
                                Ok(ids.into_iter().map(i64::from).sum())
                            })?
                        } else {
                            time(|| $table::table.filter($condition).count().get_result(conn))?
                        };
                        let mut best = f64::INFINITY;
                        for condition in &$hand {
                            let (hand, by_hand) = if paged {
                                let sql = format!(
                                    "SELECT id FROM {table} WHERE {condition} ORDER BY id LIMIT 20"
                                );
                                time(|| {
                                    let ids: Vec<Page> = sql_query(&sql).load(conn)?;
                                    Ok(ids.into_iter().map(|row| i64::from(row.id)).sum())
                                })?
                            } else {
                                let sql = format!(
                                    "SELECT COUNT(*) AS number FROM {table} WHERE {condition}"
                                );
                                time(|| Ok(sql_query(&sql).get_result::<Total>(conn)?.number))?
                            };
                            assert_eq!(sum, by_hand, "{condition}");
                            best = best.min(hand);
                        }
                        let what = if paged { "page" } else { "count" };
                        println!(
                            "{:32} {:6.2}   ({ours:.2} ms to {best:.2} ms)",
                            format!("{}, {what}", $label),
                            ours / best
                        );
                    }
                }};
            }
            let hand = |from: &str, none: bool| {
                by_hand(
                    engine,
                    from,
                    ["people.id", "toots.person_id"],
                    "toots.person_id = people.id",
                    none,
                )
            };
            let composite = |from: &str, none: bool| {
                let keys = [
                    "projects.tenant_id, projects.id",
                    "tasks.tenant_id, tasks.project_id",
                ];
                let on = "tasks.tenant_id = projects.tenant_id AND tasks.project_id = projects.id";
                by_hand(engine, from, keys, on, none)
            };
            let below = |flag: &str| {
                format!("toots WHERE toots.id IN (SELECT toot_id FROM replies WHERE {flag} = 1)")
            };

            case!(
                "any, common",
                people,
                Person::TOOTS.any(toots::common.eq(1)),
                Person::TOOTS.any(toots::common.eq(1)).row_by_row(),
                hand("toots WHERE common = 1", false)
            );
            case!(
                "any, rare",
                people,
                Person::TOOTS.any(toots::rare.eq(1)),
                Person::TOOTS.any(toots::rare.eq(1)),
                hand("toots WHERE rare = 1", false)
            );
            case!(
                "none, common",
                people,
                Person::TOOTS.none(toots::common.eq(1)),
                Person::TOOTS.none(toots::common.eq(1)).row_by_row(),
                hand("toots WHERE common = 1", true)
            );
            case!(
                "none, rare",
                people,
                Person::TOOTS.none(toots::rare.eq(1)),
                Person::TOOTS.none(toots::rare.eq(1)).row_by_row(),
                hand("toots WHERE rare = 1", true)
            );
            case!(
                "any, two levels, rare",
                people,
                Person::TOOTS.any(Toot::REPLIES.any(replies::rare.eq(1))),
                Person::TOOTS.any(Toot::REPLIES.any(replies::rare.eq(1))),
                hand(&below("rare"), false)
            );
            case!(
                "none, two levels, rare",
                people,
                Person::TOOTS.none(Toot::REPLIES.any(replies::rare.eq(1))),
                Person::TOOTS.none(Toot::REPLIES.any(replies::rare.eq(1))),
                hand(&below("rare"), true)
            );
            case!(
                "any, composite, common",
                projects,
                Project::TASKS.any(tasks::common.eq(1)),
                Project::TASKS.any(tasks::common.eq(1)).row_by_row(),
                composite("tasks WHERE common = 1", false)
            );
            case!(
                "any, composite, rare",
                projects,
                Project::TASKS.any(tasks::rare.eq(1)),
                Project::TASKS.any(tasks::rare.eq(1)),
                composite("tasks WHERE rare = 1", false)
            );
            case!(
                "none, composite, rare",
                projects,
                Project::TASKS.none(tasks::rare.eq(1)),
                Project::TASKS.none(tasks::rare.eq(1)).row_by_row(),
                composite("tasks WHERE rare = 1", true)
            );
            Ok(())
        }
    };
}

compare_all!(sqlite, SqliteConnection);
#[cfg(feature = "servers")]
compare_all!(postgres, PgConnection);
#[cfg(feature = "servers")]
compare_all!(mysql, MysqlConnection);

fn main() -> Result<(), Box<dyn Error>> {
    let rows = std::env::var("ROWS").map_or(Ok(150_000), |rows| rows.parse())?;
    let asked = |engine: &str| std::env::args().any(|argument| argument == engine);
    let recursive = |count: i64| {
        format!(
            "(WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {count}) SELECT i FROM s) AS s"
        )
    };
    #[cfg(feature = "servers")]
    if asked("postgres") || asked("mysql") {
        let url = |variable: &str, default: &str| {
            std::env::var(variable).unwrap_or_else(|_| default.to_owned())
        };
        if asked("postgres") {
            println!("{:32} ratio to the best SQL by hand", "PostgreSQL");
            let mut conn = PgConnection::establish(&url(
                "POSTGRES_URL",
                "postgres://root@127.0.0.1:5432/test",
            ))?;
            conn.batch_execute(
                "CREATE SCHEMA IF NOT EXISTS orm_filters; SET search_path = orm_filters",
            )?;
            let series = |count| {
                format!(
                    "(SELECT CAST(i AS BIGINT) AS i FROM generate_series(1, {count}) AS i) AS s"
                )
            };
            conn.batch_execute(&data(rows, series))?;
            conn.batch_execute("ANALYZE")?;
            postgres("postgres", &mut conn)?;
            conn.batch_execute("DROP SCHEMA orm_filters CASCADE")?;
        }
        if asked("mysql") {
            println!("{:32} ratio to the best SQL by hand", "MariaDB");
            let mut conn =
                MysqlConnection::establish(&url("MYSQL_URL", "mysql://root@127.0.0.1:3306/test"))?;
            conn.batch_execute("SET max_recursive_iterations = 100000000; CREATE DATABASE IF NOT EXISTS orm_filters; USE orm_filters")?;
            conn.batch_execute(&data(rows, recursive))?;
            conn.batch_execute("ANALYZE TABLE people, toots, replies, projects, tasks")?;
            mysql("mysql", &mut conn)?;
            conn.batch_execute("DROP DATABASE orm_filters")?;
        }
        return Ok(());
    }
    if asked("postgres") || asked("mysql") {
        return Err("the servers need `--features servers`".into());
    }
    println!("{:32} ratio to the best SQL by hand", "SQLite");
    let mut conn = SqliteConnection::establish(":memory:")?;
    conn.batch_execute(&data(rows, recursive))?;
    conn.batch_execute("ANALYZE")?;
    sqlite("sqlite", &mut conn)?;
    Ok(())
}
