//! What can go wrong beside what the database reports.
//!
//! Each type is the reason inside a
//! [`QueryBuilderError`](diesel::result::Error::QueryBuilderError), and its `of`
//! finds it there, so that a handler can answer each in its own way:
//!
//! ```
//! use diesel::result::Error;
//! use orm_core::error::{Dangling, Restricted};
//!
//! fn status(error: &Error) -> u16 {
//!     match error {
//!         Error::NotFound => 404,
//!         // there are still toots of this person
//!         _ if Restricted::of(error).is_some() => 409,
//!         // the data contradict themselves: nothing that the client can mend
//!         _ if Dangling::of(error).is_some() => 500,
//!         _ => 500,
//!     }
//! }
//! assert_eq!(status(&Error::NotFound), 404);
//! ```

use crate::association::{Association, SourceKeyOf};
use crate::key::Key;
use crate::model::Model;
use diesel::result::Error;
use std::fmt;

/// The reason of this type in an error of Diesel's.
fn reason<T: std::error::Error + 'static>(error: &Error) -> Option<&T> {
    match error {
        Error::QueryBuilderError(reason) => reason.downcast_ref(),
        _ => None,
    }
}

macro_rules! reasons {
    ($($reason:ident),+) => {$(
        impl std::error::Error for $reason {}

        impl $reason {
            /// The reason inside of `error`, if it is this one.
            #[must_use]
            pub fn of(error: &Error) -> Option<&Self> {
                reason(error)
            }
        }

        impl From<$reason> for Error {
            fn from(reason: $reason) -> Self {
                Self::QueryBuilderError(Box::new(reason))
            }
        }
    )+};
}

reasons!(NullKey, Restricted, Dangling, Occupied);

/// A key is NULL, so that there is nothing to link by it: a row that is not
/// saved yet, or one outside of the association's scope.
///
/// It is the reason inside a
/// [`QueryBuilderError`](diesel::result::Error::QueryBuilderError).
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::error::NullKey;
/// use orm_core::prelude::*;
///
/// diesel::table! { teams (id) { id -> Integer, code -> Nullable<Text>, } }
/// diesel::table! { players (id) { id -> Integer, team_code -> Nullable<Text>, } }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = teams)]
/// #[has_many(Player, foreign_key = team_code, source_key = code)]
/// struct Team { id: i32, code: Option<String> }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = players)]
/// struct Player { id: i32 }
///
/// let team = Team { id: 1, code: None };
/// let conn = &mut SqliteConnection::establish(":memory:")?;
/// let error = team.add_player(7, conn).unwrap_err();
/// assert_eq!(
///     NullKey::of(&error).map(ToString::to_string).as_deref(),
///     Some("a key of the association `players` is NULL: nothing can be linked by it"),
/// );
/// # Ok::<(), diesel::ConnectionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NullKey {
    /// The name of the association.
    pub association: &'static str,
}

impl fmt::Display for NullKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a key of the association `{}` is NULL: nothing can be linked by it",
            self.association
        )
    }
}

/// The error for a NULL key of `A`.
pub(crate) fn null_key<A: Association>() -> Error {
    let association = A::NAME;
    NullKey { association }.into()
}

/// A row was not destroyed: an association with `on_delete = restrict` has rows.
///
/// It is the reason inside a
/// [`QueryBuilderError`](diesel::result::Error::QueryBuilderError).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restricted {
    /// The name of the association.
    pub association: &'static str,
}

impl fmt::Display for Restricted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the row cannot be destroyed: there are rows of its association `{}`",
            self.association
        )
    }
}

/// The error of an `on_delete = restrict` of `A`.
pub(crate) fn restricted<A: Association>() -> Error {
    let association = A::NAME;
    Restricted { association }.into()
}

/// A row refers to another that an include tree does not find: a `belongs_to`
/// over a key that cannot be NULL leads nowhere.
///
/// The row that it refers to is missing, which a foreign key constraint forbids,
/// or a filter of the node leaves it out. Where rows may be missing declare the
/// association `optional`: it then holds an `Option`.
///
/// The getter, which is asked of one row alone, returns
/// [`NotFound`](Error::NotFound).
///
/// ```
/// use diesel::connection::SimpleConnection;
/// use diesel::prelude::*;
/// use orm_core::error::Dangling;
/// use orm_core::prelude::*;
///
/// diesel::table! { cities (id) { id -> Integer, } }
/// diesel::table! { people (id) { id -> Integer, city_id -> Integer, } }
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = people)]
/// #[belongs_to_one(City)]
/// #[belongs_to_one(City, name = home, foreign_key = city_id, optional)]
/// struct Person { id: i32, city_id: i32 }
///
/// #[derive(Model, Queryable, Selectable, Clone, Debug, PartialEq)]
/// #[diesel(table_name = cities)]
/// struct City { id: i32 }
///
/// let conn = &mut SqliteConnection::establish(":memory:")?;
/// conn.batch_execute(
///     "CREATE TABLE cities (id INTEGER PRIMARY KEY);
///      CREATE TABLE people (id INTEGER PRIMARY KEY, city_id INTEGER NOT NULL);
///      INSERT INTO people VALUES (1, 7);",
/// )?;
/// let error = people::table.include(Person::CITY).load(conn).err().unwrap();
/// let dangling = Dangling::of(&error).unwrap();
/// assert_eq!((dangling.association, &*dangling.key), ("city", "7"));
/// assert_eq!(people::table.include(Person::HOME).load(conn)?[0].1, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dangling {
    /// The name of the association.
    pub association: &'static str,
    /// The key that no row has, as Rust's `Debug` writes it.
    pub key: String,
}

impl fmt::Display for Dangling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the association `{}` finds no row with the key {}, and its key cannot be NULL; \
             declare it `optional` where rows may be missing",
            self.association, self.key
        )
    }
}

/// The error for a key of `A` that refers to nothing.
pub(crate) fn dangling<A: Association>(key: &SourceKeyOf<A>) -> Error {
    let (association, key) = (A::NAME, key.text());
    Dangling { association, key }.into()
}

/// A row was not created: the `has_one` has a row already, whose foreign key
/// cannot be NULL, so that it can only be deleted, which its declaration does not
/// say.
///
/// Call the `destroy_` method before, or declare the association with
/// `orphans = delete`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Occupied {
    /// The name of the association.
    pub association: &'static str,
}

impl fmt::Display for Occupied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the association `{0}` has a row that cannot be unlinked: call `destroy_{0}` first, or \
             declare it with `orphans = delete`",
            self.association
        )
    }
}

/// The error of a `has_one` that has a row which may not be unlinked.
pub(crate) fn occupied<A: Association>() -> Error {
    let association = A::NAME;
    Occupied { association }.into()
}

/// The error of a cascade through more models than the compiler follows, which has
/// not come through the next, `M`.
pub(crate) fn too_deep<M: Model>() -> Error {
    let message = format!(
        "a cascade reaches `{}` through too many models; let its `on_delete` end before",
        M::TABLE
    );
    Error::QueryBuilderError(message.into())
}
