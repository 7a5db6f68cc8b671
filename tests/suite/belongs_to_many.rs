use super::prelude::*;
use super::support::{person, sends, toot};
use super::support::{sample, with_tables};
use orm_tests::connection::TestConnection;
use orm_tests::models::{LikedToot, Person, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{liked_toots, toots};

#[test]
fn getter() {
    let conn = &mut *sample();
    let (bob, cleo) = (person(2, conn), person(3, conn));

    let liked = sends(
        conn,
        &[
            "FROM (liked_toots INNER JOIN toots ON liked_toots.toot_id = toots.id) \
           WHERE liked_toots.person_id = ? ORDER BY liked_toots.toot_id -- binds: [2]",
        ],
        |conn| bob.liked_toots(conn).run(),
    );

    assert_eq!(liked, [toot(1, conn), toot(2, conn)]);
    assert_eq!(cleo.liked_toots(conn).run(), Ok(vec![]));
}

#[test]
fn the_other_end() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));

    assert_eq!(toot(1, conn).likers(conn).run(), Ok(vec![bob]));
    assert_eq!(toot(3, conn).likers(conn).run(), Ok(vec![ada]));
}

#[test]
fn with_junction_rows() {
    let conn = &mut *sample();
    let (bob, cleo) = (person(2, conn), person(3, conn));

    let liked: Vec<(LikedToot, Toot)> = sends(
        conn,
        &[
            "FROM (liked_toots INNER JOIN toots ON liked_toots.toot_id = toots.id) \
           WHERE liked_toots.person_id = ? ORDER BY liked_toots.toot_id -- binds: [2]",
        ],
        |conn| bob.liked_toots_with_through(conn).run(),
    );

    let since: Vec<_> = liked
        .iter()
        .map(|(like, toot)| (like.liked_at.as_str(), toot.body.as_str()))
        .collect();
    assert_eq!(since, [("2026-01-01", "hello"), ("2026-02-01", "rust")]);
    assert_eq!(cleo.liked_toots_with_through(conn).run(), Ok(vec![]));
}

#[test]
fn query_composes() {
    let conn = &mut *sample();
    let bob = person(2, conn);
    let query = || bob.liked_toots_query();

    let latest = query()
        .order(liked_toots::liked_at.desc())
        .limit(1)
        .load::<Toot>(conn)
        .run();
    assert_eq!(latest.unwrap()[0].body, "rust");
    assert_eq!(
        query()
            .filter(toots::body.eq("hello"))
            .count()
            .get_result::<i64>(conn)
            .run(),
        Ok(1)
    );
    let selected = query()
        .order(toots::id)
        .select(Toot::as_select())
        .load(conn)
        .run();
    assert_eq!(selected, bob.liked_toots(conn).run());
}

#[test]
fn count_is_of_rows_that_are_there() {
    let conn = &mut *sample();
    let (bob, cleo) = (person(2, conn), person(3, conn));

    let count = sends(
        conn,
        &[
            "SELECT COUNT(*) FROM (liked_toots INNER JOIN toots ON liked_toots.toot_id = toots.id) \
           WHERE liked_toots.person_id = ? -- binds: [2]",
        ],
        |conn| bob.count_liked_toots(conn).run(),
    );

    assert_eq!(count, 2);
    assert_eq!(cleo.count_liked_toots(conn).run(), Ok(0));
}

#[test]
fn has_is_of_rows_that_are_there() {
    let conn = &mut *sample();
    let bob = person(2, conn);
    let (hello, diesel) = (toot(1, conn), toot(3, conn));

    let has = sends(
        conn,
        &["SELECT DISTINCT liked_toots.toot_id \
             FROM (liked_toots INNER JOIN toots ON liked_toots.toot_id = toots.id) WHERE (liked_toots.person_id = ? \
           AND liked_toots.toot_id = ?) -- binds: [2, 1]"],
        |conn| bob.has_liked_toot(&hello, conn).run(),
    );

    assert!(has);
    assert_eq!(bob.has_liked_toot(&diesel, conn).run(), Ok(false));
    assert_eq!(bob.has_liked_toots([1, 2, 2], conn).run(), Ok(true));
    assert_eq!(
        bob.has_liked_toots([&hello, &diesel], conn).run(),
        Ok(false)
    );
    let (none, sent) = record(conn, |conn| bob.has_liked_toots([0; 0], conn).run());
    assert_eq!((none, sent.count()), (Ok(true), 0));
}

#[test]
fn of_itself_through_a_table() {
    let conn = &mut *sample();
    let (ada, bob, cleo) = (person(1, conn), person(2, conn), person(3, conn));

    let followers = sends(
        conn,
        &[
            "FROM (follows INNER JOIN people ON follows.follower_id = people.id) \
           WHERE follows.followed_id = ? ORDER BY follows.follower_id -- binds: [1]",
        ],
        |conn| ada.followers(conn).run(),
    );

    assert_eq!(followers, [bob.clone(), cleo.clone()]);
    assert_eq!(ada.following(conn).run(), Ok(vec![bob.clone()]));
    assert_eq!(cleo.has_followed(&ada, conn).run(), Ok(true));
    assert_eq!(ada.has_followed(&cleo, conn).run(), Ok(false));
    assert_eq!(ada.has_followers([&bob, &cleo], conn).run(), Ok(true));
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

    let conn = &mut *with_tables(
        "CREATE TABLE tags (id INTEGER PRIMARY KEY);
         CREATE TABLE notes (id INTEGER PRIMARY KEY);
         CREATE TABLE taggings (id INTEGER PRIMARY KEY, tag_id INTEGER, note_id INTEGER NOT NULL);
         INSERT INTO tags VALUES (1), (2);
         INSERT INTO notes VALUES (1), (2);
         INSERT INTO taggings VALUES (1, 1, 1), (2, 1, 1), (3, 2, 1), (4, 2, 2);",
    );
    let note = Note { id: 1 };

    assert_eq!(
        note.tags(conn).run(),
        Ok(vec![Tag { id: 1 }, Tag { id: 1 }, Tag { id: 2 }])
    );
    assert_eq!(note.count_tags(conn).run(), Ok(3));
    assert_eq!(
        note.has_tags([1, 2], conn).run(),
        Ok(true),
        "counted once each"
    );
    let junction: Vec<_> = note.tags_with_through(conn).run().unwrap();
    assert_eq!(
        junction
            .iter()
            .map(|(tagging, _)| tagging.id)
            .collect::<Vec<_>>(),
        [1, 2, 3]
    );
    conn.batch("DELETE FROM taggings WHERE tag_id = 1");
    assert_eq!(note.has_tags([1, 2], conn).run(), Ok(false));
}

#[test]
fn constants_are_values() {
    let (likes, same) = (Person::LIKED_TOOTS, Person::LIKED_TOOTS);
    assert_eq!(format!("{likes:?}"), format!("{same:?}"));
    assert_eq!(size_of_val(&likes), 0);
}
