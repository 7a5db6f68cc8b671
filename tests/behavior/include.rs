//! Eager loading: rows, statements, and that both do not depend on each other.

use crate::support::{person, short};
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::database::sample;
use orm_tests::models::{City, DrivingLicense, Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{people, toots};

#[test]
fn every_kind_beside_its_source() {
    let mut conn = sample();
    let tree = (
        Person::DRIVING_LICENSE,
        Person::TOOTS,
        Person::BIRTHPLACE,
        Person::LIKED_TOOTS,
    );

    let (rows, sent) = record(&mut conn, |conn| {
        people::table.order(people::id).include(tree).load(conn)
    });

    let rows: Vec<(Person, Option<DrivingLicense>, Vec<Toot>, City, Vec<Toot>)> = rows.unwrap();
    assert_eq!(sent.count(), 6);
    assert_eq!(rows.len(), 3);
    for (person, license, toots, birthplace, liked) in rows {
        assert_eq!(license, person.driving_license(&mut conn).unwrap());
        assert_eq!(toots, person.toots(&mut conn).unwrap());
        assert_eq!(birthplace, person.birthplace(&mut conn).unwrap());
        assert_eq!(liked, person.liked_toots(&mut conn).unwrap());
    }
}

#[test]
fn deep_filtered_and_ordered() {
    let mut conn = sample();

    let (rows, sent) = record(&mut conn, |conn| {
        people::table
            .filter(people::id.lt(3))
            .order(people::id.desc())
            .include(
                Person::TOOTS
                    .filter(toots::body.ne("nothing"))
                    .order(toots::body.desc())
                    .include(Toot::LIKERS),
            )
            .load(conn)
    });

    let rows: Vec<(Person, Vec<(Toot, Vec<Person>)>)> = rows.unwrap();
    assert_eq!(sent.count(), 4);
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));
    assert_eq!(rows[0].0, bob);
    assert_eq!(rows[1].0, ada);
    let bodies: Vec<_> = rows[1]
        .1
        .iter()
        .map(|(toot, _)| toot.body.as_str())
        .collect();
    assert_eq!(bodies, ["rust", "hello"]);
    assert_eq!(rows[1].1[0].1, std::slice::from_ref(&bob));
    assert_eq!(rows[0].1[0].1, [ada]);
}

#[test]
fn a_whole_table_needs_no_keys() {
    let mut conn = sample();

    let (rows, sent) = record(&mut conn, |conn| {
        people::table.include(Person::TOOTS).load(conn)
    });
    assert_eq!(rows.unwrap().len(), 3);
    let statements: Vec<_> = sent.statements.iter().map(|sql| short(sql)).collect();
    assert_eq!(
        statements,
        [
            "FROM people -- binds: []",
            "FROM toots ORDER BY toots.id -- binds: []"
        ]
    );

    for limited in [
        people::table.limit(2).into_boxed(),
        people::table.filter(people::id.lt(3)).into_boxed(),
    ] {
        let (rows, sent) = record(&mut conn, |conn| limited.include(Person::TOOTS).load(conn));
        assert_eq!(rows.unwrap().len(), 2);
        assert!(sent.statements[1].contains("json_each"), "{sent:?}");
    }
}

#[test]
fn for_rows_in_hand() {
    let mut conn = sample();
    let (ada, cleo) = (person(1, &mut conn), person(3, &mut conn));
    let sources = [cleo, ada.clone(), ada];

    let (outputs, sent) = record(&mut conn, |conn| {
        (Person::TOOTS, Person::BOSS).load_for(&sources, conn)
    });

    let outputs: Vec<(Vec<Toot>, Option<Person>)> = outputs.unwrap();
    assert_eq!(
        sent.count(),
        1,
        "nobody here has a boss, which asks nothing"
    );
    let counts: Vec<_> = outputs.iter().map(|(toots, _)| toots.len()).collect();
    assert_eq!(
        counts,
        [0, 2, 2],
        "a source that is given twice gets its rows twice"
    );
}

#[test]
fn no_sources_take_one_statement() {
    let mut conn = sample();
    let query = people::table.filter(people::id.gt(100));

    let (rows, sent) = record(&mut conn, |conn| {
        query
            .include((Person::TOOTS.include(Toot::LIKERS), Person::BIRTHPLACE))
            .load(conn)
    });

    assert_eq!(rows.unwrap().len(), 0);
    assert_eq!(sent.count(), 1);
}

#[test]
fn one_association_twice_in_one_tree() {
    let mut conn = sample();

    let rows: Vec<(Person, Vec<Toot>, Vec<Toot>)> = people::table
        .find(1)
        .include((
            Person::TOOTS.filter(toots::body.eq("rust")),
            Person::TOOTS
                .filter(toots::body.ne("rust"))
                .filter(toots::id.gt(0)),
        ))
        .load(&mut conn)
        .unwrap();

    assert_eq!((rows[0].1.len(), rows[0].2.len()), (1, 1));
    assert_ne!(rows[0].1, rows[0].2);
}
