//! A limit for each parent.

use super::Conn;
use super::prelude::*;
use super::support::sample;
use super::support::short;
use orm_tests::connection::TestConnection;
use orm_tests::database::Isolated;
use orm_tests::models::{Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{people, toots};

/// Ada writes six toots and Bob three; Bob likes all of Ada's, Cleo two.
fn toots() -> Isolated<Conn> {
    let mut conn = sample();
    conn.batch(
        "INSERT INTO toots (id, body, author_id) VALUES (4, 'd', 1), (5, 'c', 1), (6, 'b', 1), (7, 'a', 1),
             (8, 'y', 2), (9, 'x', 2);
         INSERT INTO liked_toots (person_id, toot_id) VALUES (2, 4), (2, 5), (2, 6), (2, 7), (3, 9), (3, 8);",
    );
    conn
}

fn ids(toots: &[Toot]) -> Vec<i32> {
    toots.iter().map(|toot| toot.id).collect()
}

#[test]
fn the_first_of_each_parent() {
    let conn = &mut *toots();

    for whole in [true, false] {
        let query = people::table.order(people::id).into_boxed();
        let query = if whole {
            query
        } else {
            query.filter(people::id.gt(0))
        };
        let (rows, sent) = record(conn, |conn| {
            query
                .include(Person::TOOTS.order(toots::id.desc()).limit(2))
                .load(conn)
                .run()
        });

        let rows: Vec<_> = rows.unwrap().iter().map(|(_, toots)| ids(toots)).collect();
        assert_eq!(rows, [vec![7, 6], vec![9, 8], vec![]]);
        assert_eq!(sent.count(), 2);
        assert!(short(&sent.statements[1]).contains(
            "WHERE (toots.id) IN (SELECT id FROM (SELECT toots.id, ROW_NUMBER() OVER \
             (PARTITION BY toots.author_id ORDER BY toots.id DESC, toots.id) AS orm_rank FROM toots"
        ));
    }
}

#[test]
fn after_an_offset_with_a_filter_and_a_tree_below() {
    let conn = &mut *toots();

    let rows: Vec<(Person, Vec<(Toot, Vec<Person>)>)> = people::table
        .order(people::id)
        .include(
            Person::TOOTS
                .filter(toots::id.gt(2))
                .order(toots::body)
                .limit(2)
                .offset(1)
                .include(Toot::LIKERS),
        )
        .load(conn)
        .run()
        .unwrap();

    let bodies: Vec<Vec<_>> = rows
        .iter()
        .map(|(_, toots)| {
            toots
                .iter()
                .map(|(toot, likers)| (&*toot.body, likers.len()))
                .collect()
        })
        .collect();
    assert_eq!(
        bodies,
        [vec![("b", 1), ("c", 1)], vec![("x", 1), ("y", 1)], vec![]]
    );
}

#[test]
fn better_a_limit_for_each_parent_through_a_junction() {
    let conn = &mut *toots();

    let (rows, sent) = record(conn, |conn| {
        people::table
            .filter(people::id.gt(1))
            .order(people::id)
            .include(
                Person::LIKED_TOOTS
                    .filter(toots::id.ne(9))
                    .order(toots::body.desc())
                    .limit(3),
            )
            .load(conn)
            .run()
    });

    let rows: Vec<_> = rows.unwrap().iter().map(|(_, toots)| ids(toots)).collect();
    assert_eq!(rows, [vec![2, 1, 4], vec![8]]);
    assert_eq!(sent.count(), 3);
}

#[test]
fn equal_rows_come_by_primary_key_and_a_limit_of_nothing_is_none() {
    let conn = &mut *toots();
    conn.batch("UPDATE toots SET body = 'same'");
    let mut load = |limit| {
        let node = Person::TOOTS.order(toots::body).limit(limit);
        let rows = people::table
            .find(1)
            .include(node)
            .load(conn)
            .run()
            .unwrap();
        ids(&rows[0].1)
    };

    assert_eq!(load(3), [1, 2, 4]);
    assert_eq!(load(0), [0; 0]);
    assert_eq!(load(i64::MAX).len(), 6);
}

#[test]
fn of_a_self_reference() {
    let conn = &mut *toots();

    let rows = people::table
        .order(people::id)
        .include((
            Person::FOLLOWERS.order(people::id.desc()).limit(1),
            Person::REPORTS.order(people::name).limit(1),
        ))
        .load(conn)
        .run()
        .unwrap();

    let followers: Vec<Vec<_>> = rows
        .iter()
        .map(|row| row.1.iter().map(|person| person.id).collect())
        .collect();
    assert_eq!(followers, [vec![3], vec![1], vec![]]);
    assert_eq!(rows[0].2[0].id, 2);
}
