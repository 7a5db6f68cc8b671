//! The suite on blocking connections.

use orm_tests::blocking as prelude;

type Conn = diesel::MysqlConnection;

#[path = "../../suite/mod.rs"]
mod suite;

#[path = "../lost_connection.rs"]
mod lost_connection;

#[path = "../concurrent.rs"]
mod concurrent;
