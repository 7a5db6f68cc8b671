//! Joins from the source's table, without `joinable!`.

use super::Conn;
use super::prelude::*;
use super::support::person;
use super::support::sample;
use orm_tests::models::{City, DrivingLicense, Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{cities, driving_licenses, people, toots};

fn names<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec()
}

#[test]
fn has_one_and_belongs_to_as_models() {
    let conn = &mut *sample();

    let owners: Vec<(Person, DrivingLicense)> = Person::DRIVING_LICENSE
        .inner_join()
        .order(people::id)
        .select((Person::as_select(), DrivingLicense::as_select()))
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(owners.len(), 2);
    assert!(
        owners
            .iter()
            .all(|(person, license)| license.owner_id == Some(person.id))
    );

    let all: Vec<(String, Option<DrivingLicense>)> = Person::DRIVING_LICENSE
        .left_join()
        .order(people::id)
        .select((people::name, Option::<DrivingLicense>::as_select()))
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(all.len(), 3);
    assert_eq!(all[2], ("Cleo".to_owned(), None));

    let born: Vec<(Person, City)> = Person::BIRTHPLACE
        .inner_join()
        .filter(cities::name.eq("Oslo"))
        .select((Person::as_select(), City::as_select()))
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(born, [(person(3, conn), super::support::city(2, conn))]);
}

#[test]
fn has_many_grouped() {
    let conn = &mut *sample();

    let (counts, sent) = record(conn, |conn| {
        Person::TOOTS
            .left_join()
            .group_by(people::name)
            .order(people::name)
            .select((people::name, diesel::dsl::count(toots::id.nullable())))
            .load::<(String, i64)>(conn)
            .run()
    });

    assert_eq!(
        counts,
        Ok(vec![
            ("Ada".to_owned(), 2),
            ("Bob".to_owned(), 1),
            ("Cleo".to_owned(), 0)
        ])
    );
    assert_eq!(sent.count(), 1);
}

#[test]
fn belongs_to_many_goes_through_the_junction() {
    let conn = &mut *sample();

    let likes = Person::LIKED_TOOTS
        .inner_join()
        .order((people::name, toots::body))
        .select((people::name, toots::body))
        .load(conn)
        .run();
    assert_eq!(
        likes,
        Ok(names([
            ("Ada", "diesel"),
            ("Bob", "hello"),
            ("Bob", "rust")
        ]))
    );

    let all = Person::LIKED_TOOTS
        .left_join()
        .order((people::name, toots::body))
        .select((people::name, Option::<Toot>::as_select()))
        .load::<(String, Option<Toot>)>(conn)
        .run()
        .unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(all[3], ("Cleo".to_owned(), None));
}

#[test]
fn from_any_query_of_the_source_and_several_at_once() {
    let conn = &mut *sample();

    let rows: Vec<(String, String, Option<String>)> = people::table
        .filter(people::id.lt(3))
        .inner_join(Person::BIRTHPLACE)
        .left_join(Person::TOOTS)
        .filter(toots::body.ne("rust"))
        .order(people::id)
        .select((people::name, cities::name, toots::body.nullable()))
        .load(conn)
        .run()
        .unwrap();

    let expected = [("Ada", "Rome", "hello"), ("Bob", "Rome", "diesel")];
    assert_eq!(
        rows,
        expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), Some(c.to_owned())))
    );
}

#[test]
fn self_references_are_aliased_by_their_name() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));
    let boss = Person::BOSS.target();

    let pairs = Person::BOSS
        .inner_join()
        .select((people::name, boss.field(people::name)))
        .load(conn)
        .run();
    assert_eq!(pairs, Ok(names([("Bob", "Ada")])));

    let models: Vec<(Person, Option<Person>)> = Person::BOSS
        .left_join()
        .order(people::id)
        .select((
            Person::as_select(),
            boss.fields(people::all_columns).nullable(),
        ))
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(models[0], (ada.clone(), None));
    assert_eq!(models[1], (bob.clone(), Some(ada)));

    let reports: Vec<(String, String)> = Person::REPORTS
        .inner_join()
        .select((people::name, Person::REPORTS.target().field(people::name)))
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(reports, names([("Ada", "Bob")]));

    let followers: Vec<(String, String)> = Person::FOLLOWERS
        .inner_join()
        .order((people::id, Person::FOLLOWERS.target().field(people::id)))
        .select((people::name, Person::FOLLOWERS.target().field(people::name)))
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(
        followers,
        names([("Ada", "Bob"), ("Ada", "Cleo"), ("Bob", "Ada")])
    );
}

#[test]
fn two_self_references_in_one_query() {
    let conn = &mut *sample();

    let rows: Vec<(String, String, String)> = people::table
        .inner_join(Person::BOSS)
        .inner_join(Person::PREDECESSOR)
        .select((
            people::name,
            Person::BOSS.target().field(people::name),
            Person::PREDECESSOR.target().field(people::name),
        ))
        .load(conn)
        .run()
        .unwrap();

    assert_eq!(
        rows,
        [("Bob".to_owned(), "Ada".to_owned(), "Ada".to_owned())]
    );
}

#[test]
fn a_join_is_prepared_once() {
    let conn = &mut *sample();
    let join = |conn: &mut Conn| {
        Person::LIKED_TOOTS
            .inner_join()
            .select(toots::id)
            .load::<i32>(conn)
            .run()
    };

    let (first, sent) = record(conn, join);
    let (second, again) = record(conn, join);

    assert_eq!(first, second);
    assert_eq!((sent.cached.len(), again.cached.len()), (1, 0));
    assert!(
        driving_licenses::table
            .count()
            .get_result::<i64>(conn)
            .run()
            .is_ok()
    );
}
