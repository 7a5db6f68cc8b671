//! Trees of new rows.

use super::done;
use super::prelude::*;
use super::support::ENGINE;
use super::support::READ_BACK;
use super::support::person;
use super::support::sample;
use diesel::result::Error;
use orm_tests::models::{City, DrivingLicense, Person, Toot};
use orm_tests::schema::{cities, driving_licenses, liked_toots, people, toots};

#[derive(Insertable, Clone, Copy)]
#[diesel(table_name = people)]
struct NewPerson<'a> {
    name: &'a str,
    residence_id: Option<i32>,
}

#[derive(Insertable, Clone, Copy)]
#[diesel(table_name = cities)]
struct NewCity<'a> {
    name: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = driving_licenses)]
struct NewLicense<'a> {
    number: &'a str,
}

#[derive(Insertable, Clone)]
#[diesel(table_name = toots)]
struct NewToot {
    body: String,
}

fn new_person(name: &str) -> NewPerson<'_> {
    NewPerson {
        name,
        residence_id: None,
    }
}

fn new_toot(body: &str) -> NewToot {
    NewToot { body: body.into() }
}

#[test]
fn a_tree_is_created_in_the_order_of_its_keys() {
    let conn = &mut *sample();

    let created = done(conn, |conn| {
        Person::new_tree(
            new_person("Dan"),
            (
                Person::BIRTHPLACE.new_row(NewCity { name: "Bern" }),
                Person::DRIVING_LICENSE.new_row(NewLicense { number: "D-4" }),
                Person::TOOTS.new_rows([
                    Toot::new_tree(new_toot("one"), Toot::LIKERS.link([1, 2, 1])),
                    Toot::new_tree(new_toot("two"), Toot::LIKERS.link([0; 0])),
                ]),
                Person::LIKED_TOOTS.link_with([(3, liked_toots::liked_at.eq("then"))]),
                Person::REPORTS.link([3]),
                Person::BOSS.link([1]),
            ),
        )
        .create(conn)
        .run()
    });

    let (dan, bern, license, written, (), (), ()) = created.result.unwrap();
    assert_eq!(
        (dan.id, dan.birthplace_id, dan.boss_id),
        (4, bern.id, Some(1))
    );
    assert_eq!(
        (license.number.as_str(), license.owner_id),
        ("D-4", Some(4))
    );
    let bodies: Vec<_> = written
        .iter()
        .map(|(toot, ())| (toot.id, toot.body.as_str()))
        .collect();
    assert_eq!(bodies, [(4, "one"), (5, "two")]);
    assert_eq!(created.gone, ["people: 3, 'Cleo', 2, NULL, NULL, NULL"]);
    assert_eq!(
        created.new,
        [
            "cities: 4, 'Bern'",
            "driving_licenses: 4, 'D-4', 4",
            "liked_toots: 1, 4, '2026-01-01'",
            "liked_toots: 2, 4, '2026-01-01'",
            "liked_toots: 4, 3, 'then'",
            "people: 3, 'Cleo', 2, NULL, 4, NULL",
            "people: 4, 'Dan', 4, NULL, 1, NULL",
            "toots: 4, 'one', 4",
            "toots: 5, 'two', 4",
        ]
    );
    // city, person, license, toots, their likes, Dan's like, Cleo
    assert_eq!(
        created.sent.count(),
        7 + 4 * READ_BACK,
        "{:?}",
        created.sent.statements
    );
    assert_eq!(created.sent.transactions, 1);
}

/// better: children that are there are linked, not inserted again.
#[test]
fn better_linked_and_new_rows_stand_side_by_side() {
    let conn = &mut *sample();

    let created = done(conn, |conn| {
        Person::new_tree(
            (people::name.eq("Eve"), people::birthplace_id.eq(1)),
            (
                Person::LIKED_TOOTS.new_rows_with([(
                    (toots::body.eq("new"), toots::author_id.eq(1)),
                    liked_toots::liked_at.eq("now"),
                )]),
                Person::LIKED_TOOTS.link([2]),
            ),
        )
        .create(conn)
        .run()
    });

    let (eve, liked, ()): (Person, Vec<Toot>, ()) = created.result.unwrap();
    assert_eq!((eve.id, liked[0].id), (4, 4));
    assert_eq!(
        created.new,
        [
            "liked_toots: 4, 2, '2026-01-01'",
            "liked_toots: 4, 4, 'now'",
            "people: 4, 'Eve', 1, NULL, NULL, NULL",
            "toots: 4, 'new', 1",
        ]
    );
}

#[test]
fn many_trees_take_the_statements_of_one() {
    let conn = &mut *sample();
    let names: Vec<_> = (0..1200).map(|number| format!("person {number}")).collect();

    let created = done(conn, |conn| {
        City::create_trees(
            ["Bern", "Graz", "Pisa"]
                .iter()
                .enumerate()
                .map(|(city, name)| {
                    let natives = names.iter().skip(city * 400).take(400);
                    let natives = natives.map(|name| {
                        let toots = (0..city).map(|number| new_toot(&format!("{name}: {number}")));
                        Person::new_tree(new_person(name), Person::TOOTS.new_rows(toots))
                    });
                    City::new_tree(NewCity { name }, City::NATIVES.new_rows(natives))
                }),
            conn,
        )
        .run()
    });

    let cities = created.result.unwrap();
    assert_eq!(created.new.len(), 3 + 1200 + 400 + 800);
    // cities; three times 500 people at most; 1,200 toots by 500
    assert_eq!(created.sent.count(), 7 + 7 * READ_BACK);
    for (city, (row, natives)) in cities.iter().enumerate() {
        assert_eq!(natives.len(), 400);
        for (number, (native, toots)) in natives.iter().enumerate() {
            assert_eq!(native.birthplace_id, row.id);
            assert_eq!(native.name, names[city * 400 + number]);
            assert_eq!(toots.len(), city);
            assert!(toots.iter().all(|toot| toot.author_id == native.id));
            assert!(toots.iter().all(|toot| toot.body.starts_with(&native.name)));
        }
    }
}

#[test]
fn rows_that_leave_different_columns_to_their_defaults() {
    let conn = &mut *sample();
    let homes = [None, Some(2), None];

    let created = done(conn, |conn| {
        let natives = homes.map(|residence_id| NewPerson {
            name: "x",
            residence_id,
        });
        City::new_tree(NewCity { name: "Bern" }, City::NATIVES.new_rows(natives))
            .create(conn)
            .run()
    });

    // a city, and a statement for each of the two sets of columns
    let inserts = 1 + ENGINE.inserts_with_defaults();
    assert_eq!(created.sent.count(), inserts * (1 + READ_BACK));
    let (_, natives) = created.result.unwrap();
    assert_eq!(
        natives
            .iter()
            .map(|native| native.residence_id)
            .collect::<Vec<_>>(),
        homes
    );
}

#[test]
fn better_nothing_is_left_of_a_tree_that_fails() {
    let conn = &mut *sample();

    let failed = done(conn, |conn| {
        Person::new_tree(
            new_person("Dan"),
            (
                Person::BIRTHPLACE.new_row(NewCity { name: "Bern" }),
                Person::LIKED_TOOTS.link([1, 99]),
            ),
        )
        .create(conn)
        .run()
    });
    assert_eq!(failed.result.map(|_| ()), Err(Error::NotFound));
    assert_eq!((failed.gone, failed.new), (vec![], vec![]));

    let failed = done(conn, |conn| {
        let reports = Person::REPORTS.link([3, 99]);
        Person::new_tree(
            (people::name.eq("Dan"), people::birthplace_id.eq(1)),
            reports,
        )
        .create(conn)
        .run()
    });
    assert_eq!(failed.result.map(|_| ()), Err(Error::NotFound));
    assert_eq!((failed.gone, failed.new), (vec![], vec![]));
}

#[test]
fn the_other_end_of_a_has_one() {
    let conn = &mut *sample();
    let bob = person(2, conn);

    let (license, ()): (DrivingLicense, ()) = DrivingLicense::new_tree(
        NewLicense { number: "N" },
        DrivingLicense::OWNER.link([&bob]),
    )
    .create(conn)
    .run()
    .unwrap();
    assert_eq!(license.owner(conn).run(), Ok(Some(bob)));
}
