//! The derive in a hostile place. Diesel's own derives want a prelude, so ours
//! stands alone here.
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(missing_docs, warnings, unused_qualifications, unreachable_pub)]
#![deny(clippy::pedantic)]

/// The models, beside types with the names of the prelude's.
pub mod models {
    use ::orm_tests::schema::{cities, liked_toots, people, toots};
    use ::relations::Model;

    /// Not that one.
    pub struct Option;
    /// Not that one.
    pub struct Vec;
    /// Not that one.
    pub struct Result;
    /// Not that one.
    pub struct String;
    /// Not that one.
    pub trait Clone {}
    /// Not that one.
    pub trait Copy {}
    /// Not that one.
    pub trait Default {}
    /// Not that one.
    pub trait IntoIterator {}
    /// Not that one.
    pub trait Iterator {}

    /// A person.
    #[derive(Model)]
    #[diesel(table_name = people)]
    #[model(crate = "::relations")]
    #[belongs_to_one(City, foreign_key = residence_id)]
    #[belongs_to_one(Person, name = boss)]
    #[has_many(Person, name = reports, foreign_key = boss_id)]
    #[has_many(Toot, foreign_key = author_id)]
    #[has_one(Toot, name = only_toot, foreign_key = author_id)]
    #[belongs_to_many(Toot, name = liked_toots, through = LikedToot)]
    #[belongs_to_many(Toot, name = more_toots, through = liked_toots)]
    pub struct Person {
        /// The key.
        pub id: i32,
        /// Where.
        pub residence_id: ::std::option::Option<i32>,
        /// Who.
        pub boss_id: ::std::option::Option<i32>,
    }

    /// A city.
    #[derive(Model)]
    #[diesel(table_name = cities)]
    #[model(crate = "::relations")]
    #[has_many(Person, foreign_key = residence_id)]
    pub struct City {
        /// The key.
        pub id: i32,
    }

    /// A toot.
    #[derive(Model)]
    #[diesel(table_name = toots)]
    #[model(crate = "::relations")]
    #[belongs_to_one(Person, foreign_key = author_id)]
    pub struct Toot {
        /// The key.
        pub id: i32,
        /// Whose.
        pub author_id: i32,
    }

    /// A like.
    #[derive(Model)]
    #[diesel(table_name = liked_toots, primary_key(person_id, toot_id))]
    #[model(crate = "::relations")]
    pub struct LikedToot {
        /// Who.
        pub person_id: i32,
        /// What.
        pub toot_id: i32,
    }
}

/// What needs no row: the queries and the joins.
pub fn name_everything(person: &models::Person) {
    use ::relations::prelude::*;

    let _ = (
        person.toots_query(),
        person.liked_toots_query(),
        person.boss_query(),
    );
    let _ = (
        models::Person::TOOTS.inner_join(),
        models::Person::REPORTS.left_join(),
    );
    let _ = <models::Person as ::relations::model::Model>::ASSOCIATIONS;
}
