//! Eager loading: trees of associations, loaded with one or two statements a
//! node, whatever the number of rows.
//!
//! A [`Node`] is an association, perhaps with a filter, an order and a tree of
//! its own below it ([`Refine`]). A [`Tree`] is a node or a tuple of nodes.
//! [`Include`] loads a tree beside any Diesel query of its source.

mod aggregate;
mod fetch;
mod first;
mod group;
mod limit;
mod load;
mod refine;
mod require;
mod shape;
mod through;
mod tree;
mod whole;

pub use self::aggregate::{Aggregate, AggregateOf, Aggregated, Counted, Existing};
pub use self::fetch::{
    FetchKind, FetchPairs, FetchRows, FetchTargets, MatchSources, MatchTargets, OneStatement,
    TwoStatements,
};
pub use self::first::{Find, FindRow, FirstIncluded};
pub use self::group::MatchKeys;
pub use self::limit::{Limited, NoLimit, Ranking, Unlimited};
pub use self::load::{Include, Included, LoadFor, LoadIncluded};
pub use self::refine::{
    ByPrimaryKey, ConditionOver, Everything, FilterWith, NoTree, OfBoth, OfLinks, OfTargets,
    OrderBy, OrderWith, OverTable, Refine, Refined, Where, WhereThrough,
};
pub use self::require::{Narrow, Requirable, Require, Required, required};
pub use self::shape::{
    As, AssociationNamed, Holds, IsCloned, IsNamed, LoadAs, Named, NodeAs, Shape, ShapeOf,
    load_for, node_as,
};
pub use self::through::WithThrough;
pub use self::tree::{LoadTree, Node, Rooted, RowOfTarget, Tree};
