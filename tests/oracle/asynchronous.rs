//! The oracle on asynchronous connections.

use orm_tests::asynchronous as prelude;

type Conn = diesel_async::sync_connection_wrapper::SyncConnectionWrapper<diesel::SqliteConnection>;

#[path = "../suite/oracle/mod.rs"]
mod oracle;
