use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use orm_core::prelude::*;

diesel::table! { people (id) { id -> Integer, name -> Text, } }
diesel::table! { toots (id) { id -> Integer, author_id -> Integer, body -> Text, } }
diesel::allow_tables_to_appear_in_same_query!(people, toots);

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = people)]
#[has_many(Toot, foreign_key = author_id)]
struct Person {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = toots)]
#[belongs_to_one(Person, name = author)]
struct Toot {
    id: i32,
    author_id: i32,
    body: String,
}

#[derive(Insertable)]
#[diesel(table_name = toots)]
struct NewToot<'a> {
    body: &'a str,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let conn = &mut SqliteConnection::establish(":memory:")?;
    conn.batch_execute(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE toots (
             id INTEGER PRIMARY KEY,
             author_id INTEGER NOT NULL REFERENCES people (id),
             body TEXT NOT NULL
         );
         INSERT INTO people VALUES (1, 'Ada'), (2, 'Bob');",
    )?;

    let ada = Person::find(1, conn)?;
    let toot = ada.create_toot(NewToot { body: "hello" }, conn)?;
    assert_eq!(toot.author(conn)?.name, "Ada");
    assert_eq!(ada.toots(conn)?.len(), 1);

    let people: Vec<(Person, Vec<Toot>)> = people::table
        .order(people::id)
        .include(Person::TOOTS)
        .load(conn)?;
    for (person, toots) in people {
        for toot in toots {
            println!("{}: {}", person.name, toot.body);
        }
    }
    Ok(())
}
