//! `#[belongs_to_many(Toot, through = LikedToot)]`: a junction holds both keys.

use super::{AssociationKind, JunctionInfo, Kind, Many, ScopeOf, Unscoped};
use crate::include::TwoStatements;
use crate::key::{Columns, KeyEq};
use crate::model::Model;
use crate::query::InnerKind;
use crate::write::JunctionLinks;
use diesel::query_dsl::{JoinOnDsl, JoinWithImplicitOnClause, QueryDsl};
use diesel::query_source::TableNotEqual;
use diesel::{Table, dsl};
use std::marker::PhantomData;

/// The table between the two ends of a `belongs_to_many`.
///
/// Every model is one, so `through = LikedToot` names it by its model and makes
/// its rows readable; `through = liked_toots` names the table alone.
pub trait Junction: 'static {
    /// The table.
    type Table: Table + Copy + Default + Send + 'static;

    /// The name of the table's module in the schema.
    const TABLE: &'static str;

    /// The names of the columns of its primary key, if they are known.
    const PRIMARY_KEY: &'static [&'static str];
}

impl<M: Model> Junction for M {
    type Table = M::Table;
    const TABLE: &'static str = M::TABLE;
    const PRIMARY_KEY: &'static [&'static str] = M::PrimaryKey::NAMES;
}

/// The names of the columns of a table's primary key `K`: `NAMES`. Diesel has a
/// key of one column as the column, one of several as a tuple; the former is not
/// known here, and its names are none.
#[derive(Debug)]
pub struct PrimaryKeyNames<K>(PhantomData<K>);

impl<K: Columns> PrimaryKeyNames<K> {
    /// The names.
    pub const NAMES: &'static [&'static str] = K::NAMES;
}

/// What [`PrimaryKeyNames`] says of a key that is not a tuple.
pub trait NoPrimaryKeyNames {
    /// None.
    const NAMES: &'static [&'static str] = &[];
}

impl<K> NoPrimaryKeyNames for PrimaryKeyNames<K> {}

/// The kind `belongs_to_many`, with the junction, its two keys, the keys of
/// source and target that these equal, the columns that the rows are ordered by,
/// and the scopes of the target and of the junction.
///
/// The order is the target's primary key. Where the junction holds that same
/// key its column stands in: an index of the junction then yields the rows in
/// order.
#[derive(Debug)]
pub struct BelongsToMany<Through, Keys, Order, Scope, ThroughScope>(
    PhantomData<(Through, Keys, Order, Scope, ThroughScope)>,
);

/// The keys of a `belongs_to_many`: the junction's that equals the source's, the
/// junction's that equals the target's, and those two.
#[derive(Debug)]
pub struct JunctionKeys<ForeignKey, OtherKey, SourceKey, TargetKey>(
    PhantomData<(ForeignKey, OtherKey, SourceKey, TargetKey)>,
);

/// A kind of association with a junction: `belongs_to_many`.
#[diagnostic::on_unimplemented(
    message = "this association has no junction",
    note = "only a `belongs_to_many` has one; say `.filter(..)` for a condition on the target"
)]
pub trait HasJunction {}

#[diagnostic::do_not_recommend]
impl<Through, Keys, Order, Scope, ThroughScope> HasJunction
    for BelongsToMany<Through, Keys, Order, Scope, ThroughScope>
{
}

type OnTarget<OtherKey, TargetKey> = KeyEq<OtherKey, <TargetKey as Columns>::Nullable>;

/// A table that may be joined to the table `T`: a junction is, to its target.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{T}` are not declared to appear in one query",
    label = "the junction is joined to its target",
    note = "write `diesel::allow_tables_to_appear_in_same_query!(..)` with both beside their `table!`"
)]
pub trait InOneQuery<T> {
    /// That it may.
    #[doc(hidden)]
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<A: TableNotEqual<B>, B: Table> InOneQuery<B> for A {}

/// The keys by which the junction `Through` is joined to the target `T`.
pub trait JoinThrough<Through, T> {
    /// The junction joined to the target.
    type Joined;

    /// The junction joined to the target.
    fn joined() -> Self::Joined;
}

impl<T, Through, ForeignKey, OtherKey, SourceKey, TargetKey> JoinThrough<Through, T>
    for JunctionKeys<ForeignKey, OtherKey, SourceKey, TargetKey>
where
    T: Model,
    Through: Junction,
    OtherKey: Columns,
    TargetKey: Columns,
    Through::Table: QueryDsl
        + JoinWithImplicitOnClause<dsl::On<T::Table, OnTarget<OtherKey, TargetKey>>, InnerKind>,
{
    type Joined = dsl::InnerJoin<Through::Table, dsl::On<T::Table, OnTarget<OtherKey, TargetKey>>>;

    fn joined() -> Self::Joined {
        Through::Table::default().inner_join(T::Table::default().on(KeyEq::columns(
            OtherKey::default(),
            TargetKey::default().nullable(),
        )))
    }
}

type Joined<T, Through, Keys> = <Keys as JoinThrough<Through, T>>::Joined;

impl<S, T, Through, ForeignKey, OtherKey, SourceKey, TargetKey, Order, Scope, ThroughScope>
    Kind<S, T>
    for BelongsToMany<
        Through,
        JunctionKeys<ForeignKey, OtherKey, SourceKey, TargetKey>,
        Order,
        Scope,
        ThroughScope,
    >
where
    S: Model,
    T: Model,
    Through: Junction,
    ForeignKey: Columns,
    OtherKey: Columns,
    SourceKey: Columns,
    TargetKey: Columns,
    Order: Columns,
    JunctionKeys<ForeignKey, OtherKey, SourceKey, TargetKey>: JoinThrough<Through, T>,
    ThroughScope: ScopeOf<Joined<T, Through, JunctionKeys<ForeignKey, OtherKey, SourceKey, TargetKey>>>
        + ScopeOf<Through::Table>,
    Scope: ScopeOf<
            <ThroughScope as ScopeOf<
                Joined<T, Through, JunctionKeys<ForeignKey, OtherKey, SourceKey, TargetKey>>,
            >>::Output,
        > + ScopeOf<T::Table>,
{
    const KIND: AssociationKind = AssociationKind::BelongsToMany;
    /// The junction's pairs, then each target once.
    const QUERIES: usize = 2;
    const JUNCTION: Option<JunctionInfo> = Some(JunctionInfo {
        table: Through::TABLE,
        foreign_key: ForeignKey::NAMES,
        other_key: OtherKey::NAMES,
        nullable: ForeignKey::NULLABLE || OtherKey::NULLABLE,
        scope: ThroughScope::NAMES,
    });
    const SCOPE: &'static [&'static str] = Scope::NAMES;
    type Fetch = TwoStatements;
    type Write = JunctionLinks;
    type Slot = Many;
    type SourceKey = SourceKey;
    type From = <Scope as ScopeOf<
        <ThroughScope as ScopeOf<
            Joined<T, Through, JunctionKeys<ForeignKey, OtherKey, SourceKey, TargetKey>>,
        >>::Output,
    >>::Output;
    type KeyColumns = ForeignKey;
    /// The junction; where the target has a scope, joined to it.
    type Links = Scope::Either<<ThroughScope as ScopeOf<Through::Table>>::Output, Self::From>;
    type LinkTable = Through::Table;
    type LinkColumns = OtherKey;
    type Order = Order;
    type Targets = <Scope as ScopeOf<T::Table>>::Output;
    type TargetScope = Scope;
    type LinkScope = ThroughScope;
    type SourceScope = Unscoped;

    fn from() -> Self::From {
        Scope::narrow(ThroughScope::narrow(JunctionKeys::<
            ForeignKey,
            OtherKey,
            SourceKey,
            TargetKey,
        >::joined()))
    }

    fn pair_key() -> Option<&'static [&'static str]> {
        let names = [ForeignKey::NAMES, OtherKey::NAMES, ThroughScope::NAMES].concat();
        let key = Through::PRIMARY_KEY;
        let is_pair = !key.is_empty() && key.iter().all(|column| names.contains(column));
        is_pair.then_some(key)
    }

    fn links() -> Self::Links {
        Scope::either(
            || ThroughScope::narrow(Through::Table::default()),
            <Self as Kind<S, T>>::from,
        )
    }

    fn targets() -> Self::Targets {
        Scope::narrow(T::Table::default())
    }
}
