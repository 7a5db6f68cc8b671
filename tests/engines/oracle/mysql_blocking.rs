//! The oracle on blocking connections.

use orm_tests::blocking as prelude;

type Conn = diesel::MysqlConnection;

#[path = "../../suite/oracle/mod.rs"]
mod oracle;
