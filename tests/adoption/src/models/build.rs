//! Builds of a version, by target: keys of two columns.

use crate::models::Version;
use diesel::prelude::*;

/// How a version builds on a target.
#[derive(Debug, Clone, HasQuery, Identifiable, Associations, Insertable, PartialEq, Eq)]
#[diesel(belongs_to(Version))]
#[diesel(table_name = crate::schema::build_status, primary_key(version_id, target))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Version),
    has_many(BuildLog, name = lines,
        foreign_key = (crate::schema::build_log::version_id, crate::schema::build_log::target))
)]
pub struct BuildStatus {
    pub version_id: i32,
    pub target: String,
    pub succeeded: bool,
}

/// A line of its output.
#[derive(Debug, Clone, HasQuery, Identifiable, Insertable, PartialEq, Eq)]
#[diesel(table_name = crate::schema::build_log)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(BuildStatus, name = build, foreign_key = (version_id, target))
)]
pub struct BuildLog {
    pub id: i64,
    pub version_id: i32,
    pub target: String,
    pub line: String,
}
