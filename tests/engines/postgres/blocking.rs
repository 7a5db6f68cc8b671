//! The suite on blocking connections.

use orm_tests::blocking as prelude;

type Conn = diesel::PgConnection;

#[path = "../../suite/mod.rs"]
mod suite;
