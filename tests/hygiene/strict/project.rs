//! A user's project, as strict as one can be: everything that Diesel lets stand
//! is denied.

use diesel::prelude::*;
use relations::prelude::*;
use schema::{likes, people, toots};

mod schema {
    diesel::table! {
        people (id) {
            id -> Integer,
            name -> Text,
            boss_id -> Nullable<Integer>,
            #[sql_name = "type"]
            kind -> Text,
        }
    }

    diesel::table! {
        toots (id) {
            id -> Integer,
            body -> Text,
            person_id -> Integer,
        }
    }

    diesel::table! {
        likes (person_id, toot_id) {
            person_id -> Integer,
            toot_id -> Integer,
            liked_at -> Nullable<Text>,
        }
    }

    diesel::allow_tables_to_appear_in_same_query!(people, toots, likes);
}

/// A person.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone)]
#[diesel(table_name = people)]
#[model(crate = "relations")]
#[belongs_to_one(Person, name = boss)]
#[has_many(Person, name = reports, foreign_key = boss_id, on_delete = nullify)]
#[has_many(Toot, doc = "What they wrote.", on_delete = cascade)]
#[has_one(Toot, name = first, scope(body = "first"))]
#[belongs_to_many(Toot, name = r#loop, through = Like)]
#[belongs_to_many(Toot, name = late_toots, through = likes, through_scope(liked_at = "late"))]
pub struct Person {
    /// The key.
    pub id: i32,
    /// What they are called.
    pub name: String,
    /// Whom they work for.
    pub boss_id: Option<i32>,
    /// What they are.
    #[diesel(column_name = kind)]
    pub r#type: String,
}

/// A toot.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone)]
#[diesel(table_name = toots)]
#[model(crate = "relations")]
#[belongs_to_one(Person)]
#[belongs_to_many(Person, name = likers, through = Like)]
pub struct Toot {
    /// The key.
    pub id: i32,
    /// The text.
    pub body: String,
    /// Whose.
    pub person_id: i32,
}

/// That a person likes a toot.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone)]
#[diesel(table_name = likes, primary_key(person_id, toot_id))]
#[model(crate = "relations")]
#[belongs_to_one(Person)]
#[belongs_to_one(Toot)]
pub struct Like {
    /// Who.
    pub person_id: i32,
    /// What.
    pub toot_id: i32,
    /// Since when.
    pub liked_at: Option<String>,
}

/// A person with what belongs to them.
#[derive(Include, Debug, Clone)]
#[include(Person, crate = "relations")]
pub struct Profile {
    /// The row.
    #[include(row)]
    pub person: Person,
    /// The boss.
    pub boss: Option<Person>,
    /// The latest toots.
    #[include(association = toots, filter = toots::body.like("%a%"), order = toots::id.desc(), limit = 2)]
    pub latest: Vec<Toot>,
    /// How many likes there are.
    #[include(count = r#loop)]
    pub likes: i64,
    /// The last of them.
    #[include(max = toots::id, association = toots)]
    pub last: Option<i32>,
}

/// Models that a macro writes.
macro_rules! models {
    ($($model:ident of $table:ident has $many:ident as $name:ident;)+) => {$(
        /// A model of a macro.
        #[derive(Model, Queryable, Selectable, Debug, Clone)]
        #[diesel(table_name = $table)]
        #[model(crate = "relations")]
        #[has_many($many, name = $name, foreign_key = toots::person_id)]
        pub struct $model {
            /// The key.
            pub id: i32,
        }
    )+};
}

models! {
    Writer of people has Toot as works;
    Author of people has Toot as writings;
}

/// A model whose types a macro hands on, with their `Option`s.
macro_rules! typed {
    ($model:ident: $id:ty, $boss:ty, $boss_id:expr, $rows:ty, $last:ty) => {
        /// A model of a macro.
        #[derive(Model, Queryable, Selectable, Debug, Clone)]
        #[diesel(table_name = people)]
        #[model(crate = "relations")]
        #[belongs_to_one(Person, name = boss, foreign_key = $boss_id)]
        #[has_many(Toot, foreign_key = toots::person_id, orphans = delete)]
        pub struct $model {
            /// The key.
            pub id: $id,
            /// The boss.
            pub boss_id: $boss,
        }

        /// A shape of a macro.
        #[derive(Include, Debug, Clone)]
        #[include($model, crate = "relations")]
        pub struct Typed {
            /// The row.
            #[include(row)]
            pub row: $model,
            /// The boss.
            pub boss: Option<Person>,
            /// The toots.
            pub toots: $rows,
            /// The last of them.
            #[include(max = toots::id, association = toots)]
            pub last: $last,
        }
    };
}

typed!(Clerk: i32, Option<i32>, boss_id, Vec<Toot>, Option<i32>);

diesel::table! {
    /// Crates.
    crates (id) {
        /// Its key.
        id -> Integer,
    }
}
diesel::table! {
    /// Their owners.
    crate_owners (person_id, crate_id) {
        /// The owner.
        person_id -> Integer,
        /// The crate.
        crate_id -> Integer,
    }
}
diesel::table! {
    /// Their versions.
    versions (id) {
        /// Its key.
        id -> Integer,
        /// The crate.
        crate_id -> Integer,
    }
}
diesel::allow_tables_to_appear_in_same_query!(crates, crate_owners, versions, people);

/// A model with the name of a keyword that cannot be raw.
#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq, Eq)]
#[diesel(table_name = crates)]
#[model(crate = "relations")]
#[has_many(Version)]
pub struct Crate {
    /// The key.
    pub id: i32,
}

/// One of a crate.
#[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq, Eq)]
#[diesel(table_name = versions)]
#[model(crate = "relations")]
#[belongs_to_one(Crate)]
pub struct Version {
    /// The key.
    pub id: i32,
    /// The crate.
    pub crate_id: i32,
}

/// Who owns crates.
#[derive(Model, Queryable, Selectable, Debug, Clone)]
#[diesel(table_name = people)]
#[model(crate = "relations")]
#[belongs_to_many(Crate, through = crate_owners, foreign_key = person_id)]
pub struct CrateOwner {
    /// The key.
    pub id: i32,
}

/// Names that are made of a keyword have no underscore too many.
#[test]
fn a_keyword_as_a_name() -> Result<(), Box<dyn std::error::Error>> {
    let conn = &mut database()?;
    diesel::connection::SimpleConnection::batch_execute(
        conn,
        "CREATE TABLE crates (id INTEGER PRIMARY KEY);
         CREATE TABLE crate_owners (person_id INTEGER, crate_id INTEGER, PRIMARY KEY (person_id, crate_id));
         CREATE TABLE versions (id INTEGER PRIMARY KEY, crate_id INTEGER NOT NULL);
         INSERT INTO crates VALUES (1), (2);
         INSERT INTO versions VALUES (1, 1);",
    )?;
    let owner = CrateOwner { id: 1 };
    owner.add_crate(1, conn)?;
    owner.add_crate_with(2, crate_owners::crate_id.eq(2), conn)?;
    owner.create_crate(crates::id.eq(3), conn)?;
    assert_eq!(
        (owner.count_crates(conn)?, owner.has_crate(3, conn)?),
        (3, true)
    );
    let mut version = Version { id: 1, crate_id: 1 };
    version.set_crate(2, conn)?;
    assert_eq!(version.crate_(conn)?, Crate { id: 2 });
    assert_eq!(version.crate_query().count().get_result::<i64>(conn)?, 1);
    assert_eq!(versions::table.include(Version::CRATE).load(conn)?.len(), 1);
    Ok(())
}

/// An `Option` that a macro hands on is one.
#[test]
fn types_that_a_macro_hands_on() -> Result<(), Box<dyn std::error::Error>> {
    let conn = &mut database()?;
    let clerks = people::table.order(people::id).load_as::<Typed>(conn)?;
    let [ada, bob] = &clerks[..] else {
        panic!("there are two people");
    };
    assert_eq!(
        (ada.boss.is_none(), ada.toots.len(), ada.last),
        (true, 2, Some(2))
    );
    let boss: Option<Person> = bob.row.boss(conn)?;
    assert_eq!(boss.map(|boss| boss.id), Some(1));
    assert_eq!(ada.row.remove_toots([1, 3], conn)?, 1);
    Ok(())
}

/// Fills a database in memory.
///
/// # Errors
/// What the database reports.
pub fn database() -> Result<SqliteConnection, Box<dyn std::error::Error>> {
    let mut conn = SqliteConnection::establish(":memory:")?;
    diesel::connection::SimpleConnection::batch_execute(
        &mut conn,
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss_id INTEGER, type TEXT NOT NULL);
         CREATE TABLE toots (id INTEGER PRIMARY KEY, body TEXT NOT NULL, person_id INTEGER NOT NULL);
         CREATE TABLE likes (person_id INTEGER, toot_id INTEGER, liked_at TEXT, PRIMARY KEY (person_id, toot_id));
         INSERT INTO people VALUES (1, 'Ada', NULL, 'human'), (2, 'Bob', 1, 'human');
         INSERT INTO toots VALUES (1, 'first', 1), (2, 'last', 1), (3, 'first', 2);
         INSERT INTO likes VALUES (1, 3, 'late'), (2, 1, NULL);",
    )?;
    Ok(conn)
}

/// Every kind, read, written and included.
#[test]
fn a_strict_project_compiles_and_runs() -> Result<(), Box<dyn std::error::Error>> {
    let conn = &mut database()?;
    let page: Vec<Profile> = people::table.order(people::id).load_as::<Profile>(conn)?;
    assert_eq!(Profile::QUERIES, 5);
    let [ada, bob] = &page[..] else {
        panic!("there are two people");
    };
    assert_eq!((ada.latest.len(), ada.likes, ada.last), (1, 1, Some(2)));
    assert_eq!(bob.boss.as_ref().map(|boss| boss.id), Some(1));
    assert_eq!(ada.person.first(conn)?.map(|toot| toot.id), Some(1));
    assert_eq!(ada.person.r#loop(conn)?.len(), 1);
    assert_eq!(ada.person.late_toots(conn)?.len(), 1);
    ada.person.add_toot(3, conn)?;
    assert_eq!(Writer { id: 1 }.works(conn)?.len(), 3);
    assert_eq!(Author { id: 2 }.count_writings(conn)?, 0);
    Ok(())
}

/// A model and its table inside of a function.
#[test]
fn a_model_inside_of_a_function() -> Result<(), Box<dyn std::error::Error>> {
    diesel::table! { toots (id) { id -> Integer, person_id -> Integer, } }
    diesel::table! { people (id) { id -> Integer, } }

    #[derive(Model, Queryable, Selectable, Debug, Clone)]
    #[diesel(table_name = people)]
    #[model(crate = "relations")]
    #[has_many(Local, name = locals, foreign_key = toots::person_id)]
    struct Owner {
        id: i32,
    }

    #[derive(Model, Queryable, Selectable, Debug, Clone)]
    #[diesel(table_name = toots)]
    #[model(crate = "relations")]
    struct Local {
        id: i32,
    }

    let conn = &mut database()?;
    let locals = Owner { id: 1 }.locals(conn)?;
    assert_eq!(locals.iter().map(|local| local.id).sum::<i32>(), 3);
    Ok(())
}
