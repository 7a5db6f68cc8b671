//! Guards against statements that a test did not expect.

use diesel::prelude::*;
use orm_core::assert_queries;
use orm_core::guard::{count_queries, watch_queries};
use orm_core::prelude::*;
use orm_tests::database::sample;
use orm_tests::models::Person;
use orm_tests::schema::people;

fn read_each(people: &[Person], conn: &mut SqliteConnection) -> QueryResult<()> {
    for person in people {
        person.toots(conn)?;
    }
    Ok(())
}

#[test]
fn counting() {
    let conn = &mut *sample::<SqliteConnection>();

    let (rows, count) = count_queries(conn, |conn| people::table.include(Person::TOOTS).load(conn));

    assert_eq!((rows.unwrap().len(), count), (3, 2));
}

#[test]
fn asserting_yields_what_the_block_yields() {
    let conn = &mut *sample::<SqliteConnection>();

    let rows = assert_queries!(conn, 2, { people::table.include(Person::TOOTS).load(conn) });

    assert_eq!(rows.unwrap().len(), 3);
}

#[test]
#[should_panic(expected = "expected 1 statements, sent 2")]
fn asserting_fails_with_the_statements() {
    let conn = &mut *sample::<SqliteConnection>();
    let _ = assert_queries!(conn, 1, { people::table.include(Person::TOOTS).load(conn) });
}

#[test]
fn an_association_read_for_each_row_is_named() {
    let conn = &mut *sample::<SqliteConnection>();
    let people = people::table
        .select(Person::as_select())
        .load(conn)
        .unwrap();
    let people: Vec<_> = people.iter().cycle().take(7).cloned().collect();

    let (_, queries) = watch_queries(conn, |conn| read_each(&people, conn));

    let repeated = queries.repeated();
    assert_eq!((repeated.len(), repeated[0].count), (1, 7));
    let message = repeated[0].to_string();
    assert!(message.starts_with(
        "the association `toots` was read for 7 rows of `Person`, one by one; load it with them: \
         `.include(Person::TOOTS)`"
    ));
    assert!(message.contains("`toots`.`author_id` = +?"));
    let (_, queries) = watch_queries(conn, |conn| read_each(&people[..2], conn));
    assert_eq!(queries.repeated(), []);
}
