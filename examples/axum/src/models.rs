//! The rows, what belongs to them, and what the service shows of it.

use crate::schema::*;
use diesel::prelude::*;
use orm_core::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A person.
#[derive(Model, Queryable, Selectable, Debug, Clone, Serialize)]
#[diesel(table_name = people)]
#[has_one(DrivingLicense, foreign_key = owner_id)]
#[belongs_to_one(City, name = birthplace)]
#[has_many(Toot, foreign_key = author_id)]
#[belongs_to_many(Toot, name = liked_toots, through = liked_toots)]
pub struct Person {
    /// The primary key.
    pub id: i32,
    /// The name.
    pub name: String,
    /// Where the person was born.
    #[serde(skip)]
    pub birthplace_id: i32,
}

/// A driving license.
#[derive(Model, Queryable, Selectable, Debug, Clone, Serialize)]
#[diesel(table_name = driving_licenses)]
#[belongs_to_one(Person, name = owner)]
pub struct DrivingLicense {
    /// The primary key.
    pub id: i32,
    /// What stands on it.
    pub number: String,
    /// Whose it is.
    #[serde(skip)]
    pub owner_id: Option<i32>,
}

/// A city.
#[derive(Model, Queryable, Selectable, Debug, Clone, Serialize)]
#[diesel(table_name = cities)]
#[has_many(Person, name = natives, foreign_key = birthplace_id)]
pub struct City {
    /// The primary key.
    pub id: i32,
    /// The name.
    pub name: String,
}

/// A toot.
#[derive(Model, Queryable, Selectable, Debug, Clone, Serialize)]
#[diesel(table_name = toots)]
#[belongs_to_one(Person, name = author)]
#[belongs_to_many(Person, name = likers, through = liked_toots)]
pub struct Toot {
    /// The primary key.
    pub id: i32,
    /// The text.
    pub body: String,
    /// Who wrote it.
    #[serde(skip)]
    pub author_id: i32,
}

/// What is shown of a person: the type is the query plan.
#[derive(Include, Debug, Clone, Serialize)]
#[include(Person)]
pub struct Profile {
    /// The person.
    #[include(row)]
    #[serde(flatten)]
    pub person: Person,
    /// The license, if there is one.
    pub driving_license: Option<DrivingLicense>,
    /// Where the person was born.
    pub birthplace: Arc<City>,
    /// What the person likes.
    pub liked_toots: Vec<Arc<LikedToot>>,
}

/// What is shown of a toot.
#[derive(Include, Debug, Clone, Serialize)]
#[include(Toot)]
pub struct LikedToot {
    /// The toot.
    #[include(row)]
    #[serde(flatten)]
    pub toot: Toot,
    /// Who wrote it.
    pub author: Arc<Person>,
}

/// A person to be created, with a license and likes.
#[derive(Debug, Clone, Deserialize)]
pub struct NewPerson {
    /// The name.
    pub name: String,
    /// The key of a city.
    pub birthplace_id: i32,
    /// The number of a license, if there is one.
    pub license: Option<String>,
    /// The keys of toots.
    #[serde(default)]
    pub likes: Vec<i32>,
}
