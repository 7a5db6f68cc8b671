//! Structs that describe a tree: the type is the query plan.

use super::Included;
use super::first::FirstIncluded;
use super::limit::Unlimited;
use super::load::{LoadIncluded, outputs};
use super::refine::{ByPrimaryKey, Everything, Refined};
use super::require::Require;
use super::tree::{LoadTree, Rooted, RowOfTarget, Tree};
use crate::association::Association;
use crate::connection::{Executor, Reader};
use crate::model::Model;
use diesel::QueryResult;
use std::marker::PhantomData;
use std::sync::Arc;

/// A struct that holds a row of a model with what belongs to it.
///
/// `#[derive(Include)]` implements it. A model is the shape of its own row
/// alone, and an `Arc` of a shape is one that is shared, not cloned, between
/// the parents that it belongs to.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a model nor a shape",
    label = "a field of a shape holds models or shapes",
    note = "derive `Model` or `Include` for `{Self}`"
)]
pub trait Shape: Sized + Send {
    /// The model whose row it holds.
    type Model: Model;

    /// What is loaded beside the row.
    type Tree: Tree<Self::Model>;

    /// What is loaded beside the row.
    fn tree() -> Self::Tree;

    /// Puts a row and what belongs to it together.
    fn shape(row: Self::Model, output: <Self::Tree as Tree<Self::Model>>::Output) -> Self;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Shape for M {
    type Model = M;
    type Tree = ();

    fn tree() {}

    fn shape(row: M, (): ()) -> M {
        row
    }
}

#[diagnostic::do_not_recommend]
impl<X: Shape + Sync> Shape for Arc<X> {
    type Model = X::Model;
    type Tree = X::Tree;

    fn tree() -> X::Tree {
        X::tree()
    }

    fn shape(row: X::Model, output: <X::Tree as Tree<X::Model>>::Output) -> Self {
        Self::new(X::shape(row, output))
    }
}

/// A shape of the model that `A` leads to, or of another model of its table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold rows of the table that `{A}` leads to",
    label = "expected a model or a shape of the association's target",
    note = "derive `Model` and `Clone`, or `Include` and `Clone`, for a struct of that table with its key"
)]
pub trait ShapeOf<A> {
    /// That it is one.
    #[doc(hidden)]
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<A: Association, X: Shape<Model: RowOfTarget<A>>> ShapeOf<A> for X {}

/// A struct that is a shape: what is included may belong to many rows.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not derive `Clone`",
    label = "what is included may belong to many rows",
    note = "add `#[derive(Clone)]` to `{Self}`"
)]
pub trait IsCloned {
    /// That it is.
    const HOLDS: bool = true;
}

// A reference is cloned too, but is no shape: it is not to be proposed.
#[diagnostic::do_not_recommend]
impl<X: Shape + Clone> IsCloned for X {}

/// The tree of a shape, whose rows are values of the shape.
#[derive(Debug)]
pub struct As<X>(PhantomData<fn() -> X>);

impl<X> Clone for As<X> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<X> Copy for As<X> {}

impl<X> Default for As<X> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<S, X: Shape<Model = S>> Tree<S> for As<X> {
    const QUERIES: usize = <X::Tree as Tree<S>>::QUERIES;
    type Output = <X::Tree as Tree<S>>::Output;
    type Row = X;
    type Itself = Self;

    fn row(source: S, output: Self::Output) -> X {
        X::shape(source, output)
    }

    fn itself(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<'q, S, X, C> LoadTree<'q, S, C> for As<X>
where
    S: Send + Sync,
    X: Shape<Model = S>,
    X::Tree: LoadTree<'q, S, C>,
    C: Executor,
{
    async fn outputs(
        &self,
        sources: &[S],
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<Self::Output>> {
        X::tree().outputs(sources, whole, conn).await
    }
}

#[diagnostic::do_not_recommend]
impl<X, Q> Require<Q> for As<X>
where
    X: Shape,
    X::Tree: Require<Q>,
{
    const NOTHING: bool = <X::Tree as Require<Q>>::NOTHING;
    type Output = <X::Tree as Require<Q>>::Output;

    fn require(&self, query: Q) -> Self::Output {
        X::tree().require(query)
    }
}

#[diagnostic::do_not_recommend]
impl<X: Shape> Rooted for As<X> {
    type Source = X::Model;
    type Whole = Self;
    fn whole(self) -> Self::Whole {
        self
    }
}

/// The node of an association whose rows are values of the shape `X`.
pub type NodeAs<A, X> = Refined<A, Everything, ByPrimaryKey, As<X>, Unlimited, <X as Shape>::Model>;

/// The node of an association whose rows are values of the shape `X`.
#[must_use]
pub fn node_as<A, X>() -> NodeAs<A, X>
where
    A: Association,
    X: Shape<Model: RowOfTarget<A>>,
{
    Refined::new(Everything, ByPrimaryKey, Unlimited, As::default())
}

/// The association of a model that has this name, by a hash of the name: so
/// other derives name its type.
pub trait Named<const HASH: u64> {
    /// The association.
    type Association: Association<Source = Self>;
}

/// What is [`Named`]; it names the mistake without a list of the associations
/// that there are.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no association of this name",
    label = "not the name of an association of `{Self}`",
    note = "name the field as the association, or say which it is with `#[include(association = ..)]`"
)]
pub trait IsNamed<const HASH: u64> {
    /// That it is.
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<M: Named<HASH>, const HASH: u64> IsNamed<HASH> for M {}

/// The association of the model `M` whose name has this hash.
pub type AssociationNamed<M, const HASH: u64> = <M as Named<HASH>>::Association;

/// A field that holds what an association yields.
#[diagnostic::on_unimplemented(
    message = "this field holds `{Self}`, but what it names yields `{Slot}`",
    label = "not what the association yields",
    note = "a field is `Vec<_>` for `has_many` and `belongs_to_many`, `Option<_>` for `has_one` and for \
            `belongs_to` over a nullable key, and plain for `belongs_to` over a key that is not",
    note = "with `row` it is the model, with `count` it is `i64`, with `exists` it is `bool`"
)]
pub trait Holds<Slot> {
    /// That it does.
    #[doc(hidden)]
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<Slot> Holds<Slot> for Slot {}

/// Loading a query as a shape.
pub trait LoadAs<C: Executor>: Sized {
    /// Loads every row of this query as a value of the shape `X`.
    ///
    /// One statement for this query and as many as the shape's tree takes.
    ///
    /// # Errors
    /// As [`Included::load`].
    fn load_as<'q, X>(self, conn: &'q mut C) -> C::Return<'q, Vec<X>>
    where
        X: Shape + 'q,
        C: LoadIncluded<'q, Self, As<X>>,
        Self: Send + 'q,
    {
        Included::new(self, As::<X>::default()).load(conn)
    }

    /// Loads the first row of this query as a value of the shape `X`.
    ///
    /// As many statements as [`load_as`](LoadAs::load_as).
    ///
    /// # Errors
    /// As [`Included::first`].
    fn load_one_as<'q, X>(self, conn: &'q mut C) -> C::Return<'q, X>
    where
        X: Shape + 'q,
        C: FirstIncluded<'q, Self, As<X>>,
        Self: Send + 'q,
    {
        Included::new(self, As::<X>::default()).first(conn)
    }
}

impl<Q, C: Executor> LoadAs<C> for Q {}

/// The outputs of the shape `X` for rows in hand, put together with them.
pub fn load_for<'q, X, C>(rows: Vec<X::Model>, conn: &'q mut C) -> C::Return<'q, Vec<X>>
where
    X: Shape + 'q,
    X::Tree: LoadTree<'q, X::Model, C>,
    C: Executor,
{
    C::finish(async move {
        let outputs = outputs(X::tree(), &rows, conn).await?;
        Ok(rows
            .into_iter()
            .zip(outputs)
            .map(|(row, output)| X::shape(row, output))
            .collect())
    })
}
