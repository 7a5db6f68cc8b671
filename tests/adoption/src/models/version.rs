//! Versions of crates.

use crate::models::*;
use crate::schema::*;
use crate::sql_types::VersionState;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A version of a crate.
#[derive(Debug, Clone, HasQuery, Identifiable, Associations, PartialEq, Eq)]
#[diesel(belongs_to(Crate))]
#[diesel(belongs_to(MinimalCrate, foreign_key = crate_id))]
#[diesel(belongs_to(User, foreign_key = published_by))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Crate, name = krate, foreign_key = crate_id),
    belongs_to_one(User, name = publisher, foreign_key = published_by),
    has_many(VersionDownload, name = daily_downloads),
    // `dependencies` is a method of the team's
    has_many(Dependency, name = requirements),
    has_many(BuildStatus, foreign_key = build_status::version_id)
)]
pub struct Version {
    pub id: i32,
    pub crate_id: i32,
    pub num: String,
    pub created_at: NaiveDateTime,
    pub yanked: bool,
    pub state: VersionState,
    pub published_by: Option<i32>,
}

impl Version {
    /// What it needs, each with the crate's name.
    pub fn dependencies(
        &self,
        conn: &mut SqliteConnection,
    ) -> QueryResult<Vec<(Dependency, String)>> {
        Dependency::belonging_to(self)
            .inner_join(crates::table)
            .select((Dependency::as_select(), crates::name))
            .order((dependencies::optional, crates::name))
            .load(conn)
    }
}

/// A version where little of it is enough.
#[derive(Debug, Clone, HasQuery, PartialEq, Eq)]
#[diesel(table_name = versions)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(MinimalCrate, name = krate, foreign_key = crate_id)
)]
pub struct TopVersion {
    pub id: i32,
    pub crate_id: i32,
    #[diesel(column_name = num)]
    pub number: String,
}

/// A new version, with all keys in it.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = versions, check_for_backend(diesel::pg::Pg))]
pub struct NewVersion<'a> {
    pub crate_id: i32,
    pub num: &'a str,
    pub state: VersionState,
    pub published_by: Option<i32>,
    pub checksum: &'a str,
}

impl NewVersion<'_> {
    pub fn save(&self, conn: &mut SqliteConnection) -> QueryResult<Version> {
        diesel::insert_into(versions::table)
            .values(self)
            .returning(Version::as_returning())
            .get_result(conn)
    }
}

/// The version that is shown first.
#[derive(Debug, Clone, HasQuery, Identifiable, Insertable, AsChangeset, PartialEq, Eq)]
#[diesel(table_name = default_versions, primary_key(crate_id))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Crate, name = krate, foreign_key = crate_id),
    belongs_to_one(Version)
)]
pub struct DefaultVersion {
    pub crate_id: i32,
    pub version_id: i32,
}
