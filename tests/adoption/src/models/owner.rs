//! Owners of crates: users and teams.

use crate::models::*;
use crate::schema::*;
use crate::sql_types::OwnerKind;
use diesel::prelude::*;

/// A team.
#[derive(Debug, Clone, HasQuery, Identifiable, PartialEq, Eq)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_many(Crate, name = owned_crates, through = CrateOwner, foreign_key = owner_id,
        through_scope(owner_kind = OwnerKind::Team, deleted = false))
)]
pub struct Team {
    pub id: i32,
    pub login: String,
    pub org_id: i32,
}

/// That somebody owns a crate.
#[derive(Debug, Clone, HasQuery, Identifiable, Associations, PartialEq, Eq)]
#[diesel(belongs_to(Crate), belongs_to(User, foreign_key = owner_id), belongs_to(Team, foreign_key = owner_id))]
#[diesel(table_name = crate_owners, primary_key(crate_id, owner_id, owner_kind))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Crate, name = krate, foreign_key = crate_id),
    belongs_to_one(User, foreign_key = owner_id, scope(owner_kind = OwnerKind::User)),
    belongs_to_one(Team, foreign_key = owner_id, scope(owner_kind = OwnerKind::Team)),
    belongs_to_one(User, name = inviter, foreign_key = created_by),
    has_many(OwnerNote, name = notes, foreign_key = (owner_note::crate_id, owner_note::owner_id,
        owner_note::owner_kind))
)]
pub struct CrateOwner {
    pub crate_id: i32,
    pub owner_id: i32,
    pub created_by: Option<i32>,
    pub owner_kind: OwnerKind,
    pub email_notifications: bool,
}

/// A new owner.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = crate_owners)]
pub struct NewCrateOwner {
    pub crate_id: i32,
    pub owner_id: i32,
    pub created_by: i32,
    pub owner_kind: OwnerKind,
    pub email_notifications: bool,
}

/// What somebody wrote down of an owner, who is named by three columns.
#[derive(Debug, Clone, HasQuery, Identifiable, Insertable, PartialEq, Eq)]
#[diesel(table_name = owner_note)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(CrateOwner, name = owner, foreign_key = (crate_id, owner_id, owner_kind))
)]
pub struct OwnerNote {
    pub id: i32,
    pub crate_id: i32,
    pub owner_id: i32,
    pub owner_kind: OwnerKind,
    pub note: String,
}

/// A user or a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    User(User),
    Team(Team),
}
