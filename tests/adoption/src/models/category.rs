//! Categories.

use crate::models::Crate;
use crate::schema::{categories, crates_categories};
use diesel::prelude::*;

/// A category.
#[derive(
    Debug, Clone, Queryable, Selectable, Identifiable, Insertable, QueryableByName, PartialEq, Eq,
)]
#[diesel(table_name = categories)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_many(Crate, through = CrateCategory, foreign_key = crates_categories::category_id,
        other_key = crates_categories::crate_id)
)]
pub struct Category {
    pub id: i32,
    pub category: String,
    pub slug: String,
}

/// That a crate is in a category.
#[derive(Debug, Clone, Copy, Queryable, Selectable, Identifiable, Associations, Insertable)]
#[diesel(belongs_to(Crate), belongs_to(Category))]
#[diesel(table_name = crates_categories, primary_key(crate_id, category_id))]
#[cfg_attr(feature = "associations", derive(orm_core::Model))]
pub struct CrateCategory {
    pub crate_id: i32,
    pub category_id: i32,
}
