//! The tables and the connection of the three programs.

use diesel::prelude::*;
use peers_common::{Result, Sum};

diesel::table! { cities (id) { id -> Integer, name -> Text, } }
diesel::table! { people (id) { id -> Integer, name -> Text, city_id -> Integer, } }
diesel::table! { licenses (id) { id -> Integer, number -> Text, person_id -> Integer, } }
diesel::table! { toots (id) { id -> Integer, body -> Text, person_id -> Integer, } }
diesel::table! { likes (person_id, toot_id) { person_id -> Integer, toot_id -> Integer, } }
diesel::joinable!(likes -> toots (toot_id));
diesel::joinable!(likes -> people (person_id));
diesel::allow_tables_to_appear_in_same_query!(cities, people, licenses, toots, likes);

#[cfg(not(feature = "postgres"))]
pub type Conn = SqliteConnection;
#[cfg(feature = "postgres")]
pub type Conn = PgConnection;

/// The connection that the program's argument names.
pub fn connect() -> Result<Conn> {
    let url = std::env::args().nth(1).ok_or("the database is missing")?;
    #[allow(unused_mut, reason = "SQLite is set up")]
    let mut conn = Conn::establish(&url)?;
    #[cfg(not(feature = "postgres"))]
    diesel::connection::SimpleConnection::batch_execute(&mut conn, peers_common::PRAGMAS)?;
    Ok(conn)
}

/// How many people there are.
pub fn count_people(conn: &mut Conn) -> Result<i32> {
    Ok(i32::try_from(people::table.count().get_result::<i64>(conn)?)?)
}

/// Runs a work and undoes it.
pub fn undone(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> QueryResult<Sum>,
) -> Result<Option<Sum>> {
    let mut sum = Sum::default();
    let undone = conn.transaction(|conn| {
        sum = work(conn)?;
        Err::<(), _>(diesel::result::Error::RollbackTransaction)
    });
    match undone {
        Err(diesel::result::Error::RollbackTransaction) => Ok(Some(sum)),
        other => Ok(other.map(|()| None)?),
    }
}
