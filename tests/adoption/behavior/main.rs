//! The team's crate on SQLite: what it did before, and what the attributes add.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]
#![allow(
    clippy::cloned_ref_to_slice_refs,
    reason = "rows are compared with the list of those that are expected"
)]

#[cfg(feature = "associations")]
mod associated;
mod own;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use orm_tests_adoption::models::*;
use orm_tests_adoption::schema::*;
use orm_tests_adoption::sql_types::VersionState;

/// The tables, on a connection of its own.
fn database() -> SqliteConnection {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    conn.batch_execute(include_str!("../migrations/sqlite.sql"))
        .unwrap();
    conn
}

fn user(login: &str, gh_id: i32, conn: &mut SqliteConnection) -> User {
    let new = NewUser {
        gh_id,
        gh_login: login,
        name: None,
        gh_access_token: "secret",
    };
    new.upsert(conn).unwrap()
}

fn krate(name: &str, conn: &mut SqliteConnection) -> Crate {
    NewCrate::builder(name)
        .description("a crate")
        .readme("a long text")
        .build()
        .create(conn)
        .unwrap()
}

fn new_version(crate_id: i32, num: &str) -> NewVersion<'_> {
    NewVersion {
        crate_id,
        num,
        state: VersionState::Published,
        published_by: None,
        checksum: "00",
    }
}

fn film(title: &str, conn: &mut SqliteConnection) -> Film {
    let english = Language {
        language_id: 1,
        name: "English".to_owned(),
    };
    diesel::insert_into(language::table)
        .values(&english)
        .on_conflict_do_nothing()
        .execute(conn)
        .unwrap();
    let new = NewFilm {
        title,
        language_id: english.language_id,
        rating: None,
    };
    diesel::insert_into(film::table)
        .values(new)
        .returning(Film::as_returning())
        .get_result(conn)
        .unwrap()
}
