//! Constraints of a junction beside the pair itself: what they refuse is an error, and
//! nothing is changed.

use super::Conn;
use super::prelude::*;
use super::support::{ENGINE, LOCK, with_tables};
use super::{done, writes};
use diesel::result::{DatabaseErrorKind, Error};
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::Isolated;

diesel::table! { guests (id) { id -> Integer, } }
diesel::table! { rooms (id) { id -> Integer, color -> Text, } }
diesel::table! {
    seats (guest_id, room_id) {
        guest_id -> Integer,
        room_id -> Integer,
        place -> Integer,
        role -> Text,
    }
}
diesel::table! {
    keys (id) {
        id -> Integer,
        guest_id -> Integer,
        room_id -> Integer,
        copy -> Integer,
    }
}
diesel::allow_tables_to_appear_in_same_query!(guests, rooms, seats, keys);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = guests)]
#[belongs_to_many(Room, through = Seat)]
#[belongs_to_many(Room, name = owned, singular = owned_room, through = Seat, through_scope(role = "owner"))]
#[belongs_to_many(Room, name = red_rooms, through = Seat, scope(color = "red"))]
#[belongs_to_many(Room, name = open_rooms, through = Key)]
struct Guest {
    id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = rooms)]
struct Room {
    id: i32,
    color: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = seats, primary_key(guest_id, room_id))]
struct Seat {
    guest_id: i32,
    room_id: i32,
    place: i32,
    role: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = keys)]
struct Key {
    id: i32,
    guest_id: i32,
    room_id: i32,
    copy: i32,
}

fn hotel() -> Isolated<Conn> {
    with_tables(
        "CREATE TABLE guests (id INTEGER PRIMARY KEY);
         CREATE TABLE rooms (id INTEGER PRIMARY KEY, color TEXT NOT NULL);
         CREATE TABLE seats (
             guest_id INTEGER NOT NULL, room_id INTEGER NOT NULL,
             place INTEGER NOT NULL DEFAULT 1, role VARCHAR(10) NOT NULL DEFAULT 'reader',
             PRIMARY KEY (guest_id, room_id), UNIQUE (room_id, place));
         CREATE TABLE `keys` (
             id INTEGER PRIMARY KEY, guest_id INTEGER NOT NULL, room_id INTEGER NOT NULL,
             copy INTEGER NOT NULL DEFAULT 1, UNIQUE (guest_id, room_id), UNIQUE (room_id, copy));
         INSERT INTO guests VALUES (1), (2), (3);
         INSERT INTO rooms VALUES (1, 'red'), (2, 'red'), (3, 'blue');
         INSERT INTO seats (guest_id, room_id) VALUES (1, 1), (3, 3);
         INSERT INTO `keys` VALUES (1, 1, 1, 1), (2, 3, 3, 1);",
    )
}

const ONE: Guest = Guest { id: 1 };
const TWO: Guest = Guest { id: 2 };

/// The write fails by a unique key, and changes nothing.
#[track_caller]
fn is_refused<T: std::fmt::Debug>(
    conn: &mut Conn,
    write: impl FnOnce(&mut Conn) -> QueryResult<T>,
) {
    let done = done(conn, write);
    assert!(
        matches!(
            done.result,
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
        ),
        "{:?}",
        done.result
    );
    assert_eq!((done.gone, done.new), (vec![], vec![]));
}

/// better: the place in the room is taken, which is not that the pair exists.
#[test]
fn better_another_unique_key_of_the_junction_is_not_hidden() {
    let conn = &mut *hotel();
    is_refused(conn, |conn| TWO.add_room(1, conn).run());
    is_refused(conn, |conn| TWO.add_rooms([2, 1], conn).run());
    is_refused(conn, |conn| TWO.set_rooms([1], conn).run());
    let place = || seats::place.eq(1);
    is_refused(conn, |conn| TWO.add_room_with(1, place(), conn).run());
    is_refused(conn, |conn| {
        TWO.add_rooms_with([(2, place()), (1, place())], conn).run()
    });
    is_refused(conn, |conn| {
        Guest { id: 3 }.set_rooms_with([(1, place())], conn).run()
    });
    let tree = |conn: &mut Conn| {
        Guest::new_tree(
            guests::id.eq(9),
            Guest::ROOMS.link_with([(1, seats::place.eq(1))]),
        )
        .create(conn)
        .run()
    };
    is_refused(conn, tree);
    let tree = |conn: &mut Conn| {
        Guest::new_tree(guests::id.eq(9), Guest::ROOMS.link([1]))
            .create(conn)
            .run()
    };
    is_refused(conn, tree);
    // the pair itself is idempotent, in one statement
    writes(conn, Ok(()), 1, &[], &[], |conn| {
        ONE.add_room(1, conn).run()
    });
    // a room of its own is created with a link, unless the place in it is taken at once
    let created = TWO
        .create_room((rooms::id.eq(7), rooms::color.eq("red")), conn)
        .run();
    assert_eq!(created.map(|room| room.id), Ok(7));
    assert_eq!(TWO.has_room(7, conn).run(), Ok(true));
}

/// better: a link that the getter does not show is none, so that `Ok` is never said of it.
#[test]
fn better_a_link_to_a_target_that_is_not_there_or_out_of_the_scope_is_none() {
    let conn = &mut *hotel();
    // there is no room 77, and room 3 is blue
    conn.batch("INSERT INTO seats (guest_id, room_id, place) VALUES (1, 3, 2), (1, 77, 1)");
    let writes: [fn(&mut Conn) -> QueryResult<()>; 12] = [
        |conn| ONE.add_red_room(3, conn).run(),
        |conn| ONE.add_red_rooms([1, 3], conn).run(),
        |conn| ONE.set_red_rooms([3], conn).run(),
        |conn| ONE.set_red_rooms([1, 3], conn).run(),
        |conn| ONE.add_red_room_with(3, seats::place.eq(2), conn).run(),
        |conn| {
            ONE.set_red_rooms_with([(3, seats::place.eq(2))], conn)
                .run()
        },
        |conn| ONE.add_room(77, conn).run(),
        |conn| ONE.add_rooms([1, 77], conn).run(),
        |conn| ONE.set_rooms([77], conn).run(),
        |conn| ONE.set_rooms([1, 77], conn).run(),
        |conn| ONE.add_room_with(77, seats::place.eq(1), conn).run(),
        |conn| ONE.set_rooms_with([(77, seats::place.eq(1))], conn).run(),
    ];
    for (number, write) in writes.into_iter().enumerate() {
        let refused = done(conn, write);
        assert!(refused.result.is_err(), "{number}");
        assert_eq!((refused.gone, refused.new), (vec![], vec![]), "{number}");
    }
}

/// better: the same where the junction has a key of its own.
#[test]
fn better_another_unique_key_of_a_junction_with_its_own_key_is_not_hidden() {
    let conn = &mut *hotel();
    is_refused(conn, |conn| TWO.add_open_room(1, conn).run());
    is_refused(conn, |conn| TWO.add_open_rooms([2, 1], conn).run());
    is_refused(conn, |conn| TWO.set_open_rooms([1], conn).run());
    is_refused(conn, |conn| {
        TWO.add_open_room_with(1, keys::copy.eq(1), conn).run()
    });
    is_refused(conn, |conn| {
        let tree = Guest::new_tree(guests::id.eq(9), Guest::OPEN_ROOMS.link([1]));
        tree.create(conn).run()
    });
    assert_eq!(ONE.add_open_rooms([1, 2], conn).run(), Ok(()));
    assert_eq!(ONE.has_open_rooms([1, 2], conn).run(), Ok(true));
}

/// better: a row of the pair outside of the scope is in the way, and says so.
#[test]
fn better_a_pair_outside_of_the_scope_is_a_unique_violation() {
    let conn = &mut *hotel();
    is_refused(conn, |conn| ONE.add_owned_room(1, conn).run());
    is_refused(conn, |conn| ONE.add_owned([2, 1], conn).run());
    is_refused(conn, |conn| ONE.set_owned([1], conn).run());
    is_refused(conn, |conn| {
        ONE.add_owned_room_with(1, seats::place.eq(5), conn).run()
    });
    writes(conn, Ok(()), 1, &[], &["seats: 1, 2, 1, 'owner'"], |conn| {
        ONE.add_owned_room(2, conn).run()
    });
    writes(conn, Ok(()), 1, &[], &[], |conn| {
        ONE.add_owned_room(2, conn).run()
    });
    writes(conn, Ok(()), 1 + LOCK, &[], &[], |conn| {
        ONE.set_owned([2], conn).run()
    });
}

/// better: what is not within the scope of the target is not linked, since no getter would
/// show it.
#[test]
fn better_a_target_outside_of_the_scope_is_not_found() {
    let conn = &mut *hotel();
    for write in [
        |conn: &mut Conn| TWO.add_red_room(3, conn).run(),
        |conn: &mut Conn| TWO.add_red_rooms([2, 3], conn).run(),
        |conn: &mut Conn| TWO.set_red_rooms([3], conn).run(),
        |conn: &mut Conn| TWO.add_red_room_with(3, seats::place.eq(4), conn).run(),
        |conn: &mut Conn| {
            TWO.set_red_rooms_with([(3, seats::place.eq(4))], conn)
                .run()
        },
    ] {
        let done = done(conn, write);
        assert_eq!(done.result, Err(Error::NotFound));
        assert_eq!((done.gone, done.new), (vec![], vec![]));
    }
    let tree = done(conn, |conn| {
        Guest::new_tree(guests::id.eq(9), Guest::RED_ROOMS.link([3]))
            .create(conn)
            .run()
    });
    assert_eq!(tree.result.map(drop), Err(Error::NotFound));
    assert_eq!((tree.gone, tree.new), (vec![], vec![]));
    // links to targets outside of it are not seen by `remove` and `set` either
    let guest = Guest { id: 3 };
    writes(conn, Ok(0), 1, &[], &[], |conn| {
        guest.remove_red_room(3, conn).run()
    });
    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &[],
        &["seats: 3, 2, 1, 'reader'"],
        |conn| guest.set_red_rooms([2], conn).run(),
    );
}

/// better: a trigger that skips the row is found out.
#[test]
fn better_a_row_that_a_trigger_skips_is_an_error() {
    // MariaDB has no trigger that skips a row
    let skip = match ENGINE {
        Engine::Sqlite => {
            "CREATE TRIGGER skip BEFORE INSERT ON seats WHEN NEW.room_id = 2
             BEGIN SELECT RAISE(IGNORE); END"
        }
        Engine::Postgres => {
            "CREATE FUNCTION pg_temp.skip() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN IF NEW.room_id = 2 THEN RETURN NULL; END IF; RETURN NEW; END';
             CREATE TRIGGER skip BEFORE INSERT ON seats FOR EACH ROW EXECUTE FUNCTION pg_temp.skip()"
        }
        Engine::Mysql => return,
    };
    let conn = &mut *hotel();
    conn.batch(skip);
    for write in [
        |conn: &mut Conn| TWO.add_room(2, conn).run(),
        |conn: &mut Conn| TWO.add_rooms([2, 3], conn).run(),
        |conn: &mut Conn| TWO.set_rooms([2], conn).run(),
        |conn: &mut Conn| TWO.add_room_with(2, seats::place.eq(7), conn).run(),
        |conn: &mut Conn| {
            let tree = Guest::new_tree(guests::id.eq(9), Guest::ROOMS.link([2]));
            tree.create(conn).run().map(drop)
        },
    ] {
        let done = done(conn, write);
        assert!(done.result.is_err());
        assert_eq!((done.gone, done.new), (vec![], vec![]));
    }
}

/// better: without foreign keys a target that is not there is not linked, since no getter
/// would show it.
#[test]
fn better_a_target_that_is_not_there_is_not_linked_without_foreign_keys() {
    let conn = &mut *hotel();
    for write in [
        |conn: &mut Conn| TWO.add_room(99, conn).run(),
        |conn: &mut Conn| TWO.add_rooms([2, 99], conn).run(),
        |conn: &mut Conn| TWO.set_rooms([99], conn).run(),
        |conn: &mut Conn| TWO.add_open_room(99, conn).run(),
        |conn: &mut Conn| TWO.add_room_with(99, seats::place.eq(7), conn).run(),
        |conn: &mut Conn| {
            let tree = Guest::new_tree(guests::id.eq(9), Guest::ROOMS.link([99]));
            tree.create(conn).run().map(drop)
        },
    ] {
        let done = done(conn, write);
        assert_eq!(done.result, Err(Error::NotFound));
        assert_eq!((done.gone, done.new), (vec![], vec![]));
    }
}
