//! `#[belongs_to_one(City, foreign_key = birthplace_id)]`: the foreign key is a
//! column of the source.

use super::{AssociationKind, Kind, Slot, SourceScope, Unscoped};
use crate::include::OneStatement;
use crate::key::Columns;
use crate::model::Model;
use crate::write::KeyLinks;
use std::marker::PhantomData;

/// The kind `belongs_to`, with the source's foreign key, the target's key, the
/// source's scope and the slot: [`One`](super::One) where the foreign key cannot be NULL,
/// [`Maybe`](super::Maybe) where it can or the declaration says `optional`.
#[derive(Debug)]
pub struct BelongsTo<ForeignKey, TargetKey, Scope, Slot>(
    PhantomData<(ForeignKey, TargetKey, Scope, Slot)>,
);

impl<S, T, ForeignKey, TargetKey, Scope, Of> Kind<S, T>
    for BelongsTo<ForeignKey, TargetKey, Scope, Of>
where
    S: Model,
    T: Model,
    ForeignKey: Columns,
    TargetKey: Columns,
    Scope: super::Scope + SourceScope<S>,
    Of: Slot,
{
    const KIND: AssociationKind = AssociationKind::BelongsTo;
    const SCOPE: &'static [&'static str] = Scope::NAMES;
    type Fetch = OneStatement<false>;
    type Write = KeyLinks;
    type Slot = Of;
    type SourceKey = ForeignKey;
    type From = T::Table;
    type KeyColumns = TargetKey;
    type Links = T::Table;
    type LinkTable = T::Table;
    type LinkColumns = T::PrimaryKey;
    type Order = T::PrimaryKey;
    type Targets = T::Table;
    type TargetScope = Unscoped;
    type LinkScope = Unscoped;
    type SourceScope = Scope;

    fn from() -> T::Table {
        T::Table::default()
    }

    fn links() -> T::Table {
        T::Table::default()
    }

    fn targets() -> T::Table {
        T::Table::default()
    }
}
