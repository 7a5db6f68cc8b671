//! `#[belongs_to_many(Toot, through = LikedToot)]`: a junction holds both keys.

use super::{AssociationKind, JunctionInfo, Kind, Many};
use crate::include::TwoStatements;
use crate::key::{Columns, KeyEq};
use crate::model::Model;
use crate::query::InnerKind;
use diesel::dsl;
use diesel::query_dsl::{JoinOnDsl, JoinWithImplicitOnClause, QueryDsl};
use std::marker::PhantomData;

/// The table between the two ends of a `belongs_to_many`.
///
/// Every model is one, so `through = LikedToot` names it by its model and makes
/// its rows readable; `through = liked_toots` names the table alone.
pub trait Junction: 'static {
    /// The table.
    type Table: diesel::Table + Copy + Default + Send + 'static;

    /// The name of the table's module in the schema.
    const TABLE: &'static str;
}

impl<M: Model> Junction for M {
    type Table = M::Table;
    const TABLE: &'static str = M::TABLE;
}

/// The kind `belongs_to_many`, with the junction, its two keys, the keys of
/// source and target that these equal, and the columns that the rows are
/// ordered by.
///
/// The order is the target's primary key. Where the junction holds that same
/// key its column stands in: an index of the junction then yields the rows in
/// order.
#[derive(Debug)]
pub struct BelongsToMany<Through, ForeignKey, OtherKey, SourceKey, TargetKey, Order>(
    PhantomData<(Through, ForeignKey, OtherKey, SourceKey, TargetKey, Order)>,
);

/// A kind of association with a junction: `belongs_to_many`.
#[diagnostic::on_unimplemented(
    message = "this association has no junction",
    note = "only a `belongs_to_many` has one; say `.filter(..)` for a condition on the target"
)]
pub trait HasJunction {}

impl<Through, ForeignKey, OtherKey, SourceKey, TargetKey, Order> HasJunction
    for BelongsToMany<Through, ForeignKey, OtherKey, SourceKey, TargetKey, Order>
{
}

type OnTarget<OtherKey, TargetKey> = KeyEq<OtherKey, <TargetKey as Columns>::Nullable>;

impl<S, T, Through, ForeignKey, OtherKey, SourceKey, TargetKey, Order> Kind<S, T>
    for BelongsToMany<Through, ForeignKey, OtherKey, SourceKey, TargetKey, Order>
where
    S: Model,
    T: Model,
    Through: Junction,
    ForeignKey: Columns,
    OtherKey: Columns,
    SourceKey: Columns,
    TargetKey: Columns,
    Order: Columns,
    Through::Table: QueryDsl
        + JoinWithImplicitOnClause<dsl::On<T::Table, OnTarget<OtherKey, TargetKey>>, InnerKind>,
{
    const KIND: AssociationKind = AssociationKind::BelongsToMany;
    /// The junction's pairs, then each target once.
    const QUERIES: usize = 2;
    const JUNCTION: Option<JunctionInfo> = Some(JunctionInfo {
        table: Through::TABLE,
        foreign_key: ForeignKey::NAMES,
        other_key: OtherKey::NAMES,
        nullable: ForeignKey::NULLABLE || OtherKey::NULLABLE,
    });
    type Fetch = TwoStatements;
    type Slot = Many;
    type SourceKey = SourceKey;
    type TargetKey = TargetKey;
    type From = dsl::InnerJoin<Through::Table, dsl::On<T::Table, OnTarget<OtherKey, TargetKey>>>;
    type KeyColumns = ForeignKey;
    type Links = Through::Table;
    type LinkColumns = OtherKey;
    type Order = Order;

    fn from() -> Self::From {
        Through::Table::default().inner_join(T::Table::default().on(KeyEq::columns(
            OtherKey::default(),
            TargetKey::default().nullable(),
        )))
    }
}
