//! Tokens for the interface of programs.

use crate::models::User;
use crate::schema::api_tokens;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A token, without its secret; the team never needed to clone one.
#[derive(Debug, HasQuery, Identifiable, Associations, PartialEq, Eq)]
#[diesel(belongs_to(User))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(User)
)]
pub struct ApiToken {
    pub id: i32,
    pub user_id: i32,
    pub name: String,
    pub created_at: NaiveDateTime,
    pub last_used_at: Option<NaiveDateTime>,
    pub revoked: bool,
}

/// A new token.
#[derive(Debug, Insertable)]
#[diesel(table_name = api_tokens)]
pub struct NewApiToken {
    pub user_id: i32,
    pub name: String,
    pub token: Vec<u8>,
}
