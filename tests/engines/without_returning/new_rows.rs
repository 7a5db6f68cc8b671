//! Rows that are read by their keys after they were inserted.

use super::Conn;
use super::prelude::*;
use crate::relay::relayed;
use diesel::dsl::sql;
use diesel::sql_types::{BigInt, Text};
use orm_tests::connection::TestConnection;
use orm_tests::database::{Isolated, Place, dump};
use orm_tests::recorder::record;

diesel::table! { owners (id) { id -> Integer, name -> Text, } }
diesel::table! { things (id) { id -> BigInt, name -> Text, owner_id -> Integer, } }
diesel::table! { words (word) { word -> Text, owner_id -> Integer, } }
diesel::table! { lines (owner_id, id) { owner_id -> Integer, id -> Integer, name -> Text, } }
diesel::table! { numbers (id) { id -> Integer, owner_id -> Integer, } }

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[has_many(Thing)]
#[has_many(Word)]
#[has_many(Line)]
#[has_many(Number)]
struct Owner {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
struct Thing {
    id: i64,
    name: String,
    owner_id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(primary_key(word))]
struct Word {
    word: String,
    owner_id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(primary_key(owner_id, id))]
struct Line {
    owner_id: i32,
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
struct Number {
    id: i32,
    owner_id: i32,
}

diesel::allow_tables_to_appear_in_same_query!(owners, things, words, lines, numbers);

struct Shop {
    conn: Conn,
    _place: Isolated<Conn>,
}

fn shop() -> Shop {
    let place = Isolated::<Conn>::new(
        Place::shared(Conn::ENGINE),
        "CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE things (
             id BIGINT AUTO_INCREMENT PRIMARY KEY, name TEXT NOT NULL, owner_id INTEGER NOT NULL);
         CREATE TABLE words (word TEXT NOT NULL PRIMARY KEY, owner_id INTEGER NOT NULL);
         CREATE TABLE `lines` (
             owner_id INTEGER NOT NULL, id INTEGER NOT NULL AUTO_INCREMENT, name TEXT NOT NULL,
             PRIMARY KEY (owner_id, id)) ENGINE = MyISAM;
         CREATE TABLE numbers (id INTEGER NOT NULL DEFAULT 7, owner_id INTEGER NOT NULL, PRIMARY KEY (id));
         INSERT INTO owners VALUES (1, 'Ada'), (2, 'Bob');
         INSERT INTO things VALUES (1, 'hat', 1), (2, 'cap', 2);
         INSERT INTO numbers VALUES (1, 2), (2, 2), (3, 2);",
    );
    let mut url = relayed(&place.url());
    if !Conn::BLOCKING {
        // else it goes on by the server's own socket
        url += "?prefer_socket=false";
    }
    let mut shop = Shop {
        conn: Conn::open(&url),
        _place: place,
    };
    // this program meets its server
    ada()
        .create_thing((things::name.eq("first"), things::id.eq(3)), &mut shop.conn)
        .run()
        .unwrap();
    shop
}

fn ada() -> Owner {
    Owner {
        id: 1,
        name: "Ada".into(),
    }
}

#[test]
fn the_server_refuses_what_it_does_not_know_before_it_inserts() {
    let shop = &mut shop();
    let conn = &mut shop.conn;
    assert_eq!(
        dump(conn)
            .iter()
            .filter(|line| line.contains("first"))
            .count(),
        1
    );

    let key = things::id.eq(sql::<BigInt>("40 + 2"));
    let before = dump(conn);
    let refused = ada().create_thing((key, things::name.eq("x")), conn).run();
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("give it as a plain value")
    );
    assert_eq!(dump(conn), before);
}

#[test]
fn a_counted_key_and_a_given_one() {
    let shop = &mut shop();
    let conn = &mut shop.conn;

    let (counted, sent) = record(conn, |conn| {
        let name = things::name.eq(sql::<Text>("upper('a')"));
        ada().create_thing(name, conn).run()
    });
    let counted = counted.unwrap();
    assert_eq!((counted.id, &*counted.name), (4, "A"));
    // the last key is forgotten, the row inserted and read
    assert_eq!(sent.count(), 3, "{:?}", sent.statements);
    let (given, sent) = record(conn, |conn| {
        let values = (things::name.eq("b"), things::id.eq(50));
        ada().create_thing(values, conn).run()
    });
    assert_eq!(given.unwrap().id, 50);
    assert_eq!(sent.count(), 2);
    let word = ada().create_word(words::word.eq("w"), conn).run();
    assert_eq!(word.unwrap().word, "w");
    // an expression is not looked into
    let null = (things::name.eq("c"), things::id.eq(sql::<BigInt>("NULL")));
    ada().create_thing(null, conn).run().unwrap_err();
}

#[test]
fn keys_of_which_some_are_given() {
    let lists: [&[Option<i64>]; 5] = [
        &[Some(5), None, Some(1002)],
        &[Some(5), None, None],
        &[None, Some(500), None, Some(600), None],
        &[None, None, None],
        &[Some(8), Some(7)],
    ];
    for step in [1, 3] {
        for ids in lists {
            let shop = &mut shop();
            let conn = &mut shop.conn;
            conn.batch(&format!("SET auto_increment_increment = {step}"));
            let names = ["a", "b", "c", "d", "e"];
            let rows = ids.iter().zip(names);
            let things = rows
                .clone()
                .map(|(id, name)| (id.map(|id| things::id.eq(id)), things::name.eq(name)));
            let tree = Owner::new_tree(owners::name.eq("Eve"), Owner::THINGS.new_rows(things));
            let (eve, things) = tree.create(conn).run().unwrap();
            assert_eq!(things.len(), ids.len(), "{ids:?}");
            for ((id, name), thing) in rows.zip(&things) {
                assert_eq!((&*thing.name, thing.owner_id), (name, eve.id), "{ids:?}");
                assert!(id.is_none_or(|id| id == thing.id), "{ids:?}");
            }
        }
    }
}

/// A key of several columns is counted for each value of the others.
#[test]
fn counted_parts_of_keys() {
    let shop = &mut shop();
    let conn = &mut shop.conn;
    conn.batch("INSERT INTO `lines` VALUES (1, 1, 'x'), (1, 2, 'y'), (2, 1, 'z')");

    let lines = ["a", "b"].map(|name| lines::name.eq(name));
    let tree = Owner::new_tree(owners::name.eq("Eve"), Owner::LINES.new_rows(lines));
    let (eve, lines) = tree.create(conn).run().unwrap();
    let lines: Vec<_> = lines
        .iter()
        .map(|line| (line.owner_id, line.id, &*line.name))
        .collect();
    assert_eq!(lines, [(eve.id, 1, "a"), (eve.id, 2, "b")]);
    let line = ada().create_line(lines::name.eq("c"), conn).run().unwrap();
    assert_eq!((line.id, &*line.name), (3, "c"));
}

/// A key that the database makes in another way than by counting is not taken for the
/// last one that it counted.
#[test]
fn a_key_that_is_not_counted_is_not_guessed() {
    let shop = &mut shop();
    let conn = &mut shop.conn;
    conn.batch("INSERT INTO things (name, owner_id) VALUES ('counts', 1)");
    conn.batch("DELETE FROM things WHERE id > 3; ALTER TABLE things AUTO_INCREMENT = 1");
    conn.batch("INSERT INTO numbers VALUES (4, 2), (5, 2)");
    let before = dump(conn);

    let unknown = ada().create_number(numbers::owner_id.eq(1), conn).run();
    assert!(
        unknown
            .unwrap_err()
            .to_string()
            .contains("give it as a plain value")
    );
    assert_eq!(dump(conn), before);
}

#[test]
fn many_rows() {
    let shop = &mut shop();
    let conn = &mut shop.conn;
    let names: Vec<_> = (0..1_200).map(|number| format!("n{number}")).collect();

    let things = names.iter().map(|name| things::name.eq(name));
    let tree = Owner::new_tree(owners::name.eq("Eve"), Owner::THINGS.new_rows(things));
    let (_, things) = tree.create(conn).run().unwrap();
    assert!(things.iter().map(|thing| &thing.name).eq(&names));
}
