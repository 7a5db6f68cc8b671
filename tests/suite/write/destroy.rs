//! `destroy`, and what `on_delete` declares.

use super::Conn;
use super::prelude::*;
use super::support::{LOCK, READ_BACK, with_tables};
use super::{done, writes};
use diesel::result::Error;
use orm_core::association::{OnDeleteAction, Orphans};
use orm_core::error::{Occupied, Restricted};
use orm_tests::connection::TestConnection;
use orm_tests::database::{Isolated, without_references};

diesel::table! { folders (id) { id -> Integer, parent_id -> Nullable<Integer>, } }
diesel::table! { files (id) { id -> Integer, folder_id -> Integer, owner_id -> Nullable<Integer>, } }
diesel::table! { versions (id) { id -> Integer, file_id -> Integer, } }
diesel::table! { owners (id) { id -> Integer, } }
diesel::table! { locks (id) { id -> Integer, file_id -> Integer, } }
diesel::table! { labels (id) { id -> Integer, } }
diesel::table! { file_labels (file_id, label_id) { file_id -> Integer, label_id -> Integer, } }
diesel::allow_tables_to_appear_in_same_query!(labels, file_labels, files);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = folders)]
#[has_many(Folder, name = subfolders, foreign_key = parent_id, on_delete = cascade)]
#[has_many(File, on_delete = cascade)]
struct Folder {
    id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = files)]
#[has_many(Version, on_delete = cascade)]
#[has_one(Lock, on_delete = restrict)]
#[belongs_to_many(Label, through = file_labels, on_delete = cascade)]
struct File {
    id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = versions)]
struct Version {
    id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = locks)]
struct Lock {
    id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = labels)]
struct Label {
    id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = owners)]
#[has_many(File, on_delete = nullify)]
struct Owner {
    id: i32,
}

/// Folder 1 holds 2, which holds 3; each has a file of the same number.
const TABLES: &str = "
         CREATE TABLE folders (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES folders (id));
         CREATE TABLE owners (id INTEGER PRIMARY KEY);
         CREATE TABLE files (
             id INTEGER PRIMARY KEY, folder_id INTEGER NOT NULL REFERENCES folders (id),
             owner_id INTEGER REFERENCES owners (id));
         CREATE TABLE versions (id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL REFERENCES files (id));
         CREATE TABLE locks (id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL REFERENCES files (id));
         CREATE TABLE labels (id INTEGER PRIMARY KEY);
         CREATE TABLE file_labels (
             file_id INTEGER NOT NULL REFERENCES files (id), label_id INTEGER NOT NULL REFERENCES labels (id),
             PRIMARY KEY (file_id, label_id));
         INSERT INTO folders VALUES (1, NULL), (2, 1), (3, 2), (4, NULL);
         INSERT INTO owners VALUES (1), (2);
         INSERT INTO files VALUES (1, 1, 1), (2, 2, 1), (3, 3, 2), (4, 4, 2);
         INSERT INTO versions VALUES (1, 1), (2, 2), (3, 3), (4, 4);
         INSERT INTO locks VALUES (1, 4);
         INSERT INTO labels VALUES (1);
         INSERT INTO file_labels VALUES (2, 1), (4, 1);";

fn sample() -> Isolated<Conn> {
    with_tables(TABLES)
}

#[test]
fn cascade_goes_through_models_and_down_a_tree() {
    let conn = &mut *sample();

    let destroyed = done(conn, |conn| Folder { id: 2 }.destroy(conn).run());

    assert_eq!(destroyed.result, Ok(()));
    assert_eq!(
        destroyed.gone,
        [
            "file_labels: 2, 1",
            "files: 2, 2, 1",
            "files: 3, 3, 2",
            "folders: 2, 1",
            "folders: 3, 2",
            "versions: 2, 2",
            "versions: 3, 3",
        ]
    );
    assert_eq!(destroyed.new, [""; 0]);
    // two levels below, their files, three of the files' own, the files, two levels
    assert_eq!(
        destroyed.sent.count(),
        9,
        "{:#?}",
        destroyed.sent.statements
    );
}

#[test]
fn cascade_without_more_below_is_one_statement() {
    let conn = &mut *sample();

    writes(
        conn,
        Ok(()),
        4,
        &["files: 1, 1, 1", "versions: 1, 1"],
        &[],
        |conn| File { id: 1 }.destroy(conn).run(),
    );
}

#[test]
fn restrict_refuses_and_deletes_nothing() {
    let conn = &mut *sample();

    for destroyed in [
        done(conn, |conn| File { id: 4 }.destroy(conn).run()),
        done(conn, |conn| Folder { id: 4 }.destroy(conn).run()),
    ] {
        let error = destroyed.result.unwrap_err();
        assert_eq!(
            Restricted::of(&error).map(|of| of.association),
            Some("lock")
        );
        assert_eq!((destroyed.gone, destroyed.new), (vec![], vec![]));
    }
}

#[test]
fn nullify_unlinks() {
    let conn = &mut *sample();

    writes(
        conn,
        Ok(()),
        2,
        &["files: 3, 3, 2", "files: 4, 4, 2", "owners: 2"],
        &["files: 3, 3, NULL", "files: 4, 4, NULL"],
        |conn| Owner { id: 2 }.destroy(conn).run(),
    );
}

#[test]
fn what_is_not_there_is_not_found_and_what_is_not_declared_is_the_databases() {
    let conn = &mut *sample();

    writes(conn, Err(Error::NotFound), 2, &[], &[], |conn| {
        Owner { id: 9 }.destroy(conn).run()
    });
    // nothing is declared of a label, so the database refuses
    let refused = done(conn, |conn| Label { id: 1 }.destroy(conn).run());
    assert!(matches!(refused.result, Err(Error::DatabaseError(..))));
    assert_eq!(refused.sent.count(), 1);
}

#[test]
fn rows_that_hold_each_other_end() {
    let conn = &mut *with_tables(&without_references(TABLES));
    conn.batch("UPDATE folders SET parent_id = 3 WHERE id = 1");

    assert_eq!(Folder { id: 1 }.destroy(conn).run(), Ok(()));
    assert_eq!(
        folders::table.select(folders::id).load(conn).run(),
        Ok(vec![4])
    );
}

#[test]
fn it_is_constant_data() {
    let actions: Vec<_> = File::ASSOCIATIONS
        .iter()
        .map(|association| association.on_delete)
        .collect();
    assert_eq!(
        actions,
        [
            OnDeleteAction::Cascade,
            OnDeleteAction::Restrict,
            OnDeleteAction::Cascade
        ]
        .map(Some)
    );
}

#[test]
fn destroy_of_linked_rows_is_as_their_own_destroy() {
    let conn = &mut *sample();
    let folder = Folder { id: 2 };

    // its file, without that of another folder: one statement to read it, three for
    // what it declares, one to delete it
    writes(
        conn,
        Ok(1),
        5,
        &["file_labels: 2, 1", "files: 2, 2, 1", "versions: 2, 2"],
        &[],
        |conn| folder.destroy_files([1, 2], conn).run(),
    );
    writes(conn, Ok(0), 1, &[], &[], |conn| {
        folder.destroy_file(1, conn).run()
    });
    writes(conn, Ok(0), 0, &[], &[], |conn| {
        folder.destroy_files([0; 0], conn).run()
    });
    // what it restricts stays, with all that would have gone
    let four = Folder { id: 4 };
    for refused in [
        done(conn, |conn| four.destroy_file(4, conn).run().map(drop)),
        done(conn, |conn| {
            four.set_files_destroy_previous([1], conn).run()
        }),
    ] {
        let error = refused.result.unwrap_err();
        assert_eq!(
            Restricted::of(&error).map(|of| of.association),
            Some("lock")
        );
        assert_eq!((refused.gone, refused.new), (vec![], vec![]));
    }
    // a tree goes with its own; only the rows that were linked are counted
    let destroyed = done(conn, |conn| {
        Folder { id: 1 }.destroy_subfolders([2], conn).run()
    });
    assert_eq!(destroyed.result, Ok(1));
    assert_eq!(
        destroyed.gone,
        [
            "files: 3, 3, 2",
            "folders: 2, 1",
            "folders: 3, 2",
            "versions: 3, 3"
        ]
    );
    // a target that declares nothing takes one statement
    writes(conn, Ok(1), 1, &["locks: 1, 4"], &[], |conn| {
        File { id: 4 }.destroy_lock(conn).run()
    });
}

mod orphans {
    //! `orphans = delete`, over keys that may be NULL and keys that may not.
    use super::*;

    diesel::table! { albums (id) { id -> Integer, } }
    diesel::table! { tracks (id) { id -> Integer, album_id -> Integer, } }
    diesel::table! { takes (id) { id -> Integer, track_id -> Integer, } }
    diesel::table! { covers (id) { id -> Integer, album_id -> Nullable<Integer>, kind -> Text, } }
    diesel::table! { prices (id) { id -> Integer, album_id -> Integer, } }
    diesel::allow_tables_to_appear_in_same_query!(albums, tracks, takes, covers, prices);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = albums)]
    #[has_many(Track, orphans = delete)]
    #[has_one(Cover, orphans = delete, scope(kind = "front"))]
    #[has_one(Price)]
    #[has_one(Price, name = offer, foreign_key = album_id, orphans = delete)]
    pub(super) struct Album {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = tracks)]
    #[has_many(Take, on_delete = cascade)]
    pub(super) struct Track {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = takes)]
    pub(super) struct Take {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = covers)]
    pub(super) struct Cover {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = prices)]
    pub(super) struct Price {
        pub(super) id: i32,
    }

    pub(super) fn sample() -> Isolated<Conn> {
        with_tables(
            "CREATE TABLE albums (id INTEGER PRIMARY KEY);
             CREATE TABLE tracks (id INTEGER PRIMARY KEY, album_id INTEGER NOT NULL REFERENCES albums (id));
             CREATE TABLE takes (id INTEGER PRIMARY KEY, track_id INTEGER NOT NULL REFERENCES tracks (id));
             CREATE TABLE covers (id INTEGER PRIMARY KEY, album_id INTEGER, kind TEXT NOT NULL);
             CREATE TABLE prices (id INTEGER PRIMARY KEY, album_id INTEGER NOT NULL);
             INSERT INTO albums VALUES (1), (2);
             INSERT INTO tracks VALUES (1, 1), (2, 1), (3, 1), (4, 2);
             INSERT INTO takes VALUES (1, 1), (2, 2), (3, 4);
             INSERT INTO covers VALUES (1, 1, 'front'), (2, 1, 'back'), (3, NULL, 'front');
             INSERT INTO prices VALUES (1, 1);",
        )
    }
}

#[test]
fn orphans_are_deleted_where_the_declaration_says_so() {
    use orphans::*;
    let conn = &mut *sample();
    let (album, other) = (Album { id: 1 }, Album { id: 2 });

    // with what they take with them, and only their own: read, takes, tracks
    writes(
        conn,
        Ok(1),
        3,
        &["takes: 1, 1", "tracks: 1, 1"],
        &[],
        |conn| album.remove_tracks([1, 4], conn).run(),
    );
    writes(
        conn,
        Ok(()),
        5 + LOCK,
        &["takes: 2, 2", "tracks: 2, 1", "tracks: 4, 2"],
        &["tracks: 4, 1"],
        |conn| album.set_tracks([3, 4], conn).run(),
    );
    writes(conn, Ok(()), 1 + LOCK, &[], &[], |conn| {
        album.set_tracks([4, 3], conn).run()
    });
    // also where the key may be NULL, within the scope
    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &["covers: 1, 1, 'front'", "covers: 3, NULL, 'front'"],
        &["covers: 3, 1, 'front'"],
        |conn| album.set_cover(3, conn).run(),
    );
    let created = done(conn, |conn| {
        album.create_cover(covers::id.eq(4), conn).run()
    });
    assert_eq!(created.result, Ok(Cover { id: 4 }));
    assert_eq!(created.gone, ["covers: 3, 1, 'front'"]);
    assert_eq!(created.new, ["covers: 4, 1, 'front'"]);
    assert_eq!(created.sent.count(), 2 + LOCK + READ_BACK / 2);
    // the source is locked before what it had is destroyed
    let is_first = created.sent.statements[0].contains(" FOR ");
    assert_eq!(is_first, LOCK != 0, "{:?}", created.sent.statements);
    writes(
        conn,
        Ok(()),
        1 + LOCK,
        &["covers: 4, 1, 'front'"],
        &[],
        |conn| album.unset_cover(conn).run(),
    );
    writes(conn, Ok(()), 1 + LOCK, &[], &[], |conn| {
        other.unset_cover(conn).run()
    });
    writes(conn, Ok(()), 1 + LOCK, &["prices: 1, 1"], &[], |conn| {
        album.set_offer(None::<&Price>, conn).run()
    });
}

#[test]
fn a_row_that_may_not_be_unlinked_is_not_replaced() {
    use orphans::*;
    let conn = &mut *sample();

    let refused = done(conn, |conn| {
        Album { id: 1 }.create_price(prices::id.eq(2), conn).run()
    });
    let error = refused.result.unwrap_err();
    assert_eq!(Occupied::of(&error).map(|of| of.association), Some("price"));
    assert_eq!(
        error.to_string(),
        "the association `price` has a row that cannot be unlinked: call `destroy_price` first, or \
         declare it with `orphans = delete`"
    );
    assert_eq!((refused.gone, refused.new), (vec![], vec![]));
    assert_eq!(refused.sent.count(), 1 + LOCK);
    // where there is none it is created
    let created = done(conn, |conn| {
        Album { id: 2 }.create_price(prices::id.eq(2), conn).run()
    });
    assert_eq!(created.new, ["prices: 2, 2"]);
    // and replaced by what says so
    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &["prices: 1, 1", "prices: 2, 2"],
        &["prices: 1, 2"],
        |conn| {
            let album = Album { id: 2 };
            album.set_price_destroy_previous(1, conn).run()
        },
    );
    let replaced = done(conn, |conn| {
        Album { id: 2 }.create_offer(prices::id.eq(3), conn).run()
    });
    assert_eq!(replaced.gone, ["prices: 1, 2"]);
    assert_eq!(replaced.new, ["prices: 3, 2"]);
}

#[test]
fn what_becomes_of_orphans_is_constant_data() {
    let of = |associations: &[orm_core::association::AssociationInfo]| {
        let orphans = associations.iter().map(|association| association.orphans);
        orphans.collect::<Vec<_>>()
    };
    assert_eq!(
        of(orphans::Album::ASSOCIATIONS),
        [
            Orphans::Deleted,
            Orphans::Deleted,
            Orphans::Refused,
            Orphans::Deleted
        ]
        .map(Some)
    );
    assert_eq!(
        of(File::ASSOCIATIONS),
        [Some(Orphans::Refused), Some(Orphans::Refused), None]
    );
    assert_eq!(
        of(Folder::ASSOCIATIONS),
        [Some(Orphans::Unlinked), Some(Orphans::Refused)]
    );
}

mod mutual {
    //! Models that cascade into each other.
    use super::*;

    diesel::table! { authors (id) { id -> Integer, book_id -> Nullable<Integer>, } }
    diesel::table! { books (id) { id -> Integer, author_id -> Nullable<Integer>, } }
    diesel::table! { pages (id) { id -> Integer, book_id -> Integer, } }
    diesel::allow_tables_to_appear_in_same_query!(authors, books, pages);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = authors)]
    #[has_many(Book, on_delete = cascade)]
    pub(super) struct Author {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = books)]
    #[has_many(Author, name = fans, foreign_key = book_id, on_delete = cascade)]
    #[has_many(Page, on_delete = cascade)]
    pub(super) struct Book {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = pages)]
    pub(super) struct Page {
        pub(super) id: i32,
    }
}

/// A chain that is longer than what the compiler follows, and ends where it began.
#[test]
fn models_may_cascade_into_each_other() {
    use mutual::*;
    let conn = &mut *with_tables(
        "CREATE TABLE authors (id INTEGER PRIMARY KEY, book_id INTEGER);
         CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER);
         CREATE TABLE pages (id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL);
         INSERT INTO authors VALUES (1, 40), (50, NULL), (51, 50);
         INSERT INTO books VALUES (50, 50);
         INSERT INTO pages VALUES (1, 3), (2, 39), (3, 50);",
    );
    for number in 1..=40 {
        let next = number + 1;
        conn.batch(&format!("INSERT INTO books VALUES ({number}, {number})"));
        if number < 40 {
            conn.batch(&format!("INSERT INTO authors VALUES ({next}, {number})"));
        }
    }

    assert_eq!(Author { id: 1 }.destroy(conn).run(), Ok(()));
    let left = authors::table.select(authors::id).order(authors::id);
    assert_eq!(left.load(conn).run(), Ok(vec![50, 51]));
    assert_eq!(
        books::table.select(books::id).load(conn).run(),
        Ok(vec![50])
    );
    assert_eq!(pages::table.select(pages::id).load(conn).run(), Ok(vec![3]));
    // and from the middle
    assert_eq!(Author { id: 50 }.destroy_book(50, conn).run(), Ok(1));
    let left = authors::table.select(authors::id).order(authors::id);
    assert_eq!(left.load(conn).run(), Ok(vec![50]));
    assert_eq!(pages::table.count().get_result(conn).run(), Ok(0));
}
