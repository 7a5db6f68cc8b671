//! The comparison on PostgreSQL.

#[path = "shared.rs"]
pub(crate) mod shared;

type Conn = diesel::PgConnection;
