//! `belongs_to_many`: a junction holds both keys.

use super::prelude::*;
use super::support::{ENGINE, LOCK, READ_BACK};
use super::support::{person, toot};
use super::support::{sample, with_tables};
use super::{done, writes};
use diesel::result::{DatabaseErrorKind, Error};
use orm_tests::connection::Engine;
use orm_tests::connection::TestConnection;
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
    let conn = &mut *sample();
    let (ada, mine) = (person(1, conn), toot(1, conn));

    writes(
        conn,
        Ok(()),
        1,
        &[],
        &["liked_toots: 1, 1, '2026-01-01'"],
        |conn| ada.add_liked_toot(&mine, conn).run(),
    );
    writes(conn, Ok(()), 1, &[], &[], |conn| {
        ada.add_liked_toot(1, conn).run()
    });
    // new ones, those that are there, and the same again
    writes(
        conn,
        Ok(()),
        1,
        &[],
        &["liked_toots: 1, 2, '2026-01-01'"],
        |conn| ada.add_liked_toots([2, 3, 2, 1], conn).run(),
    );
    writes(conn, Ok(()), 0, &[], &[], |conn| {
        ada.add_liked_toots([0; 0], conn).run()
    });
}

#[test]
fn add_of_many_is_one_statement_from_the_cache() {
    let conn = &mut *sample();
    let people = [1, 2, 3].map(|id| person(id, conn));
    let added: Vec<i32> = (10..40).collect();
    for id in &added {
        conn.batch(&format!("INSERT INTO toots VALUES ({id}, 'x', 1)"));
    }

    for (first, again) in [(10, 10), (30, 20)] {
        for (person, count) in [(&people[0], first), (&people[1], again)] {
            let done = done(conn, |conn| {
                person.add_liked_toots(&added[..count], conn).run()
            });
            assert_eq!((done.result, done.sent.count()), (Ok(()), 1));
            assert_eq!(done.sent.transactions, 1);
            // on MariaDB, a bind for each key, few keys have a text for each number of
            // them, and the text of many is not kept
            let prepared = usize::from(person.id == 1 && count == 10);
            assert_eq!(done.sent.cached.len(), prepared);
        }
    }
    let counts = people.map(|person| person.count_liked_toots(conn).run().unwrap());
    assert_eq!(counts, [31, 22, 0]);
}

#[test]
fn an_unknown_target_is_a_foreign_key_error_and_links_nothing() {
    let conn = &mut *sample();
    let ada = person(1, conn);

    for failed in [
        done(conn, |conn| ada.add_liked_toots([1, 99], conn).run()),
        done(conn, |conn| ada.set_liked_toots([99], conn).run()),
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
    let conn = &mut *with_tables(
        "CREATE TABLE liked_toots (
             person_id INTEGER NOT NULL,
             toot_id INTEGER NOT NULL,
             liked_at TEXT NOT NULL DEFAULT '',
             PRIMARY KEY (person_id, toot_id),
             CHECK (toot_id < 3)
         );
         CREATE TABLE toots (id INTEGER PRIMARY KEY);
         INSERT INTO toots VALUES (1), (2), (3);",
    );
    let ada = person(1, &mut sample());

    writes(conn, Ok(()), 1, &[], &["liked_toots: 1, 2, ''"], |conn| {
        ada.add_liked_toot(2, conn).run()
    });
    for failed in [
        done(conn, |conn| ada.add_liked_toot(3, conn).run()),
        done(conn, |conn| ada.add_liked_toots([1, 3], conn).run()),
    ] {
        assert!(matches!(failed.result, Err(Error::DatabaseError(..))));
        assert_eq!((failed.gone, failed.new), (vec![], vec![]));
    }
}

#[test]
fn remove_deletes_links_alone() {
    let conn = &mut *sample();
    let bob = person(2, conn);

    writes(
        conn,
        Ok(1),
        1,
        &["liked_toots: 2, 1, '2026-01-01'"],
        &[],
        |conn| bob.remove_liked_toots([1, 3, 1], conn).run(),
    );
    writes(conn, Ok(0), 1, &[], &[], |conn| {
        bob.remove_liked_toot(3, conn).run()
    });
    writes(conn, Ok(0), 0, &[], &[], |conn| {
        bob.remove_liked_toots(&[] as &[Toot], conn).run()
    });
}

#[test]
fn set_is_the_difference() {
    let conn = &mut *sample();
    let bob = person(2, conn);

    writes(conn, Ok(()), 1 + LOCK, &[], &[], |conn| {
        bob.set_liked_toots([2, 1, 1], conn).run()
    });
    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &["liked_toots: 2, 1, '2026-01-01'"],
        &["liked_toots: 2, 3, '2026-01-01'"],
        |conn| bob.set_liked_toots([2, 3], conn).run(),
    );
    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &[
            "liked_toots: 2, 2, '2026-02-01'",
            "liked_toots: 2, 3, '2026-01-01'",
        ],
        &[],
        |conn| bob.set_liked_toots([0; 0], conn).run(),
    );
}

#[test]
fn create_inserts_and_links() {
    let conn = &mut *sample();
    let cleo = person(3, conn);
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
        conn,
        Ok(expected),
        2 + READ_BACK,
        &[],
        &[
            "liked_toots: 3, 4, '2026-01-01'",
            "toots: 4, 'liked at once', 1",
        ],
        |conn| cleo.create_liked_toot(&new, conn).run(),
    );
    // a ghost's link fails, and with it the toot
    let ghost = Person { id: 99, ..cleo };
    let failed = done(conn, |conn| ghost.create_liked_toot(&new, conn).run());
    assert!(failed.result.is_err());
    assert_eq!(
        (failed.gone, failed.new, failed.sent.count()),
        (vec![], vec![], 2 + READ_BACK)
    );
}

#[test]
fn both_ends_of_a_graph() {
    let conn = &mut *sample();
    let (bob, cleo) = (person(2, conn), person(3, conn));

    writes(conn, Ok(()), 1, &[], &["follows: 2, 3"], |conn| {
        cleo.add_follower(&bob, conn).run()
    });
    assert_eq!(bob.has_followed(&cleo, conn).run(), Ok(true));
    writes(conn, Ok(1), 1, &["follows: 2, 3"], &[], |conn| {
        bob.remove_followed(&cleo, conn).run()
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
    let conn = &mut *with_tables(
        "CREATE TABLE rooms (tenant_id INTEGER, id INTEGER, PRIMARY KEY (tenant_id, id));
         CREATE TABLE `keys` (tenant_id INTEGER, id INTEGER, PRIMARY KEY (tenant_id, id));
         CREATE TABLE room_keys (id INTEGER PRIMARY KEY, tenant_id INTEGER, room_id INTEGER, key_id INTEGER);
         INSERT INTO rooms VALUES (1, 1), (2, 1);
         INSERT INTO `keys` VALUES (1, 1), (1, 2), (2, 1);
         INSERT INTO room_keys VALUES (1, 2, 1, 1);",
    );
    let room = Room {
        tenant_id: 1,
        id: 1,
    };

    writes(
        conn,
        Ok(()),
        1,
        &[],
        &["room_keys: 2, 1, 1, 1", "room_keys: 3, 1, 1, 2"],
        |conn| room.add_keys([(1, 1), (1, 2), (1, 1)], conn).run(),
    );
    // where no unique key says that it is there, another statement does
    let looked = usize::from(ENGINE != Engine::Postgres);
    writes(conn, Ok(()), 1 + looked, &[], &[], |conn| {
        room.add_key(
            &Key {
                tenant_id: 1,
                id: 1,
            },
            conn,
        )
        .run()
    });
    // a key of another tenant cannot be linked, so nothing is
    writes(conn, Err(Error::NotFound), 0, &[], &[], |conn| {
        room.add_keys([(1, 1), (2, 1)], conn).run()
    });
    writes(conn, Ok(1), 1, &["room_keys: 2, 1, 1, 1"], &[], |conn| {
        room.remove_key((1, 1), conn).run()
    });
    // how the database counts
    let next = match ENGINE {
        Engine::Sqlite => 2,
        Engine::Postgres => 4,
        Engine::Mysql => 5,
    };
    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &["room_keys: 3, 1, 1, 2"],
        &[&format!("room_keys: {next}, 1, 1, 1")],
        |conn| room.set_keys([(1, 1)], conn).run(),
    );
}

/// What a link says beside its keys.
#[derive(Insertable, Clone)]
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
    let conn = &mut *sample();
    let (bob, cleo) = (person(2, conn), person(3, conn));

    writes(
        conn,
        Ok(()),
        2,
        &[],
        &["liked_toots: 3, 1, 'noon'"],
        |conn| cleo.add_liked_toot_with(1, like("noon"), conn).run(),
    );
    // only that pair
    writes(
        conn,
        Ok(()),
        2,
        &["liked_toots: 3, 1, 'noon'"],
        &["liked_toots: 3, 1, 'night'"],
        |conn| cleo.add_liked_toot_with(1, like("night"), conn).run(),
    );
    // what it has already is not written
    writes(conn, Ok(()), 1, &[], &[], |conn| {
        cleo.add_liked_toot_with(1, like("night"), conn).run()
    });
    // an assignment does as well, and nothing at all changes nothing
    writes(
        conn,
        Ok(()),
        2,
        &["liked_toots: 3, 1, 'night'"],
        &["liked_toots: 3, 1, 'dawn'"],
        |conn| {
            cleo.add_liked_toot_with(1, liked_toots::liked_at.eq("dawn"), conn)
                .run()
        },
    );
    writes(conn, Ok(()), 1, &[], &[], |conn| {
        cleo.add_liked_toot_with(1, &NewLike { liked_at: None }, conn)
            .run()
    });
    let likes = cleo.liked_toots_with_through(conn).run().unwrap();
    assert_eq!(likes[0].0.liked_at, "dawn");
    assert_eq!(bob.count_liked_toots(conn).run(), Ok(2));
}

#[test]
fn payloads_of_many_with_their_targets_or_one_for_all() {
    let conn = &mut *sample();
    let bob = person(2, conn);
    conn.batch("INSERT INTO toots VALUES (4, 'd', 1), (5, 'e', 1)");

    // one that is there, three that are not: one of them without a value
    let pairs = [
        (1, like("a")),
        (3, like("lost")),
        (4, like("c")),
        (5, NewLike { liked_at: None }),
        (3, like("b")),
    ];
    writes(
        conn,
        Ok(()),
        // what is linked, what is not, and what changes: of those with a value and those
        // without
        2 + 2 + 1,
        &["liked_toots: 2, 1, '2026-01-01'"],
        &[
            "liked_toots: 2, 1, 'a'",
            "liked_toots: 2, 3, 'b'",
            "liked_toots: 2, 4, 'c'",
            "liked_toots: 2, 5, '2026-01-01'",
        ],
        |conn| bob.add_liked_toots_with(pairs, conn).run(),
    );
    let one_for_all = like("z");
    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &[
            "liked_toots: 2, 1, 'a'",
            "liked_toots: 2, 2, '2026-02-01'",
            "liked_toots: 2, 3, 'b'",
            "liked_toots: 2, 4, 'c'",
            "liked_toots: 2, 5, '2026-01-01'",
        ],
        &["liked_toots: 2, 3, 'z'", "liked_toots: 2, 4, 'z'"],
        |conn| {
            bob.set_liked_toots_with([3, 4].map(|toot| (toot, &one_for_all)), conn)
                .run()
        },
    );
    writes(conn, Ok(()), 1 + LOCK, &[], &[], |conn| {
        bob.set_liked_toots_with([3, 4].map(|toot| (toot, &one_for_all)), conn)
            .run()
    });
    writes(conn, Ok(()), 0, &[], &[], |conn| {
        bob.add_liked_toots_with([] as [(i32, &NewLike<'_>); 0], conn)
            .run()
    });
}

#[test]
fn a_target_is_created_with_a_payload() {
    let conn = &mut *sample();
    let cleo = person(3, conn);
    let new = NewToot {
        body: "new",
        author_id: 1,
    };

    let created = done(conn, |conn| {
        cleo.create_liked_toot_with(&new, like("at once"), conn)
            .run()
    });
    assert_eq!(created.result.unwrap().id, 4);
    assert_eq!(
        created.new,
        ["liked_toots: 3, 4, 'at once'", "toots: 4, 'new', 1"]
    );
    assert_eq!(created.sent.count(), 2 + READ_BACK);
}

#[test]
fn a_payload_for_an_unknown_target_links_nothing() {
    let conn = &mut *sample();
    let cleo = person(3, conn);

    let failed = done(conn, |conn| {
        cleo.add_liked_toots_with([(1, like("a")), (99, like("b"))], conn)
            .run()
    });
    assert!(failed.result.is_err());
    assert_eq!((failed.gone, failed.new), (vec![], vec![]));
}
