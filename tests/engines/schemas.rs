//! Tables in a schema of PostgreSQL's that is not on the search path.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::database::postgres_url;

diesel::table! { orm_app.people (id) { id -> Integer, name -> Text, } }
diesel::table! { orm_app.toots (id) { id -> Integer, body -> Text, author_id -> Nullable<Integer>, } }
diesel::table! { orm_app.liked_toots (person_id, toot_id) { person_id -> Integer, toot_id -> Integer, } }
diesel::allow_tables_to_appear_in_same_query!(people, toots, liked_toots);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = people)]
#[has_many(Toot, foreign_key = author_id)]
#[belongs_to_many(Toot, name = liked_toots, through = liked_toots)]
struct Person {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = toots)]
#[belongs_to_one(Person, name = author)]
#[belongs_to_many(Person, name = likers, through = liked_toots)]
struct Toot {
    id: i32,
    body: String,
    author_id: Option<i32>,
}

#[test]
fn reads_and_writes() {
    let conn = &mut PgConnection::establish(&postgres_url()).unwrap();
    // the schema is gone with the transaction
    conn.begin_test_transaction().unwrap();
    conn.batch_execute(
        "CREATE SCHEMA orm_app;
         CREATE TABLE orm_app.people (id SERIAL PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE orm_app.toots (id SERIAL PRIMARY KEY, body TEXT NOT NULL, author_id INTEGER);
         CREATE TABLE orm_app.liked_toots (person_id INTEGER, toot_id INTEGER, PRIMARY KEY (person_id, toot_id));",
    )
    .unwrap();

    let bodies = ["one", "two", "three"].map(|body| toots::body.eq(body));
    let tree = Person::new_tree(people::name.eq("Ada"), Person::TOOTS.new_rows(bodies));
    let (ada, written) = tree.create(conn).unwrap();
    assert_eq!(ada.set_liked_toots([1, 3], conn), Ok(()));
    assert_eq!(ada.add_liked_toot(3, conn), Ok(()));
    assert_eq!(ada.remove_toot(2, conn), Ok(1));
    assert_eq!(
        ada.liked_toots(conn).unwrap(),
        [&written[0], &written[2]].map(Clone::clone)
    );
    let latest = Person::TOOTS
        .order(toots::id.desc())
        .limit(1)
        .include(Toot::LIKERS);
    let query = people::table.filter(Person::LIKED_TOOTS.any(toots::id.gt(2)));
    let rows = query
        .include((latest, Person::LIKED_TOOTS.counted()))
        .load(conn)
        .unwrap();
    let (person, latest, likes) = &rows[0];
    assert_eq!((person, *likes), (&ada, 2));
    assert_eq!(latest[0], (written[2].clone(), vec![ada.clone()]));
}
