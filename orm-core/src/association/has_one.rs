//! `#[has_one(DrivingLicense, foreign_key = owner_id)]`: the foreign key is a column
//! of the target, at most one row.

use super::{AssociationKind, Kind, Maybe};
use crate::include::OneStatement;
use crate::key::Columns;
use crate::model::Model;
use std::marker::PhantomData;

/// The kind `has_one`, with the target's foreign key and the source's key.
#[derive(Debug)]
pub struct HasOne<ForeignKey, SourceKey>(PhantomData<(ForeignKey, SourceKey)>);

impl<S, T, ForeignKey, SourceKey> Kind<S, T> for HasOne<ForeignKey, SourceKey>
where
    S: Model,
    T: Model,
    ForeignKey: Columns,
    SourceKey: Columns,
{
    const KIND: AssociationKind = AssociationKind::HasOne;
    type Fetch = OneStatement<true>;
    type Slot = Maybe;
    type SourceKey = SourceKey;
    type TargetKey = T::PrimaryKey;
    type From = T::Table;
    type KeyColumns = ForeignKey;
    type Links = T::Table;
    type LinkColumns = T::PrimaryKey;
    type Order = T::PrimaryKey;

    fn from() -> T::Table {
        T::Table::default()
    }
}
