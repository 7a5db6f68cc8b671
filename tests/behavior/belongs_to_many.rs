use crate::support::{person, sends, toot};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::database::{sample, with_tables};
use orm_tests::models::{LikedToot, Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{liked_toots, toots};

#[test]
fn getter() {
    let mut conn = sample();
    let (bob, cleo) = (person(2, &mut conn), person(3, &mut conn));

    let liked = sends(
        &mut conn,
        &[
            "FROM (liked_toots INNER JOIN toots ON liked_toots.toot_id = toots.id) \
           WHERE liked_toots.person_id = ? ORDER BY liked_toots.toot_id -- binds: [Some(2)]",
        ],
        |conn| bob.liked_toots(conn),
    );

    assert_eq!(liked, [toot(1, &mut conn), toot(2, &mut conn)]);
    assert_eq!(cleo.liked_toots(&mut conn), Ok(vec![]));
}

#[test]
fn the_other_end() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));

    assert_eq!(toot(1, &mut conn).likers(&mut conn), Ok(vec![bob]));
    assert_eq!(toot(3, &mut conn).likers(&mut conn), Ok(vec![ada]));
}

#[test]
fn with_junction_rows() {
    let mut conn = sample();
    let (bob, cleo) = (person(2, &mut conn), person(3, &mut conn));

    let liked: Vec<(LikedToot, Toot)> = sends(
        &mut conn,
        &[
            "FROM (liked_toots INNER JOIN toots ON liked_toots.toot_id = toots.id) \
           WHERE liked_toots.person_id = ? ORDER BY liked_toots.toot_id -- binds: [Some(2)]",
        ],
        |conn| bob.liked_toots_with_through(conn),
    );

    let since: Vec<_> = liked
        .iter()
        .map(|(like, toot)| (like.liked_at.as_str(), toot.body.as_str()))
        .collect();
    assert_eq!(since, [("2026-01-01", "hello"), ("2026-02-01", "rust")]);
    assert_eq!(cleo.liked_toots_with_through(&mut conn), Ok(vec![]));
}

#[test]
fn query_composes() {
    let mut conn = sample();
    let bob = person(2, &mut conn);
    let query = || bob.liked_toots_query();

    let latest = query()
        .order(liked_toots::liked_at.desc())
        .limit(1)
        .load::<Toot>(&mut conn);
    assert_eq!(latest.unwrap()[0].body, "rust");
    assert_eq!(
        query()
            .filter(toots::body.eq("hello"))
            .count()
            .get_result::<i64>(&mut conn),
        Ok(1)
    );
    let selected = query()
        .order(toots::id)
        .select(Toot::as_select())
        .load(&mut conn);
    assert_eq!(selected, bob.liked_toots(&mut conn));
}

#[test]
fn count_is_of_links() {
    let mut conn = sample();
    let (bob, cleo) = (person(2, &mut conn), person(3, &mut conn));

    let count = sends(
        &mut conn,
        &["SELECT COUNT(*) FROM liked_toots WHERE liked_toots.person_id = ? -- binds: [Some(2)]"],
        |conn| bob.count_liked_toots(conn),
    );

    assert_eq!(count, 2);
    assert_eq!(cleo.count_liked_toots(&mut conn), Ok(0));
}

#[test]
fn has_is_of_links() {
    let mut conn = sample();
    let bob = person(2, &mut conn);
    let (hello, diesel) = (toot(1, &mut conn), toot(3, &mut conn));

    let has = sends(
        &mut conn,
        &[
            "SELECT DISTINCT liked_toots.toot_id FROM liked_toots WHERE (liked_toots.person_id = ? \
           AND liked_toots.toot_id = ?) -- binds: [Some(2), Some(1)]",
        ],
        |conn| bob.has_liked_toot(&hello, conn),
    );

    assert!(has);
    assert_eq!(bob.has_liked_toot(&diesel, &mut conn), Ok(false));
    assert_eq!(bob.has_liked_toots([1, 2, 2], &mut conn), Ok(true));
    assert_eq!(bob.has_liked_toots([&hello, &diesel], &mut conn), Ok(false));
    let (none, sent) = record(&mut conn, |conn| bob.has_liked_toots([0; 0], conn));
    assert_eq!((none, sent.count()), (Ok(true), 0));
}

#[test]
fn of_itself_through_a_table() {
    let mut conn = sample();
    let (ada, bob, cleo) = (
        person(1, &mut conn),
        person(2, &mut conn),
        person(3, &mut conn),
    );

    let followers = sends(
        &mut conn,
        &[
            "FROM (follows INNER JOIN people ON follows.follower_id = people.id) \
           WHERE follows.followed_id = ? ORDER BY follows.follower_id -- binds: [Some(1)]",
        ],
        |conn| ada.followers(conn),
    );

    assert_eq!(followers, [bob.clone(), cleo.clone()]);
    assert_eq!(ada.following(&mut conn), Ok(vec![bob.clone()]));
    assert_eq!(cleo.has_followed(&ada, &mut conn), Ok(true));
    assert_eq!(ada.has_followed(&cleo, &mut conn), Ok(false));
    assert_eq!(ada.has_followers([&bob, &cleo], &mut conn), Ok(true));
}

#[test]
fn better_duplicate_pairs_are_rows_and_getter_include_and_count_agree() {
    diesel::table! { tags (id) { id -> Integer, } }
    diesel::table! { taggings (id) { id -> Integer, tag_id -> Nullable<Integer>, note_id -> Integer, } }
    diesel::table! { notes (id) { id -> Integer, } }
    diesel::allow_tables_to_appear_in_same_query!(tags, taggings, notes);

    #[derive(Model, Queryable, Selectable, Debug, PartialEq)]
    #[belongs_to_many(Tag, through = Tagging)]
    struct Note {
        id: i32,
    }
    #[derive(Model, Queryable, Selectable, Debug, PartialEq)]
    struct Tag {
        id: i32,
    }
    #[derive(Model, Queryable, Selectable, Debug, PartialEq)]
    struct Tagging {
        id: i32,
    }

    let mut conn = with_tables(
        "CREATE TABLE tags (id INTEGER PRIMARY KEY);
         CREATE TABLE notes (id INTEGER PRIMARY KEY);
         CREATE TABLE taggings (id INTEGER PRIMARY KEY, tag_id INTEGER, note_id INTEGER NOT NULL);
         INSERT INTO tags VALUES (1), (2);
         INSERT INTO notes VALUES (1), (2);
         INSERT INTO taggings VALUES (1, 1, 1), (2, 1, 1), (3, 2, 1), (4, 2, 2);",
    );
    let note = Note { id: 1 };

    assert_eq!(
        note.tags(&mut conn),
        Ok(vec![Tag { id: 1 }, Tag { id: 1 }, Tag { id: 2 }])
    );
    assert_eq!(note.count_tags(&mut conn), Ok(3));
    assert_eq!(
        note.has_tags([1, 2], &mut conn),
        Ok(true),
        "counted once each"
    );
    let junction: Vec<_> = note.tags_with_through(&mut conn).unwrap();
    assert_eq!(
        junction
            .iter()
            .map(|(tagging, _)| tagging.id)
            .collect::<Vec<_>>(),
        [1, 2, 3]
    );
    conn.batch_execute("DELETE FROM taggings WHERE tag_id = 1")
        .unwrap();
    assert_eq!(note.has_tags([1, 2], &mut conn), Ok(false));
}

#[test]
fn constants_are_values() {
    let (likes, same) = (Person::LIKED_TOOTS, Person::LIKED_TOOTS);
    assert_eq!(format!("{likes:?}"), format!("{same:?}"));
    assert_eq!(size_of_val(&likes), 0);
}
