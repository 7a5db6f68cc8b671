//! Which database a statement is written for, where its SQL differs.

use diesel::backend::Backend;

/// The databases whose SQL differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
}

/// A database whose SQL is known.
#[diagnostic::on_unimplemented(
    message = "the database `{Self}` is not enrolled for associations",
    note = "an enum of connections joins with `orm_core::multi_connection!`"
)]
pub trait HasDialect: Backend {
    /// Its SQL, where it is known before there is a connection; an enum of connections
    /// has several.
    const DIALECT: Option<Dialect>;

    /// Its SQL.
    fn dialect(&self) -> Dialect;
}

macro_rules! dialects {
    ($($(#[$meta:meta])* $backend:ty: $dialect:ident;)+) => {$(
        $(#[$meta])*
        impl HasDialect for $backend {
            const DIALECT: Option<Dialect> = Some(Dialect::$dialect);

            fn dialect(&self) -> Dialect {
                Dialect::$dialect
            }
        }
    )+};
}

dialects! {
    #[cfg(feature = "sqlite")]
    diesel::sqlite::Sqlite: Sqlite;
    #[cfg(any(feature = "postgres", feature = "async-postgres"))]
    diesel::pg::Pg: Postgres;
    #[cfg(any(feature = "mysql", feature = "async-mysql"))]
    diesel::mysql::Mysql: Mysql;
}
