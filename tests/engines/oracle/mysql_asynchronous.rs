//! The oracle on asynchronous connections.

use orm_tests::asynchronous as prelude;

type Conn = diesel_async::AsyncMysqlConnection;

#[path = "../../suite/oracle/mod.rs"]
mod oracle;
