//! Users.

use crate::models::*;
use crate::schema::*;
use diesel::prelude::*;
use diesel::upsert::excluded;

/// A user, without what they sign in with.
#[derive(Debug, Clone, HasQuery, Identifiable, AsChangeset, PartialEq, Eq)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    has_one(Email),
    has_many(ApiToken),
    has_many(Version, name = published_versions, foreign_key = published_by),
    has_many(Comment, foreign_key = crate::schema::comment::creator_id),
    belongs_to_many(Crate, name = followed_crates, through = Follow),
    belongs_to_many(Crate, name = owned_crates, through = CrateOwner, foreign_key = owner_id,
        through_scope(owner_kind = crate::sql_types::OwnerKind::User, deleted = false))
)]
pub struct User {
    pub id: i32,
    pub gh_login: String,
    pub name: Option<String>,
    pub gh_id: i32,
}

impl User {
    /// The arguments in the order of the team.
    pub fn find(conn: &mut SqliteConnection, id: i32) -> QueryResult<Self> {
        Self::query().filter(users::id.eq(id)).first(conn)
    }
}

/// What is shown of a user: its selection joins.
#[derive(Debug, Clone, HasQuery, PartialEq, Eq)]
#[diesel(table_name = users)]
#[diesel(base_query = users::table.left_join(emails::table))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    has_many(ApiToken, foreign_key = user_id),
    belongs_to_many(Crate, name = followed_crates, through = Follow, foreign_key = user_id)
)]
pub struct PublicUser {
    pub id: i32,
    #[diesel(column_name = gh_login)]
    pub login: String,
    #[diesel(select_expression = emails::email.nullable())]
    pub email: Option<String>,
}

/// A new user.
#[derive(Debug, Clone, Copy, Insertable, AsChangeset)]
#[diesel(table_name = users)]
pub struct NewUser<'a> {
    pub gh_id: i32,
    pub gh_login: &'a str,
    pub name: Option<&'a str>,
    pub gh_access_token: &'a str,
}

impl NewUser<'_> {
    /// Creates the user, or renames the one who is there.
    pub fn upsert(&self, conn: &mut SqliteConnection) -> QueryResult<User> {
        diesel::insert_into(users::table)
            .values(self)
            .on_conflict(users::gh_id)
            .do_update()
            .set(users::gh_login.eq(excluded(users::gh_login)))
            .returning(User::as_returning())
            .get_result(conn)
    }
}

/// The address of a user; of one, because the column is unique.
#[derive(Debug, Clone, HasQuery, Identifiable, Associations, PartialEq, Eq)]
#[diesel(belongs_to(User))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(User)
)]
pub struct Email {
    pub id: i32,
    pub user_id: i32,
    pub email: String,
    pub verified: bool,
}

/// That a user follows a crate.
#[derive(Debug, Clone, Copy, HasQuery, Identifiable, Associations, Insertable)]
#[diesel(belongs_to(User), belongs_to(Crate))]
#[diesel(table_name = follows, primary_key(user_id, crate_id))]
#[cfg_attr(feature = "associations", derive(orm_core::Model))]
pub struct Follow {
    pub user_id: i32,
    pub crate_id: i32,
}
