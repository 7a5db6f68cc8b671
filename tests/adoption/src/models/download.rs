//! Downloads: the older of the models is written for Diesel 1.

use crate::models::{Crate, Version};
use crate::schema::{crate_downloads, version_downloads};
use chrono::NaiveDate;
use diesel::prelude::*;

/// How often a crate was downloaded.
#[derive(
    Debug, Clone, Queryable, Selectable, Identifiable, Associations, Insertable, PartialEq, Eq,
)]
#[table_name = "crate_downloads"]
#[primary_key(crate_id)]
#[belongs_to(Crate)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Crate, name = krate, foreign_key = crate_id)
)]
pub struct CrateDownload {
    pub crate_id: i32,
    #[column_name = "downloads"]
    pub total: i64,
}

/// How often a version was downloaded on a day.
#[derive(
    Debug, Clone, Queryable, Selectable, Identifiable, Associations, Insertable, PartialEq, Eq,
)]
#[diesel(table_name = version_downloads, primary_key(version_id, date))]
#[diesel(belongs_to(Version))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Version)
)]
pub struct VersionDownload {
    pub version_id: i32,
    #[diesel(column_name = downloads)]
    pub count: i32,
    pub date: NaiveDate,
}

impl VersionDownload {
    /// One more.
    pub fn bump(
        version_id: i32,
        date: NaiveDate,
        conn: &mut SqliteConnection,
    ) -> QueryResult<usize> {
        let new = Self {
            version_id,
            count: 1,
            date,
        };
        diesel::insert_into(version_downloads::table)
            .values(&new)
            .on_conflict((version_downloads::version_id, version_downloads::date))
            .do_update()
            .set(version_downloads::downloads.eq(version_downloads::downloads + 1))
            .execute(conn)
    }
}
