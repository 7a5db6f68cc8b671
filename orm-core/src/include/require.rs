//! Nodes that must have a row: parents without one are dropped, by their query.

use super::refine::{FilterWith, OfBoth};
use super::tree::{LoadTree, Node, Rooted, Tree};
use crate::association::{FromOf, KeyColumnsOf, SourceKeyColumns};
use crate::connection::{Executor, Reader};
use crate::query::{HasRows, KeySet, Keys, NamedKeys, SourceCondition, has_rows, keys};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::{Expression, QueryResult, dsl};

/// A node that must have a row.
#[derive(Debug, Clone, Copy)]
pub struct Required<N, const ROW_BY_ROW: bool = false>(N);

impl<N> Required<N> {
    /// Asks for a row of each parent on its own, on SQLite: best for a page that
    /// is full after few parents. See [`HasRows::row_by_row`].
    #[must_use]
    pub fn row_by_row(self) -> Required<N, true> {
        Required(self.0)
    }
}

/// Drops the parents that have no row of `node`.
#[doc(hidden)]
pub fn required<N>(node: N) -> Required<N> {
    Required(node)
}

#[diagnostic::do_not_recommend]
impl<S, N: Tree<S>, const ROW_BY_ROW: bool> Tree<S> for Required<N, ROW_BY_ROW> {
    const QUERIES: usize = N::QUERIES;
    type Output = N::Output;
    type Row = N::Row;
    type Itself = Required<N::Itself, ROW_BY_ROW>;

    fn row(source: S, output: Self::Output) -> Self::Row {
        N::row(source, output)
    }

    fn itself(self) -> Self::Itself {
        Required(self.0.itself())
    }
}

#[diagnostic::do_not_recommend]
impl<N: Rooted, const ROW_BY_ROW: bool> Rooted for Required<N, ROW_BY_ROW> {
    type Source = N::Source;
    type Whole = Self;
    fn whole(self) -> Self::Whole {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<'q, S, N, C, const ROW_BY_ROW: bool> LoadTree<'q, S, C> for Required<N, ROW_BY_ROW>
where
    N: LoadTree<'q, S, C>,
    C: Executor,
    S: Sync,
{
    async fn outputs(
        &self,
        sources: &[S],
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<Self::Output>> {
        self.0.outputs(sources, whole, conn).await
    }
}

/// What a tree requires, applied to the query of its sources.
#[diagnostic::on_unimplemented(
    message = "this query cannot be filtered by what this tree requires",
    note = "`required` drops parents with a condition on their query, which must be one over their table"
)]
pub trait Require<Q> {
    /// Whether it requires nothing.
    const NOTHING: bool = true;

    /// The query of the sources that have what is required.
    type Output;

    /// The query of the sources that have what is required.
    fn require(&self, query: Q) -> Self::Output;
}

#[diagnostic::do_not_recommend]
impl<Q> Require<Q> for () {
    type Output = Q;

    fn require(&self, query: Q) -> Q {
        query
    }
}

#[diagnostic::do_not_recommend]
impl<N: Node, Q> Require<Q> for N {
    type Output = Q;

    fn require(&self, query: Q) -> Q {
        query
    }
}

/// The node behind a node that must have a row.
pub trait Requirable {
    /// The node.
    type Node: Node;

    /// The node.
    fn node(&self) -> &Self::Node;
}

impl<N: Node> Requirable for N {
    type Node = N;

    fn node(&self) -> &N {
        self
    }
}

type HasRequired<N> = HasRows<
    SourceKeyColumns<<N as Node>::A>,
    SourceCondition<<N as Node>::A>,
    <N as Narrow<Keys<<N as Node>::A>, OfBoth>>::Output,
    true,
>;
type HasRequiredRowByRow<N> = HasRows<
    SourceKeyColumns<<N as Node>::A>,
    SourceCondition<<N as Node>::A>,
    <N as Narrow<Keys<<N as Node>::A>, OfBoth>>::Output,
    true,
    true,
>;

/// The condition that a source has a row of the node.
fn has_required<N>(node: &N) -> HasRequired<N>
where
    N: Node + Narrow<Keys<<N as Node>::A>, OfBoth>,
    FromOf<<N as Node>::A>: SelectDsl<NamedKeys<<N as Node>::A>>,
    KeyColumnsOf<<N as Node>::A>: Expression,
{
    let key_set = if <N as Narrow<Keys<<N as Node>::A>, OfBoth>>::EVERYTHING {
        KeySet::Every
    } else {
        KeySet::filtered::<KeyColumnsOf<<N as Node>::A>>()
    };
    has_rows::<N::A, _, true>(node.narrow(keys::<<N as Node>::A>()), key_set)
}

macro_rules! require {
    ($(Required<$row_by_row:literal>: $condition:ident, $of:expr;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<R, Q> Require<Q> for Required<R, $row_by_row>
        where
            R: Requirable,
            R::Node: Narrow<Keys<<R::Node as Node>::A>, OfBoth>,
            FromOf<<R::Node as Node>::A>: SelectDsl<NamedKeys<<R::Node as Node>::A>>,
            KeyColumnsOf<<R::Node as Node>::A>: Expression,
            Q: FilterDsl<$condition<R::Node>>,
        {
            const NOTHING: bool = false;
            type Output = dsl::Filter<Q, $condition<R::Node>>;

            fn require(&self, query: Q) -> Self::Output {
                let condition: fn(HasRequired<R::Node>) -> $condition<R::Node> = $of;
                FilterDsl::filter(query, condition(has_required(self.0.node())))
            }
        }
    )+};
}

require! {
    Required<false>: HasRequired, |condition| condition;
    Required<true>: HasRequiredRowByRow, HasRows::row_by_row;
}

/// A query of a node's rows, narrowed to those that pass its filter and have
/// what is required below them.
pub trait Narrow<Q, Of>: Node {
    /// Whether it lets every row pass.
    const EVERYTHING: bool;

    /// The narrowed query.
    type Output;

    /// Narrows the query.
    fn narrow(&self, query: Q) -> Self::Output;
}

impl<N, Q, Of> Narrow<Q, Of> for N
where
    N: Node,
    N::Filter: FilterWith<Q, Of>,
    N::Tree: Require<<N::Filter as FilterWith<Q, Of>>::Output>,
{
    const EVERYTHING: bool = <N::Filter as FilterWith<Q, Of>>::EVERYTHING
        && <N::Tree as Require<<N::Filter as FilterWith<Q, Of>>::Output>>::NOTHING;
    type Output = <N::Tree as Require<<N::Filter as FilterWith<Q, Of>>::Output>>::Output;

    fn narrow(&self, query: Q) -> Self::Output {
        self.tree().require(self.filter().filter_with(query))
    }
}

/// A tuple requires what each of its nodes does, one after another.
macro_rules! require_each {
    ($([$($node:ident $index:tt),+];)+) => {
        $(require_each! { [$($node $index),+] [] [true] [Query] $($node)+ })+
    };
    ([$($all:ident $index:tt),+] [$($bounds:tt)*] [$($nothing:tt)*] [$query:ty]) => {
        #[diagnostic::do_not_recommend]
        impl<Query, $($all),+> Require<Query> for ($($all,)+)
        where
            $($bounds)*
        {
            const NOTHING: bool = $($nothing)*;
            type Output = $query;

            fn require(&self, query: Query) -> Self::Output {
                $(let query = self.$index.require(query);)+
                query
            }
        }
    };
    ($all:tt [$($bounds:tt)*] [$($nothing:tt)*] [$query:ty] $next:ident $($rest:ident)*) => {
        require_each! {
            $all
            [$($bounds)* $next: Require<$query>,]
            [$($nothing)* && <$next as Require<$query>>::NOTHING]
            [<$next as Require<$query>>::Output]
            $($rest)*
        }
    };
}

require_each! {
    [A 0];
    [A 0, B 1];
    [A 0, B 1, D 2];
    [A 0, B 1, D 2, E 3];
    [A 0, B 1, D 2, E 3, F 4];
    [A 0, B 1, D 2, E 3, F 4, G 5];
    [A 0, B 1, D 2, E 3, F 4, G 5, H 6];
    [A 0, B 1, D 2, E 3, F 4, G 5, H 6, I 7];
}
