//! On PostgreSQL, in temporary tables.

use crate::postgres_url;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

#[path = "../../behavior/write/model.rs"]
mod model;

type Conn = PgConnection;
const STEPS: usize = 1_000;

/// Nothing to hold: temporary tables are gone with the connection.
struct Isolated;

impl Isolated {
    fn new() -> Self {
        Self
    }

    #[allow(
        clippy::unused_self,
        reason = "on other engines there is something to hold"
    )]
    fn empty(&self) -> Conn {
        let mut conn = PgConnection::establish(&postgres_url()).unwrap();
        let tables = orm_tests::database::tables("SERIAL");
        conn.batch_execute(&tables.replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))
            .unwrap();
        // the first rows bring their keys
        conn.batch_execute(
            "ALTER SEQUENCE toots_id_seq RESTART WITH 6;
             ALTER SEQUENCE driving_licenses_id_seq RESTART WITH 5;
             ALTER SEQUENCE cities_id_seq RESTART WITH 4;",
        )
        .unwrap();
        conn
    }
}
