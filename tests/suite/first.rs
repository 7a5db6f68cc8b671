//! One row: the first of a query with its tree, and by primary key.

use super::prelude::*;
use super::support::{ENGINE, sample, sends};
use diesel::result::Error;
use orm_tests::connection::Engine;
use orm_tests::models::{City, LikedToot, Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{people, toots};

/// What is not included in another needs no `Clone`.
#[derive(Include, Debug, PartialEq)]
#[include(Person)]
struct Card {
    #[include(row)]
    person: Person,
    birthplace: City,
    toots: Vec<Toot>,
}

const _: () = assert!(Card::QUERIES == 3);

/// What asks for one row, where the database would send all.
const LIMIT: &str = match ENGINE {
    Engine::Sqlite => "",
    _ => " LIMIT ?",
};

#[test]
fn the_first_row_with_its_tree() {
    let conn = &mut *sample();
    let ((person, toots), sent) = record(conn, |conn| {
        let query = people::table.order(people::id.desc());
        query.include(Person::TOOTS).first(conn).run().unwrap()
    });
    assert_eq!((person.id, sent.count()), (3, 2));
    assert_eq!(toots, person.toots(conn).run().unwrap());
    let sql = &sent.statements[0];
    assert_eq!(sql.contains("LIMIT"), !LIMIT.is_empty(), "{sql}");

    let boxed = people::table.into_boxed().order(people::id).offset(1);
    let (person, _) = boxed.include(Person::TOOTS).first(conn).run().unwrap();
    assert_eq!(person.id, 2);
    let none = people::table.filter(people::id.eq(99));
    let (none, sent) = record(conn, |conn| none.include(Person::TOOTS).first(conn).run());
    assert_eq!((none, sent.count()), (Err(Error::NotFound), 1));
}

#[test]
fn one_shape() {
    let conn = &mut *sample();
    let (card, sent) = record(conn, |conn| {
        people::table
            .filter(people::id.eq(1))
            .load_one_as::<Card>(conn)
            .run()
    });
    let (card, all) = (card.unwrap(), people::table.order(people::id));
    assert_eq!(sent.count(), Card::QUERIES);
    assert_eq!(card, all.load_as::<Card>(conn).run().unwrap()[0]);
    let none = people::table.filter(people::id.eq(99));
    assert_eq!(none.load_one_as::<Card>(conn).run(), Err(Error::NotFound));
    // a row that drops out is not the first
    let writers = people::table
        .order(people::id.desc())
        .include(Person::TOOTS.required())
        .first(conn)
        .run();
    let (writer, toots) = writers.unwrap();
    let all = people::table.order(people::id.desc());
    let all = all.include(Person::TOOTS.required()).load(conn).run();
    assert_eq!((writer, toots), all.unwrap().swap_remove(0));
}

#[test]
fn by_primary_key() {
    let conn = &mut *sample();
    let statement = "FROM people WHERE people.id = ? -- binds: [1]";
    let ada = sends(conn, &[statement], |conn| Person::find(1, conn).run());
    assert_eq!(ada.id, 1);
    let like = LikedToot::find((1, 3), conn).run().unwrap();
    assert_eq!((like.person_id, like.toot_id), (1, 3));
    assert_eq!(Person::find(99, conn).run(), Err(Error::NotFound));
    assert_eq!(Person::find(99, conn).run().optional(), Ok(None));
}

/// The database follows from the connection, whatever is selected before.
#[test]
fn queries_that_select_need_no_annotation() {
    let conn = &mut *sample();
    let selected = people::table.select(Person::as_select());
    let cards = selected.load_as::<Card>(conn).run().unwrap();
    assert_eq!(cards.len(), 3);
    let page = selected.filter(people::id.gt(1)).order(people::id).limit(1);
    let rows = page.include(Person::TOOTS).load(conn).run().unwrap();
    assert_eq!(rows[0].0.id, 2);
    let boxed = people::table.into_boxed().filter(people::id.gt(1));
    assert_eq!(boxed.load_as::<Card>(conn).run().unwrap().len(), 2);
    let ada = Person::find(1, conn).run().unwrap();
    let toots = ada.toots_query().order(toots::id);
    let toots = toots.load_as::<Toot>(conn).run().unwrap();
    assert_eq!(toots, ada.toots(conn).run().unwrap());
}
