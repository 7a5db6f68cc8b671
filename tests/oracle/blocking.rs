//! The oracle on blocking connections.

use orm_tests::blocking as prelude;

type Conn = diesel::SqliteConnection;

#[path = "../suite/oracle/mod.rs"]
mod oracle;
