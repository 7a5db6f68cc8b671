//! The talks about crates, which came with their own tables: names in the singular.

use crate::schema::*;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A language.
#[derive(Debug, Clone, HasQuery, Identifiable, Insertable, PartialEq, Eq)]
#[diesel(table_name = language, primary_key(language_id))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    has_many(Film, foreign_key = film::language_id),
    has_many(Film, name = dubbed_films, foreign_key = film::original_language_id)
)]
pub struct Language {
    pub language_id: i32,
    pub name: String,
}

/// A film.
#[derive(Debug, Clone, HasQuery, Identifiable, Associations, PartialEq, Eq)]
#[diesel(table_name = film, primary_key(film_id), belongs_to(Language))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Language),
    belongs_to_one(Language, name = original_language),
    has_many(Inventory, name = copies, foreign_key = inventory::film_id),
    belongs_to_many(Actor, through = FilmActor, foreign_key = film_actor::film_id,
        other_key = film_actor::actor_id)
)]
pub struct Film {
    pub film_id: i32,
    pub title: String,
    pub language_id: i32,
    pub original_language_id: Option<i32>,
}

/// A new film.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = film)]
pub struct NewFilm<'a> {
    pub title: &'a str,
    pub language_id: i32,
    pub rating: Option<&'a str>,
}

/// Who is in it.
#[derive(Debug, Clone, HasQuery, Identifiable, Insertable, PartialEq, Eq)]
#[diesel(table_name = actor, primary_key(actor_id))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_many(Film, through = FilmActor, foreign_key = film_actor::actor_id,
        other_key = film_actor::film_id)
)]
pub struct Actor {
    pub actor_id: i32,
    pub first_name: String,
    pub last_name: String,
}

/// That somebody is in a film.
#[derive(Debug, Clone, HasQuery, Identifiable, Associations, PartialEq, Eq)]
#[diesel(table_name = film_actor, primary_key(actor_id, film_id))]
#[diesel(belongs_to(Actor), belongs_to(Film))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Actor),
    belongs_to_one(Film)
)]
pub struct FilmActor {
    pub actor_id: i32,
    pub film_id: i32,
    pub last_update: NaiveDateTime,
}

/// A copy of a film, at a store.
#[derive(Debug, Clone, HasQuery, Identifiable, Associations, Insertable, PartialEq, Eq)]
#[diesel(table_name = inventory, primary_key(inventory_id), belongs_to(Film))]
#[cfg_attr(
    feature = "associations",
    derive(orm_core::Model),
    belongs_to_one(Film)
)]
pub struct Inventory {
    pub inventory_id: i32,
    pub film_id: i32,
    pub store_id: i16,
}
