//! SQL without a connection.

use diesel::backend::Backend;
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "async-postgres",
    feature = "async-mysql"
))]
use diesel::query_builder::QueryBuilder;
use diesel::query_builder::QueryFragment;

/// A database whose SQL can be asked for without a connection.
#[diagnostic::on_unimplemented(
    message = "the database `{Self}` is not enrolled for associations",
    note = "an enum of connections joins with `orm_core::multi_connection!`"
)]
pub trait ShowSql: Backend {
    /// The SQL of a query, where it is known before the connection is.
    fn sql<Q: QueryFragment<Self>>(query: &Q) -> Option<String>;
}

macro_rules! show_sql {
    ($($(#[$meta:meta])* $backend:ty;)+) => {$(
        $(#[$meta])*
        impl ShowSql for $backend {
            fn sql<Q: QueryFragment<Self>>(query: &Q) -> Option<String> {
                let mut builder = <Self as Backend>::QueryBuilder::default();
                query.to_sql(&mut builder, &Self::default()).ok()?;
                Some(builder.finish())
            }
        }
    )+};
}

show_sql! {
    #[cfg(feature = "sqlite")]
    diesel::sqlite::Sqlite;
    #[cfg(any(feature = "postgres", feature = "async-postgres"))]
    diesel::pg::Pg;
    #[cfg(any(feature = "mysql", feature = "async-mysql"))]
    diesel::mysql::Mysql;
}
