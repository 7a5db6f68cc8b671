//! Keys that refer to nothing, and `optional`.

use super::Conn;
use super::prelude::*;
use super::support::with_tables;
use diesel::result::Error;
use orm_core::error::Dangling;
use orm_tests::database::Isolated;

diesel::table! { rooms (house, number) { house -> Integer, number -> Integer, } }
diesel::table! { owners (id) { id -> Integer, } }
diesel::table! {
    desks (id) { id -> Integer, house -> Integer, number -> Integer, owner_id -> Integer, }
}
diesel::allow_tables_to_appear_in_same_query!(rooms, owners, desks);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = rooms, primary_key(house, number))]
struct Room {
    house: i32,
    number: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = owners)]
#[has_many(Desk)]
struct Owner {
    id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = desks)]
#[belongs_to_one(Room, foreign_key = (house, number))]
#[belongs_to_one(Owner)]
#[belongs_to_one(Owner, name = keeper, foreign_key = owner_id, optional)]
#[belongs_to_one(Room, name = place, foreign_key = (house, number), optional = true)]
struct Desk {
    id: i32,
    house: i32,
    number: i32,
    owner_id: i32,
}

#[derive(Include, Debug, Clone, PartialEq)]
#[include(Desk)]
struct Kept {
    #[include(row)]
    desk: Desk,
    keeper: Option<Owner>,
    place: Option<Room>,
}

/// Desk 2 is in a room and of an owner who are not there.
fn sample() -> Isolated<Conn> {
    with_tables(
        "CREATE TABLE rooms (house INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (house, number));
         CREATE TABLE owners (id INTEGER PRIMARY KEY);
         CREATE TABLE desks (
             id INTEGER PRIMARY KEY, house INTEGER NOT NULL, number INTEGER NOT NULL,
             owner_id INTEGER NOT NULL);
         INSERT INTO rooms VALUES (1, 1), (1, 2);
         INSERT INTO owners VALUES (1), (2);
         INSERT INTO desks VALUES (1, 1, 1, 1), (2, 7, 1, 9), (3, 1, 2, 2);",
    )
}

fn desk(id: i32, conn: &mut Conn) -> Desk {
    let query = desks::table.find(id).select(Desk::as_select());
    query.get_result(conn).run().unwrap()
}

/// The association and the key that an error names.
#[track_caller]
fn dangling<T: std::fmt::Debug>(result: QueryResult<T>) -> (&'static str, String) {
    let error = result.unwrap_err();
    let dangling = Dangling::of(&error).unwrap();
    (dangling.association, dangling.key.clone())
}

/// better: a page that cannot be loaded is not a page that is not there.
#[test]
fn better_a_dangling_key_in_a_tree_is_an_error_of_its_own() {
    let conn = &mut *sample();
    let (two, three) = (desk(2, conn), desk(3, conn));

    // one row alone is not found
    assert_eq!(two.owner(conn).run(), Err(Error::NotFound));
    assert_eq!(two.room(conn).run(), Err(Error::NotFound));

    let (owner, room) = (("owner", "9".to_owned()), ("room", "(7, 1)".to_owned()));
    let whole = desks::table.include(Desk::OWNER).load(conn).run();
    assert_eq!(dangling(whole), owner);
    let page = desks::table.filter(desks::id.ge(2)).include(Desk::ROOM);
    assert_eq!(dangling(page.load(conn).run()), room);
    let in_hand = [three, two.clone(), two];
    let in_hand = Desk::OWNER.load_for(&in_hand, conn).run();
    assert_eq!(dangling(in_hand), owner);
    // beside another node
    let beside = desks::table.include((Desk::KEEPER, Desk::ROOM));
    assert_eq!(dangling(beside.load(conn).run()), room);
    // below another only the rows that belong to a parent are looked at
    let below = owners::table.filter(owners::id.lt(9));
    let below = below.include(Owner::DESKS.include(Desk::ROOM));
    assert_eq!(below.load(conn).run().unwrap().len(), 2);
    let error = desks::table.include(Desk::OWNER).load(conn).run();
    assert_eq!(
        error.unwrap_err().to_string(),
        "the association `owner` finds no row with the key 9, and its key cannot be NULL; declare it \
         `optional` where rows may be missing"
    );
}

#[test]
fn optional_is_an_option_over_a_key_that_cannot_be_null() {
    let conn = &mut *sample();
    let (one, mut two) = (desk(1, conn), desk(2, conn));

    assert_eq!(one.keeper(conn).run(), Ok(Some(Owner { id: 1 })));
    assert_eq!(two.keeper(conn).run(), Ok(None));
    assert_eq!(two.place(conn).run(), Ok(None));
    let page = desks::table.order(desks::id).load_as::<Kept>(conn).run();
    let page = page.unwrap();
    let keepers: Vec<_> = page
        .iter()
        .map(|kept| kept.keeper.as_ref().map(|keeper| keeper.id))
        .collect();
    assert_eq!(keepers, [Some(1), None, Some(2)]);
    assert_eq!((page[1].desk.id, &page[1].place), (2, &None));
    let rows = desks::table
        .order(desks::id)
        .include((Desk::KEEPER.required(), Desk::PLACE))
        .load(conn)
        .run()
        .unwrap();
    let ids: Vec<_> = rows.iter().map(|(desk, ..)| desk.id).collect();
    assert_eq!(ids, [1, 3]);
    // the key itself cannot be NULL, so that it is set and never unset
    assert_eq!(two.set_keeper(2, conn).run(), Ok(()));
    assert_eq!(two.keeper(conn).run(), Ok(Some(Owner { id: 2 })));
}
