//! What versions need.

use crate::models::*;
use crate::schema::*;
use crate::sql_types::DependencyKind;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// That a version needs a crate.
#[derive(Debug, Clone, HasQuery, Identifiable, Associations, PartialEq, Eq)]
#[diesel(belongs_to(Version), belongs_to(Crate))]
#[diesel(table_name = dependencies)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Version),
    belongs_to_one(Crate, name = krate, foreign_key = crate_id)
)]
pub struct Dependency {
    pub id: i32,
    pub version_id: i32,
    pub crate_id: i32,
    pub req: String,
    pub optional: bool,
    pub kind: DependencyKind,
}

/// A new dependency.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = dependencies)]
pub struct NewDependency {
    pub version_id: i32,
    pub crate_id: i32,
    pub req: String,
    pub kind: DependencyKind,
}

/// A row of a query that is written by hand.
#[derive(Debug, Clone, QueryableByName)]
pub struct ReverseDependency {
    #[diesel(embed)]
    pub dependency: DependencyRow,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// The dependency in it.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(table_name = dependencies)]
pub struct DependencyRow {
    pub id: i32,
    pub req: String,
}

impl ReverseDependency {
    pub fn of(crate_id: i32, conn: &mut SqliteConnection) -> QueryResult<Vec<Self>> {
        diesel::sql_query(
            "SELECT dependencies.id, dependencies.req, crates.name FROM dependencies \
             JOIN versions ON versions.id = dependencies.version_id \
             JOIN crates ON crates.id = versions.crate_id \
             WHERE dependencies.crate_id = ? ORDER BY crates.name",
        )
        .bind::<diesel::sql_types::Integer, _>(crate_id)
        .load(conn)
    }
}
