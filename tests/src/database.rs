//! Databases for the tests: one for each test, alone.
#![allow(clippy::expect_used, reason = "a test without a database has failed")]

use crate::connection::{Engine, TestConnection};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The tables of [`schema`](crate::schema), as SQLite writes them. Without
/// uniqueness of the links of one license: the rows of a mistake must be
/// readable.
const TABLES: &str = "
    CREATE TABLE cities (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        birthplace_id INTEGER NOT NULL REFERENCES cities (id),
        residence_id INTEGER REFERENCES cities (id),
        boss_id INTEGER REFERENCES people (id),
        predecessor_id INTEGER REFERENCES people (id)
    );
    CREATE TABLE driving_licenses (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL,
        owner_id INTEGER REFERENCES people (id)
    );
    CREATE TABLE toots (
        id INTEGER PRIMARY KEY,
        body TEXT NOT NULL,
        author_id INTEGER NOT NULL REFERENCES people (id)
    );
    CREATE TABLE liked_toots (
        person_id INTEGER NOT NULL REFERENCES people (id),
        toot_id INTEGER NOT NULL REFERENCES toots (id),
        liked_at TEXT NOT NULL DEFAULT '2026-01-01',
        PRIMARY KEY (person_id, toot_id)
    );
    CREATE TABLE follows (
        follower_id INTEGER NOT NULL REFERENCES people (id),
        followed_id INTEGER NOT NULL REFERENCES people (id),
        PRIMARY KEY (follower_id, followed_id)
    );
    CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
    CREATE TABLE comments (
        id INTEGER PRIMARY KEY,
        post_id INTEGER NOT NULL REFERENCES posts (id),
        body TEXT NOT NULL
    );
";

/// Three people, of whom Cleo has nothing: the bystander.
const ROWS: &str = "
    INSERT INTO cities (id, name) VALUES (1, 'Rome'), (2, 'Oslo'), (3, 'Lima');
    INSERT INTO people (id, name, birthplace_id, residence_id, boss_id, predecessor_id) VALUES
        (1, 'Ada', 1, 2, NULL, NULL),
        (2, 'Bob', 1, NULL, 1, 1),
        (3, 'Cleo', 2, NULL, NULL, NULL);
    INSERT INTO driving_licenses (id, number, owner_id) VALUES
        (1, 'A-1', 1), (2, 'B-2', 2), (3, 'lost', NULL);
    INSERT INTO toots (id, body, author_id) VALUES
        (1, 'hello', 1), (2, 'rust', 1), (3, 'diesel', 2);
    INSERT INTO liked_toots (person_id, toot_id, liked_at) VALUES
        (1, 3, '2026-03-01'), (2, 1, '2026-01-01'), (2, 2, '2026-02-01');
    INSERT INTO follows (follower_id, followed_id) VALUES (2, 1), (3, 1), (1, 2);
    INSERT INTO posts (id, title) VALUES (1, 'first'), (2, 'second');
    INSERT INTO comments (id, post_id, body) VALUES (1, 1, 'nice'), (2, 1, 'thanks');
";

/// Where a database is.
#[derive(Debug)]
pub enum Place {
    /// In the connection: in memory, or in temporary tables. It is gone with it.
    Connection(Engine),
    /// A file of SQLite's, a schema of PostgreSQL's or a database of MariaDB's of
    /// this name, to which others can connect. It is dropped at the end.
    Named(Engine, String),
}

impl Place {
    /// A place that nobody else uses, for one connection.
    #[must_use]
    pub fn alone(engine: Engine) -> Self {
        // temporary tables of MariaDB have no foreign keys
        if engine == Engine::Mysql {
            Self::shared(engine)
        } else {
            Self::Connection(engine)
        }
    }

    /// A place that nobody else uses, for several connections.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn shared(engine: Engine) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("orm_test_{}_{number}", std::process::id());
        match engine {
            Engine::Sqlite => {}
            #[cfg(feature = "servers")]
            Engine::Postgres => servers::on_postgres(&format!(
                "DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"
            )),
            #[cfg(feature = "servers")]
            Engine::Mysql => servers::on_mysql(&format!(
                "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name}"
            )),
            #[cfg(not(feature = "servers"))]
            Engine::Postgres | Engine::Mysql => {}
        }
        Self::Named(engine, name)
    }

    /// How to connect to it.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Named(Engine::Sqlite, name) => {
                std::env::temp_dir().join(name).display().to_string()
            }
            #[cfg(feature = "servers")]
            Self::Named(Engine::Postgres, name) => servers::postgres_schema_url(name),
            #[cfg(feature = "servers")]
            Self::Named(Engine::Mysql, name) => servers::mysql_database_url(name),
            #[cfg(feature = "servers")]
            Self::Connection(Engine::Postgres) => postgres_url(),
            _ => ":memory:".to_owned(),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match self {
            // what SQLite has not written is no file
            Self::Named(Engine::Sqlite, _) => drop(std::fs::remove_file(self.url())),
            #[cfg(feature = "servers")]
            Self::Named(Engine::Postgres, name) => {
                servers::on_postgres(&format!("DROP SCHEMA IF EXISTS {name} CASCADE"));
            }
            #[cfg(feature = "servers")]
            Self::Named(Engine::Mysql, name) => {
                servers::on_mysql(&format!("DROP DATABASE IF EXISTS {name}"));
            }
            _ => {}
        }
    }
}

#[cfg(feature = "servers")]
pub use servers::{Address, mysql_url, postgres_address, postgres_url};

/// Has the server close the connection of this number.
#[cfg(feature = "servers")]
pub fn kill(engine: Engine, number: &str) {
    if engine == Engine::Postgres {
        servers::on_postgres(&format!("SELECT pg_terminate_backend({number})"));
    } else {
        servers::on_mysql(&format!("KILL {number}"));
    }
}

#[cfg(feature = "servers")]
mod servers {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;

    fn url(variable: &str, default: &str) -> String {
        std::env::var(variable).unwrap_or_else(|_| default.to_owned())
    }

    /// The PostgreSQL server of the tests; `POSTGRES_URL` names another.
    #[must_use]
    pub fn postgres_url() -> String {
        url("POSTGRES_URL", "postgres://root@127.0.0.1:5432/test")
    }

    /// The parts of a URL.
    #[derive(Debug)]
    pub struct Address {
        /// Who connects.
        pub user: String,
        /// Empty if there is none.
        pub password: String,
        /// Where the server is.
        pub host: String,
        /// Where the server listens.
        pub port: u16,
        /// The database.
        pub database: String,
    }

    /// The parts of [`postgres_url`].
    ///
    /// # Panics
    /// If a part is missing.
    #[must_use]
    pub fn postgres_address() -> Address {
        let url = postgres_url();
        let (user, rest) = url
            .split_once("://")
            .and_then(|(_, rest)| rest.split_once('@'))
            .expect("the URL has a user");
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let (server, database) = rest.split_once('/').expect("the URL has a database");
        let (host, port) = server.split_once(':').unwrap_or((server, "5432"));
        Address {
            user: user.to_owned(),
            password: password.to_owned(),
            host: host.to_owned(),
            port: port.parse().expect("the port is a number"),
            database: database.to_owned(),
        }
    }

    /// The MariaDB or MySQL server of the tests; `MYSQL_URL` names another.
    #[must_use]
    pub fn mysql_url() -> String {
        url("MYSQL_URL", "mysql://root@127.0.0.1:3306/test")
    }

    /// The same database, another schema.
    pub(super) fn postgres_schema_url(name: &str) -> String {
        let url = postgres_url();
        let separator = if url.contains('?') { '&' } else { '?' };
        format!("{url}{separator}options=-csearch_path%3D{name}")
    }

    /// The same server, another database.
    pub(super) fn mysql_database_url(name: &str) -> String {
        let url = mysql_url();
        let server = url.rsplit_once('/').map_or(&*url, |(server, _)| server);
        format!("{server}/{name}")
    }

    pub(super) fn on_postgres(sql: &str) {
        let mut conn = PgConnection::establish(&postgres_url()).expect("PostgreSQL answers");
        conn.batch_execute("SET client_min_messages = warning")
            .and_then(|()| conn.batch_execute(sql))
            .expect("the statements are valid");
    }

    pub(super) fn on_mysql(sql: &str) {
        let mut conn = MysqlConnection::establish(&mysql_url()).expect("MariaDB answers");
        conn.batch_execute(sql).expect("the statements are valid");
    }
}

/// A connection with a database of its own.
#[derive(Debug)]
pub struct Isolated<C> {
    // dropped before its database is
    conn: C,
    place: Place,
}

impl<C: TestConnection> Isolated<C> {
    /// A database at `place` with `tables`, which are written for SQLite, see
    /// [`translated`].
    #[must_use]
    pub fn new(place: Place, tables: &str) -> Self {
        let mut conn = C::open(&place.url());
        let mut tables = translated(tables, C::ENGINE);
        if matches!(place, Place::Named(..)) {
            tables = tables.replace("TEMPORARY ", "");
        }
        conn.batch(&tables);
        count_on(&mut conn);
        Self { conn, place }
    }

    /// How others connect to it, if it is shared.
    #[must_use]
    pub fn url(&self) -> String {
        self.place.url()
    }

    /// Another connection to it, if it is shared.
    #[must_use]
    pub fn another(&self) -> C {
        C::open(&self.url())
    }
}

impl<C> Deref for Isolated<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.conn
    }
}

impl<C> DerefMut for Isolated<C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.conn
    }
}

/// What makes SQLite's `NOCASE` on PostgreSQL, if it is used.
fn collation(sql: &str) -> &'static str {
    if sql.contains("COLLATE NOCASE") {
        "CREATE COLLATION pg_temp.nocase
            (provider = icu, locale = 'und-u-ks-level2', deterministic = false); "
    } else {
        ""
    }
}

/// `sql`, written for SQLite, as the engine wants it. Names that are reserved
/// somewhere stand in backticks.
#[must_use]
pub fn translated(sql: &str, engine: Engine) -> String {
    match engine {
        Engine::Sqlite => sql.to_owned(),
        Engine::Postgres => [collation(sql), sql]
            .concat()
            .replace("COLLATE NOCASE", "COLLATE pg_temp.nocase")
            .replace("CREATE TABLE", "CREATE TEMPORARY TABLE")
            .replace("INTEGER PRIMARY KEY", "SERIAL PRIMARY KEY")
            .replace(" BLOB", " BYTEA")
            .replace(" X'", " '\\x")
            .replace('`', "\""),
        Engine::Mysql => sql
            // as its own collation is
            .replace(" COLLATE NOCASE", "")
            .replace("INTEGER PRIMARY KEY", "INTEGER AUTO_INCREMENT PRIMARY KEY")
            .replace(" TIMESTAMP", " DATETIME")
            .replace(" TEXT", " VARCHAR(100)")
            .replace(" BLOB", " VARBINARY(100)"),
    }
}

const COUNT_ON: &str = "
    DO $$ DECLARE t text; BEGIN
        FOR t IN SELECT c.table_name FROM information_schema.columns c
            WHERE c.column_name = 'id' AND c.column_default LIKE 'nextval%'
                AND c.table_schema = coalesce(
                    (SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()), current_schema())
        LOOP
            EXECUTE format(
                'SELECT setval(pg_get_serial_sequence(%L, ''id''), (SELECT coalesce(max(id), 0) + 1 FROM %I), false)',
                t, t);
        END LOOP;
    END $$";

/// Counted keys go on after those that rows brought with them, on PostgreSQL as
/// they do elsewhere.
pub fn count_on<C: TestConnection>(conn: &mut C) {
    if C::ENGINE == Engine::Postgres {
        conn.batch(COUNT_ON);
    }
}

/// A database with `tables`, which are written for SQLite, see [`translated`].
#[must_use]
pub fn with_tables<C: TestConnection>(tables: &str) -> Isolated<C> {
    Isolated::new(Place::alone(C::ENGINE), tables)
}

/// The reference scenarios with rows of every kind.
#[must_use]
pub fn sample<C: TestConnection>() -> Isolated<C> {
    with_tables(&sample_sql())
}

/// The reference scenarios, to which others can connect.
#[must_use]
pub fn shared_sample<C: TestConnection>() -> Isolated<C> {
    Isolated::new(Place::shared(C::ENGINE), &sample_sql())
}

/// The tables of the reference scenarios with `rows`, where a row may refer to
/// one that is not there.
#[must_use]
pub fn without_foreign_keys<C: TestConnection>(rows: &str) -> Isolated<C> {
    with_tables(&[&tables_without_references(), rows].concat())
}

/// The tables of the reference scenarios without their foreign keys.
#[must_use]
pub fn tables_without_references() -> String {
    without_references(TABLES)
}

/// The tables without their foreign keys.
#[must_use]
pub fn without_references(tables: &str) -> String {
    let mut parts = tables.split(" REFERENCES");
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        all += part.split_once(')').map_or("", |(_, rest)| rest);
    }
    all
}

/// The reference scenarios, where a row may refer to one that is not there.
#[must_use]
pub fn sample_without_foreign_keys<C: TestConnection>() -> Isolated<C> {
    without_foreign_keys(ROWS)
}

/// What makes the reference scenarios in a database of SQLite's.
#[must_use]
pub fn sample_sql() -> String {
    [TABLES, ROWS].concat()
}

/// Queries that yield the rows of each table as text.
const DUMP_SQLITE: &str = r#"
    SELECT 'SELECT ''' || name || ': '' || ' || (
        SELECT group_concat('quote("' || name || '")', ' || '', '' || ')
        FROM pragma_table_info(t.name)) || ' AS line FROM ' || name AS line
    FROM sqlite_schema AS t WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"#;
const DUMP_POSTGRES: &str = "
    SELECT format('SELECT %L || concat_ws('', '', %s) AS line FROM %I', c.relname || ': ',
        string_agg(
            CASE WHEN t.typcategory = 'B' THEN format('coalesce(%I::int::text, ''NULL'')', a.attname)
                WHEN t.typcategory = 'N' THEN format('coalesce(%I::text, ''NULL'')', a.attname)
                ELSE format('quote_nullable(%I)', a.attname) END, ', ' ORDER BY a.attnum),
        c.relname) AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = coalesce(nullif(pg_my_temp_schema(), 0), current_schema()::regnamespace) AND c.relkind = 'r' AND a.attnum > 0
    GROUP BY c.oid, c.relname";
const DUMP_MYSQL: &str = "
    SELECT concat('SELECT concat(''', table_name, ': '', concat_ws('', '', ', group_concat(
        if(data_type LIKE '%int', concat('coalesce(`', column_name, '`, ''NULL'')'),
            concat('quote(`', column_name, '`)'))
        ORDER BY ordinal_position), ')) AS line FROM `', table_name, '`') AS line
    FROM information_schema.columns WHERE table_schema = database() GROUP BY table_name";

/// Every row of every table, as text.
pub fn dump<C: TestConnection>(conn: &mut C) -> Vec<String> {
    let tables = conn.lines(match C::ENGINE {
        Engine::Sqlite => DUMP_SQLITE,
        Engine::Postgres => DUMP_POSTGRES,
        Engine::Mysql => DUMP_MYSQL,
    });
    let mut lines: Vec<_> = tables.iter().flat_map(|rows| conn.lines(rows)).collect();
    lines.sort();
    lines
}
