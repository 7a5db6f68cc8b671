//! `#[has_many(Toot, foreign_key = author_id)]`: the foreign key is a column
//! of the target, any number of rows.

use super::{AssociationKind, Kind, Many, ScopeOf, Unscoped};
use crate::include::OneStatement;
use crate::key::Columns;
use crate::model::Model;
use crate::write::RowLinks;
use std::marker::PhantomData;

/// The kind `has_many`, with the target's foreign key, the source's key and the
/// target's scope.
#[derive(Debug)]
pub struct HasMany<ForeignKey, SourceKey, Scope>(PhantomData<(ForeignKey, SourceKey, Scope)>);

impl<S, T, ForeignKey, SourceKey, Scope> Kind<S, T> for HasMany<ForeignKey, SourceKey, Scope>
where
    S: Model,
    T: Model,
    ForeignKey: Columns,
    SourceKey: Columns,
    Scope: ScopeOf<T::Table>,
{
    const KIND: AssociationKind = AssociationKind::HasMany;
    const SCOPE: &'static [&'static str] = Scope::NAMES;
    type Fetch = OneStatement<true>;
    type Write = RowLinks;
    type Slot = Many;
    type SourceKey = SourceKey;
    type From = Scope::Output;
    type KeyColumns = ForeignKey;
    type Links = Scope::Output;
    type LinkTable = T::Table;
    type LinkColumns = T::PrimaryKey;
    type Order = T::PrimaryKey;
    type Targets = Scope::Output;
    type TargetScope = Scope;
    type LinkScope = Scope;
    type SourceScope = Unscoped;

    fn from() -> Self::From {
        Scope::narrow(T::Table::default())
    }

    fn links() -> Self::Links {
        Scope::narrow(T::Table::default())
    }

    fn targets() -> Self::Targets {
        Scope::narrow(T::Table::default())
    }
}
