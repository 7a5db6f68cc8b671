//! A limit for each parent.

use super::Conn;
use super::prelude::*;
use super::support::{sample, short, with_tables};
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
            "WHERE (toots.id) IN (SELECT k0 FROM (SELECT toots.id AS k0, ROW_NUMBER() OVER \
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

diesel::table! { users (tenant_id, id) { tenant_id -> Integer, id -> Integer, } }
diesel::table! { teams (tenant_id, id) { tenant_id -> Integer, id -> Integer, name -> Text, } }
diesel::table! {
    seats (tenant_id, user_id, team_id) { tenant_id -> Integer, user_id -> Integer, team_id -> Integer, }
}
diesel::allow_tables_to_appear_in_same_query!(users, teams, seats);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = users, primary_key(tenant_id, id))]
#[belongs_to_many(Team, through = seats, foreign_key = (tenant_id, user_id), other_key = (tenant_id, team_id))]
struct User {
    tenant_id: i32,
    id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = teams, primary_key(tenant_id, id))]
#[belongs_to_many(User, through = seats, foreign_key = (tenant_id, team_id), other_key = (tenant_id, user_id))]
struct Team {
    tenant_id: i32,
    id: i32,
}

/// The two keys of the junction share the column of the tenant.
#[test]
fn better_a_limit_through_a_junction_whose_keys_share_a_column() {
    let conn = &mut *with_tables(
        "CREATE TABLE users (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (tenant_id, id));
         CREATE TABLE teams (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (tenant_id, id));
         CREATE TABLE seats (tenant_id INTEGER NOT NULL, user_id INTEGER NOT NULL, team_id INTEGER NOT NULL,
             PRIMARY KEY (tenant_id, user_id, team_id));",
    );
    conn.batch(
        "INSERT INTO users VALUES (1, 1), (1, 2), (2, 1), (3, 1);
         INSERT INTO teams VALUES (1, 1, 'c'), (1, 2, 'b'), (1, 3, 'a'), (2, 1, 'z'), (2, 2, 'y');
         INSERT INTO seats VALUES (1, 1, 1), (1, 1, 2), (1, 1, 3), (1, 2, 1), (2, 1, 1), (2, 1, 2);",
    );

    for whole in [true, false] {
        let query = users::table
            .order((users::tenant_id, users::id))
            .into_boxed();
        let query = if whole {
            query
        } else {
            query.filter(users::id.gt(0))
        };
        let (rows, sent) = record(conn, |conn| {
            let teams = User::TEAMS.order(teams::name).limit(1).offset(1);
            query
                .include((teams, User::TEAMS.order(teams::name).limit(2)))
                .load(conn)
                .run()
        });
        let rows: Vec<_> = rows
            .unwrap()
            .into_iter()
            .map(|(_, second, two)| {
                let ids = |teams: Vec<Team>| {
                    teams
                        .iter()
                        .map(|team| (team.tenant_id, team.id))
                        .collect::<Vec<_>>()
                };
                (ids(second), ids(two))
            })
            .collect();
        assert_eq!(
            rows,
            [
                (vec![(1, 2)], vec![(1, 3), (1, 2)]),
                (vec![], vec![(1, 1)]),
                (vec![(2, 1)], vec![(2, 2), (2, 1)]),
                (vec![], vec![]),
            ]
        );
        assert_eq!(sent.count(), 5);
    }
}

#[test]
fn a_limit_or_an_offset_below_zero_is_an_error() {
    let conn = &mut *toots();
    let people = || people::table.order(people::id);

    let errors = [
        people()
            .include(Person::TOOTS.order(toots::id).limit(-1))
            .load(conn)
            .run()
            .unwrap_err(),
        people()
            .include(Person::TOOTS.order(toots::id).limit(1).offset(-7))
            .load(conn)
            .run()
            .unwrap_err(),
        people()
            .include(Person::LIKED_TOOTS.order(toots::id).limit(i64::MIN))
            .load(conn)
            .run()
            .unwrap_err(),
    ];

    for (error, message) in errors.iter().zip(["limit", "offset", "limit"]) {
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.to_string().contains("negative"), "{error}");
    }
    // and the connection goes on
    assert_eq!(people::table.count().get_result(conn).run(), Ok(3_i64));
}
