//! What the values of a new row may be: with the columns that the association sets
//! among them, embedded structs, expressions, and keys of which only some are given.

use super::prelude::*;
use super::support::{READ_BACK, with_tables};
use super::{Conn, done, writes};
use diesel::backend::Backend;
use diesel::dsl::sql;
use diesel::expression::{AppearsOnTable, Expression};
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Integer, Text};
use orm_tests::connection::TestConnection;
use orm_tests::database::Isolated;

diesel::table! { owners (id) { id -> Integer, name -> Text, } }
diesel::table! { badges (id) { id -> Integer, label -> Text, owner_id -> Nullable<Integer>, } }
diesel::table! {
    things (id) {
        id -> Integer,
        name -> Text,
        kind -> Text,
        note -> Nullable<Text>,
        owner_id -> Integer,
    }
}
diesel::table! { tags (id) { id -> Integer, word -> Text, color -> Text, } }
diesel::table! {
    taggings (thing_id, tag_id) {
        thing_id -> Integer,
        tag_id -> Integer,
        role -> Text,
        weight -> Integer,
    }
}
diesel::allow_tables_to_appear_in_same_query!(owners, badges, things, tags, taggings);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[has_one(Badge)]
#[has_many(Thing)]
#[has_many(Thing, name = toys, scope(kind = "toy"))]
struct Owner {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[belongs_to_one(Owner)]
struct Badge {
    id: i32,
    label: String,
    owner_id: Option<i32>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[belongs_to_one(Owner)]
#[belongs_to_many(Tag, through = taggings, through_scope(role = "main"))]
#[belongs_to_many(Tag, name = red_tags, through = taggings, through_scope(role = "main"), scope(color = "red"))]
struct Thing {
    id: i32,
    name: String,
    kind: String,
    note: Option<String>,
    owner_id: i32,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
struct Tag {
    id: i32,
    word: String,
    color: String,
}

/// As a project has it that uses Diesel alone: all columns.
#[derive(Insertable, Debug, Clone, Copy)]
#[diesel(table_name = things)]
struct NewThing {
    owner_id: i32,
    name: &'static str,
    kind: &'static str,
}

/// The key may be left to the database, and so may the owner.
#[derive(Insertable, Debug, Clone, Copy)]
#[diesel(table_name = things)]
struct MaybeThing {
    id: Option<i32>,
    name: &'static str,
    #[diesel(embed)]
    rest: Rest,
}

#[derive(Insertable, Debug, Clone, Copy, Default)]
#[diesel(table_name = things)]
struct Rest {
    note: Option<&'static str>,
    owner_id: Option<i32>,
}

#[derive(Insertable, Debug, Clone, Copy)]
#[diesel(table_name = taggings)]
struct NewTagging {
    thing_id: i32,
    tag_id: i32,
    role: &'static str,
    weight: i32,
}

const STRAY: NewTagging = NewTagging {
    thing_id: 2,
    tag_id: 2,
    role: "other",
    weight: 5,
};

fn shop() -> Isolated<Conn> {
    let mut conn = with_tables(
        "CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'nobody');
         CREATE TABLE badges (
             id INTEGER PRIMARY KEY, label TEXT NOT NULL, owner_id INTEGER REFERENCES owners (id));
         CREATE TABLE things (
             id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'thing', note TEXT,
             owner_id INTEGER NOT NULL REFERENCES owners (id));
         CREATE TABLE tags (
             id INTEGER PRIMARY KEY, word TEXT NOT NULL, color TEXT NOT NULL DEFAULT 'blue');
         CREATE TABLE taggings (
             thing_id INTEGER NOT NULL REFERENCES things (id),
             tag_id INTEGER NOT NULL REFERENCES tags (id),
             role TEXT NOT NULL, weight INTEGER NOT NULL DEFAULT 1,
             PRIMARY KEY (thing_id, tag_id));
         INSERT INTO owners VALUES (1, 'Ada'), (2, 'Bob');
         INSERT INTO things VALUES (1, 'hat', 'thing', NULL, 1), (2, 'cap', 'thing', NULL, 2);
         INSERT INTO tags VALUES (1, 'new', 'blue'), (2, 'old', 'blue');
         INSERT INTO taggings VALUES (2, 2, 'main', 1);",
    );
    orm_tests::database::count_on(&mut *conn);
    conn
}

fn ada() -> Owner {
    Owner {
        id: 1,
        name: "Ada".into(),
    }
}

fn hat() -> Thing {
    Thing {
        id: 1,
        name: "hat".into(),
        kind: "thing".into(),
        note: None,
        owner_id: 1,
    }
}

const TOY: NewThing = NewThing {
    owner_id: 2,
    name: "top",
    kind: "tool",
};

/// better: a row is Ada's that is created through Ada's things, whatever its values
/// say.
#[test]
fn better_values_with_the_foreign_key_do_not_decide_whose_row_it_is() {
    let conn = &mut *shop();
    let mut expect = |new: &str, create: &dyn Fn(&mut Conn) -> QueryResult<Thing>| {
        let created = done(conn, create);
        assert_eq!(created.new, [new]);
        assert_eq!(created.result.unwrap().owner_id, 1);
        assert_eq!(
            created.sent.count(),
            1 + READ_BACK,
            "{:?}",
            created.sent.statements
        );
    };

    expect("things: 3, 'top', 'tool', NULL, 1", &|conn| {
        ada().create_thing(TOY, conn).run()
    });
    expect("things: 4, 'top', 'tool', NULL, 1", &|conn| {
        ada().create_thing(TOY, conn).run()
    });
    expect("things: 5, 'key', 'thing', NULL, 1", &|conn| {
        let values = (things::owner_id.eq(2), things::name.eq("key"));
        ada().create_thing(values, conn).run()
    });
    expect("things: 6, 'pen', 'thing', NULL, 1", &|conn| {
        let values = (things::name.eq("pen"), (things::owner_id.eq(2),));
        ada().create_thing(values, conn).run()
    });
    expect("things: 7, 'ink', 'thing', NULL, 1", &|conn| {
        ada().create_thing(things::name.eq("ink"), conn).run()
    });
    expect("things: 8, 'cup', 'thing', 'hot', 1", &|conn| {
        let rest = Rest {
            note: Some("hot"),
            owner_id: Some(2),
        };
        let values = MaybeThing {
            id: None,
            name: "cup",
            rest,
        };
        ada().create_thing(values, conn).run()
    });
    // the scope's column
    expect("things: 9, 'top', 'toy', NULL, 1", &|conn| {
        ada().create_toy(TOY, conn).run()
    });
}

#[test]
fn better_values_that_have_nothing_else() {
    let conn = &mut *shop();
    conn.batch("INSERT INTO badges VALUES (1, 'old', 2)");
    orm_tests::database::count_on(conn);
    let label = |label: &'static str| {
        (
            badges::label.eq(label),
            Some(badges::owner_id.eq(None::<i32>)),
        )
    };

    let created = done(conn, |conn| ada().create_badge(label("new"), conn).run());
    assert_eq!(created.new, ["badges: 2, 'new', 1"]);
    // a has_one's row of another is not touched
    assert_eq!(created.gone, [""; 0]);

    // all that is given is the scope's
    let created = done(conn, |conn| {
        let failed = ada().create_toy(things::kind.eq("tool"), conn).run();
        assert!(failed.is_err());
        Ok(())
    });
    assert_eq!(created.new, [""; 0]);
}

#[test]
fn better_payloads_with_the_keys_link_the_pair_that_is_named() {
    let conn = &mut *shop();

    writes(
        conn,
        Ok(()),
        2,
        &[],
        &["taggings: 1, 1, 'main', 5"],
        |conn| hat().add_tag_with(1, STRAY, conn).run(),
    );
    conn.batch("DELETE FROM taggings WHERE thing_id = 1");
    writes(
        conn,
        Ok(()),
        2,
        &[],
        &["taggings: 1, 1, 'main', 5", "taggings: 1, 2, 'main', 7"],
        |conn| {
            let seven = NewTagging { weight: 7, ..STRAY };
            hat().add_tags_with([(1, STRAY), (2, seven)], conn).run()
        },
    );
    let created = done(conn, |conn| {
        let red = (tags::word.eq("red"), tags::color.eq("green"));
        hat().create_red_tag_with(red, STRAY, conn).run()
    });
    assert_eq!(
        created.new,
        ["taggings: 1, 3, 'main', 5", "tags: 3, 'red', 'red'"]
    );
    let created = done(conn, |conn| {
        hat()
            .create_red_tag((tags::word.eq("pink"), tags::color.eq("pink")), conn)
            .run()
    });
    assert_eq!(
        created.new,
        ["taggings: 1, 4, 'main', 1", "tags: 4, 'pink', 'red'"]
    );
}

#[test]
fn better_trees_of_values_with_the_keys() {
    let conn = &mut *shop();

    let created = done(conn, |conn| {
        Owner::new_tree(
            owners::name.eq("Eve"),
            (
                Owner::BADGE.new_row((badges::label.eq("E"), badges::owner_id.eq(2))),
                Owner::TOYS.new_rows([Thing::new_tree(
                    &TOY,
                    (
                        Thing::TAGS.new_rows_with([((tags::word.eq("a"),), STRAY)]),
                        Thing::RED_TAGS.new_rows([(tags::word.eq("b"), tags::color.eq("x"))]),
                    ),
                )]),
            ),
        )
        .create(conn)
        .run()
        .map(|_| ())
    });
    assert_eq!(created.result, Ok(()));
    assert_eq!(
        created.new,
        [
            "badges: 1, 'E', 3",
            "owners: 3, 'Eve'",
            "taggings: 3, 3, 'main', 5",
            "taggings: 3, 4, 'main', 1",
            "tags: 3, 'a', 'blue'",
            "tags: 4, 'b', 'red'",
            "things: 3, 'top', 'toy', NULL, 3",
        ]
    );

    // the parent's key is its child's
    let created = done(conn, |conn| {
        Thing::new_tree(&TOY, Thing::OWNER.new_row(owners::name.eq("Fay")))
            .create(conn)
            .run()
            .map(|_| ())
    });
    assert_eq!(
        created.new,
        ["owners: 4, 'Fay'", "things: 4, 'top', 'tool', NULL, 4"]
    );
}

/// A column of the association that some rows leave to its default makes no statement
/// more.
#[test]
fn rows_are_told_apart_by_the_columns_that_are_left() {
    let conn = &mut *shop();
    let owners = [None, Some(2), None, Some(99)];

    let created = done(conn, |conn| {
        let rows = owners.map(|owner_id| MaybeThing {
            id: None,
            name: "x",
            rest: Rest {
                note: None,
                owner_id,
            },
        });
        Owner::new_tree(owners::name.eq("Eve"), Owner::THINGS.new_rows(rows))
            .create(conn)
            .run()
    });
    assert_eq!(
        created.sent.count(),
        2 * (1 + READ_BACK),
        "{:?}",
        created.sent.statements
    );
    let (_, things) = created.result.unwrap();
    assert!(things.iter().all(|thing| thing.owner_id == 3));
    assert_eq!(things.len(), 4);
}

/// better: each child is its own parent's, also where only some keys are given.
#[test]
fn better_keys_of_which_some_are_given() {
    let lists: [&[Option<i32>]; 5] = [
        &[Some(5), None, Some(1002)],
        &[Some(5), None, None],
        &[None, Some(500), None, Some(600), None],
        &[None, None, Some(700)],
        &[Some(7), Some(6)],
    ];
    for ids in lists {
        let conn = &mut *shop();
        let names = ["a", "b", "c", "d", "e"];
        let rows = ids.iter().zip(names);
        let trees: Vec<_> = rows
            .clone()
            .map(|(id, name)| {
                let children = [name, name].map(|name| tags::word.eq(name));
                let values = MaybeThing {
                    id: *id,
                    name,
                    rest: Rest {
                        note: None,
                        owner_id: Some(2),
                    },
                };
                Thing::new_tree(values, Thing::TAGS.new_rows(children))
            })
            .collect();
        let created = Thing::create_trees(trees, conn).run().unwrap();
        assert_eq!(created.len(), ids.len(), "{ids:?}");
        for ((id, name), (thing, tags)) in rows.zip(&created) {
            assert_eq!(thing.name, name, "{ids:?}");
            assert!(id.is_none_or(|id| id == thing.id), "{ids:?}");
            assert!(tags.iter().all(|tag| tag.word == name), "{ids:?}");
            assert_eq!(thing.tags(conn).run().as_ref(), Ok(tags), "{ids:?}");
        }
    }
}

/// better: any column may have an expression for its value.
#[test]
fn better_expressions_as_values() {
    let conn = &mut *shop();
    let upper = |text: &str| things::name.eq(sql::<Text>(&format!("upper('{text}')")));

    let created = done(conn, |conn| ada().create_thing(upper("a"), conn).run());
    assert_eq!(created.new, ["things: 3, 'A', 'thing', NULL, 1"]);
    assert_eq!(created.result.unwrap().name, "A");

    let created = done(conn, |conn| {
        let rows = ["b", "c"].map(upper);
        Owner::new_tree(owners::name.eq("Eve"), Owner::THINGS.new_rows(rows))
            .create(conn)
            .run()
    });
    assert_eq!(created.sent.count(), 2 * (1 + READ_BACK));
    let (_, things) = created.result.unwrap();
    assert_eq!(
        things.iter().map(|thing| &*thing.name).collect::<Vec<_>>(),
        ["B", "C"]
    );

    // and so may the key, where the database returns what it inserts
    let key = (things::id.eq(sql::<Integer>("40 + 2")), upper("d"));
    let created = done(conn, |conn| ada().create_thing(key, conn).run());
    if READ_BACK != 0 {
        assert_eq!((created.new, created.sent.count()), (vec![], 0));
        return;
    }
    assert_eq!(created.new, ["things: 42, 'D', 'thing', NULL, 1"]);
    assert_eq!(created.result.unwrap().id, 42);
}

/// better: a row may have no values at all.
#[test]
fn better_rows_of_defaults() {
    let conn = &mut *shop();
    let nobody = None::<diesel::dsl::Eq<owners::name, &str>>;

    let created = done(conn, |conn| {
        let trees = [nobody; 3].map(|nobody| {
            let things = Owner::THINGS.new_rows([things::name.eq("x")]);
            Owner::new_tree((nobody,), things)
        });
        Owner::create_trees(trees, conn).run()
    });
    let created = created.result.unwrap();
    let ids: Vec<_> = created
        .iter()
        .map(|(owner, things)| (owner.id, &*owner.name, things[0].owner_id))
        .collect();
    assert_eq!(ids, [(3, "nobody", 3), (4, "nobody", 4), (5, "nobody", 5)]);
}

/// A number, as the sum of so many that a statement of 500 rows has more binds than
/// SQLite takes.
#[derive(diesel::query_builder::QueryId)]
struct Sum([i32; 80]);

impl Sum {
    fn of(number: i32) -> Self {
        let mut parts = [0; 80];
        parts[0] = number;
        Self(parts)
    }
}

impl Expression for Sum {
    type SqlType = Integer;
}

impl<T> AppearsOnTable<T> for Sum {}

impl<DB> QueryFragment<DB> for Sum
where
    DB: Backend + HasSqlType<Integer>,
    i32: ToSql<Integer, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_bind_param::<Integer, _>(&self.0[0])?;
        for part in &self.0[1..] {
            out.push_sql(" + ");
            out.push_bind_param::<Integer, _>(part)?;
        }
        Ok(())
    }
}

/// No statement has more binds than a database takes, whatever the values are made of.
#[test]
fn many_rows_of_many_binds() {
    let conn = &mut *shop();
    let numbers = 1_001..=2_000;

    let created = done(conn, |conn| {
        let trees = numbers.clone().map(|number| {
            let key = things::id.eq(number);
            let values = (things::name.eq("x"), key, things::owner_id.eq(Sum::of(1)));
            Thing::new_tree(values, Thing::TAGS.link([0; 0]))
        });
        Thing::create_trees(trees, conn).run()
    });
    assert_eq!(created.sent.count(), 3 * (1 + READ_BACK / 2));
    let created = created.result.unwrap();
    let mut rows = numbers.zip(&created);
    assert!(rows.all(|(number, (thing, ()))| thing.id == number));
}
