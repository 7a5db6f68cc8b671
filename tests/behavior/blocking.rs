//! The suite on blocking connections.

use orm_tests::blocking as prelude;

type Conn = diesel::SqliteConnection;

#[path = "../suite/mod.rs"]
pub(crate) mod suite;
