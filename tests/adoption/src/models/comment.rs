//! Comments on crates, and replies to them.

use crate::models::{Crate, User};
use crate::schema::comment;
use diesel::prelude::*;

/// A comment.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, Associations, PartialEq, Eq)]
#[diesel(belongs_to(Crate), belongs_to(User, foreign_key = creator_id))]
#[diesel(table_name = comment)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Crate, name = krate, foreign_key = crate_id),
    belongs_to_one(User, name = creator),
    belongs_to_one(Comment, name = parent),
    has_many(Comment, name = replies, singular = reply, foreign_key = comment::parent_id)
)]
pub struct Comment {
    pub id: i32,
    pub creator_id: i32,
    pub crate_id: i32,
    pub parent_id: Option<i32>,
    pub content: String,
}

/// A new comment.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = comment)]
pub struct NewComment<'a> {
    pub creator_id: i32,
    pub crate_id: i32,
    pub parent_id: Option<i32>,
    pub content: &'a str,
}
