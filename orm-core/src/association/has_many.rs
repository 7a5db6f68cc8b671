//! `#[has_many(Toot, foreign_key = author_id)]`: the foreign key is a column
//! of the target, any number of rows.

use super::{AssociationKind, Kind, Many};
use crate::include::OneStatement;
use crate::key::Columns;
use crate::model::Model;
use std::marker::PhantomData;

/// The kind `has_many`, with the target's foreign key and the source's key.
#[derive(Debug)]
pub struct HasMany<ForeignKey, SourceKey>(PhantomData<(ForeignKey, SourceKey)>);

impl<S, T, ForeignKey, SourceKey> Kind<S, T> for HasMany<ForeignKey, SourceKey>
where
    S: Model,
    T: Model,
    ForeignKey: Columns,
    SourceKey: Columns,
{
    const KIND: AssociationKind = AssociationKind::HasMany;
    type Fetch = OneStatement<true>;
    type Slot = Many;
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
