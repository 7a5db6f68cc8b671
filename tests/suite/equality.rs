//! Equality of keys is the database's: under collations in which texts are equal that
//! differ in Rust, in columns of another type, and where links lead nowhere. Each
//! question is asked in every way there is, and plain SQL says the answer.

use super::Conn;
use super::prelude::*;
use super::support::{ENGINE, with_tables};
use diesel::dsl::max;
use orm_tests::connection::{Engine, TestConnection};
use orm_tests::database::Isolated;
use orm_tests::recorder::record;

mod texts {
    use super::*;

    diesel::table! { writers (id) { id -> Integer, name -> Text, idol -> Nullable<Text>, } }
    diesel::table! { posts (id) { id -> Integer, writer -> Nullable<Text>, rank -> Integer, } }
    diesel::table! { tags (id) { id -> Integer, name -> Text, } }
    diesel::table! { taggings (id) { id -> Integer, writer -> Nullable<Text>, tag -> Nullable<Text>, } }
    diesel::allow_tables_to_appear_in_same_query!(writers, posts, tags, taggings);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[has_many(Post, foreign_key = writer, source_key = name)]
    #[has_one(Post, name = first_post, foreign_key = writer, source_key = name)]
    #[belongs_to_one(Writer, name = idol_row, foreign_key = idol, target_key = name)]
    #[belongs_to_many(Tag, through = Tagging, foreign_key = writer, source_key = name, other_key = tag, target_key = name)]
    pub(super) struct Writer {
        pub(super) id: i32,
        pub(super) name: String,
        pub(super) idol: Option<String>,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_one(Writer, name = author, foreign_key = writer, target_key = name)]
    pub(super) struct Post {
        pub(super) id: i32,
        pub(super) writer: Option<String>,
        pub(super) rank: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_many(Writer, through = Tagging, foreign_key = tag, source_key = name, other_key = writer, target_key = name)]
    pub(super) struct Tag {
        pub(super) id: i32,
        pub(super) name: String,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    pub(super) struct Tagging {
        pub(super) id: i32,
        pub(super) writer: Option<String>,
        pub(super) tag: Option<String>,
    }
}

use texts::{Post, Tag, Tagging, Writer, posts, tags, writers};

/// The tables with texts of this type and these rows.
fn with_texts(text: &str, rows: &str) -> Isolated<Conn> {
    let tables = "
        CREATE TABLE writers (id INTEGER PRIMARY KEY, name NAME NOT NULL, idol NAME);
        CREATE TABLE posts (id INTEGER PRIMARY KEY, writer NAME, `rank` INTEGER NOT NULL);
        CREATE TABLE tags (id INTEGER PRIMARY KEY, name NAME NOT NULL);
        CREATE TABLE taggings (id INTEGER PRIMARY KEY, writer NAME, tag NAME);
        CREATE TABLE shops (tenant INTEGER NOT NULL, code NAME NOT NULL, PRIMARY KEY (tenant, code));
        CREATE TABLE sales (id INTEGER PRIMARY KEY, tenant INTEGER, shop NAME);
        CREATE INDEX posts_writer ON posts (writer);";
    let collation = "CREATE COLLATION pg_temp.orm_ci \
         (provider = icu, locale = 'und-u-ks-level2', deterministic = false);";
    let collation = if text.contains("orm_ci") {
        collation
    } else {
        ""
    };
    with_tables(&[collation, &tables.replace("NAME", text), rows].concat())
}

/// The type of a text that does not look at case, and on MariaDB not at spaces at
/// the end.
fn without_case() -> &'static str {
    match ENGINE {
        Engine::Sqlite => "VARCHAR(100) COLLATE NOCASE",
        Engine::Postgres => "VARCHAR(100) COLLATE pg_temp.orm_ci",
        Engine::Mysql => "VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
    }
}

/// What plain SQL says are the ids of these rows.
fn ids(conn: &mut Conn, from: &str) -> Vec<i32> {
    let text = if ENGINE == Engine::Mysql {
        "CHAR"
    } else {
        "TEXT"
    };
    let lines = conn.lines(&format!(
        "SELECT CAST(r.id AS {text}) AS line FROM {from} ORDER BY r.id"
    ));
    lines.iter().map(|line| line.parse().unwrap()).collect()
}

fn post_ids(posts: &[Post]) -> Vec<i32> {
    posts.iter().map(|post| post.id).collect()
}

fn tag_ids(tags: &[Tag]) -> Vec<i32> {
    tags.iter().map(|tag| tag.id).collect()
}

/// Every way of asking what belongs to the writers yields what plain SQL does.
#[allow(clippy::too_many_lines, reason = "there are many ways")]
fn every_way_agrees(conn: &mut Conn) {
    let all: Vec<Writer> = writers::table
        .order(writers::id)
        .select(Writer::as_select())
        .load(conn)
        .run()
        .unwrap();
    let tree = || {
        (
            Writer::POSTS,
            Writer::FIRST_POST,
            Writer::TAGS,
            Writer::POSTS.counted(),
            Writer::TAGS.counted(),
            Writer::TAGS.existing(),
            Writer::POSTS.order(posts::rank.desc()).limit(1),
            Writer::TAGS.with_through::<Tagging>(),
        )
    };
    let whole = writers::table
        .order(writers::id)
        .include(tree())
        .load(conn)
        .run()
        .unwrap();
    let filtered = writers::table
        .filter(writers::id.gt(0))
        .order(writers::id)
        .include(tree())
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(whole, filtered);
    let in_hand = tree().load_for(&all, conn).run().unwrap();
    let idols: Vec<Option<Writer>> = Writer::IDOL_ROW.load_for(&all, conn).run().unwrap();
    let best: Vec<Option<i32>> = Writer::POSTS
        .aggregated(max(posts::rank))
        .load_for(&all, conn)
        .run()
        .unwrap();
    let best_whole: Vec<(Writer, Option<i32>)> = writers::table
        .order(writers::id)
        .include(Writer::POSTS.aggregated(max(posts::rank)))
        .load(conn)
        .run()
        .unwrap();
    for (place, writer) in all.iter().enumerate() {
        let id = writer.id;
        let posts = ids(
            conn,
            &format!("posts r JOIN writers w ON r.writer = w.name WHERE w.id = {id}"),
        );
        let tags = ids(
            conn,
            &format!(
                "taggings j JOIN tags r ON j.tag = r.name JOIN writers w ON j.writer = w.name WHERE w.id = {id}"
            ),
        );
        let at = format!("{writer:?}");
        assert_eq!(post_ids(&writer.posts(conn).run().unwrap()), posts, "{at}");
        assert_eq!(tag_ids(&writer.tags(conn).run().unwrap()), tags, "{at}");
        assert_eq!(
            writer.count_posts(conn).run(),
            Ok(i64::try_from(posts.len()).unwrap()),
            "{at}"
        );
        assert_eq!(
            writer.count_tags(conn).run(),
            Ok(i64::try_from(tags.len()).unwrap()),
            "{at}"
        );
        assert_eq!(
            writer.has_posts(posts.clone(), conn).run(),
            Ok(true),
            "{at}"
        );
        let (row, posts_of, first, tags_of, post_count, tag_count, tagged, top, through) =
            whole[place].clone();
        assert_eq!(row, *writer);
        let output = (
            posts_of, first, tags_of, post_count, tag_count, tagged, top, through,
        );
        assert_eq!(output, in_hand[place], "{at}");
        assert_eq!(
            tree().load_for_one(writer, conn).run().as_ref(),
            Ok(&output),
            "{at}"
        );
        let (posts_of, first, tags_of, post_count, tag_count, tagged, top, through) = output;
        assert_eq!(post_ids(&posts_of), posts, "{at}");
        assert_eq!(first.as_ref(), posts_of.as_slice().first(), "{at}");
        assert_eq!(first, writer.first_post(conn).run().unwrap(), "{at}");
        assert_eq!(tag_ids(&tags_of), tags, "{at}");
        assert_eq!(post_count, i64::try_from(posts.len()).unwrap(), "{at}");
        assert_eq!(tag_count, i64::try_from(tags.len()).unwrap(), "{at}");
        assert_eq!(tagged, !tags.is_empty(), "{at}");
        let rank = posts_of.iter().map(|post| post.rank).max();
        assert_eq!(top.as_slice().first().map(|post| post.rank), rank, "{at}");
        assert_eq!((best[place], best_whole[place].1), (rank, rank), "{at}");
        let through: Vec<_> = through.into_iter().map(|(_, tag)| tag).collect();
        assert_eq!(through, tags_of, "{at}");
        assert_eq!(
            writer.idol_row(conn).run(),
            Ok(idols[place].clone()),
            "{at}"
        );

        let names: Vec<_> = tags_of.iter().map(|tag| tag.name.clone()).collect();
        assert_eq!(writer.has_tags(names.clone(), conn).run(), Ok(true), "{at}");
        for name in names {
            assert_eq!(writer.has_tag(&name, conn).run(), Ok(true), "{at} {name}");
        }
        assert_eq!(
            writer.has_tags(["x", "no such tag"], conn).run(),
            Ok(false),
            "{at}"
        );
        let linked = writers::table
            .filter(Writer::POSTS.exists())
            .filter(writers::id.eq(id));
        let linked = linked.count().get_result::<i64>(conn).run();
        assert_eq!(linked, Ok(i64::from(!posts.is_empty())), "{at}");
    }

    let whole: Vec<(Post, Option<Writer>)> = posts::table
        .order(posts::id)
        .include(Post::AUTHOR)
        .load(conn)
        .run()
        .unwrap();
    let page: Vec<(Post, Option<Writer>)> = posts::table
        .order(posts::id)
        .limit(100)
        .include(Post::AUTHOR)
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(whole, page);
    for (post, author) in &whole {
        assert_eq!(post.author(conn).run(), Ok(author.clone()), "{post:?}");
        let one = Post::AUTHOR.load_for_one(post, conn).run();
        assert_eq!(one, Ok(author.clone()), "{post:?}");
    }
    let whole: Vec<(Tag, Vec<Writer>)> = tags::table
        .order(tags::id)
        .include(Tag::WRITERS)
        .load(conn)
        .run()
        .unwrap();
    for (tag, writers) in whole {
        assert_eq!(tag.writers(conn).run(), Ok(writers.clone()), "{tag:?}");
        assert_eq!(
            Tag::WRITERS.load_for_one(&tag, conn).run(),
            Ok(writers),
            "{tag:?}"
        );
    }
}

const ROWS: &str = "
    INSERT INTO writers VALUES (1, 'Ada', 'BOB'), (2, 'Bob', NULL), (3, 'Cleo', 'ada');
    INSERT INTO posts VALUES (1, 'ada', 3), (2, 'ADA', 7), (3, 'bob', 1), (4, NULL, 9), (5, 'nobody', 9);
    INSERT INTO tags VALUES (1, 'Rust'), (2, 'SQL');
    INSERT INTO taggings VALUES (1, 'ADA', 'rust'), (2, 'ada', 'SQL'), (3, 'bOB', 'RUST'),
        (4, 'Ada', 'gone'), (5, NULL, 'sql'), (6, 'ada', NULL), (7, 'nobody', 'sql');";

#[test]
fn keys_that_differ_in_case_alone() {
    let conn = &mut *with_texts(without_case(), ROWS);
    every_way_agrees(conn);

    let ada: Writer = writers::table
        .find(1)
        .select(Writer::as_select())
        .get_result(conn)
        .run()
        .unwrap();
    assert_eq!(ada.posts(conn).run().unwrap().len(), 2);
    for keys in [["rust", "RUST"], ["rust", "sql"], ["Rust", "rUST"]] {
        let (has, sent) = record(conn, |conn| ada.has_tags(keys, conn).run());
        assert_eq!((has, sent.count()), (Ok(true), 1), "{keys:?}");
    }
    assert_eq!(
        ada.has_tags(["rust", "RUST", "java"], conn).run(),
        Ok(false)
    );
}

#[test]
fn two_parents_whose_keys_are_one_in_the_database() {
    let more =
        "INSERT INTO writers VALUES (4, 'ADA', 'Ada'), (5, 'ada', 'ada'), (6, 'bob', 'cleo');";
    let conn = &mut *with_texts(without_case(), &[ROWS, more].concat());
    // belongs_to takes the first of several targets, junctions yield each
    every_way_agrees(conn);
    let rows: Vec<(Writer, Vec<Post>)> = writers::table
        .order(writers::id)
        .include(Writer::POSTS)
        .load(conn)
        .run()
        .unwrap();
    let counts: Vec<_> = rows.iter().map(|(_, posts)| posts.len()).collect();
    assert_eq!(counts, [2, 1, 0, 2, 2, 1]);
}

#[test]
fn keys_that_differ_in_spaces_at_the_end_alone() {
    let text = match ENGINE {
        Engine::Sqlite => "VARCHAR(100) COLLATE RTRIM",
        Engine::Mysql => "VARCHAR(100) CHARACTER SET latin1 COLLATE latin1_bin",
        Engine::Postgres => return,
    };
    let rows = ROWS
        .replace("'ADA'", "'Ada  '")
        .replace("'ada'", "'Ada '")
        .replace("'RUST'", "'Rust '")
        .replace("'bob'", "'Bob '");
    let conn = &mut *with_texts(text, &rows);
    every_way_agrees(conn);
    let ada: Writer = writers::table
        .find(1)
        .select(Writer::as_select())
        .get_result(conn)
        .run()
        .unwrap();
    assert_eq!(ada.posts(conn).run().unwrap().len(), 2);
    let more = "INSERT INTO writers VALUES (4, 'Ada  ', NULL), (5, 'ada', NULL);";
    let conn = &mut *with_texts(text, &[&rows, more].concat());
    every_way_agrees(conn);
}

#[test]
fn keys_that_are_equal_in_rust_alone() {
    let text = match ENGINE {
        Engine::Mysql => "VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        _ => "TEXT",
    };
    let more = "INSERT INTO writers VALUES (4, 'ADA', 'Ada'), (5, 'ada', 'ada');";
    every_way_agrees(&mut with_texts(text, &[ROWS, more].concat()));
}

#[test]
fn one_more_statement_for_texts_and_none_for_one_parent() {
    let conn = &mut *with_texts(without_case(), ROWS);
    let all: Vec<Writer> = writers::table
        .select(Writer::as_select())
        .load(conn)
        .run()
        .unwrap();
    let (_, sent) = record(conn, |conn| Writer::POSTS.load_for(&all, conn).run());
    assert_eq!(sent.count(), 2, "{sent:?}");
    let (_, sent) = record(conn, |conn| Writer::POSTS.load_for(&all[..1], conn).run());
    assert_eq!(sent.count(), 1, "{sent:?}");
    let again = record(conn, |conn| Writer::POSTS.load_for(&all, conn).run()).1;
    assert_eq!(again.cached.len(), 0);
}

#[test]
fn many_texts() {
    let conn = &mut *with_texts(without_case(), "");
    conn.batch(
        "INSERT INTO writers (id, name)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
             SELECT i, CONCAT('Writer ', i) FROM n;
         INSERT INTO posts SELECT id, UPPER(name), id FROM writers;
         INSERT INTO tags SELECT id, CONCAT('Tag ', id) FROM writers WHERE id <= 1000;
         INSERT INTO taggings SELECT id, LOWER(name), CONCAT('TAG ', id % 1000 + 1) FROM writers;",
    );
    let query = writers::table.filter(writers::id.gt(0)).order(writers::id);
    let rows: Vec<(Writer, Vec<Post>, Vec<Tag>, i64)> = query
        .include((Writer::POSTS, Writer::TAGS, Writer::TAGS.counted()))
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(rows.len(), 3000);
    for (writer, posts, tags, count) in rows {
        assert_eq!(post_ids(&posts), [writer.id]);
        assert_eq!(tag_ids(&tags), [writer.id % 1000 + 1]);
        assert_eq!(count, 1);
    }
}

mod tenants {
    use super::*;

    diesel::table! { shops (tenant, code) { tenant -> Integer, code -> Text, } }
    diesel::table! { sales (id) { id -> Integer, tenant -> Nullable<Integer>, shop -> Nullable<Text>, } }
    diesel::allow_tables_to_appear_in_same_query!(shops, sales);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = shops, primary_key(tenant, code))]
    #[has_many(Sale, foreign_key = (tenant, shop))]
    pub(super) struct Shop {
        pub(super) tenant: i32,
        pub(super) code: String,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_one(Shop, name = seller, foreign_key = (tenant, shop))]
    pub(super) struct Sale {
        pub(super) id: i32,
        pub(super) tenant: Option<i32>,
        pub(super) shop: Option<String>,
    }
}

#[test]
fn composite_keys_with_a_text() {
    use tenants::{Sale, Shop, sales, shops};
    let conn = &mut *with_texts(
        without_case(),
        "INSERT INTO shops VALUES (1, 'a'), (1, 'b'), (2, 'A'), (3, 'c');
         INSERT INTO sales VALUES (1, 1, 'A'), (2, 2, 'a'), (3, 1, 'B'), (4, NULL, 'a'), (5, 1, 'a'), (6, 1, NULL),
             (7, 4, 'a');",
    );
    let shops: Vec<(Shop, Vec<Sale>, i64)> = shops::table
        .order((shops::tenant, shops::code))
        .include((Shop::SALES, Shop::SALES.counted()))
        .load(conn)
        .run()
        .unwrap();
    let found: Vec<Vec<_>> = shops
        .iter()
        .map(|(_, sales, _)| sales.iter().map(|sale| sale.id).collect())
        .collect();
    assert_eq!(found, [vec![1, 5], vec![3], vec![2], vec![]]);
    for (shop, sales, count) in shops {
        assert_eq!(shop.sales(conn).run(), Ok(sales.clone()));
        assert_eq!(shop.count_sales(conn).run(), Ok(count));
        assert_eq!(shop.has_sales(&sales, conn).run(), Ok(true));
    }
    let sales: Vec<(Sale, Option<Shop>)> = sales::table
        .order(sales::id)
        .include(Sale::SELLER)
        .load(conn)
        .run()
        .unwrap();
    for (sale, shop) in sales {
        assert_eq!(sale.seller(conn).run(), Ok(shop), "{sale:?}");
    }
}

mod numbers {
    use super::*;

    diesel::table! { racks (id) { id -> Integer, } }
    diesel::table! { parcels (id) { id -> Integer, rack_id -> Nullable<Integer>, } }
    diesel::table! { pairs (rack_id, parcel_id) { rack_id -> Integer, parcel_id -> Integer, } }
    diesel::allow_tables_to_appear_in_same_query!(racks, parcels, pairs);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[has_many(Parcel, foreign_key = rack_id)]
    #[belongs_to_many(Parcel, name = pairs, singular = pair, through = pairs, foreign_key = rack_id, other_key = parcel_id)]
    pub(super) struct Rack {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_one(Rack)]
    pub(super) struct Parcel {
        pub(super) id: i32,
        pub(super) rack_id: Option<i32>,
    }
}

/// SQLite keeps integers as texts in a column of texts, and compares them as such.
#[test]
fn integers_in_columns_of_texts() {
    use numbers::{Parcel, Rack, parcels, racks};
    if ENGINE != Engine::Sqlite {
        return;
    }
    let conn = &mut *with_tables(
        "CREATE TABLE racks (id INTEGER PRIMARY KEY);
         CREATE TABLE parcels (id TEXT PRIMARY KEY, rack_id TEXT);
         CREATE TABLE pairs (rack_id TEXT, parcel_id TEXT, PRIMARY KEY (rack_id, parcel_id));
         INSERT INTO racks VALUES (1), (2), (3);
         INSERT INTO parcels VALUES (1, 1), (2, 1), (3, 2), (4, NULL), (5, 9);
         INSERT INTO pairs VALUES (1, 3), (1, 4), (2, 4);",
    );
    let tree = || (Rack::PARCELS, Rack::PAIRS, Rack::PARCELS.counted());
    let whole = racks::table.include(tree()).load(conn).run().unwrap();
    let filtered = racks::table
        .filter(racks::id.gt(0))
        .include(tree())
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(whole, filtered);
    let ids = |parcels: &[Parcel]| parcels.iter().map(|own| own.id).collect::<Vec<_>>();
    let found: Vec<_> = whole
        .iter()
        .map(|(_, parcels, pairs, count)| (ids(parcels), ids(pairs), *count))
        .collect();
    assert_eq!(
        found,
        [
            (vec![1, 2], vec![3, 4], 2),
            (vec![3], vec![4], 1),
            (vec![], vec![], 0)
        ]
    );
    for (rack, parcels, pairs, count) in whole {
        assert_eq!(rack.count_parcels(conn).run(), Ok(count));
        assert_eq!(rack.has_parcels(&parcels, conn).run(), Ok(true));
        assert_eq!(rack.has_pairs(&pairs, conn).run(), Ok(true));
        assert_eq!(rack.parcels(conn).run(), Ok(parcels));
        assert_eq!(rack.pairs(conn).run(), Ok(pairs));
    }
    let parcels: Vec<(Parcel, Option<Rack>)> = parcels::table
        .order(parcels::id)
        .include(Parcel::RACK)
        .load(conn)
        .run()
        .unwrap();
    let racks: Vec<_> = parcels
        .iter()
        .map(|(_, rack)| rack.as_ref().map(|rack| rack.id))
        .collect();
    assert_eq!(racks, [Some(1), Some(1), Some(2), None, None]);
}

/// SQLite compares texts with a column of integers as numbers.
#[test]
fn texts_for_columns_of_integers() {
    if ENGINE != Engine::Sqlite {
        return;
    }
    let conn = &mut *with_tables(
        "CREATE TABLE writers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, idol INTEGER);
         CREATE TABLE posts (id INTEGER PRIMARY KEY, writer INTEGER, rank INTEGER NOT NULL);
         CREATE TABLE tags (id INTEGER PRIMARY KEY, name INTEGER NOT NULL);
         CREATE TABLE taggings (id INTEGER PRIMARY KEY, writer INTEGER, tag INTEGER);
         INSERT INTO writers VALUES (1, '1', 2), (2, '01', NULL), (3, '2', 1), (4, 'x', NULL);
         INSERT INTO posts VALUES (1, 1, 3), (2, 1, 7), (3, 2, 1), (4, NULL, 9), (5, 9, 9);
         INSERT INTO tags VALUES (1, 7), (2, 8);
         INSERT INTO taggings VALUES (1, 1, 7), (2, 2, 8), (3, 2, 7);",
    );
    let rows: Vec<(Writer, Vec<Post>, Vec<Tag>, i64)> = writers::table
        .order(writers::id)
        .include((Writer::POSTS, Writer::TAGS, Writer::POSTS.counted()))
        .load(conn)
        .run()
        .unwrap();
    let found: Vec<_> = rows
        .iter()
        .map(|(_, posts, tags, count)| (post_ids(posts), tag_ids(tags), *count))
        .collect();
    assert_eq!(
        found,
        [
            (vec![1, 2], vec![1], 2),
            (vec![1, 2], vec![1], 2),
            (vec![3], vec![1, 2], 1),
            (vec![], vec![], 0)
        ]
    );
    for (writer, posts, tags, count) in rows {
        assert_eq!(writer.posts(conn).run(), Ok(posts));
        assert_eq!(writer.tags(conn).run(), Ok(tags));
        assert_eq!(writer.count_posts(conn).run(), Ok(count));
    }
    let one: Writer = writers::table
        .find(1)
        .select(Writer::as_select())
        .get_result(conn)
        .run()
        .unwrap();
    assert_eq!(one.has_tags(["7", "07"], conn).run(), Ok(true));
    assert_eq!(one.has_tags(["7", "8"], conn).run(), Ok(false));
}
