//! Crates.

use crate::models::*;
use crate::schema::*;
use crate::sql_types::OwnerKind;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A crate, without its readme, which is large.
#[derive(Debug, Clone, HasQuery, Identifiable, AsChangeset, PartialEq, Eq)]
#[diesel(table_name = crates)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    has_many(Version),
    has_many(Comment, foreign_key = crate::schema::comment::crate_id),
    has_many(CrateOwner),
    has_many(Dependency, name = dependents),
    has_one(CrateDownload),
    has_one(DefaultVersion),
    belongs_to_many(Keyword, through = CrateKeyword, foreign_key = crates_keywords::crate_id,
        other_key = crates_keywords::keyword_id),
    belongs_to_many(Category, through = CrateCategory, foreign_key = crates_categories::crate_id,
        other_key = crates_categories::category_id),
    belongs_to_many(User, name = followers, through = Follow),
    // `owners` is a method of the team's
    belongs_to_many(User, name = user_owners, through = CrateOwner, other_key = owner_id,
        through_scope(owner_kind = OwnerKind::User, deleted = false)),
    belongs_to_many(Team, name = team_owners, through = CrateOwner, other_key = owner_id,
        through_scope(owner_kind = OwnerKind::Team, deleted = false))
)]
pub struct Crate {
    pub id: i32,
    pub name: String,
    pub created_at: NaiveDateTime,
    pub description: Option<String>,
    pub homepage: Option<String>,
    pub repository: Option<String>,
    pub max_features: Option<i16>,
}

impl Crate {
    pub fn find_by_name(name: &str, conn: &mut SqliteConnection) -> QueryResult<Self> {
        Self::query().filter(crates::name.eq(name)).first(conn)
    }

    pub fn find_version(&self, num: &str, conn: &mut SqliteConnection) -> QueryResult<Version> {
        Version::belonging_to(self)
            .filter(versions::num.eq(num))
            .select(Version::as_select())
            .first(conn)
    }

    /// Users and teams, in one list.
    pub fn owners(&self, conn: &mut SqliteConnection) -> QueryResult<Vec<Owner>> {
        let owned = CrateOwner::belonging_to(self).filter(crate_owners::deleted.eq(false));
        let users = owned
            .filter(crate_owners::owner_kind.eq(OwnerKind::User))
            .inner_join(users::table)
            .select(User::as_select())
            .load(conn)?;
        let teams = owned
            .filter(crate_owners::owner_kind.eq(OwnerKind::Team))
            .inner_join(teams::table)
            .select(Team::as_select())
            .load(conn)?;
        let users = users.into_iter().map(Owner::User);
        Ok(users.chain(teams.into_iter().map(Owner::Team)).collect())
    }
}

/// A crate where its name is enough.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, PartialEq, Eq)]
#[diesel(table_name = crates)]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    has_many(Version, foreign_key = crate_id)
)]
pub struct MinimalCrate {
    pub id: i32,
    pub name: String,
}

/// A new crate, whose fields are given by name.
#[derive(Debug, Clone, Default, Insertable)]
#[diesel(table_name = crates)]
pub struct NewCrate<'a> {
    name: &'a str,
    description: Option<&'a str>,
    homepage: Option<&'a str>,
    readme: Option<&'a str>,
    max_features: Option<i16>,
}

impl<'a> NewCrate<'a> {
    pub fn builder(name: &'a str) -> NewCrateBuilder<'a> {
        NewCrateBuilder(Self {
            name,
            ..Self::default()
        })
    }

    pub fn create(&self, conn: &mut SqliteConnection) -> QueryResult<Crate> {
        diesel::insert_into(crates::table)
            .values(self)
            .returning(Crate::as_returning())
            .get_result(conn)
    }
}

/// See [`NewCrate::builder`].
#[derive(Debug, Clone)]
#[must_use]
pub struct NewCrateBuilder<'a>(NewCrate<'a>);

impl<'a> NewCrateBuilder<'a> {
    pub fn description(mut self, description: &'a str) -> Self {
        self.0.description = Some(description);
        self
    }

    pub fn homepage(mut self, homepage: &'a str) -> Self {
        self.0.homepage = Some(homepage);
        self
    }

    pub fn readme(mut self, readme: &'a str) -> Self {
        self.0.readme = Some(readme);
        self
    }

    pub fn max_features(mut self, max_features: i16) -> Self {
        self.0.max_features = Some(max_features);
        self
    }

    pub fn build(self) -> NewCrate<'a> {
        self.0
    }
}

/// What may be changed of a crate.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = crates)]
pub struct UpdateCrate {
    pub description: Option<String>,
    pub homepage: Option<Option<String>>,
}

impl UpdateCrate {
    pub fn apply(&self, crate_id: i32, conn: &mut SqliteConnection) -> QueryResult<usize> {
        diesel::update(crates::table.find(crate_id))
            .set(self)
            .execute(conn)
    }
}
