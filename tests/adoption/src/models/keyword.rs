//! Keywords.

use crate::models::Crate;
use crate::schema::*;
use diesel::pg::upsert::excluded;
use diesel::prelude::*;

/// A keyword.
#[derive(Debug, Clone, HasQuery, Identifiable, PartialEq, Eq)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_many(Crate, through = CrateKeyword, foreign_key = crates_keywords::keyword_id,
        other_key = crates_keywords::crate_id)
)]
pub struct Keyword {
    pub id: i32,
    pub keyword: String,
    pub crates_cnt: i32,
}

/// That a crate has a keyword.
#[derive(Debug, Clone, Copy, HasQuery, Identifiable, Associations, Insertable, PartialEq, Eq)]
#[diesel(belongs_to(Crate), belongs_to(Keyword))]
#[diesel(table_name = crates_keywords, primary_key(crate_id, keyword_id))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Crate, name = krate, foreign_key = crate_id),
    belongs_to_one(Keyword)
)]
pub struct CrateKeyword {
    pub crate_id: i32,
    pub keyword_id: i32,
}

impl Keyword {
    /// Those with these names, created where they are missing.
    pub fn find_or_create_all(
        names: &[&str],
        conn: &mut SqliteConnection,
    ) -> QueryResult<Vec<Self>> {
        for name in names {
            diesel::insert_into(keywords::table)
                .values(keywords::keyword.eq(name))
                .on_conflict(keywords::keyword)
                .do_update()
                .set(keywords::keyword.eq(excluded(keywords::keyword)))
                .execute(conn)?;
        }
        Self::query()
            .filter(keywords::keyword.eq_any(names))
            .order(keywords::id)
            .load(conn)
    }
}
