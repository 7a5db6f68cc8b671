//! Refinements of a node: filter, order, and a tree below it.

use super::limit::{Limited, NoLimit, Offset, Ranking, Unlimited};
use super::require::{Required, required};
use super::through::{RowOfJunction, WithThrough};
use super::tree::{Node, RowOfTarget, Tree};
use crate::association::{
    Association, Checked, HasJunction, KindOf, LinkTableOf, Never, TargetTable, Unchecked,
};
use diesel::query_dsl::methods::{FilterDsl, OrderDsl, ThenOrderDsl};
use diesel::sql_types::BoolOrNullableBool;
use diesel::{Expression, dsl};
use std::marker::PhantomData;

/// An association with a filter, an order and a tree below it.
#[derive(Debug, Clone, Copy)]
pub struct Refined<A, F, O, T, L, R> {
    association: PhantomData<fn() -> (A, R)>,
    filter: F,
    order: O,
    limit: L,
    tree: T,
}

impl<A, F, O, T, L, R> Refined<A, F, O, T, L, R> {
    pub(super) fn new(filter: F, order: O, limit: L, tree: T) -> Self {
        Self {
            association: PhantomData,
            filter,
            order,
            limit,
            tree,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<A, F, O, T, L, R> Node for Refined<A, F, O, T, L, R>
where
    A: Association,
    F: Clone + Send + Sync,
    O: Clone + Send + Sync,
    L: Copy + Send + Sync,
    R: RowOfTarget<A>,
    T: Tree<R>,
{
    type A = A;
    type Target = R;
    type Filter = F;
    type Order = O;
    type Limit = L;
    type Tree = T;

    fn filter(&self) -> F {
        self.filter.clone()
    }

    fn order(&self) -> O {
        self.order.clone()
    }

    fn limit(&self) -> L {
        self.limit
    }

    fn tree(&self) -> &T {
        &self.tree
    }
}

#[diagnostic::do_not_recommend]
impl<A> Node for A
where
    A: Association,
    A::Target: Clone,
{
    type A = A;
    type Target = A::Target;
    type Filter = Everything;
    type Order = ByPrimaryKey;
    type Limit = Unlimited;
    type Tree = ();

    fn filter(&self) -> Everything {
        Everything
    }

    fn order(&self) -> ByPrimaryKey {
        ByPrimaryKey
    }

    fn limit(&self) -> Unlimited {
        Unlimited
    }

    fn tree(&self) -> &() {
        &()
    }
}

/// What can be said of a node of an include tree.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { people (id) { id -> Integer, } }
/// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, body -> Text, } }
/// diesel::allow_tables_to_appear_in_same_query!(people, toots);
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = people)]
/// #[has_many(Toot)]
/// struct Person { id: i32 }
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = toots)]
/// #[belongs_to_one(Person)]
/// struct Toot { id: i32, person_id: i32, body: String }
///
/// # fn load(conn: &mut SqliteConnection) -> QueryResult<()> {
/// let rows: Vec<(Person, Vec<(Toot, Person)>)> = people::table
///     .order(people::id)
///     .include(
///         Person::TOOTS
///             .filter(toots::body.like("%rust%"))
///             .order(toots::id.desc())
///             .include(Toot::PERSON),
///     )
///     .load(conn)?;
/// # Ok(()) }
/// ```
pub trait Refine: Node + Sized {
    /// Only the target rows for which `predicate` holds. Said twice, both must.
    ///
    /// `predicate` is a Diesel expression over the target's table.
    fn filter<P: ConditionOver<TargetTable<Self::A>, M>, M>(
        self,
        predicate: P,
    ) -> Refined<
        Self::A,
        Where<Self::Filter, P::Itself>,
        Self::Order,
        Self::Tree,
        Self::Limit,
        Self::Target,
    >
    where
        Self::Tree: Clone,
    {
        let filter = Where(Node::filter(&self), predicate.itself());
        Refined::new(
            filter,
            Node::order(&self),
            Node::limit(&self),
            self.tree().clone(),
        )
    }

    /// Only the target rows whose junction row is one for which `predicate`
    /// holds, a Diesel expression over the junction's table.
    fn filter_through<P: ConditionOver<LinkTableOf<Self::A>, M>, M>(
        self,
        predicate: P,
    ) -> Refined<
        Self::A,
        WhereThrough<Self::Filter, P::Itself>,
        Self::Order,
        Self::Tree,
        Self::Limit,
        Self::Target,
    >
    where
        KindOf<Self::A>: HasJunction,
        Self::Tree: Clone,
    {
        let filter = WhereThrough(Node::filter(&self), predicate.itself());
        Refined::new(
            filter,
            Node::order(&self),
            Node::limit(&self),
            self.tree().clone(),
        )
    }

    /// Drops the parents that have no row of this node: rows that pass its
    /// filter and have all that is required below them. A limit is not looked
    /// at. Say it last.
    ///
    /// Parents are dropped by their own query, so that a page of them is full.
    /// Rows that are already in hand are not dropped.
    fn required(self) -> Required<Self> {
        required(self)
    }

    /// The order of the rows of one parent; rows that are equal in it come by
    /// primary key.
    fn order<E: OverTable<TargetTable<Self::A>, M>, M>(
        self,
        order: E,
    ) -> Refined<Self::A, Self::Filter, OrderBy<E::Itself>, Self::Tree, Self::Limit, Self::Target>
    where
        Self::Tree: Clone,
    {
        let filter = Node::filter(&self);
        Refined::new(
            filter,
            OrderBy(order.itself()),
            Node::limit(&self),
            self.tree().clone(),
        )
    }

    /// At most `limit` rows of each parent, the first in the order, which must
    /// be said before.
    fn limit(
        self,
        limit: i64,
    ) -> Refined<
        Self::A,
        Self::Filter,
        Self::Order,
        Self::Tree,
        <Self::Order as Ranking>::Limit,
        Self::Target,
    >
    where
        Self::Order: Ranking<Limit = Limited>,
        Self::Tree: Clone,
    {
        let limit = Limited { limit, offset: 0 };
        Refined::new(
            Node::filter(&self),
            Node::order(&self),
            limit,
            self.tree().clone(),
        )
    }

    /// The limited rows of each parent after `offset` others.
    fn offset(
        self,
        offset: i64,
    ) -> Refined<
        Self::A,
        Self::Filter,
        Self::Order,
        Self::Tree,
        <Self::Limit as Offset>::Limit,
        Self::Target,
    >
    where
        Self::Limit: Offset,
        Self::Tree: Clone,
    {
        let limit = Node::limit(&self).offset(offset);
        Refined::new(
            Node::filter(&self),
            Node::order(&self),
            limit,
            self.tree().clone(),
        )
    }

    /// The rows as `R`, another model of the target's table: fewer columns, say.
    ///
    /// What belongs to them is included after.
    fn project<R>(
        self,
    ) -> Refined<
        Self::A,
        Self::Filter,
        Self::Order,
        (),
        Self::Limit,
        <Self::Tree as NoTree<R::Itself>>::Itself,
    >
    where
        Self::Tree: NoTree<R::Itself>,
        R: RowOfTarget<Self::A> + Clone,
    {
        Refined::new(
            Node::filter(&self),
            Node::order(&self),
            Node::limit(&self),
            (),
        )
    }

    /// Each row beside its junction row, as the junction's model `J`.
    ///
    /// ```text
    /// people::table.include(Person::LIKED_TOOTS.with_through::<LikedToot>())
    /// // Vec<(Person, Vec<(LikedToot, Toot)>)>
    /// ```
    fn with_through<J: RowOfJunction<Self::A>>(
        self,
    ) -> WithThrough<Self, <Self::Limit as NoLimit<J::Itself>>::Itself>
    where
        Self::Limit: NoLimit<J::Itself>,
    {
        WithThrough::new(self)
    }

    /// The associations of the target to load with it.
    fn include<T>(
        self,
        tree: T,
    ) -> Refined<Self::A, Self::Filter, Self::Order, T::Itself, Self::Limit, Self::Target>
    where
        T: Tree<Self::Target>,
    {
        Refined::new(
            Node::filter(&self),
            Node::order(&self),
            Node::limit(&self),
            tree.itself(),
        )
    }
}

impl<N: Node> Refine for N {}

/// The tree of a node that has nothing below it.
#[diagnostic::on_unimplemented(
    message = "a node with a tree below it cannot be projected",
    label = "what is below would be lost",
    note = "say `.project::<..>()` before `.include(..)`"
)]
pub trait NoTree<R> {
    /// The type `R`. Where there is a tree there is none, and that is mistaken once.
    type Itself;
}

#[diagnostic::do_not_recommend]
impl<R> NoTree<R> for () {
    type Itself = R;
}

/// An expression over the columns of one table.
#[diagnostic::on_unimplemented(
    message = "this is not an expression over the columns of `{T}`",
    label = "this refines rows of `{T}`",
    note = "`filter` and `order` are over the columns of the association's target, `filter_through` over its junction's"
)]
pub trait OverTable<T, M>: Clone + Send + Sync {
    /// That it is.
    #[doc(hidden)]
    const HOLDS: bool = true;

    /// The expression itself. What is not over the table has none, and is
    /// mistaken once: where it refines, not where the tree is loaded too.
    #[doc(hidden)]
    type Itself;

    /// The expression itself.
    #[doc(hidden)]
    fn itself(self) -> Self::Itself;
}

#[diagnostic::do_not_recommend]
impl<T, E> OverTable<T, Checked> for E
where
    E: diesel::AppearsOnTable<T> + Clone + Send + Sync,
{
    type Itself = Self;

    fn itself(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T, E> OverTable<T, Unchecked> for E
where
    E: Never<T> + Clone + Send + Sync,
{
    type Itself = Self;

    fn itself(self) -> Self {
        self
    }
}

/// A condition over the columns of one table.
#[diagnostic::on_unimplemented(
    message = "this is not a condition over the columns of `{T}`",
    label = "this filters rows of `{T}`",
    note = "`filter` is a condition on the association's target, such as `toots::id.gt(7)`, `filter_through` on its junction"
)]
pub trait ConditionOver<T, M>: Clone + Send + Sync {
    /// As [`OverTable::HOLDS`].
    #[doc(hidden)]
    const HOLDS: bool = true;

    /// As [`OverTable::Itself`].
    #[doc(hidden)]
    type Itself;

    /// The condition itself.
    #[doc(hidden)]
    fn itself(self) -> Self::Itself;
}

#[diagnostic::do_not_recommend]
impl<T, E> ConditionOver<T, Checked> for E
where
    E: OverTable<T, Checked, Itself = E> + Expression<SqlType: BoolOrNullableBool>,
{
    type Itself = Self;

    fn itself(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T, E> ConditionOver<T, Unchecked> for E
where
    E: Never<T> + Clone + Send + Sync,
{
    type Itself = Self;

    fn itself(self) -> Self {
        self
    }
}

/// The filter of a node that has none.
#[derive(Debug, Clone, Copy)]
pub struct Everything;

/// A filter of the target's rows after another filter.
#[derive(Debug, Clone, Copy)]
pub struct Where<F, P>(F, P);

/// A filter of the junction's rows after another filter.
#[derive(Debug, Clone, Copy)]
pub struct WhereThrough<F, P>(F, P);

/// A query of the target's rows alone.
#[derive(Debug)]
pub struct OfTargets;

/// A query of the junction's rows alone.
#[derive(Debug)]
pub struct OfLinks;

/// A query in which the target's rows stand, and the junction's if there is one.
#[derive(Debug)]
pub struct OfBoth;

/// A node's filter, applied to one of the node's queries: `Of` says which rows
/// stand in it.
pub trait FilterWith<Q, Of>: Sized {
    /// Whether it lets every row pass.
    const EVERYTHING: bool;

    /// The filtered query.
    type Output;

    /// Filters the query.
    fn filter_with(self, query: Q) -> Self::Output;
}

impl<Q, Of> FilterWith<Q, Of> for Everything {
    const EVERYTHING: bool = true;
    type Output = Q;

    fn filter_with(self, query: Q) -> Q {
        query
    }
}

macro_rules! filters {
    ($($filter:ident: filters $($of:ident),+; passes $skipped:ident;)+) => {$(
        $(
            impl<Q, F, P> FilterWith<Q, $of> for $filter<F, P>
            where
                F: FilterWith<Q, $of>,
                F::Output: FilterDsl<P>,
            {
                const EVERYTHING: bool = false;
                type Output = dsl::Filter<F::Output, P>;

                fn filter_with(self, query: Q) -> Self::Output {
                    FilterDsl::filter(self.0.filter_with(query), self.1)
                }
            }
        )+

        impl<Q, F: FilterWith<Q, $skipped>, P> FilterWith<Q, $skipped> for $filter<F, P> {
            const EVERYTHING: bool = F::EVERYTHING;
            type Output = F::Output;

            fn filter_with(self, query: Q) -> Self::Output {
                self.0.filter_with(query)
            }
        }
    )+};
}

filters! {
    Where: filters OfTargets, OfBoth; passes OfLinks;
    WhereThrough: filters OfLinks, OfBoth; passes OfTargets;
}

/// The order of a node that has none of its own.
#[derive(Debug, Clone, Copy)]
pub struct ByPrimaryKey;

/// An order of the user's.
#[derive(Debug, Clone, Copy)]
pub struct OrderBy<E>(pub(super) E);

/// A node's order, applied to the node's query, with the primary key `K` last.
pub trait OrderWith<Q, K> {
    /// The ordered query.
    type Output;

    /// Orders the query.
    fn order_with(self, query: Q) -> Self::Output;
}

impl<Q, K> OrderWith<Q, K> for ByPrimaryKey
where
    K: Expression + Default,
    Q: OrderDsl<K>,
{
    type Output = dsl::Order<Q, K>;

    fn order_with(self, query: Q) -> Self::Output {
        OrderDsl::order(query, K::default())
    }
}

impl<Q, E, K> OrderWith<Q, K> for OrderBy<E>
where
    E: Expression,
    K: Default,
    Q: OrderDsl<E>,
    dsl::Order<Q, E>: ThenOrderDsl<K>,
{
    type Output = dsl::ThenOrderBy<dsl::Order<Q, E>, K>;

    fn order_with(self, query: Q) -> Self::Output {
        ThenOrderDsl::then_order_by(OrderDsl::order(query, self.0), K::default())
    }
}
