//! Sources by their associated rows.

use super::prelude::*;
use super::support::sample;
use diesel::dsl::not;
use orm_tests::models::{City, DrivingLicense, Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::*;

/// The names of the people for which a condition holds, in one statement.
macro_rules! names {
    ($conn:expr, $condition:expr) => {{
        let query = people::table
            .filter($condition)
            .order(people::id)
            .select(people::name);
        let (names, sent) = record($conn, |conn| query.load::<String>(conn).run());
        assert_eq!(sent.count(), 1);
        names.unwrap()
    }};
}

#[test]
fn any_none_and_exists_of_every_kind() {
    let conn = &mut *sample();

    assert_eq!(names!(conn, Person::TOOTS.exists()), ["Ada", "Bob"]);
    assert_eq!(
        names!(conn, Person::TOOTS.any(toots::body.eq("rust"))),
        ["Ada"]
    );
    assert_eq!(
        names!(conn, Person::TOOTS.none(toots::body.eq("rust"))),
        ["Bob", "Cleo"]
    );
    assert_eq!(
        names!(conn, Person::DRIVING_LICENSE.exists()),
        ["Ada", "Bob"]
    );
    assert_eq!(
        names!(conn, Person::BIRTHPLACE.any(cities::name.eq("Oslo"))),
        ["Cleo"]
    );
    assert_eq!(
        names!(conn, Person::LIKED_TOOTS.any(toots::body.eq("diesel"))),
        ["Ada"]
    );
    assert_eq!(
        names!(
            conn,
            Person::LIKED_TOOTS.any(liked_toots::liked_at.gt("2026-02"))
        ),
        ["Ada", "Bob"]
    );
    assert_eq!(names!(conn, not(Person::LIKED_TOOTS.exists())), ["Cleo"]);
}

#[test]
fn keys_that_are_null_have_no_rows() {
    let conn = &mut *sample();

    assert_eq!(names!(conn, Person::RESIDENCE.exists()), ["Ada"]);
    assert_eq!(
        names!(conn, Person::RESIDENCE.none(cities::id.gt(0))),
        ["Bob", "Cleo"]
    );
    assert_eq!(
        names!(conn, not(Person::RESIDENCE.any(cities::id.gt(0)))),
        ["Bob", "Cleo"]
    );
    let licenses = driving_licenses::table
        .filter(DrivingLicense::OWNER.none(people::id.gt(0)))
        .count()
        .get_result::<i64>(conn)
        .run();
    assert_eq!(
        licenses,
        Ok(1),
        "the lost one; a NULL among the keys is no match"
    );
    assert_eq!(
        names!(conn, Person::REPORTS.none(people::id.gt(0))),
        ["Bob", "Cleo"]
    );
}

#[test]
fn self_references_and_nested_paths() {
    let conn = &mut *sample();

    assert_eq!(
        names!(conn, Person::BOSS.any(people::name.eq("Ada"))),
        ["Bob"]
    );
    assert_eq!(
        names!(conn, Person::FOLLOWERS.any(people::name.eq("Cleo"))),
        ["Ada"]
    );
    assert_eq!(
        names!(
            conn,
            Person::FOLLOWERS.any(Person::DRIVING_LICENSE.exists())
        ),
        ["Ada", "Bob"]
    );
    assert_eq!(
        names!(
            conn,
            Person::TOOTS.any(Toot::LIKERS.any(people::name.eq("Bob")))
        ),
        ["Ada"]
    );
    let cities = cities::table
        .filter(City::NATIVES.any(Person::TOOTS.any(toots::body.eq("diesel"))))
        .select(cities::name)
        .load::<String>(conn)
        .run();
    assert_eq!(cities, Ok(vec!["Rome".to_owned()]));
}

#[test]
fn better_sources_are_ordered_by_the_number_of_their_rows() {
    let conn = &mut *sample();
    let names = |rows: Vec<(String, i64)>| -> Vec<_> { rows };

    let by_toots = people::table
        .order((Person::TOOTS.count().desc(), people::id))
        .select((people::name, Person::TOOTS.count()))
        .load(conn)
        .run()
        .map(names);
    let expected =
        [("Ada", 2), ("Bob", 1), ("Cleo", 0)].map(|(name, count)| (name.to_owned(), count));
    assert_eq!(by_toots.as_deref(), Ok(&expected[..]));

    assert_eq!(names!(conn, Person::LIKED_TOOTS.count().gt(1)), ["Bob"]);
    assert_eq!(names!(conn, Person::FOLLOWERS.count().eq(2)), ["Ada"]);
    assert_eq!(
        names!(conn, Person::REPORTS.count().gt(0)),
        ["Ada"],
        "of itself, aliased"
    );
    let page = people::table
        .order(Person::FOLLOWERS.count().desc())
        .limit(1)
        .include(Person::FOLLOWERS)
        .load(conn)
        .run()
        .unwrap();
    assert_eq!((page[0].0.id, page[0].1.len()), (1, 2));
}

#[test]
fn better_paging_counts_sources_and_totals_agree() {
    let conn = &mut *sample();
    let likers = || people::table.filter(Person::LIKED_TOOTS.exists());

    let total = likers().count().get_result::<i64>(conn).run().unwrap();
    let page = likers()
        .order(people::id)
        .limit(2)
        .include(Person::LIKED_TOOTS)
        .load(conn)
        .run()
        .unwrap();

    assert_eq!(total, 2);
    assert_eq!(
        page.iter().map(|(person, _)| person.id).collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(page[1].1.len(), 2);
}
