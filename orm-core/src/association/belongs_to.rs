//! `#[belongs_to(City, foreign_key = birthplace_id)]`: the foreign key is a
//! column of the source.

use super::{AssociationKind, Kind, Slot};
use crate::include::OneStatement;
use crate::key::Columns;
use crate::model::Model;
use std::marker::PhantomData;

/// The kind `belongs_to`, with the source's foreign key, the target's key and
/// the slot: [`One`](super::One) where the foreign key cannot be NULL,
/// [`Maybe`](super::Maybe) where it can.
#[derive(Debug)]
pub struct BelongsTo<ForeignKey, TargetKey, Slot>(PhantomData<(ForeignKey, TargetKey, Slot)>);

impl<S, T, ForeignKey, TargetKey, Of> Kind<S, T> for BelongsTo<ForeignKey, TargetKey, Of>
where
    S: Model,
    T: Model,
    ForeignKey: Columns,
    TargetKey: Columns,
    Of: Slot,
{
    const KIND: AssociationKind = AssociationKind::BelongsTo;
    type Fetch = OneStatement<false>;
    type Slot = Of;
    type SourceKey = ForeignKey;
    type TargetKey = TargetKey;
    type From = T::Table;
    type KeyColumns = TargetKey;
    type Links = T::Table;
    type LinkColumns = T::PrimaryKey;
    type Order = T::PrimaryKey;

    fn from() -> T::Table {
        T::Table::default()
    }
}
