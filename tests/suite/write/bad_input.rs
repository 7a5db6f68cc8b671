//! Input that is wrong or hostile: a clear result, and nothing half-done.

use super::Conn;
use super::prelude::*;
use super::support::{LOCK, is_key};
use super::support::{person, toot};
use super::support::{sample, with_tables};
use super::{done, writes};
use diesel::result::Error;
use orm_core::error::NullKey;
use orm_tests::database::Isolated;
use orm_tests::models::{Person, Toot};

diesel::table! { teams (name) { name -> Text, } }
diesel::table! { players (id) { id -> Text, team_name -> Nullable<Text>, } }
diesel::table! { seasons (team_name, player_id) { team_name -> Text, player_id -> Text, } }
diesel::allow_tables_to_appear_in_same_query!(teams, players, seasons);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = teams, primary_key(name))]
#[has_many(Player, foreign_key = team_name)]
#[belongs_to_many(Player, name = seasons, through = seasons, foreign_key = team_name)]
struct Team {
    name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = players)]
#[belongs_to_one(Team, foreign_key = team_name)]
struct Player {
    id: String,
    team_name: Option<String>,
}

fn teams(names: &[String]) -> Isolated<Conn> {
    let mut conn = with_tables(
        "CREATE TABLE teams (name TEXT PRIMARY KEY);
         CREATE TABLE players (id TEXT PRIMARY KEY, team_name TEXT REFERENCES teams (name));
         CREATE TABLE seasons (team_name TEXT, player_id TEXT, PRIMARY KEY (team_name, player_id));",
    );
    for name in names {
        let values = (teams::name.eq(name),);
        diesel::insert_into(teams::table)
            .values(values)
            .execute(&mut *conn)
            .run()
            .unwrap();
        let values = (players::id.eq(name),);
        diesel::insert_into(players::table)
            .values(values)
            .execute(&mut *conn)
            .run()
            .unwrap();
    }
    conn
}

#[test]
fn hostile_texts_are_keys_like_any_other() {
    let names = [
        "'; DROP TABLE teams; --".to_owned(),
        "\"quoted\" `ticked` [bracketed] \\".to_owned(),
        "a\0b".to_owned(),
        "😀 %_?$1".to_owned(),
        String::new(),
        "x".repeat(1 << 20),
    ];
    let names: Vec<_> = names.into_iter().filter(|name| is_key(name)).collect();
    let count = i64::try_from(names.len()).unwrap();
    let conn = &mut *teams(&names);

    for name in &names {
        let team = Team { name: name.clone() };
        assert_eq!(team.add_players(&names, conn).run(), Ok(()));
        assert_eq!(team.count_players(conn).run(), Ok(count));
        assert_eq!(team.set_players([name], conn).run(), Ok(()));
        assert_eq!(team.players(conn).run().map(|players| players.len()), Ok(1));
        assert_eq!(team.add_seasons(&names, conn).run(), Ok(()));
        assert_eq!(team.has_seasons(&names, conn).run(), Ok(true));
        assert_eq!(
            team.remove_seasons(&names[1..], conn).run(),
            Ok(names.len() - 1)
        );
        let mut player = Player {
            id: name.clone(),
            team_name: None,
        };
        assert_eq!(player.set_team(name, conn).run(), Ok(()));
        assert_eq!(player.team(conn).run(), Ok(Some(team)));
    }
    assert_eq!(seasons::table.count().get_result(conn).run(), Ok(count));
}

fn null_key<T: std::fmt::Debug>(result: QueryResult<T>) -> &'static str {
    match result {
        Err(Error::QueryBuilderError(error)) => {
            error
                .downcast_ref::<NullKey>()
                .expect("a NULL key is the reason")
                .association
        }
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_null_key_is_said_to_be_one_and_nothing_is_sent() {
    use nulls::*;
    let conn = &mut *with_tables(
        "CREATE TABLE boxes (id INTEGER PRIMARY KEY, row_no INTEGER, place INTEGER);
         CREATE TABLE items (id INTEGER PRIMARY KEY, row_no INTEGER, place INTEGER);",
    );
    let half = Box {
        id: 1,
        row_no: Some(1),
        place: None,
    };

    let added = done(conn, |conn| half.add_item(1, conn).run());
    assert_eq!((null_key(added.result), added.sent.count()), ("items", 0));
    let set = done(conn, |conn| half.set_items([0; 0], conn).run());
    assert_eq!((null_key(set.result), set.sent.count()), ("items", 0));
    let created = done(conn, |conn| half.create_item(items::id.eq(1), conn).run());
    assert_eq!(
        (null_key(created.result), created.sent.count()),
        ("items", 0)
    );
    let mut item = Item {
        id: 1,
        row_no: None,
        place: None,
    };
    let set = done(conn, |conn| item.set_holder(&half, conn).run());
    assert_eq!((null_key(set.result), set.sent.count()), ("holder", 0));
}

mod nulls {
    use super::*;

    diesel::table! {
        boxes (id) { id -> Integer, row_no -> Nullable<Integer>, place -> Nullable<Integer>, }
    }
    diesel::table! {
        items (id) { id -> Integer, row_no -> Nullable<Integer>, place -> Nullable<Integer>, }
    }
    diesel::allow_tables_to_appear_in_same_query!(boxes, items);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = boxes)]
    #[has_many(Item, foreign_key = (row_no, place), source_key = (row_no, place))]
    pub(super) struct Box {
        pub(super) id: i32,
        pub(super) row_no: Option<i32>,
        pub(super) place: Option<i32>,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = items)]
    #[belongs_to_one(
        Box,
        name = holder,
        foreign_key = (row_no, place),
        target_key = (boxes::row_no, boxes::place),
    )]
    pub(super) struct Item {
        pub(super) id: i32,
        pub(super) row_no: Option<i32>,
        pub(super) place: Option<i32>,
    }
}

#[test]
fn rows_that_are_not_saved_or_not_there() {
    let conn = &mut *sample();
    let ada = person(1, conn);
    let unsaved = Toot {
        id: 99,
        body: "draft".into(),
        author_id: 1,
    };
    let ghost = Person {
        id: 99,
        ..ada.clone()
    };

    writes(conn, Err(Error::NotFound), 1, &[], &[], |conn| {
        ada.add_toot(&unsaved, conn).run()
    });
    writes(conn, Ok(0), 1, &[], &[], |conn| {
        ada.remove_toot(&unsaved, conn).run()
    });
    writes(conn, Ok(0), 1, &[], &[], |conn| {
        ada.remove_liked_toot(&unsaved, conn).run()
    });
    // a ghost has nothing, and can be given nothing
    let hello = toot(1, conn);
    for given in [
        done(conn, |conn| ghost.add_toot(&hello, conn).run()),
        done(conn, |conn| ghost.add_liked_toots([1, 2], conn).run()),
    ] {
        assert!(matches!(given.result, Err(Error::DatabaseError(..))));
        assert_eq!((given.gone, given.new), (vec![], vec![]));
    }
    // where it is locked first it is missed at once
    let is_locked = LOCK != 0;
    let given = done(conn, |conn| ghost.set_driving_license(3, conn).run());
    assert_eq!(given.result == Err(Error::NotFound), is_locked);
    assert!(given.result.is_err());
    assert_eq!((given.gone, given.new), (vec![], vec![]));
    let nothing = if is_locked {
        Err(Error::NotFound)
    } else {
        Ok(())
    };
    writes(conn, nothing, 1, &[], &[], |conn| {
        ghost.set_liked_toots([0; 0], conn).run()
    });
    writes(conn, Err(Error::NotFound), 1, &[], &[], |conn| {
        ghost.destroy(conn).run()
    });
}
