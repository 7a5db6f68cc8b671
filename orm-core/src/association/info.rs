//! What is known of an association without a database: constant data.

use super::shared::{is_unlinked, same_name};
use super::{Association, Kind, KindOf};
use crate::key::Columns;
use crate::model::Model;

/// The four kinds of association.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssociationKind {
    /// The target holds the key; at most one row.
    HasOne,
    /// The target holds the key; any number of rows.
    HasMany,
    /// The source holds the key.
    BelongsTo,
    /// A junction holds both keys.
    BelongsToMany,
}

impl std::fmt::Display for AssociationKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::HasOne => "has_one",
            Self::HasMany => "has_many",
            Self::BelongsTo => "belongs_to",
            Self::BelongsToMany => "belongs_to_many",
        })
    }
}

/// What becomes of what belongs to a row that is destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnDeleteAction {
    /// It is destroyed; of a `belongs_to_many`, its links.
    Cascade,
    /// It is unlinked.
    Nullify,
    /// The row is not destroyed while there is any.
    Restrict,
}

/// What becomes of rows of a `has_one` or `has_many` that are unlinked from their
/// source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Orphans {
    /// Their foreign key becomes NULL.
    Unlinked,
    /// They are deleted, as `orphans = delete` says.
    Deleted,
    /// There are none: the foreign key cannot be NULL and nothing says that rows
    /// may be deleted, so what would unlink a row does not compile.
    Refused,
}

impl Orphans {
    /// What follows from the names and the nullability of the columns of a foreign
    /// key, from the primary key `own` of its table, and from the key `other` that it
    /// refers to.
    #[must_use]
    pub const fn of(key: &[&str], nullable: &[bool], own: &[&str], other: &[&str]) -> Self {
        let mut index = 0;
        while index < key.len() {
            if is_unlinked(index, key, nullable, own, other) {
                return Self::Unlinked;
            }
            index += 1;
        }
        Self::Refused
    }

    /// Whether a row can be unlinked and stay.
    #[must_use]
    pub const fn stay(self) -> bool {
        matches!(self, Self::Unlinked)
    }
}

/// One association of a model, as constant data: for documentation, diagrams
/// and checks.
///
/// Tables are named as their modules in the schema, columns as the database
/// names them.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { people (id) { id -> Integer, boss_id -> Nullable<Integer>, } }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = people)]
/// #[belongs_to_one(Person, name = boss)]
/// struct Person { id: i32, boss_id: Option<i32> }
///
/// let boss = &Person::ASSOCIATIONS[0];
/// assert_eq!(boss.name, "boss");
/// assert_eq!(boss.source_key, ["boss_id"]);
/// assert_eq!(boss.target_key, ["id"]);
/// assert!(boss.nullable);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AssociationInfo {
    /// The name of the association and of its getter.
    pub name: &'static str,
    /// Which kind it is.
    pub kind: AssociationKind,
    /// The table of the model that declares it.
    pub source_table: &'static str,
    /// The columns of the source: its primary key, `source_key` or, of a
    /// `belongs_to`, the foreign key.
    pub source_key: &'static [&'static str],
    /// The table that it leads to.
    pub target_table: &'static str,
    /// The columns of the target: the foreign key of a `has_one` or
    /// `has_many`, else its primary key or `target_key`.
    pub target_key: &'static [&'static str],
    /// The junction of a `belongs_to_many`.
    pub junction: Option<JunctionInfo>,
    /// Whether any column of the foreign key, wherever it is, may be NULL.
    pub nullable: bool,
    /// The columns that `scope` gives a value: of the target, or of a
    /// `belongs_to` of the source.
    pub scope: &'static [&'static str],
    /// What `on_delete` says; `None` leaves it to the database.
    pub on_delete: Option<OnDeleteAction>,
    /// What becomes of rows that are unlinked, of a `has_one` or `has_many`.
    pub orphans: Option<Orphans>,
}

/// The junction of a `belongs_to_many`, as constant data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct JunctionInfo {
    /// The junction's table.
    pub table: &'static str,
    /// Its columns that equal the source's key.
    pub foreign_key: &'static [&'static str],
    /// Its columns that equal the target's key.
    pub other_key: &'static [&'static str],
    /// Whether any of these columns may be NULL.
    pub nullable: bool,
    /// Its columns that `through_scope` gives a value.
    pub scope: &'static [&'static str],
}

impl AssociationInfo {
    /// The data of the association `A`.
    #[must_use]
    pub const fn of<A: Association>() -> Self {
        let kind = <KindOf<A> as Kind<A::Source, A::Target>>::KIND;
        let junction = <KindOf<A> as Kind<A::Source, A::Target>>::JUNCTION;
        Self {
            name: A::NAME,
            kind,
            source_table: <A::Source as Model>::TABLE,
            source_key: <super::SourceKeyColumns<A> as Columns>::NAMES,
            target_table: <A::Target as Model>::TABLE,
            target_key: match kind {
                AssociationKind::HasOne | AssociationKind::HasMany => {
                    <super::KeyColumnsOf<A> as Columns>::NAMES
                }
                AssociationKind::BelongsTo | AssociationKind::BelongsToMany => {
                    <super::TargetKeyColumns<A> as Columns>::NAMES
                }
            },
            nullable: match (kind, &junction) {
                (_, Some(junction)) => junction.nullable,
                (AssociationKind::BelongsTo, None) => {
                    <super::SourceKeyColumns<A> as Columns>::NULLABLE
                }
                (_, None) => <super::KeyColumnsOf<A> as Columns>::NULLABLE,
            },
            scope: <KindOf<A> as Kind<A::Source, A::Target>>::SCOPE,
            on_delete: A::ON_DELETE,
            orphans: A::ORPHANS,
            junction,
        }
    }
}

/// Whether a model that declares `belongs_to` says of the columns `key` that they
/// refer to another table than `table`, and not to that one: then no association of
/// `table` can be over them.
#[must_use]
pub const fn leads_elsewhere(belongs_to: &[(&[&str], &str)], key: &[&str], table: &str) -> bool {
    let mut elsewhere = false;
    let mut index = 0;
    while index < belongs_to.len() {
        let (columns, other) = belongs_to[index];
        if same_names(columns, key) {
            if same_name(other, table) {
                return false;
            }
            elsewhere = true;
        }
        index += 1;
    }
    elsewhere
}

const fn same_names(a: &[&str], b: &[&str]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if !same_name(a[index], b[index]) {
            return false;
        }
        index += 1;
    }
    true
}
