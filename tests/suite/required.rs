//! Nodes that drop the parents without a row, and conditions on junction rows.

use super::prelude::*;
use super::support::{ENGINE, sample, short};
use orm_tests::connection::Engine;
use orm_tests::models::{City, DrivingLicense, LikedToot, Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{cities, liked_toots, people, toots};

fn names<'p>(people: impl IntoIterator<Item = &'p Person>) -> Vec<&'p str> {
    people
        .into_iter()
        .map(|person| person.name.as_str())
        .collect()
}

#[test]
fn parents_without_a_row_are_dropped_before_the_page_is_cut() {
    let conn = &mut *sample();

    let (rows, sent) = record(conn, |conn| {
        people::table
            .order(people::id.desc())
            .limit(2)
            .include(Person::TOOTS.required())
            .load(conn)
            .run()
    });

    // Cleo has no toots, and still there are two
    let rows: Vec<(Person, Vec<Toot>)> = rows.unwrap();
    assert_eq!(names(rows.iter().map(|(person, _)| person)), ["Bob", "Ada"]);
    assert_eq!(sent.count(), 2);
    let condition = match ENGINE {
        Engine::Sqlite => "((people.id) IN (SELECT toots.author_id AS k0 FROM toots) IS TRUE)",
        Engine::Postgres => {
            "EXISTS (SELECT 1 FROM (SELECT toots.author_id AS k0 FROM toots) AS orm_keys \
             WHERE orm_keys.k0 = people.id)"
        }
        Engine::Mysql => {
            "(people.id IS NOT NULL AND (people.id) IN (SELECT orm_keys.k0 FROM \
             (SELECT toots.author_id AS k0 FROM toots) AS orm_keys WHERE orm_keys.k0 IS NOT NULL))"
        }
    };
    let sent = short(&sent.statements[0]);
    let expected = format!("WHERE {condition} ORDER BY people.id DESC LIMIT ?");
    assert!(sent.contains(&expected), "{sent}");
}

#[test]
fn a_filter_says_which_row_there_must_be() {
    let conn = &mut *sample();
    let rust = || Person::TOOTS.filter(toots::body.eq("rust")).required();

    let rows = people::table.include(rust()).load(conn).run().unwrap();
    assert_eq!(names(rows.iter().map(|(person, _)| person)), ["Ada"]);
    // the same number when it is counted with the same condition
    let total = people::table
        .filter(Person::TOOTS.any(toots::body.eq("rust")))
        .count()
        .get_result(conn)
        .run();
    assert_eq!(total, Ok(1));
    // beside another node, in any place
    let rows: Vec<(Person, Option<DrivingLicense>, Vec<Toot>)> = people::table
        .include((Person::DRIVING_LICENSE, rust()))
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(rows.len(), 1);
}

#[test]
fn what_is_required_below_a_required_node_drops_the_top() {
    let conn = &mut *sample();

    let rows = cities::table
        .order(cities::id)
        .include(
            City::NATIVES
                .include(
                    Person::LIKED_TOOTS
                        .filter(toots::body.eq("rust"))
                        .required(),
                )
                .required(),
        )
        .load(conn)
        .run()
        .unwrap();

    let rows: Vec<_> = rows
        .iter()
        .map(|(city, natives)| (&*city.name, names(natives.iter().map(|(person, _)| person))))
        .collect();
    assert_eq!(rows, [("Rome", vec!["Bob"])]);
}

#[test]
fn what_is_required_below_an_optional_node_drops_that_nodes_rows_alone() {
    let conn = &mut *sample();

    let (rows, sent) = record(conn, |conn| {
        cities::table
            .order(cities::id)
            .include(City::NATIVES.include(Person::DRIVING_LICENSE.required()))
            .load(conn)
            .run()
    });

    let rows = rows.unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|(city, natives)| (&*city.name, names(natives.iter().map(|(person, _)| person))))
        .collect();
    assert_eq!(
        rows,
        [
            ("Rome", vec!["Ada", "Bob"]),
            ("Oslo", vec![]),
            ("Lima", vec![])
        ]
    );
    assert_eq!(sent.count(), 3);
}

#[test]
fn required_under_a_limit_for_each_parent() {
    let conn = &mut *sample();

    let rows = cities::table
        .order(cities::id)
        .include(
            City::NATIVES
                .order(people::id.asc())
                .limit(1)
                .include(Person::LIKED_TOOTS.filter(toots::id.eq(1)).required()),
        )
        .load(conn)
        .run()
        .unwrap();

    // the first native of Rome who likes it is not the first native
    assert_eq!(names(rows[0].1.iter().map(|(person, _)| person)), ["Bob"]);
    assert_eq!(names(rows[1].1.iter().map(|(person, _)| person)), [""; 0]);
}

#[test]
fn rows_in_hand_are_not_dropped() {
    let conn = &mut *sample();
    let all: Vec<Person> = people::table
        .order(people::id)
        .select(Person::as_select())
        .load(conn)
        .run()
        .unwrap();

    let toots = Person::TOOTS.required().load_for(&all, conn).run().unwrap();

    assert_eq!(toots.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 0]);
    let (toots, count) = (Person::TOOTS.required(), Person::TOOTS.counted())
        .load_for_one(&all[2], conn)
        .run()
        .unwrap();
    assert_eq!((toots.len(), count), (0, 0));
}

#[test]
fn a_condition_on_the_junction_row() {
    let conn = &mut *sample();
    let late = || Person::LIKED_TOOTS.filter_through(liked_toots::liked_at.ge("2026-02-01"));
    let all = || people::table.order(people::id);
    let ids = |toots: &[Toot]| toots.iter().map(|toot| toot.id).collect::<Vec<_>>();

    let (rows, sent) = record(conn, |conn| all().include(late()).load(conn).run());
    let liked: Vec<_> = rows.unwrap().iter().map(|(_, liked)| ids(liked)).collect();
    assert_eq!(liked, [vec![3], vec![2], vec![]]);
    assert_eq!(sent.count(), 3);

    let top = late().order(toots::id.desc()).limit(1);
    let rows = all().include(top).load(conn).run().unwrap();
    let liked: Vec<_> = rows.iter().map(|(_, liked)| ids(liked)).collect();
    assert_eq!(liked, [vec![3], vec![2], vec![]]);

    let rows: Vec<(Person, Vec<(LikedToot, Toot)>)> = all()
        .include(late().with_through::<LikedToot>().required())
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(names(rows.iter().map(|(person, _)| person)), ["Ada", "Bob"]);
    assert_eq!(rows[1].1[0].0.liked_at, "2026-02-01");

    // with a condition on the target beside it
    let both = late().filter(toots::body.eq("diesel")).required();
    let rows = all().include(both).load(conn).run().unwrap();
    assert_eq!(names(rows.iter().map(|(person, _)| person)), ["Ada"]);
}

#[derive(Include, Clone)]
#[include(Person)]
struct Fan {
    #[include(row)]
    person: Person,
    #[include(required, filter_through = liked_toots::liked_at.ge("2026-02-01"))]
    liked_toots: Vec<Toot>,
}

#[derive(Include, Clone)]
#[include(City)]
struct Home {
    #[include(row)]
    city: City,
    #[include(required)]
    residents: Vec<Fan>,
}

#[test]
fn both_in_shapes() {
    let conn = &mut *sample();

    let fans = people::table
        .order(people::id)
        .load_as::<Fan>(conn)
        .run()
        .unwrap();
    assert_eq!(names(fans.iter().map(|fan| &fan.person)), ["Ada", "Bob"]);
    assert_eq!(fans[1].liked_toots[0].id, 2);

    let homes = cities::table.load_as::<Home>(conn).run().unwrap();
    assert_eq!(homes.len(), 1);
    assert_eq!(homes[0].city.name, "Oslo");
    assert_eq!(homes[0].residents[0].person.name, "Ada");
}
