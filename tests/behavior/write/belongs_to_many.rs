//! `belongs_to_many`: a junction holds both keys.

use super::{done, writes};
use crate::support::{person, toot};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use orm_core::prelude::*;
use orm_tests::database::{sample, with_tables};
use orm_tests::models::{Person, Toot};
use orm_tests::schema::{liked_toots, toots};

#[derive(Insertable)]
#[diesel(table_name = toots)]
struct NewToot<'a> {
    body: &'a str,
    author_id: i32,
}

/// better: idempotent, in one statement, also with the same row twice.
#[test]
fn better_add_is_idempotent() {
    let mut conn = sample();
    let (ada, mine) = (person(1, &mut conn), toot(1, &mut conn));

    writes(
        &mut conn,
        Ok(()),
        1,
        &[],
        &["liked_toots: 1, 1, '2026-01-01'"],
        |conn| ada.add_liked_toot(&mine, conn),
    );
    writes(&mut conn, Ok(()), 1, &[], &[], |conn| {
        ada.add_liked_toot(1, conn)
    });
    // new ones, those that are there, and the same again
    writes(
        &mut conn,
        Ok(()),
        1,
        &[],
        &["liked_toots: 1, 2, '2026-01-01'"],
        |conn| ada.add_liked_toots([2, 3, 2, 1], conn),
    );
    writes(&mut conn, Ok(()), 0, &[], &[], |conn| {
        ada.add_liked_toots([0; 0], conn)
    });
}

#[test]
fn add_of_many_is_one_statement_from_the_cache() {
    let mut conn = sample();
    let people = [1, 2, 3].map(|id| person(id, &mut conn));
    let added: Vec<i32> = (10..40).collect();
    for id in &added {
        diesel::sql_query(format!("INSERT INTO toots VALUES ({id}, 'x', 1)"))
            .execute(&mut conn)
            .unwrap();
    }

    // few rows have a text for each number of them, many have one for all
    for (first, again) in [(10, 10), (30, 20)] {
        for (person, count) in [(&people[0], first), (&people[1], again)] {
            let done = done(&mut conn, |conn| {
                person.add_liked_toots(&added[..count], conn)
            });
            assert_eq!((done.result, done.sent.count()), (Ok(()), 1));
            assert_eq!(done.sent.transactions, 0);
            let prepared = usize::from(person.id == 1);
            assert_eq!(done.sent.cached.len(), prepared);
        }
    }
    let counts = people.map(|person| person.count_liked_toots(&mut conn).unwrap());
    assert_eq!(counts, [31, 22, 0]);
}

#[test]
fn an_unknown_target_is_a_foreign_key_error_and_links_nothing() {
    let mut conn = sample();
    let ada = person(1, &mut conn);

    for failed in [
        done(&mut conn, |conn| ada.add_liked_toots([1, 99], conn)),
        done(&mut conn, |conn| ada.set_liked_toots([99], conn)),
    ] {
        assert!(matches!(
            failed.result,
            Err(Error::DatabaseError(
                DatabaseErrorKind::ForeignKeyViolation,
                _
            ))
        ));
        assert_eq!((failed.gone, failed.new), (vec![], vec![]));
    }
}

#[test]
fn other_errors_are_not_hidden() {
    let mut conn = sample();
    diesel::sql_query(
        "CREATE TRIGGER no_likes BEFORE INSERT ON liked_toots BEGIN SELECT raise(ABORT, 'no'); END",
    )
    .execute(&mut conn)
    .unwrap();
    let ada = person(1, &mut conn);

    let failed = done(&mut conn, |conn| ada.add_liked_toot(1, conn));
    assert!(matches!(failed.result, Err(Error::DatabaseError(..))));
}

#[test]
fn remove_deletes_links_alone() {
    let mut conn = sample();
    let bob = person(2, &mut conn);

    writes(
        &mut conn,
        Ok(1),
        1,
        &["liked_toots: 2, 1, '2026-01-01'"],
        &[],
        |conn| bob.remove_liked_toots([1, 3, 1], conn),
    );
    writes(&mut conn, Ok(0), 1, &[], &[], |conn| {
        bob.remove_liked_toot(3, conn)
    });
    writes(&mut conn, Ok(0), 0, &[], &[], |conn| {
        bob.remove_liked_toots(&[] as &[Toot], conn)
    });
}

#[test]
fn set_is_the_difference() {
    let mut conn = sample();
    let bob = person(2, &mut conn);

    writes(&mut conn, Ok(()), 1, &[], &[], |conn| {
        bob.set_liked_toots([2, 1, 1], conn)
    });
    writes(
        &mut conn,
        Ok(()),
        3,
        &["liked_toots: 2, 1, '2026-01-01'"],
        &["liked_toots: 2, 3, '2026-01-01'"],
        |conn| bob.set_liked_toots([2, 3], conn),
    );
    writes(
        &mut conn,
        Ok(()),
        2,
        &[
            "liked_toots: 2, 2, '2026-02-01'",
            "liked_toots: 2, 3, '2026-01-01'",
        ],
        &[],
        |conn| bob.set_liked_toots([0; 0], conn),
    );
}

#[test]
fn create_inserts_and_links() {
    let mut conn = sample();
    let cleo = person(3, &mut conn);
    let new = NewToot {
        body: "liked at once",
        author_id: 1,
    };

    let expected = Toot {
        id: 4,
        body: "liked at once".into(),
        author_id: 1,
    };
    writes(
        &mut conn,
        Ok(expected),
        2,
        &[],
        &[
            "liked_toots: 3, 4, '2026-01-01'",
            "toots: 4, 'liked at once', 1",
        ],
        |conn| cleo.create_liked_toot(&new, conn),
    );
    // a ghost's link fails, and with it the toot
    let ghost = Person { id: 99, ..cleo };
    let failed = done(&mut conn, |conn| ghost.create_liked_toot(&new, conn));
    assert!(failed.result.is_err());
    assert_eq!(
        (failed.gone, failed.new, failed.sent.count()),
        (vec![], vec![], 2)
    );
}

#[test]
fn both_ends_of_a_graph() {
    let mut conn = sample();
    let (bob, cleo) = (person(2, &mut conn), person(3, &mut conn));

    writes(&mut conn, Ok(()), 1, &[], &["follows: 2, 3"], |conn| {
        cleo.add_follower(&bob, conn)
    });
    assert_eq!(bob.has_followed(&cleo, &mut conn), Ok(true));
    writes(&mut conn, Ok(1), 1, &["follows: 2, 3"], &[], |conn| {
        bob.remove_followed(&cleo, conn)
    });
}

mod rooms {
    use super::*;

    diesel::table! { rooms (tenant_id, id) { tenant_id -> Integer, id -> Integer, } }
    diesel::table! { keys (tenant_id, id) { tenant_id -> Integer, id -> Integer, } }
    diesel::table! {
        room_keys (id) {
            id -> Integer,
            tenant_id -> Integer,
            room_id -> Integer,
            key_id -> Integer,
        }
    }
    diesel::allow_tables_to_appear_in_same_query!(rooms, keys, room_keys);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = rooms, primary_key(tenant_id, id))]
    #[belongs_to_many(
        Key,
        through = room_keys,
        foreign_key = (tenant_id, room_id),
        other_key = (tenant_id, key_id),
    )]
    pub(super) struct Room {
        pub(super) tenant_id: i32,
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = keys, primary_key(tenant_id, id))]
    pub(super) struct Key {
        pub(super) tenant_id: i32,
        pub(super) id: i32,
    }
}

/// better: a junction with its own key and no uniqueness; keys of two columns
/// that share one.
#[test]
fn better_junctions_without_uniqueness_and_composite_keys_that_share_a_column() {
    use rooms::{Key, Room};
    let mut conn = with_tables(
        "CREATE TABLE rooms (tenant_id INTEGER, id INTEGER, PRIMARY KEY (tenant_id, id));
         CREATE TABLE keys (tenant_id INTEGER, id INTEGER, PRIMARY KEY (tenant_id, id));
         CREATE TABLE room_keys (id INTEGER PRIMARY KEY, tenant_id INTEGER, room_id INTEGER, key_id INTEGER);
         INSERT INTO rooms VALUES (1, 1), (2, 1);
         INSERT INTO keys VALUES (1, 1), (1, 2), (2, 1);
         INSERT INTO room_keys VALUES (1, 2, 1, 1);",
    );
    let room = Room {
        tenant_id: 1,
        id: 1,
    };

    writes(
        &mut conn,
        Ok(()),
        1,
        &[],
        &["room_keys: 2, 1, 1, 1", "room_keys: 3, 1, 1, 2"],
        |conn| room.add_keys([(1, 1), (1, 2), (1, 1)], conn),
    );
    writes(&mut conn, Ok(()), 1, &[], &[], |conn| {
        room.add_key(
            &Key {
                tenant_id: 1,
                id: 1,
            },
            conn,
        )
    });
    // a key of another tenant cannot be linked, so nothing is
    writes(&mut conn, Err(Error::NotFound), 0, &[], &[], |conn| {
        room.add_keys([(1, 1), (2, 1)], conn)
    });
    writes(
        &mut conn,
        Ok(1),
        1,
        &["room_keys: 2, 1, 1, 1"],
        &[],
        |conn| room.remove_key((1, 1), conn),
    );
    writes(
        &mut conn,
        Ok(()),
        3,
        &["room_keys: 3, 1, 1, 2"],
        &["room_keys: 2, 1, 1, 1"],
        |conn| room.set_keys([(1, 1)], conn),
    );
}

/// A database in a file, which is gone at the end.
struct File(String);

impl File {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("orm-{name}-{}", std::process::id()));
        Self(path.to_str().unwrap().to_owned())
    }

    fn connect(&self) -> SqliteConnection {
        let mut conn = SqliteConnection::establish(&self.0).unwrap();
        diesel::sql_query("PRAGMA busy_timeout = 10000")
            .execute(&mut conn)
            .unwrap();
        conn
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

/// better: two connections that add the same pair at the same time both succeed,
/// and so do those that set and remove it.
#[test]
fn better_two_connections_write_the_same_links() {
    let file = File::new("race");
    orm_tests::database::fill(&mut file.connect());
    let barrier = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut conn = file.connect();
                let cleo = person(3, &mut conn);
                for _ in 0..20 {
                    barrier.wait();
                    assert_eq!(cleo.add_liked_toots([1, 2, 3], &mut conn), Ok(()));
                    assert_eq!(cleo.set_liked_toots([2, 3], &mut conn), Ok(()));
                    barrier.wait();
                    assert_eq!(cleo.has_liked_toots([2, 3], &mut conn), Ok(true));
                    barrier.wait();
                    assert!(cleo.remove_liked_toots([1, 2, 3], &mut conn).is_ok());
                }
            });
        }
    });
    assert_eq!(
        person(3, &mut file.connect()).count_liked_toots(&mut file.connect()),
        Ok(0)
    );
}

/// What a link says beside its keys.
#[derive(Insertable, AsChangeset, Clone)]
#[diesel(table_name = liked_toots)]
struct NewLike<'a> {
    liked_at: Option<&'a str>,
}

fn like(liked_at: &str) -> NewLike<'_> {
    NewLike {
        liked_at: Some(liked_at),
    }
}

#[test]
fn a_payload_is_written_with_the_link() {
    let mut conn = sample();
    let (bob, cleo) = (person(2, &mut conn), person(3, &mut conn));

    writes(
        &mut conn,
        Ok(()),
        2,
        &[],
        &["liked_toots: 3, 1, 'noon'"],
        |conn| cleo.add_liked_toot_with(1, like("noon"), conn),
    );
    // only that pair
    writes(
        &mut conn,
        Ok(()),
        1,
        &["liked_toots: 3, 1, 'noon'"],
        &["liked_toots: 3, 1, 'night'"],
        |conn| cleo.add_liked_toot_with(1, like("night"), conn),
    );
    // an assignment does as well, and nothing at all changes nothing
    writes(
        &mut conn,
        Ok(()),
        1,
        &["liked_toots: 3, 1, 'night'"],
        &["liked_toots: 3, 1, 'dawn'"],
        |conn| cleo.add_liked_toot_with(1, liked_toots::liked_at.eq("dawn"), conn),
    );
    writes(&mut conn, Ok(()), 1, &[], &[], |conn| {
        cleo.add_liked_toot_with(1, &NewLike { liked_at: None }, conn)
    });
    let likes = cleo.liked_toots_with_through(&mut conn).unwrap();
    assert_eq!(likes[0].0.liked_at, "dawn");
    assert_eq!(bob.count_liked_toots(&mut conn), Ok(2));
}

#[test]
fn payloads_of_many_with_their_targets_or_one_for_all() {
    let mut conn = sample();
    let bob = person(2, &mut conn);
    diesel::sql_query("INSERT INTO toots VALUES (4, 'd', 1), (5, 'e', 1)")
        .execute(&mut conn)
        .unwrap();

    // one that is there, three that are not: one of them without a value
    let pairs = [
        (1, like("a")),
        (3, like("lost")),
        (4, like("c")),
        (5, NewLike { liked_at: None }),
        (3, like("b")),
    ];
    writes(
        &mut conn,
        Ok(()),
        4,
        &["liked_toots: 2, 1, '2026-01-01'"],
        &[
            "liked_toots: 2, 1, 'a'",
            "liked_toots: 2, 3, 'b'",
            "liked_toots: 2, 4, 'c'",
            "liked_toots: 2, 5, '2026-01-01'",
        ],
        |conn| bob.add_liked_toots_with(pairs, conn),
    );
    let one_for_all = like("z");
    writes(
        &mut conn,
        Ok(()),
        4,
        &[
            "liked_toots: 2, 1, 'a'",
            "liked_toots: 2, 2, '2026-02-01'",
            "liked_toots: 2, 3, 'b'",
            "liked_toots: 2, 4, 'c'",
            "liked_toots: 2, 5, '2026-01-01'",
        ],
        &["liked_toots: 2, 3, 'z'", "liked_toots: 2, 4, 'z'"],
        |conn| bob.set_liked_toots_with([3, 4].map(|toot| (toot, &one_for_all)), conn),
    );
    writes(&mut conn, Ok(()), 0, &[], &[], |conn| {
        bob.add_liked_toots_with([] as [(i32, &NewLike<'_>); 0], conn)
    });
}

#[test]
fn a_target_is_created_with_a_payload() {
    let mut conn = sample();
    let cleo = person(3, &mut conn);
    let new = NewToot {
        body: "new",
        author_id: 1,
    };

    let created = done(&mut conn, |conn| {
        cleo.create_liked_toot_with(&new, like("at once"), conn)
    });
    assert_eq!(created.result.unwrap().id, 4);
    assert_eq!(
        created.new,
        ["liked_toots: 3, 4, 'at once'", "toots: 4, 'new', 1"]
    );
    assert_eq!(created.sent.count(), 2);
}

#[test]
fn a_payload_for_an_unknown_target_links_nothing() {
    let mut conn = sample();
    let cleo = person(3, &mut conn);

    let failed = done(&mut conn, |conn| {
        cleo.add_liked_toots_with([(1, like("a")), (99, like("b"))], conn)
    });
    assert!(failed.result.is_err());
    assert_eq!((failed.gone, failed.new), (vec![], vec![]));
}
