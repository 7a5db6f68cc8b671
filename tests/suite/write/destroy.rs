//! `destroy`, and what `on_delete` declares.

use super::Conn;
use super::prelude::*;
use super::support::with_tables;
use super::{done, writes};
use diesel::result::Error;
use orm_core::association::OnDeleteAction;
use orm_core::error::Restricted;
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
        let Err(Error::QueryBuilderError(error)) = destroyed.result else {
            panic!("the lock was not seen");
        };
        let restricted = error.downcast_ref::<Restricted>().unwrap();
        assert_eq!(restricted.association, "lock");
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
