//! Keys of every shape and type: composite, text, blob, of types of the user's,
//! and keys that are not the primary key.

use super::Conn;
use super::prelude::*;
use super::support::with_tables;
use super::support::{ENGINE, is_key};
use super::support::{sends, short};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Binary, Text};
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::Isolated;
use orm_tests::recorder::record;

pub(crate) mod composite {
    use super::*;

    diesel::table! { accounts (tenant_id, id) { tenant_id -> Integer, id -> Integer, boss_id -> Nullable<Integer>, } }
    diesel::table! { badges (id) { id -> Integer, tenant_id -> Nullable<Integer>, account_id -> Nullable<Integer>, } }
    diesel::table! { orders (id) { id -> Integer, tenant_id -> Integer, account_id -> Integer, } }
    diesel::table! { groups (tenant_id, id) { tenant_id -> Integer, id -> Text, } }
    diesel::table! {
        memberships (tenant_id, account_id, group_id) {
            tenant_id -> Integer,
            account_id -> Integer,
            group_id -> Text,
        }
    }
    diesel::table! { places (a, b, c, d) { a -> Integer, b -> Text, c -> BigInt, d -> Binary, } }
    diesel::table! { visits (id) { id -> Integer, a -> Integer, b -> Text, c -> BigInt, d -> Binary, } }
    diesel::table! { parts (a, b, c) { a -> Integer, b -> Integer, c -> Integer, up -> Nullable<Integer>, } }
    diesel::allow_tables_to_appear_in_same_query!(
        accounts,
        badges,
        orders,
        groups,
        memberships,
        places,
        visits
    );

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = accounts, primary_key(tenant_id, id))]
    #[has_one(Badge, foreign_key = (tenant_id, account_id))]
    #[has_many(Order, foreign_key = (tenant_id, account_id))]
    #[belongs_to_one(Account, name = boss, foreign_key = (tenant_id, boss_id))]
    #[has_many(Account, name = reports, foreign_key = (tenant_id, boss_id))]
    #[belongs_to_many(Group, through = memberships, foreign_key = (tenant_id, account_id), other_key = (tenant_id, group_id))]
    pub(crate) struct Account {
        pub(crate) tenant_id: i32,
        pub(crate) id: i32,
        pub(crate) boss_id: Option<i32>,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_one(Account, foreign_key = (tenant_id, account_id))]
    pub(crate) struct Badge {
        pub(crate) id: i32,
        pub(crate) tenant_id: Option<i32>,
        pub(crate) account_id: Option<i32>,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_one(Account, foreign_key = (tenant_id, account_id))]
    pub(crate) struct Order {
        pub(crate) id: i32,
        pub(crate) tenant_id: i32,
        pub(crate) account_id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = groups, primary_key(tenant_id, id))]
    #[belongs_to_many(Account, through = memberships, foreign_key = (tenant_id, group_id), other_key = (tenant_id, account_id))]
    pub(crate) struct Group {
        pub(crate) tenant_id: i32,
        pub(crate) id: String,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = places, primary_key(a, b, c, d))]
    #[has_many(Visit, foreign_key = (a, b, c, d))]
    pub(crate) struct Place {
        pub(crate) a: i32,
        pub(crate) b: String,
        pub(crate) c: i64,
        pub(crate) d: Vec<u8>,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_one(Place, foreign_key = (a, b, c, d))]
    pub(crate) struct Visit {
        pub(crate) id: i32,
        pub(crate) a: i32,
        pub(crate) b: String,
        pub(crate) c: i64,
        pub(crate) d: Vec<u8>,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = parts, primary_key(a, b, c))]
    #[has_many(Part, name = below, singular = part_below, foreign_key = (a, b, up))]
    pub(crate) struct Part {
        pub(crate) a: i32,
        pub(crate) b: i32,
        pub(crate) c: i32,
    }
}

use composite::{Account, Badge, Group, Order, Part, Place, Visit, accounts};

pub(crate) fn tenants() -> Isolated<Conn> {
    with_tables(
        "CREATE TABLE accounts (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, boss_id INTEGER,
             PRIMARY KEY (tenant_id, id));
         CREATE TABLE badges (id INTEGER PRIMARY KEY, tenant_id INTEGER, account_id INTEGER);
         CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, account_id INTEGER NOT NULL);
         CREATE TABLE groups (tenant_id INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tenant_id, id));
         CREATE TABLE memberships (tenant_id INTEGER NOT NULL, account_id INTEGER NOT NULL,
             group_id TEXT NOT NULL, PRIMARY KEY (tenant_id, account_id, group_id));
         CREATE TABLE parts (a INTEGER, b INTEGER, c INTEGER, up INTEGER, PRIMARY KEY (a, b, c));
         INSERT INTO accounts VALUES (1, 1, NULL), (1, 2, 1), (2, 1, NULL), (2, 2, 1);
         INSERT INTO badges VALUES (1, 1, 1), (2, 2, 1), (3, 1, NULL), (4, NULL, 1);
         INSERT INTO orders VALUES (1, 1, 1), (2, 1, 1), (3, 2, 1), (4, 1, 2);
         INSERT INTO groups VALUES (1, 'a'), (1, 'b'), (2, 'a');
         INSERT INTO memberships VALUES (1, 1, 'a'), (1, 1, 'b'), (2, 1, 'a'), (1, 2, 'b');
         INSERT INTO parts VALUES (1, 1, 1, NULL), (1, 1, 2, 1), (1, 1, 3, 1), (1, 2, 2, 1);",
    )
}

pub(crate) fn account(tenant_id: i32, id: i32) -> Account {
    Account {
        tenant_id,
        id,
        boss_id: (id == 2).then_some(1),
    }
}

fn group(tenant_id: i32, id: &str) -> Group {
    Group {
        tenant_id,
        id: id.to_owned(),
    }
}

#[test]
fn composite_has_one() {
    let conn = &mut *tenants();
    let badge = sends(
        conn,
        &[
            "FROM badges WHERE (badges.tenant_id = ? AND badges.account_id = ?) ORDER BY badges.id \
           -- binds: [1, 1]",
        ],
        |conn| account(1, 1).badge(conn).run(),
    );
    assert_eq!(
        badge,
        Some(Badge {
            id: 1,
            tenant_id: Some(1),
            account_id: Some(1)
        })
    );
    assert_eq!(account(2, 2).badge(conn).run(), Ok(None));
}

#[test]
fn composite_has_many() {
    let conn = &mut *tenants();
    let (ours, theirs) = (account(1, 1), account(2, 1));
    let ids = |orders: Vec<Order>| orders.into_iter().map(|order| order.id).collect::<Vec<_>>();

    assert_eq!(ours.orders(conn).run().map(ids), Ok(vec![1, 2]));
    assert_eq!(theirs.orders(conn).run().map(ids), Ok(vec![3]));
    assert_eq!(ours.count_orders(conn).run(), Ok(2));
    assert_eq!(ours.has_orders([1, 2], conn).run(), Ok(true));
    assert_eq!(ours.has_orders([1, 3], conn).run(), Ok(false));
    assert_eq!(ours.reports(conn).run(), Ok(vec![account(1, 2)]));
}

#[test]
fn composite_has_by_row_or_by_tuple() {
    let conn = &mut *tenants();
    let ours = account(1, 1);

    assert_eq!(ours.has_report(&account(1, 2), conn).run(), Ok(true));
    assert_eq!(ours.has_report((1, 2), conn).run(), Ok(true));
    assert_eq!(
        ours.has_report((2, 2), conn).run(),
        Ok(false),
        "of another tenant"
    );
    assert_eq!(ours.has_reports([(1, 2), (2, 2)], conn).run(), Ok(false));
    let groups = [group(1, "a"), group(1, "b")];
    let (rows, binds) = match ENGINE {
        Engine::Sqlite => (
            "SELECT json_extract(value, '$[0]') AS k0, \
             CASE json_type(value, '$[1]') WHEN 'array' THEN CAST(substr(?, \
             json_extract(json_extract(value, '$[1]'), '$[0]'), \
             json_extract(json_extract(value, '$[1]'), '$[1]')) AS TEXT) \
             ELSE json_extract(value, '$[1]') END AS k1 FROM json_each(?)",
            "[], \"[[1,\\\"a\\\"],[1,\\\"b\\\"]]\"",
        ),
        Engine::Postgres => (
            "SELECT * FROM unnest(?, ?) AS keys (k0, k1)",
            "[1, 1], [\"a\", \"b\"]",
        ),
        Engine::Mysql => (
            "SELECT memberships.tenant_id AS k0, memberships.group_id AS k1 FROM memberships WHERE FALSE \
             UNION ALL VALUES /*!80019 ROW*/(?, ?), /*!80019 ROW*/(?, ?)",
            "1, \"a\", 1, \"b\"",
        ),
    };
    let has = sends(
        conn,
        &[&format!(
            "SELECT COUNT(*) FROM ({rows}) AS orm_keys WHERE EXISTS (SELECT memberships.tenant_id, memberships.group_id \
             FROM (memberships INNER JOIN groups ON (memberships.tenant_id = groups.tenant_id AND \
             memberships.group_id = groups.id)) WHERE ((memberships.tenant_id = ? AND memberships.account_id = ?) AND \
             memberships.tenant_id = orm_keys.k0 AND memberships.group_id = orm_keys.k1)) -- binds: [{binds}, 1, 1]",
        )],
        |conn| ours.has_groups(&groups, conn).run(),
    );
    assert!(has);
}

#[test]
fn composite_belongs_to() {
    let conn = &mut *tenants();
    let order = |id| Order {
        id,
        tenant_id: 2,
        account_id: 1,
    };

    assert_eq!(order(3).account(conn).run(), Ok(account(2, 1)));
    assert_eq!(account(1, 2).boss(conn).run(), Ok(Some(account(1, 1))));
    assert_eq!(account(1, 1).boss(conn).run(), Ok(None));
}

#[test]
fn a_composite_key_with_a_null_part_refers_to_nothing() {
    let conn = &mut *tenants();
    for (tenant_id, account_id) in [(Some(1), None), (None, Some(1)), (None, None)] {
        let badge = Badge {
            id: 9,
            tenant_id,
            account_id,
        };
        let (account, sent) = record(conn, |conn| badge.account(conn).run());
        assert_eq!((account, sent.count()), (Ok(None), 0));
        assert_eq!(
            badge.account_query().count().get_result::<i64>(conn).run(),
            Ok(0)
        );
    }
}

#[test]
fn composite_belongs_to_many() {
    let conn = &mut *tenants();

    assert_eq!(
        account(1, 1).groups(conn).run(),
        Ok(vec![group(1, "a"), group(1, "b")])
    );
    assert_eq!(account(2, 1).groups(conn).run(), Ok(vec![group(2, "a")]));
    assert_eq!(account(1, 1).count_groups(conn).run(), Ok(2));
    assert_eq!(
        group(1, "b").accounts(conn).run(),
        Ok(vec![account(1, 1), account(1, 2)])
    );
    assert_eq!(group(2, "a").has_account((2, 1), conn).run(), Ok(true));
    assert_eq!(group(2, "a").has_account((1, 1), conn).run(), Ok(false));
}

#[test]
fn more_composite_keys_than_an_engine_takes_binds() {
    let conn = &mut *tenants();
    conn.batch(
        "INSERT INTO accounts (tenant_id, id)
             WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 70009)
             SELECT 3, i FROM n;
         INSERT INTO orders (id, tenant_id, account_id) SELECT id, 3, id FROM accounts WHERE id > 9;",
    );
    let query = accounts::table.filter(accounts::tenant_id.eq(3));

    let (rows, sent) = record(conn, |conn| query.include(Account::ORDERS).load(conn).run());

    let rows = rows.unwrap();
    assert_eq!((rows.len(), sent.count()), (70_000, 2));
    let whole = |(account, orders): &(Account, Vec<Order>)| {
        orders.len() == 1 && orders[0].account_id == account.id
    };
    assert!(rows.iter().all(whole));
}

mod many {
    use super::*;

    diesel::table! { files (id) { id -> Binary, folder -> Binary, } }
    diesel::table! { folders (id) { id -> Binary, label -> Text, } }
    diesel::table! { notes (id) { id -> Integer, label -> Nullable<Text>, } }
    diesel::allow_tables_to_appear_in_same_query!(files, folders, notes);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[has_many(File, foreign_key = files::folder)]
    #[has_many(Note, foreign_key = notes::label, source_key = label)]
    pub(super) struct Folder {
        pub(super) id: Vec<u8>,
        pub(super) label: String,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_one(Folder, name = parent, foreign_key = files::folder)]
    pub(super) struct File {
        pub(super) id: Vec<u8>,
        pub(super) folder: Vec<u8>,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    pub(super) struct Note {
        pub(super) id: i32,
        pub(super) label: Option<String>,
    }
}

#[test]
fn more_blobs_and_texts_than_an_engine_takes_binds() {
    use many::{File, Folder, folders};
    let conn = &mut *with_tables(
        "CREATE TABLE folders (id BLOB NOT NULL PRIMARY KEY, label TEXT NOT NULL);
         CREATE TABLE files (id BLOB NOT NULL PRIMARY KEY, folder BLOB NOT NULL);
         CREATE TABLE notes (id INTEGER PRIMARY KEY, label TEXT);
         CREATE INDEX files_folder ON files (folder);
         CREATE INDEX notes_label ON notes (label);",
    );
    let id = match ENGINE {
        Engine::Sqlite => "CAST(printf('key-%012d', i) AS BLOB)",
        Engine::Postgres => "convert_to('key-' || lpad(i::text, 12, '0'), 'UTF8')",
        Engine::Mysql => "CONCAT('key-', LPAD(i, 12, '0'))",
    };
    conn.batch(&format!(
        "INSERT INTO folders
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70000)
             SELECT {id}, CONCAT('label ', i) FROM n;
         INSERT INTO files SELECT id, id FROM folders;
         INSERT INTO notes (label) SELECT label FROM folders;"
    ));
    let query = folders::table.filter(folders::label.ne("x"));
    let (rows, sent) = record(conn, |conn| {
        query
            .include((Folder::FILES.include(File::PARENT), Folder::NOTES))
            .load(conn)
            .run()
    });
    let rows = rows.unwrap();
    assert_eq!((rows.len(), sent.count()), (70_000, 5));
    for (folder, files, notes) in &rows {
        assert_eq!((files.len(), &files[0].1), (1, folder));
        assert_eq!(notes.len(), 1);
        assert_eq!(notes[0].label.as_ref(), Some(&folder.label));
    }
    let first = &rows[0].0;
    let all: Vec<_> = rows
        .iter()
        .map(|(_, files, _)| files[0].0.id.clone())
        .collect();
    assert_eq!(first.has_files(all.clone(), conn).run(), Ok(false));
    assert_eq!(first.add_files(all.clone(), conn).run(), Ok(()));
    assert_eq!(first.has_files(all.clone(), conn).run(), Ok(true));
    assert_eq!(first.count_files(conn).run(), Ok(70_000));
    assert_eq!(first.destroy_files(all, conn).run(), Ok(70_000));
}

/// A statement of MariaDB's takes 16 MiB: two carry the keys.
#[test]
fn more_integers_than_a_statement_carries() {
    if ENGINE != Engine::Mysql || !Conn::BLOCKING {
        return;
    }
    let conn = &mut *tenants();
    let all: Vec<_> = (0..1_450_000).map(|id| account(1, id)).collect();
    let (orders, sent) = record(conn, |conn| Account::ORDERS.load_for(&all, conn).run());
    let orders = orders.unwrap();
    assert_eq!((orders[1].len(), orders[2].len()), (2, 1));
    assert_eq!(orders.iter().map(Vec::len).sum::<usize>(), 3);
    assert!(sent.count() < 5, "{}", sent.count());
}

mod timed {
    use super::*;
    use chrono::NaiveDateTime;

    diesel::table! { shifts (starts_at, post) { starts_at -> Timestamp, post -> Integer, } }
    diesel::table! {
        entries (id) { id -> Integer, starts_at -> Nullable<Timestamp>, post -> Nullable<Integer>, }
    }
    diesel::allow_tables_to_appear_in_same_query!(shifts, entries);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = shifts, primary_key(starts_at, post))]
    #[has_many(Entry, foreign_key = (starts_at, post))]
    pub(super) struct Shift {
        pub(super) starts_at: NaiveDateTime,
        pub(super) post: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = entries)]
    #[belongs_to_one(Shift, foreign_key = (starts_at, post))]
    pub(super) struct Entry {
        pub(super) id: i32,
        pub(super) starts_at: Option<NaiveDateTime>,
        pub(super) post: Option<i32>,
    }
}

#[test]
fn timestamps_in_composite_keys() {
    use timed::{Entry, Shift, shifts};
    let conn = &mut *with_tables(
        "CREATE TABLE shifts (starts_at TIMESTAMP NOT NULL, post INTEGER NOT NULL, PRIMARY KEY (starts_at, post));
         CREATE TABLE entries (id INTEGER PRIMARY KEY, starts_at TIMESTAMP NULL, post INTEGER);
         INSERT INTO entries VALUES (1, NULL, NULL), (2, NULL, NULL), (3, NULL, NULL);",
    );
    let at = |hour| {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        day.and_hms_opt(hour, 30, 0).unwrap()
    };
    let shift = |hour, post| Shift {
        starts_at: at(hour),
        post,
    };
    let all = [shift(6, 1), shift(6, 2), shift(14, 1)];
    for shift in &all {
        let values = (
            shifts::starts_at.eq(shift.starts_at),
            shifts::post.eq(shift.post),
        );
        let insert = diesel::insert_into(shifts::table).values(values);
        insert.execute(conn).run().unwrap();
    }

    assert_eq!(all[0].add_entries([1, 2], conn).run(), Ok(()));
    assert_eq!(all[2].set_entries([3], conn).run(), Ok(()));
    assert_eq!(all[0].has_entries([1, 2], conn).run(), Ok(true));
    let entries: Vec<Entry> = all[2].entries(conn).run().unwrap();
    assert_eq!(entries[0].shift(conn).run(), Ok(Some(all[2].clone())));
    let early = shifts::table
        .filter(shifts::starts_at.lt(at(20)))
        .order((shifts::starts_at, shifts::post));
    let rows = early
        .include(Shift::ENTRIES.include(Entry::SHIFT))
        .load(conn)
        .run()
        .unwrap();
    let ids: Vec<Vec<_>> = rows
        .iter()
        .map(|(shift, entries)| {
            assert!(entries.iter().all(|(_, of)| of.as_ref() == Some(shift)));
            entries.iter().map(|(entry, _)| entry.id).collect()
        })
        .collect();
    assert_eq!(ids, [vec![1, 2], vec![], vec![3]]);
}

#[test]
fn keys_of_three_and_four_columns() {
    let conn = &mut *tenants();
    let top = Part { a: 1, b: 1, c: 1 };
    assert_eq!(
        top.below(conn).run(),
        Ok(vec![Part { a: 1, b: 1, c: 2 }, Part { a: 1, b: 1, c: 3 }])
    );
    assert_eq!(top.has_below([(1, 1, 2), (1, 1, 3)], conn).run(), Ok(true));
    assert_eq!(top.has_part_below((1, 2, 2), conn).run(), Ok(false));

    let conn = &mut *with_tables(
        "CREATE TABLE places (a INTEGER, b TEXT, c BIGINT, d BLOB, PRIMARY KEY (a, b, c, d));
         CREATE TABLE visits (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c BIGINT, d BLOB);
         INSERT INTO places VALUES (1, 'x', 9007199254740993, X'00FF'), (1, 'x', 9007199254740993, X'00FE');
         INSERT INTO visits VALUES (1, 1, 'x', 9007199254740993, X'00FF'), (2, 1, 'x', 9007199254740993, X'00FE');",
    );
    let place = Place {
        a: 1,
        b: "x".into(),
        c: 9_007_199_254_740_993,
        d: vec![0, 255],
    };
    let visits = place.visits(conn).run().unwrap();
    assert_eq!(visits.iter().map(|visit| visit.id).collect::<Vec<_>>(), [1]);
    assert_eq!(visits[0].place(conn).run(), Ok(place.clone()));
    assert_eq!(place.has_visits([1, 1], conn).run(), Ok(true));
    let other = Visit {
        id: 2,
        ..visits[0].clone()
    };
    assert_eq!(
        place.has_visits([&visits[0], &other], conn).run(),
        Ok(false)
    );
}

/// An identifier that is a blob in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub(crate) struct BlobUuid([u8; 16]);

impl<DB: Backend> ToSql<Binary, DB> for BlobUuid
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0[..].to_sql(out)
    }
}

impl<DB: Backend> FromSql<Binary, DB> for BlobUuid
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = Vec::from_sql(bytes)?;
        Ok(Self(bytes.try_into().map_err(|_| "not 16 bytes")?))
    }
}

/// An identifier that is text in the database.
#[derive(Debug, Clone, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub(crate) struct TextUuid(String);

impl TextUuid {
    fn new(number: u128) -> Self {
        Self(format!("{number:032x}"))
    }
}

impl<DB: Backend> ToSql<Text, DB> for TextUuid
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_str().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Text, DB> for TextUuid
where
    String: FromSql<Text, DB>,
{
    fn from_sql(text: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let text = String::from_sql(text)?;
        let number = u128::from_str_radix(&text, 16)?;
        Ok(Self::new(number))
    }
}

mod typed {
    use super::*;

    diesel::table! { albums (id) { id -> Binary, } }
    diesel::table! { tracks (id) { id -> Text, album_id -> Binary, } }
    diesel::table! { listeners (id) { id -> BigInt, email -> Text, } }
    diesel::table! { plays (listener_email, track_id) { listener_email -> Text, track_id -> Text, } }
    diesel::table! { letters (id) { id -> Integer, email -> Nullable<Text>, } }
    diesel::allow_tables_to_appear_in_same_query!(albums, tracks, listeners, plays, letters);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[has_many(Track)]
    pub(crate) struct Album {
        pub(crate) id: BlobUuid,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_one(Album)]
    #[belongs_to_many(Listener, through = plays, other_key = listener_email, target_key = email)]
    pub(crate) struct Track {
        pub(crate) id: TextUuid,
        pub(crate) album_id: BlobUuid,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_many(Track, through = plays, foreign_key = listener_email, source_key = email)]
    #[has_many(Letter, foreign_key = email, source_key = email)]
    pub(crate) struct Listener {
        pub(crate) id: i64,
        pub(crate) email: String,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_one(Listener, foreign_key = email, target_key = email)]
    pub(crate) struct Letter {
        pub(crate) id: i32,
        pub(crate) email: Option<String>,
    }
}

use typed::{Album, Letter, Listener, Track};

#[test]
fn blob_and_text_identifiers_of_the_users_own_types() {
    let conn = &mut *with_tables(
        "CREATE TABLE albums (id BLOB PRIMARY KEY);
         CREATE TABLE tracks (id TEXT PRIMARY KEY, album_id BLOB NOT NULL);",
    );
    let album = |n| Album {
        id: BlobUuid([n; 16]),
    };
    let track = |n: u128, of| Track {
        id: TextUuid::new(n),
        album_id: BlobUuid([of; 16]),
    };
    for n in [1, 2] {
        diesel::insert_into(typed::albums::table)
            .values(typed::albums::id.eq(BlobUuid([n; 16])))
            .execute(conn)
            .run()
            .unwrap();
    }
    for track in [track(1, 1), track(2, 1), track(3, 2)] {
        diesel::insert_into(typed::tracks::table)
            .values((
                typed::tracks::id.eq(track.id),
                typed::tracks::album_id.eq(track.album_id),
            ))
            .execute(conn)
            .run()
            .unwrap();
    }

    assert_eq!(
        album(1).tracks(conn).run(),
        Ok(vec![track(1, 1), track(2, 1)])
    );
    assert_eq!(track(3, 2).album(conn).run(), Ok(album(2)));
    assert_eq!(
        album(1)
            .has_tracks([TextUuid::new(1), TextUuid::new(2)], conn)
            .run(),
        Ok(true)
    );
    assert_eq!(
        album(1)
            .has_tracks([&track(1, 1), &track(3, 2)], conn)
            .run(),
        Ok(false)
    );
    assert_eq!(album(2).has_track(TextUuid::new(3), conn).run(), Ok(true));
    assert_eq!(album(2).count_tracks(conn).run(), Ok(1));
}

#[test]
fn better_keys_that_are_not_the_primary_key() {
    let conn = &mut *with_tables(
        "CREATE TABLE listeners (id BIGINT PRIMARY KEY, email TEXT NOT NULL UNIQUE);
         CREATE TABLE tracks (id TEXT PRIMARY KEY, album_id BLOB NOT NULL);
         CREATE TABLE plays (listener_email TEXT NOT NULL, track_id TEXT NOT NULL);
         CREATE TABLE letters (id INTEGER PRIMARY KEY, email TEXT);
         INSERT INTO listeners VALUES (1, 'z@x'), (2, 'a@x');
         INSERT INTO tracks VALUES ('00000000000000000000000000000007', X'00000000000000000000000000000000'),
                                   ('00000000000000000000000000000008', X'00000000000000000000000000000000');
         INSERT INTO plays VALUES ('z@x', '00000000000000000000000000000007'),
                                  ('a@x', '00000000000000000000000000000007');
         INSERT INTO letters VALUES (1, 'z@x'), (2, 'nobody@x'), (3, NULL);",
    );
    let (z, a) = (
        Listener {
            id: 1,
            email: "z@x".into(),
        },
        Listener {
            id: 2,
            email: "a@x".into(),
        },
    );
    let track = Track {
        id: TextUuid::new(7),
        album_id: BlobUuid([0; 16]),
    };

    let (likers, sent) = record(conn, |conn| track.listeners(conn).run());
    let likers = likers.unwrap();
    let sql = short(&sent.statements[0]);
    assert_eq!(
        sql.split(" -- ").next(),
        Some(
            "FROM (plays INNER JOIN listeners ON plays.listener_email = listeners.email) \
             WHERE plays.track_id = ? ORDER BY listeners.id"
        )
    );
    assert_eq!(
        likers,
        [z.clone(), a.clone()],
        "by primary key, not by e-mail"
    );
    assert_eq!(
        track.has_listener("z@x", conn).run(),
        Ok(true),
        "the key is the target key"
    );
    assert_eq!(track.has_listener(&a, conn).run(), Ok(true));
    assert_eq!(track.has_listeners(["z@x", "a@x"], conn).run(), Ok(true));
    assert_eq!(
        track.has_listeners(["z@x", "o'x\"; --"], conn).run(),
        Ok(false)
    );
    assert_eq!(z.tracks(conn).run(), Ok(vec![track]));
    let letter = |id, email: Option<&str>| Letter {
        id,
        email: email.map(str::to_owned),
    };
    assert_eq!(z.letters(conn).run(), Ok(vec![letter(1, Some("z@x"))]));
    assert_eq!(letter(1, Some("z@x")).listener(conn).run(), Ok(Some(z)));
    assert_eq!(letter(2, Some("nobody@x")).listener(conn).run(), Ok(None));
    assert_eq!(letter(3, None).listener(conn).run(), Ok(None));
}

#[test]
fn texts_that_json_cannot_carry_are_found() {
    diesel::table! { words (id) { id -> Text, page_id -> Integer, } }
    diesel::table! { pages (id) { id -> Integer, } }
    diesel::allow_tables_to_appear_in_same_query!(words, pages);

    #[derive(Model, Queryable, Selectable)]
    #[has_many(Word)]
    struct Page {
        id: i32,
    }
    #[derive(Model, Queryable, Selectable)]
    struct Word {
        id: String,
    }

    let conn = &mut *with_tables(
        "CREATE TABLE pages (id INTEGER PRIMARY KEY);
         CREATE TABLE words (id TEXT PRIMARY KEY, page_id INTEGER NOT NULL);",
    );
    let long = "x".repeat(1 << 20);
    let hostile = [
        "",
        "'",
        "\"",
        "\\",
        "a\0b",
        "a\0c",
        "é😀\u{0}",
        "[1,2]",
        "\u{1}",
        &long,
    ];
    let hostile = hostile.into_iter().filter(|word| is_key(word));
    let hostile: Vec<_> = hostile.collect();
    for &word in &hostile {
        diesel::insert_into(words::table)
            .values((words::id.eq(word), words::page_id.eq(1)))
            .execute(conn)
            .run()
            .unwrap();
    }
    let page = Page { id: 1 };

    assert_eq!(page.words(conn).run().unwrap().len(), hostile.len());
    assert_eq!(
        page.has_words(hostile.iter().copied(), conn).run(),
        Ok(true)
    );
    for word in hostile {
        assert_eq!(page.has_word(word, conn).run(), Ok(true), "{word:?}");
        assert_eq!(page.has_words([word, ""], conn).run(), Ok(true), "{word:?}");
    }
    if is_key("\0") {
        assert_eq!(page.has_words(["a\0b", "a\0d"], conn).run(), Ok(false));
    }
    assert_eq!(page.has_words(["a", ""], conn).run(), Ok(false));
}
