//! The comparison on MariaDB.

#[path = "shared.rs"]
pub(crate) mod shared;

type Conn = diesel::MysqlConnection;
