//! What can go wrong beside what the database reports.

use crate::association::Association;
use std::fmt;

/// A key is NULL, so that there is nothing to link by it: a row that is not
/// saved yet, or one outside of the association's scope.
///
/// It is the reason inside a
/// [`QueryBuilderError`](diesel::result::Error::QueryBuilderError).
///
/// ```
/// use diesel::prelude::*;
/// use diesel::result::Error;
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
/// let Err(Error::QueryBuilderError(error)) = team.add_player(7, conn) else { panic!() };
/// assert_eq!(
///     error.downcast_ref::<NullKey>().map(ToString::to_string).as_deref(),
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

impl std::error::Error for NullKey {}

/// The error for a NULL key of `A`.
pub(crate) fn null_key<A: Association>() -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(Box::new(NullKey {
        association: A::NAME,
    }))
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

impl std::error::Error for Restricted {}

/// The error of an `on_delete = restrict` of `A`.
pub(crate) fn restricted<A: Association>() -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(Box::new(Restricted {
        association: A::NAME,
    }))
}
