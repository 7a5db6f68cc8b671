//! Comments on articles and on videos: one table of comments, whose type column
//! says what a comment is about. A scope on that column makes it two
//! associations that never see each other's rows.

use diesel::prelude::*;
use orm_core::prelude::*;
use orm_examples::{database, step, table};
use std::error::Error;

diesel::table! { articles (id) { id -> Integer, title -> Text, } }
diesel::table! { videos (id) { id -> Integer, title -> Text, } }
diesel::table! {
    comments (id) {
        id -> Integer,
        subject_type -> Text,
        subject_id -> Integer,
        body -> Text,
    }
}
diesel::allow_tables_to_appear_in_same_query!(articles, videos, comments);

#[derive(Model, Queryable, Selectable, Clone)]
#[has_many(Comment, foreign_key = subject_id, scope(subject_type = "article"))]
struct Article {
    id: i32,
    title: String,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[has_many(Comment, foreign_key = subject_id, scope(subject_type = "video"))]
struct Video {
    id: i32,
    title: String,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[belongs_to_one(Article, foreign_key = subject_id, scope(subject_type = "article"))]
#[belongs_to_one(Video, foreign_key = subject_id, scope(subject_type = "video"))]
struct Comment {
    id: i32,
    subject_type: String,
    subject_id: i32,
    body: String,
}

#[derive(Insertable)]
#[diesel(table_name = comments)]
struct NewComment<'a> {
    body: &'a str,
}

fn main() -> Result<(), Box<dyn Error>> {
    let conn = &mut database(
        "CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
         CREATE TABLE videos (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
         CREATE TABLE comments (
             id INTEGER PRIMARY KEY, subject_type TEXT NOT NULL, subject_id INTEGER NOT NULL,
             body TEXT NOT NULL);
         CREATE INDEX comments_subject ON comments (subject_type, subject_id);
         INSERT INTO articles VALUES (1, 'Rust in 2026'), (2, 'SQLite');
         INSERT INTO videos VALUES (1, 'Live coding');",
    )?;
    let article = articles::table
        .find(1)
        .select(Article::as_select())
        .get_result(conn)?;
    let video = videos::table
        .find(1)
        .select(Video::as_select())
        .get_result(conn)?;

    step(
        "The type is written with the key",
        "article.create_comment(&NewComment { body: \"good read\" }, conn)?",
    );
    article.create_comment(&NewComment { body: "good read" }, conn)?;
    let mut clip = video.create_comment(&NewComment { body: "nice cut" }, conn)?;
    video.create_comment(&NewComment { body: "subtitles?" }, conn)?;

    step(
        "The key is the same, the type is not",
        "article.comments(conn)?",
    );
    let comments = article.comments(conn)?;
    table(
        ["id", "type", "body"],
        comments
            .into_iter()
            .map(|comment| [comment.id.to_string(), comment.subject_type, comment.body]),
    );

    step(
        "From the other end: what it is not about costs no statement",
        "clip.article(conn)?, clip.video(conn)?",
    );
    println!(
        "    {:?}, {:?}",
        clip.article(conn)?.map(|article| article.title),
        clip.video(conn)?.map(|video| video.title)
    );

    step("Moved to the article", "clip.set_article(&article, conn)?");
    clip.set_article(&article, conn)?;
    println!("    {} {}", clip.subject_type, clip.subject_id);

    step(
        "All comments with their subjects",
        "comments::table.include((Comment::ARTICLE, Comment::VIDEO)).load(conn)?",
    );
    let rows = comments::table
        .order(comments::id)
        .include((Comment::ARTICLE, Comment::VIDEO))
        .load(conn)?;
    table(
        ["comment", "article", "video"],
        rows.into_iter().map(|(comment, article, video)| {
            [
                comment.body,
                article.map_or_else(String::new, |article| article.title),
                video.map_or_else(String::new, |video| video.title),
            ]
        }),
    );
    Ok(())
}
