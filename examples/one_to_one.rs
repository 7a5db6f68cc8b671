//! People and driving licenses: a person has one license or none, a license
//! belongs to one person or nobody.

use diesel::prelude::*;
use orm_core::prelude::*;
use orm_examples::{database, or_dash, step, table};
use std::error::Error;

diesel::table! { people (id) { id -> Integer, name -> Text, } }
diesel::table! { driving_licenses (id) { id -> Integer, number -> Text, owner_id -> Nullable<Integer>, } }
diesel::allow_tables_to_appear_in_same_query!(people, driving_licenses);

#[derive(Model, Queryable, Selectable)]
#[diesel(table_name = people)]
#[has_one(DrivingLicense, foreign_key = owner_id)]
struct Person {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable)]
#[belongs_to_one(Person, name = owner)]
struct DrivingLicense {
    id: i32,
    number: String,
    owner_id: Option<i32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let conn = &mut database(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE driving_licenses (
             id INTEGER PRIMARY KEY,
             number TEXT NOT NULL,
             owner_id INTEGER UNIQUE REFERENCES people (id)
         );
         INSERT INTO people VALUES (1, 'Ada'), (2, 'Bob');
         INSERT INTO driving_licenses VALUES (1, 'A-1', 1), (2, 'lost', NULL);",
    )?;

    step(
        "The license of each person",
        "person.driving_license(conn)?",
    );
    let mut rows = Vec::new();
    for person in people::table.select(Person::as_select()).load(conn)? {
        let license = person.driving_license(conn)?;
        rows.push([person.name, or_dash(license.map(|license| license.number))]);
    }
    table(["person", "license"], rows);

    step(
        "The owner of each license: a key that is NULL asks nothing",
        "license.owner(conn)?",
    );
    let mut rows = Vec::new();
    for license in driving_licenses::table
        .select(DrivingLicense::as_select())
        .load(conn)?
    {
        let owner = license.owner(conn)?;
        rows.push([
            license.id.to_string(),
            license.number,
            or_dash(owner.map(|owner| owner.name)),
        ]);
    }
    table(["id", "license", "owner"], rows);

    step(
        "Both in one statement",
        "Person::DRIVING_LICENSE.left_join()",
    );
    let rows: Vec<(String, Option<String>)> = Person::DRIVING_LICENSE
        .left_join()
        .select((people::name, driving_licenses::number.nullable()))
        .load(conn)?;
    table(
        ["person", "license"],
        rows.into_iter()
            .map(|(name, number)| [name, or_dash(number)]),
    );
    Ok(())
}
