//! People and cities, posts and comments: a city has many people who were born
//! there, a person was born in one city; a post has many comments.

use diesel::prelude::*;
use orm_core::prelude::*;
use orm_examples::{database, step, table};
use std::error::Error;

diesel::table! { cities (id) { id -> Integer, name -> Text, } }
diesel::table! { people (id) { id -> Integer, name -> Text, birthplace_id -> Integer, } }
diesel::table! { posts (id) { id -> Integer, title -> Text, } }
diesel::table! { comments (id) { id -> Integer, post_id -> Integer, body -> Text, } }
diesel::allow_tables_to_appear_in_same_query!(cities, people);
diesel::allow_tables_to_appear_in_same_query!(posts, comments);

#[derive(Model, Queryable, Selectable)]
#[has_many(Person, name = natives, foreign_key = birthplace_id)]
#[diesel(table_name = cities)]
struct City {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[belongs_to_one(City, name = birthplace)]
struct Person {
    id: i32,
    name: String,
    birthplace_id: i32,
}

#[derive(Model, Queryable, Selectable)]
#[has_many(Comment)]
struct Post {
    id: i32,
    title: String,
}

#[derive(Model, Queryable, Selectable)]
#[belongs_to_one(Post)]
struct Comment {
    id: i32,
    post_id: i32,
    body: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let conn = &mut database(
        "CREATE TABLE cities (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE people (
             id INTEGER PRIMARY KEY,
             name TEXT NOT NULL,
             birthplace_id INTEGER NOT NULL REFERENCES cities (id)
         );
         CREATE INDEX people_birthplace ON people (birthplace_id);
         CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
         CREATE TABLE comments (
             id INTEGER PRIMARY KEY,
             post_id INTEGER NOT NULL REFERENCES posts (id),
             body TEXT NOT NULL
         );
         INSERT INTO cities VALUES (1, 'Rome'), (2, 'Oslo');
         INSERT INTO people VALUES (1, 'Ada', 1), (2, 'Bob', 1), (3, 'Cleo', 2);
         INSERT INTO posts VALUES (1, 'Hello'), (2, 'Again');
         INSERT INTO comments VALUES (1, 1, 'nice'), (2, 1, 'thanks');",
    )?;

    let rome = cities::table
        .find(1)
        .select(City::as_select())
        .get_result(conn)?;
    step("Who was born in Rome", "rome.natives(conn)?");
    let natives = rome.natives(conn)?;
    table(
        ["id", "native"],
        natives
            .iter()
            .map(|native| [native.id.to_string(), native.name.clone()]),
    );

    step("Where Bob was born", "bob.birthplace(conn)?");
    println!("    {}", natives[1].birthplace(conn)?.name);

    step(
        "Counting and checking",
        "rome.count_natives(conn)?, rome.has_natives([1, 2], conn)?",
    );
    println!(
        "    {}, {}",
        rome.count_natives(conn)?,
        rome.has_natives([1, 2], conn)?
    );

    step(
        "A Diesel query like any other",
        "rome.natives_query().filter(..).order(..)",
    );
    let names: Vec<String> = rome
        .natives_query()
        .filter(people::name.ne("Ada"))
        .order(people::name.desc())
        .select(people::name)
        .load(conn)?;
    println!("    {names:?}");

    step("The comments of each post", "post.comments(conn)?");
    let mut rows = Vec::new();
    for post in posts::table.select(Post::as_select()).load(conn)? {
        for comment in post.comments(conn)? {
            let on = comment.post(conn)?.title;
            rows.push([
                post.id.to_string(),
                on,
                comment.id.to_string(),
                comment.body,
            ]);
        }
    }
    table(["post", "title", "comment", "body"], rows);
    Ok(())
}
