//! Associations for [Diesel](diesel): has-one, has-many, belongs-to and
//! belongs-to-many, typed at compile time, on blocking and asynchronous
//! connections alike.
//!
//! # Quick start
//!
//! Annotate plain Diesel models and call what [`#[derive(Model)]`](derive@Model)
//! wrote:
//!
//! ```
//! use diesel::connection::SimpleConnection;
//! use diesel::prelude::*;
//! use orm_core::prelude::*;
//!
//! diesel::table! { people (id) { id -> Integer, name -> Text, city_id -> Nullable<Integer>, } }
//! diesel::table! { cities (id) { id -> Integer, name -> Text, } }
//! diesel::allow_tables_to_appear_in_same_query!(people, cities);
//!
//! #[derive(Model, Queryable, Selectable)]
//! #[diesel(table_name = people)]
//! #[belongs_to_one(City)]
//! struct Person { id: i32, name: String, city_id: Option<i32> }
//!
//! #[derive(Model, Queryable, Selectable)]
//! #[diesel(table_name = cities)]
//! #[has_many(Person)]
//! struct City { id: i32, name: String }
//!
//! let conn = &mut SqliteConnection::establish(":memory:")?;
//! conn.batch_execute(
//!     "CREATE TABLE cities (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
//!      CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city_id INTEGER);
//!      INSERT INTO cities VALUES (1, 'Rome');
//!      INSERT INTO people VALUES (1, 'Ada', 1), (2, 'Bob', NULL), (3, 'Cleo', 1);",
//! )?;
//!
//! let rome = cities::table.select(City::as_select()).get_result(conn)?;
//! let people = rome.people(conn)?;
//! assert_eq!(people.len(), 2);
//! assert_eq!(rome.count_people(conn)?, 2);
//! assert!(rome.has_people([1, 3], conn)?);
//! assert_eq!(people[0].city(conn)?.map(|city| city.name), Some("Rome".to_owned()));
//!
//! let names: Vec<String> =
//!     rome.people_query().filter(people::name.ne("Ada")).select(people::name).load(conn)?;
//! assert_eq!(names, ["Cleo"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! On a connection of diesel-async the same methods return futures.

#![warn(missing_docs)]

pub mod association;
pub mod connection;
pub mod error;
pub mod guard;
pub mod include;
pub mod key;
pub mod model;
pub mod query;
pub mod write;

#[doc(hidden)]
pub mod __private;
#[doc(hidden)]
pub mod options;

#[cfg(feature = "derive")]
pub use orm_derive::{Include, Model};

/// What a user of associations needs in scope.
///
/// ```
/// use orm_core::prelude::*;
/// ```
pub mod prelude {
    pub use crate::association::Association as _;
    pub use crate::include::{
        Aggregate as _, Find as _, Include as _, LoadAs as _, LoadFor as _, Refine as _,
    };
    pub use crate::model::Model;
    pub use crate::query::{Exists as _, Join as _};
    pub use crate::write::{Destroy as _, Grow as _, NewTrees as _};
    #[cfg(feature = "derive")]
    pub use crate::{Include, Model};
}
