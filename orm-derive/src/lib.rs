//! The derive macros of `orm-core`. Use them through that crate.
//!
//! Only entry points and their documentation are here; start reading at
//! `pipeline.rs`.

#![warn(missing_docs)]

mod check;
mod expand;
mod ide;
mod ir;
mod parse;
mod pipeline;
#[cfg(test)]
#[allow(clippy::expect_used, reason = "a failed test may panic")]
mod snapshots;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Declares the associations of a model.
///
/// It stands beside Diesel's own derives on a plain struct and reads Diesel's
/// `table_name`, `primary_key` and `column_name` attributes.
///
/// # Attributes of the struct
///
/// Each declares one association and may stand any number of times. The first
/// argument is the target's type.
///
/// | attribute | the key is | options |
/// |---|---|---|
/// | `#[has_one(DrivingLicense)]` | a column of the target | `name`, `table`, `foreign_key`, `source_key`, `orphans` |
/// | `#[has_many(Toot)]` | a column of the target | `name`, `singular`, `table`, `foreign_key`, `source_key`, `orphans` |
/// | `#[belongs_to_one(City)]` | a column of this struct | `name`, `table`, `foreign_key`, `target_key`, `optional` |
/// | `#[belongs_to_many(Toot, through = LikedToot)]` | in the junction | `name`, `singular`, `through`, `table`, `foreign_key`, `other_key`, `source_key`, `target_key` |
///
/// | option | means | default |
/// |---|---|---|
/// | `name = liked_toots` | the name of the association and its methods | the target's name, in the plural for many |
/// | `singular = liked_toot` | the form for one row | the singular of the name |
/// | `foreign_key = author_id` | the column that refers to this end | `<source>_id`; of a `belongs_to`, `<name>_id` |
/// | `table = film_actor` | the table whose columns are named without it: the target's, or the junction's | the plural of the type, in scope |
/// | `other_key = toot_id` | the junction's column that refers to the target | `<target>_id` |
/// | `source_key = code` | the column of this struct that is referred to | the primary key |
/// | `target_key = code` | the column of the target that is referred to | the target's primary key |
/// | `scope(kind = "article", ..)` | columns that have these values in every row: of the target, of a `belongs_to` of this struct; `None` is NULL | none |
/// | `through_scope(role = "author")` | the same of the junction | none |
/// | `orphans = delete` | rows that are unlinked are deleted; `set_`, `remove_` and `unset_` need it where the foreign key cannot be NULL | they stay, with a NULL key |
/// | `optional` | the row may be missing, though the foreign key cannot be NULL: the getter yields an `Option` | it must be there |
/// | `on_delete = cascade` | what `destroy` does to the rows first: `cascade`, `nullify` or `restrict` | left to the database |
/// | `only(toots, add_toot)`, `except(create_toot)` | the methods that are written, or left out: where the struct has methods of these names | all |
/// | `doc = "What they wrote."` | what the documentation of the constant and the getter says first | nothing |
/// | `through = LikedToot` | the junction's model, or its table (`liked_toots`) | |
///
/// A column without a path is one of the table that the plural of its type
/// names, `toots::author_id` for a key of `Toot`, or that `table = film_actor` names. A path,
/// such as `crate::schema::toots::author_id`, names any column. A composite key is a
/// tuple: `foreign_key = (tenant_id, author_id)`.
///
/// `#[model(crate = "path")]` says where `orm_core` is, for crates that
/// re-export it.
///
/// # What is generated
///
/// For each association a constant, such as `Person::TOOTS`, and methods:
///
/// | method | of | |
/// |---|---|---|
/// | `toots` | all | the row or rows |
/// | `toots_query` | all | the same as a Diesel query |
/// | `count_toots` | many | how many |
/// | `has_toot`, `has_toots` | many | whether these are linked |
/// | `set_toots`, `set_city` | all | links exactly these |
/// | `add_toot(s)` | many | links these too |
/// | `remove_toot(s)`, `unset_license` | many, `has_one` | unlinks, where the rows can stay |
/// | `destroy_toot(s)`, `destroy_license` | `has_many`, `has_one` | deletes, with what `on_delete` of the target says |
/// | `create_toot` | all | creates a row that is linked |
/// | `liked_toots_with_through` | many through a model | the rows with their junction rows |
///
/// The expansion of `#[has_many(Toot)]`, without the documentation of its
/// methods:
///
/// ```text
#[doc = include_str!("../snapshots/has_many.rs")]
/// ```
#[proc_macro_derive(
    Model,
    attributes(
        diesel,
        model,
        has_one,
        has_many,
        belongs_to_one,
        belongs_to_many,
        belongs_to
    )
)]
pub fn model(input: TokenStream) -> TokenStream {
    pipeline::model(&parse_macro_input!(input)).into()
}

/// Describes what is loaded with the rows of a model: the type is the query
/// plan.
///
/// ```text
/// #[derive(Include, Clone)]
/// #[include(Person)]
/// struct Profile {
///     #[include(row)]
///     person: Person,
///     driving_license: Option<DrivingLicense>,
///     birthplace: Arc<City>,
///     toots: Vec<TootView>,
///     #[include(count = liked_toots)]
///     likes: i64,
/// }
///
/// let page: Vec<Profile> = people::table.limit(20).load_as::<Profile>(&mut conn)?;
/// ```
///
/// A field's name is the association, its type the shape: `Vec<_>` for
/// `has_many` and `belongs_to_many`, `Option<_>` for `has_one` and for
/// `belongs_to` over a nullable key or with `optional`, plain for `belongs_to`
/// over a key that is not. Inside is a model, another struct that derives `Include`, or an `Arc` of
/// either, which is shared where it belongs to several rows. What is inside
/// without an `Arc` derives `Clone`, since one row may belong to several.
///
/// | on a field | |
/// |---|---|
/// | `#[include(row)]` | the model's own row |
/// | `#[include(association = toots)]` | the association, where the field has another name |
/// | `#[include(filter = toots::body.like("%rust%"))]` | only these rows |
/// | `#[include(filter_through = liked_toots::liked_at.gt("2026"))]` | only rows with such a junction row |
/// | `#[include(required)]` | drop the rows that have no row of this field |
/// | `#[include(order = toots::id.desc())]` | the order of the rows, else by primary key |
/// | `#[include(order = .., limit = 3, offset = 1)]` | at most so many rows of each parent |
/// | `#[include(through)]` | pairs of a junction row and a target, `Vec<(LikedToot, Toot)>` |
/// | `#[include(count = toots)]` | how many rows there are, `i64` |
/// | `#[include(exists = toots)]` | whether there are rows, `bool` |
/// | `#[include(max = toots::id, association = toots)]` | Diesel's `sum`, `min`, `max` or `avg` of a column, an `Option<_>` |
///
/// `#[include(Person, crate = "path")]` says where `orm_core` is, for crates
/// that re-export it.
///
/// The constant `QUERIES` is the number of statements that a load takes,
/// `Profile::load_for` loads the rest for rows that are already here.
#[proc_macro_derive(Include, attributes(include))]
pub fn include(input: TokenStream) -> TokenStream {
    pipeline::include(&parse_macro_input!(input)).into()
}
