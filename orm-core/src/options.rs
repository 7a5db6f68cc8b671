//! The options of the attributes as items, for an editor to complete and to show:
//! the derive writes a `use` of each key where rust-analyzer reads it, and nowhere
//! else.

macro_rules! options {
    ($($(#[$doc:meta])* $attribute:ident: $($option:ident)+;)+) => {$(
        $(#[$doc])*
        pub mod $attribute {
            $(pub use super::meaning::$option;)+
        }
    )+};
}

options! {
    /// `#[has_one(Target, ..)]`
    has_one: name table foreign_key source_key scope on_delete orphans only except doc;
    /// `#[has_many(Target, ..)]`
    has_many: name singular table foreign_key source_key scope on_delete orphans only except doc;
    /// `#[belongs_to_one(Target, ..)]`
    belongs_to_one: name table foreign_key target_key optional scope only except doc;
    /// `#[belongs_to_many(Target, through = Junction, ..)]`
    belongs_to_many: name singular through table foreign_key other_key source_key target_key scope
        through_scope on_delete only except doc;
    /// `#[include(..)]` on a field
    include: row association filter filter_through required order limit offset through count
        exists sum min max avg;
}

/// What each option means.
mod meaning {
    #![allow(non_upper_case_globals, reason = "they are called as they are written")]

    macro_rules! meanings {
        ($($(#[$doc:meta])* $option:ident)+) => {$(
            $(#[$doc])*
            pub const $option: () = ();
        )+};
    }

    meanings! {
        /// The name of the association and of its methods: `name = liked_toots`.
        name
        /// The form of the name for one row: `singular = liked_toot`.
        singular
        /// The table whose columns are named without it: `table = film_actor`.
        table
        /// The columns that refer to this end: `foreign_key = author_id`.
        foreign_key
        /// The junction's columns that refer to the target: `other_key = toot_id`.
        other_key
        /// The columns of this struct that are referred to: `source_key = code`.
        source_key
        /// The columns of the target that are referred to: `target_key = code`.
        target_key
        /// The junction's model or table: `through = LikedToot`. Of a field, pairs of a
        /// junction row and a target.
        through
        /// Columns that have these values in every row: `scope(kind = "article")`.
        scope
        /// Columns of the junction that have these values: `through_scope(role = "author")`.
        through_scope
        /// What `destroy` does to the rows first: `cascade`, `nullify` or `restrict`.
        on_delete
        /// Rows that are unlinked from their source are deleted: `orphans = delete`.
        orphans
        /// The row may be missing, though the foreign key cannot be NULL.
        optional
        /// The methods that are written: `only(toots, add_toot)`.
        only
        /// The methods that are left out: `except(create_toot)`.
        except
        /// What the documentation says first: `doc = "What they wrote."`.
        doc
        /// The field holds the model's own row.
        row
        /// The association, where the field has another name: `association = toots`.
        association
        /// Only these rows: `filter = toots::body.like("%rust%")`.
        filter
        /// Only rows with such a junction row.
        filter_through
        /// Drop the rows that have no row of this field.
        required
        /// The order of the rows: `order = toots::id.desc()`.
        order
        /// At most so many rows of each parent.
        limit
        /// The limited rows after so many others.
        offset
        /// How many rows the association has: `count = toots`.
        count
        /// Whether the association has rows: `exists = toots`.
        exists
        /// The sum of a column.
        sum
        /// The least value of a column.
        min
        /// The greatest value of a column.
        max
        /// The average of a column.
        avg
    }
}
