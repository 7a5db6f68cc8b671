//! Structs that describe a tree.

use super::Conn;
use super::prelude::*;
use super::support::person;
use super::support::sample;
use super::support::unquoted;
use orm_tests::models::{City, DrivingLicense, LikedToot, Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{cities, people, toots};
use std::sync::Arc;

#[derive(Include, Clone, Debug, PartialEq)]
#[include(Toot)]
struct TootView {
    #[include(row)]
    toot: Toot,
    likers: Vec<Arc<Person>>,
}

#[derive(Include, Clone, Debug)]
#[include(Person)]
struct Profile {
    #[include(row)]
    person: Person,
    driving_license: Option<DrivingLicense>,
    birthplace: Arc<City>,
    residence: Option<City>,
    toots: Vec<TootView>,
    #[include(association = toots)]
    plain_toots: Vec<Toot>,
    liked_toots: Vec<Toot>,
    #[include(count = liked_toots)]
    likes: i64,
    #[include(count = toots)]
    written: i64,
    reports: Vec<Person>,
}

const _: () = assert!(Profile::QUERIES == 13);

fn check(profiles: &[Profile], conn: &mut Conn) {
    for profile in profiles {
        let person = &profile.person;
        assert_eq!(
            profile.driving_license,
            person.driving_license(conn).run().unwrap()
        );
        assert_eq!(*profile.birthplace, person.birthplace(conn).run().unwrap());
        assert_eq!(profile.residence, person.residence(conn).run().unwrap());
        assert_eq!(profile.plain_toots, person.toots(conn).run().unwrap());
        assert_eq!(profile.liked_toots, person.liked_toots(conn).run().unwrap());
        assert_eq!(Ok(profile.likes), person.count_liked_toots(conn).run());
        assert_eq!(Ok(profile.written), person.count_toots(conn).run());
        assert_eq!(profile.reports, person.reports(conn).run().unwrap());
        for view in &profile.toots {
            let likers: Vec<_> = view.likers.iter().map(|liker| (**liker).clone()).collect();
            assert_eq!(likers, view.toot.likers(conn).run().unwrap());
        }
        let toots: Vec<_> = profile.toots.iter().map(|view| view.toot.clone()).collect();
        assert_eq!(toots, profile.plain_toots);
    }
}

#[test]
fn a_query_as_a_shape() {
    let conn = &mut *sample();

    for query in [
        people::table.into_boxed(),
        people::table.filter(people::id.lt(3)).into_boxed(),
    ] {
        let (profiles, sent) = record(conn, |conn| {
            query.order(people::id).load_as::<Profile>(conn).run()
        });
        let profiles = profiles.unwrap();
        assert_eq!(sent.count(), Profile::QUERIES);
        check(&profiles, conn);
        assert!(
            Arc::ptr_eq(&profiles[0].birthplace, &profiles[1].birthplace),
            "shared"
        );
    }
}

#[test]
fn rows_in_hand_as_a_shape() {
    let conn = &mut *sample();
    let people = vec![person(3, conn), person(1, conn)];

    let profiles = Profile::load_for(people, conn).run().unwrap();

    assert_eq!(
        profiles
            .iter()
            .map(|profile| profile.person.id)
            .collect::<Vec<_>>(),
        [3, 1]
    );
    check(&profiles, conn);
}

#[derive(Include, Clone, Debug)]
#[include(Person)]
struct Summary {
    #[include(row)]
    person: Person,
    #[include(association = toots, filter = toots::body.ne("hello"), order = toots::id.desc())]
    others: Vec<Toot>,
    #[include(association = toots, order = toots::id.desc(), limit = 1)]
    latest: Vec<Arc<Toot>>,
    #[include(association = toots, order = toots::id, limit = 5, offset = 1)]
    later: Vec<Toot>,
    #[include(exists = followers)]
    is_followed: bool,
    #[include(max = toots::id, association = toots)]
    last: Option<i32>,
    #[include(min = toots::body, association = liked_toots)]
    first_liked: Option<String>,
    boss: Option<Named>,
    #[include(association = liked_toots, through, order = toots::id.desc())]
    likes: Vec<(LikedToot, TootView)>,
}

/// A person's name alone: a model of the same table.
#[derive(Model, Queryable, Selectable, Clone, Debug)]
#[diesel(table_name = people)]
struct Named {
    id: i32,
    name: String,
}

#[test]
fn refined_fields_and_aggregates() {
    let conn = &mut *sample();

    let (rows, sent) = record(conn, |conn| {
        people::table
            .order(people::id)
            .load_as::<Summary>(conn)
            .run()
    });
    let rows = rows.unwrap();

    assert_eq!((sent.count(), Summary::QUERIES), (12, 12));
    let ids = |toots: &[Toot]| toots.iter().map(|toot| toot.id).collect::<Vec<_>>();
    let [ada, bob, cleo] = rows.as_slice() else {
        panic!("three people")
    };
    assert_eq!(ada.person.name, "Ada");
    assert_eq!(
        (ids(&ada.others), ids(&ada.later), ada.latest[0].id),
        (vec![2], vec![2], 2)
    );
    assert_eq!(
        (ids(&bob.others), bob.later.len(), bob.latest[0].id),
        (vec![3], 0, 3)
    );
    assert_eq!((cleo.others.len(), cleo.latest.len()), (0, 0));
    assert_eq!(
        [ada.is_followed, bob.is_followed, cleo.is_followed],
        [true, true, false]
    );
    assert_eq!([ada.last, bob.last, cleo.last], [Some(2), Some(3), None]);
    assert_eq!(bob.first_liked.as_deref(), Some("hello"));
    assert_eq!(cleo.first_liked, None);
    let likes: Vec<_> = bob
        .likes
        .iter()
        .map(|(like, view)| {
            (
                like.toot_id,
                &*like.liked_at,
                view.toot.id,
                view.likers.len(),
            )
        })
        .collect();
    assert_eq!(likes, [(2, "2026-02-01", 2, 1), (1, "2026-01-01", 1, 1)]);
    assert_eq!(
        bob.boss.as_ref().map(|boss| (boss.id, &*boss.name)),
        Some((1, "Ada"))
    );
}

mod json {
    use super::*;
    use orm_tests::schema::{cities, people};
    use serde::Serialize;

    #[derive(Model, Queryable, Selectable, Clone, Serialize)]
    #[diesel(table_name = cities)]
    #[has_many(Resident, name = natives, foreign_key = people::birthplace_id)]
    pub(super) struct Town {
        id: i32,
        name: String,
    }

    #[derive(Model, Queryable, Selectable, Clone, Serialize)]
    #[diesel(table_name = people)]
    pub(super) struct Resident {
        id: i32,
        name: String,
    }

    #[derive(Include, Clone, Serialize)]
    #[include(Town)]
    pub(super) struct TownView {
        #[include(row)]
        #[serde(flatten)]
        town: Town,
        #[include(association = natives, order = people::name.desc())]
        people: Vec<Resident>,
        #[include(count = natives)]
        population: i64,
    }
}

#[test]
fn shapes_are_nested_json_in_one_line() {
    let conn = &mut *sample();
    let query = cities::table.filter(cities::id.ne(2)).order(cities::id);

    let json = serde_json::to_value(query.load_as::<json::TownView>(conn).run().unwrap()).unwrap();

    assert_eq!(
        json,
        serde_json::json!([
            {
                "id": 1, "name": "Rome", "population": 2,
                "people": [{"id": 2, "name": "Bob"}, {"id": 1, "name": "Ada"}],
            },
            {"id": 3, "name": "Lima", "population": 0, "people": []},
        ])
    );
}

#[test]
fn a_shape_without_the_row_and_a_model_as_a_shape() {
    #[derive(Include, Clone)]
    #[include(Person)]
    struct Likes {
        #[include(count = liked_toots)]
        count: i64,
    }
    let conn = &mut *sample();

    let likes = people::table
        .order(people::id)
        .load_as::<Likes>(conn)
        .run()
        .unwrap();
    let people = people::table
        .order(people::id)
        .load_as::<Person>(conn)
        .run()
        .unwrap();

    assert_eq!(
        likes.iter().map(|likes| likes.count).collect::<Vec<_>>(),
        [1, 2, 0]
    );
    assert_eq!(people.len(), 3);
}

#[test]
fn counts_in_a_tree_load_no_rows() {
    let conn = &mut *sample();

    let (rows, sent) = record(conn, |conn| {
        people::table
            .filter(people::id.gt(1))
            .order(people::id)
            .include((Person::TOOTS.counted(), Person::FOLLOWERS.counted()))
            .load(conn)
            .run()
    });

    let counts: Vec<_> = rows
        .unwrap()
        .into_iter()
        .map(|(_, toots, followers)| (toots, followers))
        .collect();
    assert_eq!(counts, [(1, 1), (0, 0)]);
    assert_eq!(sent.count(), 3);
    assert!(
        unquoted(&sent.statements[1]).starts_with("SELECT toots.author_id, COUNT(*)"),
        "{sent:?}"
    );
}
