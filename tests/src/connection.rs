//! What the tests ask of every kind of connection, beside what they test.
#![allow(
    clippy::expect_used,
    reason = "a test that cannot prepare its database has failed"
)]

use crate::asynchronous::wait;
use diesel::QueryResult;
use diesel::connection::{Instrumentation, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use orm_core::connection::Exclusive;
use std::num::NonZeroU32;

/// The databases, where a test has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    Mysql,
}

impl Engine {
    /// How many statements one `INSERT` of rows with counted keys takes more: none where
    /// the database returns the rows. A blocking connection to MariaDB cannot take them:
    /// it forgets the last key first, and reads the rows afterwards.
    #[must_use]
    pub const fn read_back(self, blocking: bool) -> usize {
        if matches!(self, Self::Mysql) && blocking {
            2
        } else {
            0
        }
    }

    /// How many statements lock the source of links that are replaced: none where one
    /// transaction writes at a time.
    #[must_use]
    pub const fn locks(self) -> usize {
        !matches!(self, Self::Sqlite) as usize
    }

    /// How many `INSERT`s write rows of which some leave a column to its default:
    /// one where `DEFAULT` can stand among the values.
    #[must_use]
    pub const fn inserts_with_defaults(self) -> usize {
        if matches!(self, Self::Sqlite) { 2 } else { 1 }
    }
}

impl Engine {
    fn settings(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 60000",
            Self::Postgres => "SET client_min_messages = warning",
            Self::Mysql => "SET max_recursive_iterations = 1000000",
        }
    }
}

/// A row of one text.
#[derive(QueryableByName)]
pub(crate) struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// A connection that tests run on.
pub trait TestConnection: Exclusive {
    /// The database it is to.
    const ENGINE: Engine;

    /// Whether its calls block.
    const BLOCKING: bool;

    /// Connects, with the settings of the tests.
    fn open(url: &str) -> Self;

    /// Runs statements that are no part of what is tested.
    ///
    /// # Errors
    /// What the database reports.
    fn try_batch(&mut self, sql: &str) -> QueryResult<()>;

    /// The texts that a query yields, whose column is called `line`.
    fn lines(&mut self, sql: &str) -> Vec<String>;

    /// Watches what is sent from now on.
    fn watch(&mut self, instrumentation: impl Instrumentation);

    /// How many transactions and savepoints are open.
    fn depth(&mut self) -> Option<NonZeroU32>;

    /// The end of an operation that is written for all connections.
    ///
    /// # Errors
    /// Those of the operation.
    fn end<T>(operation: impl Future<Output = QueryResult<T>>) -> QueryResult<T>;

    /// Runs statements that are no part of what is tested.
    ///
    /// # Panics
    /// If they fail.
    fn batch(&mut self, sql: &str) {
        self.try_batch(sql).expect("the statements are valid");
    }

    /// Runs `work` in a transaction of the caller's.
    ///
    /// # Errors
    /// Those of `work`, after which nothing is kept.
    fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> QueryResult<T>,
    ) -> QueryResult<T> {
        Self::end(self.begin())?;
        match work(self) {
            Ok(value) => Self::end(self.commit()).map(|()| value),
            Err(error) => {
                Self::end(self.rollback())?;
                Err(error)
            }
        }
    }
}

macro_rules! blocking {
    ($connection:ty, $engine:ident) => {
        impl TestConnection for $connection {
            const ENGINE: Engine = Engine::$engine;
            const BLOCKING: bool = true;

            fn open(url: &str) -> Self {
                let conn = Self::establish(url);
                let mut conn: Self = conn.expect("the database answers");
                conn.batch(Self::ENGINE.settings());
                conn
            }

            fn try_batch(&mut self, sql: &str) -> QueryResult<()> {
                SimpleConnection::batch_execute(self, sql)
            }

            fn lines(&mut self, sql: &str) -> Vec<String> {
                let lines = RunQueryDsl::load::<Line>(diesel::sql_query(sql), self);
                let lines = lines.expect("the query is valid");
                lines.into_iter().map(|line| line.line).collect()
            }

            fn watch(&mut self, instrumentation: impl Instrumentation) {
                Connection::set_instrumentation(self, instrumentation);
            }

            fn depth(&mut self) -> Option<NonZeroU32> {
                type Manager = <$connection as Connection>::TransactionManager;
                let status =
                    <Manager as TransactionManager<Self>>::transaction_manager_status_mut(self);
                status
                    .transaction_depth()
                    .expect("the connection is not broken")
            }

            fn end<T>(operation: impl Future<Output = QueryResult<T>>) -> QueryResult<T> {
                orm_core::connection::run_now(operation)
            }
        }
    };
}

macro_rules! asynchronous {
    ($connection:ty, $engine:ident) => {
        impl TestConnection for $connection {
            const ENGINE: Engine = Engine::$engine;
            const BLOCKING: bool = false;

            fn open(url: &str) -> Self {
                let conn = <Self as diesel_async::AsyncConnection>::establish(url);
                let mut conn = wait(conn).expect("the database answers");
                conn.batch(Self::ENGINE.settings());
                conn
            }

            fn try_batch(&mut self, sql: &str) -> QueryResult<()> {
                wait(diesel_async::SimpleAsyncConnection::batch_execute(
                    self, sql,
                ))
            }

            fn lines(&mut self, sql: &str) -> Vec<String> {
                let lines = diesel_async::RunQueryDsl::load::<Line>(diesel::sql_query(sql), self);
                let lines = wait(lines).expect("the query is valid");
                lines.into_iter().map(|line| line.line).collect()
            }

            fn watch(&mut self, instrumentation: impl Instrumentation) {
                diesel_async::AsyncConnection::set_instrumentation(self, instrumentation);
            }

            fn depth(&mut self) -> Option<NonZeroU32> {
                type Manager = <$connection as diesel_async::AsyncConnection>::TransactionManager;
                let status = <Manager as diesel_async::TransactionManager<Self>>::
                                                            transaction_manager_status_mut(self);
                status
                    .transaction_depth()
                    .expect("the connection is not broken")
            }

            fn end<T>(operation: impl Future<Output = QueryResult<T>>) -> QueryResult<T> {
                wait(operation)
            }
        }
    };
}

blocking!(SqliteConnection, Sqlite);
asynchronous!(SyncConnectionWrapper<SqliteConnection>, Sqlite);
#[cfg(feature = "servers")]
blocking!(PgConnection, Postgres);
#[cfg(feature = "servers")]
asynchronous!(diesel_async::AsyncPgConnection, Postgres);
#[cfg(feature = "servers")]
blocking!(MysqlConnection, Mysql);
#[cfg(feature = "servers")]
asynchronous!(diesel_async::AsyncMysqlConnection, Mysql);
