//! People with driving licenses, cities and liked toots; posts with comments.

use crate::schema::*;
use diesel::prelude::*;
use orm_core::prelude::*;

/// A person: every kind of association, to others and to people.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone, PartialEq)]
#[diesel(table_name = people, check_for_backend(diesel::sqlite::Sqlite))]
#[has_one(DrivingLicense, foreign_key = owner_id)]
#[has_many(Toot, foreign_key = author_id, orphans = delete)]
#[belongs_to_one(City, name = birthplace)]
#[belongs_to_one(City, name = residence)]
#[belongs_to_many(Toot, name = liked_toots, through = LikedToot)]
#[belongs_to_one(Person, name = boss)]
#[has_many(Person, name = reports, foreign_key = boss_id)]
#[belongs_to_one(Person, name = predecessor)]
#[has_one(Self, name = successor, foreign_key = predecessor_id)]
#[belongs_to_many(Person, name = followers, through = follows, foreign_key = followed_id, other_key = follower_id)]
#[belongs_to_many(Person, name = following, singular = followed, through = follows, foreign_key = follower_id, other_key = followed_id)]
pub struct Person {
    /// The primary key.
    pub id: i32,
    /// The name.
    pub name: String,
    /// Where the person was born: every person was.
    pub birthplace_id: i32,
    /// Where the person lives.
    pub residence_id: Option<i32>,
    /// Whom the person works for.
    pub boss_id: Option<i32>,
    /// Who held the position before.
    pub predecessor_id: Option<i32>,
}

/// A driving license, which may have no owner.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone, PartialEq)]
#[diesel(table_name = driving_licenses)]
#[belongs_to_one(Person, name = owner)]
pub struct DrivingLicense {
    /// The primary key.
    pub id: i32,
    /// The number.
    pub number: String,
    /// Whose it is.
    pub owner_id: Option<i32>,
}

/// A city.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone, PartialEq)]
#[diesel(table_name = cities)]
#[has_many(Person, name = natives, foreign_key = birthplace_id)]
#[has_many(Person, name = residents, foreign_key = residence_id)]
pub struct City {
    /// The primary key.
    pub id: i32,
    /// The name.
    pub name: String,
}

/// A toot.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone, PartialEq)]
#[diesel(table_name = toots)]
#[belongs_to_one(Person, name = author)]
#[belongs_to_many(Person, name = likers, through = LikedToot)]
pub struct Toot {
    /// The primary key.
    pub id: i32,
    /// The text.
    pub body: String,
    /// Who wrote it.
    pub author_id: i32,
}

/// That a person likes a toot, and since when.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone, PartialEq)]
#[diesel(table_name = liked_toots, primary_key(person_id, toot_id))]
#[belongs_to_one(Person)]
#[belongs_to_one(Toot)]
pub struct LikedToot {
    /// Who likes it.
    pub person_id: i32,
    /// What is liked.
    pub toot_id: i32,
    /// Since when.
    pub liked_at: String,
}

/// A blog post.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone, PartialEq)]
#[diesel(table_name = posts)]
#[has_many(Comment)]
pub struct Post {
    /// The primary key.
    pub id: i32,
    /// The title.
    pub title: String,
}

/// A comment on a post.
#[derive(Model, Queryable, Selectable, Identifiable, Debug, Clone, PartialEq)]
#[diesel(table_name = comments)]
#[belongs_to_one(Post)]
pub struct Comment {
    /// The primary key.
    pub id: i32,
    /// What is commented.
    pub post_id: i32,
    /// The text.
    pub body: String,
}
