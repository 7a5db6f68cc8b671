//! Scopes: columns with given values, filtered by in every read and written by
//! every write. Polymorphic associations are a scope on a type column.

use super::Conn;
use super::prelude::*;
use super::support::READ_BACK;
use super::support::with_tables;
use super::write::{done, writes};
use orm_tests::database::Isolated;
use orm_tests::recorder::record;

diesel::table! { articles (id) { id -> Integer, title -> Text, } }
diesel::table! { videos (id) { id -> Integer, title -> Text, } }
diesel::table! {
    comments (id) {
        id -> Integer,
        body -> Text,
        subject_type -> Text,
        subject_id -> Nullable<Integer>,
        pinned -> Bool,
    }
}
diesel::table! { people (id) { id -> Integer, rank -> BigInt, } }
diesel::table! {
    credits (id) {
        id -> Integer,
        article_id -> Integer,
        person_id -> Integer,
        role -> Nullable<Text>,
    }
}
diesel::allow_tables_to_appear_in_same_query!(articles, videos, comments, people, credits);

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = articles)]
#[has_many(Comment, foreign_key = subject_id, scope(subject_type = "article"))]
#[has_one(Comment, name = pin, foreign_key = subject_id, scope(subject_type = "article", pinned = true))]
#[belongs_to_many(Person, name = authors, through = Credit, through_scope(role = "author"))]
#[belongs_to_many(Person, name = editors, through = Credit, through_scope(role = "editor"))]
#[belongs_to_many(
    Person,
    name = great_authors,
    through = credits,
    scope(rank = 9),
    through_scope(role = "author")
)]
struct Article {
    id: i32,
    title: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = videos)]
#[has_many(Comment, foreign_key = subject_id, scope(subject_type = "video"))]
struct Video {
    id: i32,
    title: String,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = comments)]
#[belongs_to(Article, foreign_key = subject_id, scope(subject_type = "article"))]
#[belongs_to(Video, foreign_key = subject_id, scope(subject_type = "video"))]
struct Comment {
    id: i32,
    body: String,
    subject_type: String,
    subject_id: Option<i32>,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = people)]
#[belongs_to_many(Article, through = Credit, through_scope(role = "author"))]
struct Person {
    id: i32,
    rank: i64,
}

#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
#[diesel(table_name = credits)]
struct Credit {
    id: i32,
    article_id: i32,
    person_id: i32,
    role: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = comments)]
struct NewComment {
    body: &'static str,
}

#[derive(Insertable)]
#[diesel(table_name = people)]
struct NewPerson {
    id: i32,
}

fn sample() -> Isolated<Conn> {
    with_tables(
        "CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
         CREATE TABLE videos (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
         CREATE TABLE comments (
             id INTEGER PRIMARY KEY, body TEXT NOT NULL, subject_type TEXT NOT NULL,
             subject_id INTEGER, pinned BOOLEAN NOT NULL DEFAULT FALSE);
         CREATE TABLE people (id INTEGER PRIMARY KEY, rank BIGINT NOT NULL DEFAULT 1);
         CREATE TABLE credits (
             id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL, person_id INTEGER NOT NULL,
             role TEXT, UNIQUE (article_id, person_id, role));
         INSERT INTO articles VALUES (1, 'one'), (2, 'two');
         INSERT INTO videos VALUES (1, 'film'), (3, 'clip');
         INSERT INTO comments VALUES
             (1, 'good article', 'article', 1, FALSE), (2, 'good film', 'video', 1, FALSE),
             (3, 'pinned', 'article', 1, TRUE), (4, 'clip', 'video', 3, FALSE),
             (5, 'lost', 'article', NULL, FALSE);
         INSERT INTO people VALUES (1, 9), (2, 1), (3, 9);
         INSERT INTO credits VALUES
             (1, 1, 1, 'author'), (2, 1, 2, 'author'), (3, 1, 2, 'editor'), (4, 2, 3, 'editor');",
    )
}

fn article(id: i32) -> Article {
    let title = if id == 1 { "one" } else { "two" };
    Article {
        id,
        title: title.into(),
    }
}

fn film() -> Video {
    Video {
        id: 1,
        title: "film".into(),
    }
}

fn comment(id: i32, conn: &mut Conn) -> Comment {
    comments::table
        .find(id)
        .select(Comment::as_select())
        .get_result(conn)
        .run()
        .unwrap()
}

fn ids(rows: &[Comment]) -> Vec<i32> {
    rows.iter().map(|comment| comment.id).collect()
}

/// better: reading from either end loads only rows of its own type.
#[test]
fn better_polymorphic_associations_read_their_own_type_from_both_ends() {
    let conn = &mut *sample();
    let (of_article, of_film) = (comment(1, conn), comment(2, conn));

    assert_eq!(ids(&article(1).comments(conn).run().unwrap()), [1, 3]);
    assert_eq!(ids(&film().comments(conn).run().unwrap()), [2]);
    assert_eq!(article(1).count_comments(conn).run(), Ok(2));
    assert_eq!(article(1).has_comments([1, 3], conn).run(), Ok(true));
    assert_eq!(article(1).has_comment(2, conn).run(), Ok(false));
    assert_eq!(
        article(1).pin(conn).run().unwrap().map(|pin| pin.id),
        Some(3)
    );

    // the keys are equal, the types are not
    assert_eq!(of_article.article(conn).run(), Ok(Some(article(1))));
    let (none, sent) = record(conn, |conn| of_film.article(conn).run());
    assert_eq!((none, sent.count()), (Ok(None), 0));
    assert_eq!(of_film.video(conn).run(), Ok(Some(film())));
    assert_eq!(
        of_article.article_query().count().get_result(conn).run(),
        Ok(1)
    );
    assert_eq!(
        of_film.article_query().count().get_result(conn).run(),
        Ok(0)
    );
}

#[test]
fn trees_joins_and_conditions_are_within_the_scope() {
    let conn = &mut *sample();

    for whole in [true, false] {
        let articles = articles::table.order(articles::id).into_boxed();
        let articles = if whole {
            articles
        } else {
            articles.filter(articles::id.lt(9))
        };
        let rows = articles
            .include((Article::COMMENTS, Article::PIN))
            .load(conn)
            .run()
            .unwrap();
        let rows: Vec<_> = rows
            .iter()
            .map(|(_, comments, pin)| (ids(comments), pin.as_ref().map(|pin| pin.id)))
            .collect();
        assert_eq!(rows, [(vec![1, 3], Some(3)), (vec![], None)]);
    }
    let rows = comments::table
        .order(comments::id)
        .include((Comment::ARTICLE, Comment::VIDEO))
        .load(conn)
        .run()
        .unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|(_, article, video)| {
            (
                article.as_ref().map(|row| row.id),
                video.as_ref().map(|row| row.id),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (Some(1), None),
            (None, Some(1)),
            (Some(1), None),
            (None, Some(3)),
            (None, None)
        ]
    );

    let ids = |query: Vec<i32>| query;
    let joined = Article::COMMENTS
        .inner_join()
        .select(comments::id)
        .order(comments::id);
    assert_eq!(joined.load(conn).run().map(ids), Ok(vec![1, 3]));
    let joined = Comment::VIDEO
        .inner_join()
        .select(comments::id)
        .order(comments::id);
    assert_eq!(joined.load(conn).run().map(ids), Ok(vec![2, 4]));
    let joined = comments::table
        .left_join(Comment::ARTICLE)
        .filter(articles::id.nullable().is_null())
        .select(comments::id)
        .order(comments::id);
    assert_eq!(joined.load(conn).run().map(ids), Ok(vec![2, 4, 5]));

    let with = comments::table
        .filter(Comment::ARTICLE.exists())
        .select(comments::id);
    assert_eq!(with.load(conn).run().map(ids), Ok(vec![1, 3]));
    let without = comments::table.filter(Comment::ARTICLE.none(articles::id.gt(0)));
    assert_eq!(
        without.select(comments::id).load(conn).run().map(ids),
        Ok(vec![2, 4, 5])
    );
    let pinned = articles::table
        .filter(Article::PIN.exists())
        .select(articles::id);
    assert_eq!(pinned.load(conn).run().map(ids), Ok(vec![1]));
    let counted = videos::table
        .order((Video::COMMENTS.count().desc(), videos::id))
        .select((videos::id, Video::COMMENTS.count()));
    assert_eq!(counted.load(conn).run(), Ok(vec![(1, 1_i64), (3, 1)]));
    let counted = articles::table
        .include(Article::COMMENTS.counted())
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(counted[0].1, 2);
    let top = Article::COMMENTS
        .order(comments::id.desc())
        .limit(1)
        .required();
    let top = articles::table.include(top).load(conn).run().unwrap();
    assert_eq!((top.len(), top[0].1[0].id), (1, 3));
}

#[test]
fn writes_stay_within_the_scope() {
    let conn = &mut *sample();

    writes(
        conn,
        Ok(()),
        1,
        &["comments: 5, 'lost', 'article', NULL, 0"],
        &["comments: 5, 'lost', 'video', 1, 0"],
        |conn| film().add_comment(5, conn).run(),
    );
    // not its own comments
    writes(conn, Ok(0), 1, &[], &[], |conn| {
        film().remove_comments([1, 3], conn).run()
    });
    writes(
        conn,
        Ok(()),
        2,
        &["comments: 2, 'good film', 'video', 1, 0"],
        &["comments: 2, 'good film', 'video', NULL, 0"],
        |conn| film().set_comments([5], conn).run(),
    );
    let created = done(conn, |conn| {
        article(2)
            .create_comment(&NewComment { body: "new" }, conn)
            .run()
    });
    assert_eq!(created.new, ["comments: 6, 'new', 'article', 2, 0"]);
    assert_eq!(
        (created.result.unwrap().subject_id, created.sent.count()),
        (Some(2), 1 + READ_BACK)
    );
    // the pin is unlinked, the other comments are not
    let pinned = done(conn, |conn| {
        article(1)
            .create_pin(&NewComment { body: "pin" }, conn)
            .run()
    });
    assert_eq!(pinned.gone, ["comments: 3, 'pinned', 'article', 1, 1"]);
    assert_eq!(
        pinned.new,
        [
            "comments: 3, 'pinned', 'article', NULL, 1",
            "comments: 7, 'pin', 'article', 1, 1"
        ]
    );
}

#[test]
fn a_belongs_to_writes_its_type_beside_its_key() {
    let conn = &mut *sample();
    let mut comment = comment(4, conn);

    writes(
        conn,
        Ok(()),
        1,
        &["comments: 4, 'clip', 'video', 3, 0"],
        &["comments: 4, 'clip', 'article', 1, 0"],
        |conn| comment.set_article(&article(1), conn).run(),
    );
    assert_eq!(
        (comment.subject_type.as_str(), comment.subject_id),
        ("article", Some(1))
    );
    // the same key of another type is another row
    writes(
        conn,
        Ok(()),
        1,
        &["comments: 4, 'clip', 'article', 1, 0"],
        &["comments: 4, 'clip', 'video', 1, 0"],
        |conn| comment.set_video(1, conn).run(),
    );
    // it has no article to be unset
    writes(conn, Ok(()), 0, &[], &[], |conn| {
        comment.unset_article(conn).run()
    });
    assert_eq!(comment.subject_id, Some(1));
}

/// better: links of other scopes over one junction are not disturbed.
#[test]
fn better_scoped_associations_over_one_junction_do_not_disturb_each_other() {
    let conn = &mut *sample();
    let ids = |people: QueryResult<Vec<Person>>| {
        people
            .unwrap()
            .iter()
            .map(|person| person.id)
            .collect::<Vec<_>>()
    };

    assert_eq!(ids(article(1).authors(conn).run()), [1, 2]);
    assert_eq!(ids(article(1).editors(conn).run()), [2]);
    assert_eq!(article(1).count_authors(conn).run(), Ok(2));
    assert_eq!(article(1).has_editor(1, conn).run(), Ok(false));
    writes(
        conn,
        Ok(()),
        1,
        &[],
        &["credits: 5, 1, 1, 'editor'"],
        |conn| article(1).add_editors([1, 2], conn).run(),
    );
    writes(
        conn,
        Ok(1),
        1,
        &["credits: 2, 1, 2, 'author'"],
        &[],
        |conn| article(1).remove_author(2, conn).run(),
    );
    writes(
        conn,
        Ok(()),
        3,
        &["credits: 3, 1, 2, 'editor'"],
        &["credits: 6, 1, 3, 'editor'"],
        |conn| article(1).set_editors([1, 3], conn).run(),
    );
    assert_eq!(ids(article(1).authors(conn).run()), [1]);
    // better: a payload changes the pair of its own role
    writes(
        conn,
        Ok(()),
        1,
        &["credits: 1, 1, 1, 'author'"],
        &["credits: 9, 1, 1, 'author'"],
        |conn| article(1).add_author_with(1, credits::id.eq(9), conn).run(),
    );

    let rows = articles::table
        .order(articles::id)
        .include((Article::AUTHORS, Article::EDITORS.with_through::<Credit>()))
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(rows[0].1.len(), 1);
    let roles: Vec<_> = rows[0]
        .2
        .iter()
        .map(|(credit, _)| credit.role.as_deref())
        .collect();
    assert_eq!(roles, [Some("editor"), Some("editor")]);
    let of_person = people::table
        .filter(Person::ARTICLES.exists())
        .select(people::id);
    assert_eq!(of_person.load(conn).run(), Ok(vec![1]));
}

#[test]
fn a_target_scope_through_a_junction() {
    let conn = &mut *sample();

    let great = |people: QueryResult<Vec<Person>>| people.unwrap().len();
    assert_eq!(great(article(1).great_authors(conn).run()), 1);
    assert_eq!(article(1).count_great_authors(conn).run(), Ok(1));
    assert_eq!(article(1).has_great_author(2, conn).run(), Ok(false));
    let rows = articles::table
        .order(articles::id)
        .include(Article::GREAT_AUTHORS);
    let rows = rows.load(conn).run().unwrap();
    assert_eq!(
        rows.iter()
            .map(|(_, great)| great.len())
            .collect::<Vec<_>>(),
        [1, 0]
    );
    let joined = Article::GREAT_AUTHORS
        .inner_join()
        .select((articles::id, people::id));
    assert_eq!(joined.load(conn).run(), Ok(vec![(1, 1)]));
    // the target's scope is written too
    writes(
        conn,
        Ok(Person { id: 4, rank: 9 }),
        // a key that is given is not counted
        2 + READ_BACK / 2,
        &[],
        &["credits: 5, 2, 4, 'author'", "people: 4, 9"],
        |conn| {
            article(2)
                .create_great_author(&NewPerson { id: 4 }, conn)
                .run()
        },
    );
}

#[test]
fn scopes_are_constant_data() {
    let comments = &Article::ASSOCIATIONS[0];
    assert_eq!(comments.scope, ["subject_type"]);
    let authors = Article::ASSOCIATIONS[2].junction.unwrap();
    assert_eq!(
        (Article::ASSOCIATIONS[2].scope, authors.scope),
        (&[][..], &["role"][..])
    );
}
