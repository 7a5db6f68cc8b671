//! The database, by its URL: PostgreSQL or SQLite.

use diesel::SqliteConnection;
use diesel_async::pooled_connection::AsyncDieselConnectionManager;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::error::Error;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// A pool of connections.
#[derive(Clone)]
pub enum Database {
    /// To PostgreSQL.
    Postgres(Pool<AsyncPgConnection>),
    /// To SQLite.
    Sqlite(Pool<SyncConnectionWrapper<SqliteConnection>>),
}

impl Database {
    /// Connects, and makes the tables where they are missing.
    ///
    /// # Errors
    /// A database that does not answer, or a migration that fails.
    pub async fn open(url: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        if url.starts_with("postgres") {
            let conn = AsyncPgConnection::establish(url).await?;
            AsyncMigrationHarness::new(conn).run_pending_migrations(POSTGRES)?;
            let manager = AsyncDieselConnectionManager::new(url);
            Ok(Self::Postgres(Pool::builder(manager).build()?))
        } else {
            let conn = SyncConnectionWrapper::<SqliteConnection>::establish(url).await?;
            AsyncMigrationHarness::new(conn).run_pending_migrations(SQLITE)?;
            let manager = AsyncDieselConnectionManager::new(url);
            Ok(Self::Sqlite(Pool::builder(manager).build()?))
        }
    }
}

/// Runs `$work` on a connection out of the pool, whichever its type is; the
/// statements are counted.
#[macro_export]
macro_rules! on {
    ($service:expr, |$conn:ident| $work:expr) => {
        match &$service.database {
            $crate::database::Database::Postgres(pool) => {
                let mut pooled = pool.get().await?;
                let $conn: &mut diesel_async::AsyncPgConnection = &mut pooled;
                $crate::statements::count($conn);
                $work
            }
            $crate::database::Database::Sqlite(pool) => {
                let mut pooled = pool.get().await?;
                let $conn: &mut diesel_async::sync_connection_wrapper::SyncConnectionWrapper<
                    diesel::SqliteConnection,
                > = &mut pooled;
                $crate::statements::count($conn);
                $work
            }
        }
    };
}
