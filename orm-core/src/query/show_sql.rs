//! SQL without a connection.

use diesel::backend::Backend;
use diesel::query_builder::{QueryBuilder, QueryFragment};

/// A database whose SQL can be asked for without a connection.
#[diagnostic::on_unimplemented(
    message = "the database `{Self}` is not enrolled for associations",
    note = "an enum of connections joins with `orm_core::multi_connection!`"
)]
pub trait ShowSql: Backend {
    /// The SQL of a query, where it is known before the connection is.
    fn sql<Q: QueryFragment<Self>>(query: &Q) -> Option<String>;
}

#[diagnostic::do_not_recommend]
impl<DB: Backend<QueryBuilder: Default> + Default> ShowSql for DB {
    fn sql<Q: QueryFragment<Self>>(query: &Q) -> Option<String> {
        let mut builder = DB::QueryBuilder::default();
        query.to_sql(&mut builder, &DB::default()).ok()?;
        Some(builder.finish())
    }
}
