//! The suite on asynchronous connections.

use orm_tests::asynchronous as prelude;

type Conn = diesel_async::AsyncPgConnection;

#[path = "../../suite/mod.rs"]
mod suite;

#[path = "../lost_connection.rs"]
mod lost_connection;

#[path = "../concurrent.rs"]
mod concurrent;
