//! Keys of PostgreSQL's `citext`, which are equal whatever their case.

use diesel::connection::SimpleConnection;
use diesel::pg::sql_types::Citext;
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::database::postgres_url;

diesel::table! {
    use diesel::sql_types::*;
    use super::Citext;
    towns (name) { name -> Citext, }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Citext;
    streets (id) { id -> Integer, town -> Nullable<Citext>, }
}
diesel::table! {
    use diesel::sql_types::*;
    use super::Citext;
    twins (one, other) { one -> Citext, other -> Citext, }
}
diesel::allow_tables_to_appear_in_same_query!(towns, streets, twins);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = towns, primary_key(name))]
#[has_many(Street, foreign_key = streets::town)]
#[belongs_to_many(Town, name = twins, through = twins, foreign_key = one, other_key = other)]
struct Town {
    name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = streets)]
#[belongs_to_one(Town, name = of, foreign_key = streets::town)]
struct Street {
    id: i32,
    town: Option<String>,
}

#[test]
fn every_way_of_asking_finds_them() {
    let conn = &mut PgConnection::establish(&postgres_url()).unwrap();
    conn.batch_execute(
        "SET client_min_messages = warning;
         CREATE EXTENSION IF NOT EXISTS citext;
         CREATE TEMPORARY TABLE towns (name CITEXT PRIMARY KEY);
         CREATE TEMPORARY TABLE streets (id INTEGER PRIMARY KEY, town CITEXT);
         CREATE TEMPORARY TABLE twins (one CITEXT, other CITEXT, PRIMARY KEY (one, other));
         INSERT INTO towns VALUES ('Rome'), ('Oslo'), ('Lima');
         INSERT INTO streets VALUES (1, 'ROME'), (2, 'rome'), (3, 'oslo'), (4, NULL), (5, 'Paris');
         INSERT INTO twins VALUES ('ROME', 'oslo'), ('oslo', 'LIMA'), ('rome', 'lima');",
    )
    .unwrap();
    let tree = || {
        (
            Town::STREETS.include(Street::OF),
            Town::TWINS,
            Town::STREETS.counted(),
            Town::TWINS.counted(),
        )
    };
    let whole = towns::table
        .order(towns::name)
        .include(tree())
        .load(conn)
        .unwrap();
    let page = towns::table
        .order(towns::name)
        .limit(9)
        .include(tree())
        .load(conn);
    assert_eq!(page.as_ref(), Ok(&whole));
    let counts: Vec<_> = whole.iter().map(|row| (row.3, row.4)).collect();
    assert_eq!(counts, [(0, 0), (1, 1), (2, 2)]);
    for (town, streets, twins, count, twin_count) in whole {
        assert!(streets.iter().all(|(_, of)| of.as_ref() == Some(&town)));
        let streets: Vec<_> = streets.into_iter().map(|(street, _)| street).collect();
        assert_eq!(town.streets(conn).as_ref(), Ok(&streets));
        assert_eq!(town.twins(conn).as_ref(), Ok(&twins));
        assert_eq!(town.count_streets(conn), Ok(count));
        assert_eq!(town.count_twins(conn), Ok(twin_count));
        assert_eq!(town.has_streets(&streets, conn), Ok(true));
        assert_eq!(
            town.has_twins(["LIMA", "lima", "OSLO"], conn),
            Ok(twin_count == 2)
        );
    }
    let streets: Vec<(Street, Option<Town>)> = streets::table
        .order(streets::id)
        .include(Street::OF)
        .load(conn)
        .unwrap();
    let towns: Vec<_> = streets
        .iter()
        .map(|(_, town)| town.as_ref().map(|town| &*town.name))
        .collect();
    assert_eq!(
        towns,
        [Some("Rome"), Some("Rome"), Some("Oslo"), None, None]
    );
}
