//! The second stage: what the user meant. Every default is decided here, so
//! that expanding cannot fail.

pub(crate) mod names;
pub(crate) mod resolve;
pub(crate) mod shape;

use crate::parse::{Field, OnDelete, Scope};
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Ident, Path, Visibility};

/// A model with everything decided.
pub(crate) struct Model {
    pub(crate) krate: Path,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) table: Path,
    pub(crate) primary_key: Vec<Path>,
    pub(crate) fields: Vec<Field>,
    pub(crate) associations: Vec<Association>,
}

/// An association with everything decided.
pub(crate) struct Association {
    /// The getter: `liked_toots`.
    pub(crate) name: Ident,
    /// The form for one row: `liked_toot`.
    pub(crate) singular: Ident,
    /// The constant and its type: `LIKED_TOOTS`.
    pub(crate) constant: Ident,
    pub(crate) target: Path,
    /// Whether source and target are the same type.
    pub(crate) is_self_reference: bool,
    pub(crate) kind: Kind,
    /// What rows of the target have in common, or of a `belongs_to` those of the
    /// source.
    pub(crate) scope: Option<Scope>,
    pub(crate) on_delete: Option<OnDelete>,
    /// Whether rows that are unlinked are deleted.
    pub(crate) orphans: bool,
    /// The methods that are written, or those that are not.
    pub(crate) methods: Methods,
    /// What the user says of it, before all that is said here.
    pub(crate) doc: Option<String>,
    /// Where the user wrote it.
    pub(crate) span: Span,
}

/// Which methods an association has.
pub(crate) enum Methods {
    All,
    Only(Vec<Ident>),
    Except(Vec<Ident>),
}

/// The kind of an association, with its keys.
pub(crate) enum Kind {
    HasOne {
        foreign_key: Key,
        source_key: Key,
    },
    HasMany {
        foreign_key: Key,
        source_key: Key,
    },
    BelongsTo {
        foreign_key: Key,
        target_key: Key,
        /// Whether the key may be NULL.
        nullable: bool,
        /// Whether the row may be missing, whatever the key.
        optional: bool,
    },
    BelongsToMany(Box<Through>),
}

/// A `belongs_to_many`.
pub(crate) struct Through {
    pub(crate) junction: Junction,
    pub(crate) foreign_key: Key,
    pub(crate) other_key: Key,
    pub(crate) source_key: Key,
    pub(crate) target_key: Key,
    /// What rows of the junction have in common.
    pub(crate) scope: Option<Scope>,
}

/// What the user wrote after `through`.
pub(crate) enum Junction {
    /// A model, whose rows can be read.
    Model(Path),
    /// A table's module alone.
    Table(Path),
}

/// One of the two models of an association.
#[derive(Clone, Copy)]
pub(crate) enum End {
    Source,
    Target,
}

/// The columns of a key.
#[derive(Clone)]
pub(crate) enum Key {
    /// The primary key of the model at this end.
    Primary(End),
    /// These columns, written by the user or by default.
    Columns { paths: Vec<Path>, span: Span },
}

impl Model {
    /// Whether a key that is read from this model has the column.
    pub(crate) fn is_key(&self, column: &Ident) -> bool {
        let named = |path: &Path| {
            let last = path.segments.last();
            last.is_some_and(|last| last.ident.unraw() == column.unraw())
        };
        self.primary_key.iter().any(named)
            || self.associations.iter().any(|association| {
                matches!(
                    association.own_key(),
                    Key::Columns { paths, .. } if paths.iter().any(named)
                )
            })
    }
}

impl Association {
    /// The key that is read from the source.
    pub(crate) fn own_key(&self) -> &Key {
        match &self.kind {
            Kind::HasOne { source_key, .. } | Kind::HasMany { source_key, .. } => source_key,
            Kind::BelongsToMany(through) => &through.source_key,
            Kind::BelongsTo { foreign_key, .. } => foreign_key,
        }
    }

    /// Whether it yields no row where there is none, instead of an error: a
    /// `belongs_to` over a key that may be NULL, one that says so, or one of a row
    /// that may be out of its scope, and every `has_one`.
    pub(crate) fn is_optional(&self) -> bool {
        match self.kind {
            Kind::HasOne { .. } => true,
            Kind::BelongsTo {
                nullable, optional, ..
            } => nullable || optional || self.scope.is_some(),
            Kind::HasMany { .. } | Kind::BelongsToMany(_) => false,
        }
    }

    /// The place of generated code: where the user wrote the target. What the
    /// compiler has to say of it is then said once, there.
    pub(crate) fn place(&self) -> Span {
        Span::call_site().located_at(self.span)
    }
}

impl Kind {
    /// Whether it yields any number of rows.
    pub(crate) fn is_many(&self) -> bool {
        matches!(self, Self::HasMany { .. } | Self::BelongsToMany(_))
    }

    /// Whether its links are rows of a junction.
    pub(crate) fn is_junction(&self) -> bool {
        matches!(self, Self::BelongsToMany(_))
    }
}

impl Key {
    /// The columns' names, for documentation. `None` if only the target's own
    /// declaration knows them.
    pub(crate) fn names(&self) -> Option<Vec<String>> {
        match self {
            Self::Primary(_) => None,
            Self::Columns { paths, .. } => Some(
                paths
                    .iter()
                    .filter_map(|path| path.segments.last())
                    .map(|column| column.ident.to_string())
                    .collect(),
            ),
        }
    }

    /// The table's name as it stands in the columns' paths.
    pub(crate) fn table(&self) -> Option<String> {
        match self {
            Self::Primary(_) => None,
            Self::Columns { paths, .. } => paths
                .first()?
                .segments
                .iter()
                .rev()
                .nth(1)
                .map(|table| table.ident.to_string()),
        }
    }
}
