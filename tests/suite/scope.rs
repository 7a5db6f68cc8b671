//! Scopes: columns with given values, filtered by in every read and written by
//! every write. Polymorphic associations are a scope on a type column.

use super::Conn;
use super::prelude::*;
use super::support::{ENGINE, LOCK, READ_BACK, with_tables};
use super::write::{done, writes};
use orm_tests::connection::Engine;
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
#[belongs_to_one(Article, foreign_key = subject_id, scope(subject_type = "article"))]
#[belongs_to_one(Video, foreign_key = subject_id, scope(subject_type = "video"))]
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
        2 + LOCK,
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
    writes(conn, Ok(()), 1, &[], &[], |conn| {
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
    // a pair that was there is looked for where the statement cannot tell that it was
    let looked = usize::from(ENGINE != Engine::Postgres);
    writes(
        conn,
        Ok(()),
        1 + looked,
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
        3 + LOCK,
        &["credits: 3, 1, 2, 'editor'"],
        &["credits: 6, 1, 3, 'editor'"],
        |conn| article(1).set_editors([1, 3], conn).run(),
    );
    assert_eq!(ids(article(1).authors(conn).run()), [1]);
    // better: a payload changes the pair of its own role
    writes(
        conn,
        Ok(()),
        2,
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

mod nulls {
    //! `None` in a scope is NULL, as a literal and as a value.
    use super::*;

    diesel::table! { folders (id) { id -> Integer, } }
    diesel::table! {
        notes (id) {
            id -> Integer,
            folder_id -> Nullable<Integer>,
            above_id -> Nullable<Integer>,
            deleted_at -> Nullable<Text>,
            kind -> Nullable<Text>,
        }
    }
    diesel::table! { labels (id) { id -> Integer, retired -> Nullable<Integer>, } }
    diesel::table! {
        note_labels (note_id, label_id) {
            note_id -> Integer,
            label_id -> Integer,
            removed_at -> Nullable<Text>,
        }
    }
    diesel::allow_tables_to_appear_in_same_query!(folders, notes, labels, note_labels);

    /// Values that the declarations do not show.
    const NEVER: Option<&'static str> = None;
    const ONCE: Option<&'static str> = Some("once");

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = folders)]
    #[has_many(Note, scope(deleted_at = None))]
    #[has_many(Note, name = kept, singular = kept_note, scope(deleted_at = NEVER as Option<&'static str>))]
    #[has_many(Note, name = gone, singular = gone_note, scope(deleted_at = ONCE as Option<&'static str>))]
    #[has_one(Note, name = cover, scope(kind = "cover", deleted_at = Option::None as Option<String>))]
    pub(super) struct Folder {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = notes)]
    #[belongs_to_one(Folder, scope(deleted_at = None))]
    #[belongs_to_one(Folder, name = keeper, foreign_key = folder_id, scope(deleted_at = NEVER as Option<&'static str>))]
    #[belongs_to_one(Folder, name = former, foreign_key = folder_id, scope(deleted_at = ONCE as Option<&'static str>))]
    #[has_many(Note, name = below, singular = note_below, foreign_key = above_id, scope(deleted_at = None))]
    #[belongs_to_many(Label, through = NoteLabel, scope(retired = None), through_scope(removed_at = None as Option<String>))]
    #[belongs_to_many(Label, name = marks, through = note_labels, through_scope(removed_at = NEVER as Option<&'static str>))]
    pub(super) struct Note {
        pub(super) id: i32,
        pub(super) folder_id: Option<i32>,
        pub(super) deleted_at: Option<String>,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = labels)]
    pub(super) struct Label {
        pub(super) id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = note_labels, primary_key(note_id, label_id))]
    pub(super) struct NoteLabel {
        pub(super) note_id: i32,
        pub(super) label_id: i32,
    }

    #[derive(Include, Debug, Clone)]
    #[include(Note)]
    pub(super) struct Marked {
        #[include(row)]
        pub(super) note: Note,
        #[include(filter_through = note_labels::label_id.gt(1_i32))]
        pub(super) labels: Vec<Label>,
    }

    /// Folder 1 has the notes 1, 2 and 3, of which 3 is deleted; 4 is nobody's.
    pub(super) fn sample() -> Isolated<Conn> {
        with_tables(
            "CREATE TABLE folders (id INTEGER PRIMARY KEY);
             CREATE TABLE notes (
                 id INTEGER PRIMARY KEY, folder_id INTEGER, above_id INTEGER, deleted_at TEXT, kind TEXT);
             CREATE TABLE labels (id INTEGER PRIMARY KEY, retired INTEGER);
             CREATE TABLE note_labels (
                 note_id INTEGER NOT NULL, label_id INTEGER NOT NULL, removed_at TEXT,
                 PRIMARY KEY (note_id, label_id));
             INSERT INTO folders VALUES (1), (2);
             INSERT INTO notes VALUES
                 (1, 1, NULL, NULL, 'cover'), (2, 1, 1, NULL, NULL), (3, 1, 1, 'once', 'cover'),
                 (4, NULL, NULL, 'once', NULL), (5, 2, NULL, 'once', 'cover');
             INSERT INTO labels VALUES (1, NULL), (2, NULL), (3, 1), (4, NULL);
             INSERT INTO note_labels VALUES (1, 1, NULL), (1, 2, 'then'), (1, 3, NULL), (2, 2, NULL);",
        )
    }

    pub(super) fn ids(notes: &[Note]) -> Vec<i32> {
        notes.iter().map(|note| note.id).collect()
    }

    pub(super) fn note(id: i32, conn: &mut Conn) -> Note {
        let query = notes::table.find(id).select(Note::as_select());
        query.get_result(conn).run().unwrap()
    }
}

/// better: a scope of `None` finds the rows that it writes, however it is asked.
#[test]
fn better_none_in_a_scope_is_null_in_every_read() {
    use nulls::*;
    let conn = &mut *sample();
    let folder = Folder { id: 1 };

    assert_eq!(ids(&folder.notes(conn).run().unwrap()), [1, 2]);
    assert_eq!(ids(&folder.kept(conn).run().unwrap()), [1, 2]);
    assert_eq!(ids(&folder.gone(conn).run().unwrap()), [3]);
    assert_eq!(folder.cover(conn).run().unwrap().unwrap().id, 1);
    assert_eq!(Folder { id: 2 }.cover(conn).run(), Ok(None));
    let query = folder.notes_query().count().get_result::<i64>(conn).run();
    assert_eq!(query, Ok(2));
    assert_eq!(folder.count_notes(conn).run(), Ok(2));
    assert_eq!(folder.count_kept(conn).run(), Ok(2));
    assert_eq!(folder.count_gone(conn).run(), Ok(1));
    assert_eq!(folder.has_notes([1, 2], conn).run(), Ok(true));
    assert_eq!(folder.has_note(3, conn).run(), Ok(false));
    assert_eq!(folder.has_gone_note(3, conn).run(), Ok(true));

    for whole in [true, false] {
        let folders = folders::table.order(folders::id).into_boxed();
        let folders = if whole {
            folders
        } else {
            folders.filter(folders::id.lt(9))
        };
        let tree = (Folder::NOTES, Folder::KEPT, Folder::GONE, Folder::COVER);
        let rows = folders.include(tree).load(conn).run().unwrap();
        let rows: Vec<_> = rows
            .iter()
            .map(|(_, notes, kept, gone, cover)| {
                let cover = cover.as_ref().map(|cover| cover.id);
                (ids(notes), ids(kept), ids(gone), cover)
            })
            .collect();
        assert_eq!(
            rows,
            [
                (vec![1, 2], vec![1, 2], vec![3], Some(1)),
                (vec![], vec![], vec![5], None)
            ]
        );
    }
    let counted = folders::table
        .order((Folder::KEPT.count().desc(), folders::id))
        .select((folders::id, Folder::NOTES.count(), Folder::GONE.count()));
    assert_eq!(
        counted.load(conn).run(),
        Ok(vec![(1, 2_i64, 1_i64), (2, 0, 1)])
    );
    let tree = folders::table
        .order(folders::id)
        .include((Folder::NOTES.counted(), Folder::GONE.existing()));
    let tree = tree.load(conn).run().unwrap();
    assert_eq!((tree[0].1, tree[1].1, tree[1].2), (2, 0, true));
    let ids_of = |ids: QueryResult<Vec<i32>>| ids.unwrap();
    let with = folders::table.filter(Folder::NOTES.exists());
    assert_eq!(ids_of(with.select(folders::id).load(conn).run()), [1]);
    let with = folders::table.filter(Folder::KEPT.exists());
    assert_eq!(ids_of(with.select(folders::id).load(conn).run()), [1]);
    let with = folders::table.filter(Folder::NOTES.any(notes::id.gt(1)));
    assert_eq!(ids_of(with.select(folders::id).load(conn).run()), [1]);
    let without = folders::table.filter(Folder::KEPT.none(notes::id.gt(0)));
    assert_eq!(ids_of(without.select(folders::id).load(conn).run()), [2]);
    let joined = Folder::KEPT.inner_join().select(notes::id).order(notes::id);
    assert_eq!(ids_of(joined.load(conn).run()), [1, 2]);
    // under an alias
    let below = Note::BELOW.target();
    let joined = Note::BELOW
        .inner_join()
        .select((notes::id, below.field(notes::id)));
    assert_eq!(joined.load(conn).run(), Ok(vec![(1, 2)]));
    assert_eq!(ids(&note(1, conn).below(conn).run().unwrap()), [2]);
}

#[test]
fn better_none_in_the_scope_of_a_belongs_to_is_of_the_row() {
    use nulls::*;
    let conn = &mut *sample();
    let (kept, mut gone) = (note(1, conn), note(3, conn));
    let folder = Folder { id: 1 };

    assert_eq!(kept.folder(conn).run(), Ok(Some(folder.clone())));
    assert_eq!(kept.keeper(conn).run(), Ok(Some(folder.clone())));
    assert_eq!(kept.former(conn).run(), Ok(None));
    assert_eq!(gone.folder(conn).run(), Ok(None));
    assert_eq!(gone.former(conn).run(), Ok(Some(folder)));
    let ids_of = |ids: QueryResult<Vec<i32>>| ids.unwrap();
    let all = || notes::table.order(notes::id).select(notes::id);
    let with = all().filter(Note::FOLDER.exists());
    assert_eq!(ids_of(with.load(conn).run()), [1, 2]);
    let with = all().filter(Note::KEEPER.exists());
    assert_eq!(ids_of(with.load(conn).run()), [1, 2]);
    let with = all().filter(Note::FORMER.exists());
    assert_eq!(ids_of(with.load(conn).run()), [3, 5]);
    let joined = Note::FOLDER.inner_join().select(notes::id);
    assert_eq!(ids_of(joined.order(notes::id).load(conn).run()), [1, 2]);

    writes(
        conn,
        Ok(()),
        1,
        &["notes: 3, 1, 1, 'once', 'cover'"],
        &["notes: 3, 2, 1, NULL, 'cover'"],
        |conn| gone.set_keeper(2, conn).run(),
    );
    assert_eq!(
        (gone.folder_id, gone.deleted_at.as_deref()),
        (Some(2), None)
    );
    writes(
        conn,
        Ok(()),
        1,
        &["notes: 3, 2, 1, NULL, 'cover'"],
        &["notes: 3, 1, 1, 'once', 'cover'"],
        |conn| gone.set_former(1, conn).run(),
    );
    assert_eq!(gone.deleted_at.as_deref(), Some("once"));
    writes(
        conn,
        Ok(()),
        1,
        &["notes: 3, 1, 1, 'once', 'cover'"],
        &["notes: 3, 1, 1, NULL, 'cover'"],
        |conn| gone.set_folder(1, conn).run(),
    );
    assert_eq!(gone.deleted_at, None);
}

#[test]
fn better_none_in_a_scope_is_written() {
    use nulls::*;
    let conn = &mut *sample();
    let folder = Folder { id: 2 };

    writes(
        conn,
        Ok(()),
        1,
        &["notes: 4, NULL, NULL, 'once', NULL"],
        &["notes: 4, 2, NULL, NULL, NULL"],
        |conn| folder.add_note(4, conn).run(),
    );
    let created = done(conn, |conn| {
        folder.create_kept_note(notes::id.eq(6), conn).run()
    });
    assert_eq!(created.new, ["notes: 6, 2, NULL, NULL, NULL"]);
    assert_eq!(folder.has_notes([4, 6], conn).run(), Ok(true));
    let created = done(conn, |conn| {
        folder.create_cover(notes::id.eq(7), conn).run()
    });
    assert_eq!(created.new, ["notes: 7, 2, NULL, NULL, 'cover'"]);
    // what is deleted is not of this association
    writes(
        conn,
        Ok(2),
        1,
        &[
            "notes: 4, 2, NULL, NULL, NULL",
            "notes: 6, 2, NULL, NULL, NULL",
        ],
        &[
            "notes: 4, NULL, NULL, NULL, NULL",
            "notes: 6, NULL, NULL, NULL, NULL",
        ],
        |conn| folder.remove_notes([4, 5, 6], conn).run(),
    );
    let gone = Folder::GONE.new_rows([notes::id.eq(8)]);
    let tree = Folder::new_tree(folders::id.eq(3), gone);
    let grown = done(conn, |conn| tree.create(conn).run());
    assert_eq!(grown.result.map(drop), Ok(()));
    assert_eq!(grown.new, ["folders: 3", "notes: 8, 3, NULL, 'once', NULL"]);
}

#[test]
fn better_none_in_the_scope_of_a_junction() {
    use nulls::*;
    let conn = &mut *sample();
    let (one, two) = (note(1, conn), note(2, conn));
    let ids = |labels: Vec<Label>| labels.iter().map(|label| label.id).collect::<Vec<_>>();

    // 2 is removed, and 3 retired
    assert_eq!(one.labels(conn).run().map(ids), Ok(vec![1]));
    assert_eq!(one.marks(conn).run().map(ids), Ok(vec![1, 3]));
    assert_eq!(one.count_labels(conn).run(), Ok(1));
    assert_eq!(one.count_marks(conn).run(), Ok(2));
    assert_eq!(one.has_labels([1, 2], conn).run(), Ok(false));
    assert_eq!(one.labels_with_through(conn).run().unwrap().len(), 1);
    let rows = notes::table
        .filter(notes::id.le(2))
        .order(notes::id)
        .include((Note::LABELS, Note::MARKS))
        .load(conn)
        .run()
        .unwrap();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(_, labels, marks)| (ids(labels), ids(marks)))
        .collect();
    assert_eq!(rows, [(vec![1], vec![1, 3]), (vec![2], vec![2])]);
    let with = notes::table.filter(Note::LABELS.any(labels::id.eq(2)));
    assert_eq!(with.select(notes::id).load(conn).run(), Ok(vec![2]));
    let joined = Note::LABELS.inner_join().select((notes::id, labels::id));
    let joined = joined.order((notes::id, labels::id));
    assert_eq!(joined.load(conn).run(), Ok(vec![(1, 1), (2, 2)]));

    writes(conn, Ok(()), 1, &[], &["note_labels: 2, 1, NULL"], |conn| {
        two.add_mark(1, conn).run()
    });
    assert_eq!(two.has_marks([1, 2], conn).run(), Ok(true));
    writes(conn, Ok(1), 1, &["note_labels: 1, 3, NULL"], &[], |conn| {
        one.remove_marks([2, 3], conn).run()
    });
}

/// The junction's rows are filtered beside its scope.
#[test]
fn junction_rows_are_filtered_within_their_scope() {
    use nulls::*;
    let conn = &mut *sample();
    let ids = |labels: &[Label]| labels.iter().map(|label| label.id).collect::<Vec<_>>();

    for whole in [true, false] {
        let notes = notes::table.order(notes::id).into_boxed();
        let notes = if whole {
            notes
        } else {
            notes.filter(notes::id.le(2))
        };
        let tree = (
            Note::MARKS.filter_through(note_labels::label_id.gt(1)),
            Note::LABELS.filter_through(note_labels::label_id.gt(1)),
        );
        let rows = notes.include(tree).load(conn).run().unwrap();
        assert_eq!((ids(&rows[0].1), ids(&rows[0].2)), (vec![3], vec![]));
        assert_eq!((ids(&rows[1].1), ids(&rows[1].2)), (vec![2], vec![2]));
    }
    let page = notes::table
        .filter(notes::id.le(2))
        .order(notes::id)
        .load_as::<Marked>(conn)
        .run()
        .unwrap();
    let labels: Vec<_> = page
        .iter()
        .map(|row| (row.note.id, ids(&row.labels)))
        .collect();
    assert_eq!(labels, [(1, vec![]), (2, vec![2])]);
}
