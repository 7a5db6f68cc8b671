//! Nodes and trees of them.

use super::fetch::FetchKind;
use super::group::Index;
use crate::association::{
    Association, Checked, FetchOf, Is, Kind, Never, Slot, SlotOf, SourceKeyColumns, SourceKeyOf,
    TargetKeyColumns, TargetKeyOf, TargetTable, Unchecked, source_key,
};
use crate::connection::{Executor, Reader, boxed, join};
use crate::error::dangling;
use crate::key::Keyed;
use crate::model::Model;
use diesel::QueryResult;
use std::future::Future;

/// A node of an include tree: an association, perhaps refined.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be included",
    note = "include an association, such as `Person::TOOTS`, or a tuple of them",
    note = "a model that is included derives `Clone`: one row may belong to many parents"
)]
pub trait Node: Send + Sync {
    /// The association.
    type A: Association;
    /// What the target's rows are read as: the target, or another model of its
    /// table.
    type Target: RowOfTarget<Self::A>;
    /// Which of its rows.
    type Filter: Clone + Send + Sync;
    /// In which order.
    type Order: Clone + Send + Sync;
    /// How many of one source's.
    type Limit: Copy + Send + Sync;
    /// What is loaded with each row.
    type Tree: Tree<Self::Target>;

    /// Which of its rows.
    fn filter(&self) -> Self::Filter;
    /// In which order.
    fn order(&self) -> Self::Order;
    /// How many of one source's.
    fn limit(&self) -> Self::Limit;
    /// What is loaded with each row.
    fn tree(&self) -> &Self::Tree;
}

/// A model of the same table as the target of `A`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model of the table that `{A}` leads to",
    label = "expected a model of the association's target table",
    note = "it must have fields for the key that the association refers to"
)]
pub trait RowOfTarget<A: Association>:
    Model<Table = TargetTable<A>> + Keyed<TargetKeyColumns<A>, Key = TargetKeyOf<A>>
{
    /// The model itself, as [`Tree::Itself`].
    #[doc(hidden)]
    type Itself;
}

#[diagnostic::do_not_recommend]
impl<A, R> RowOfTarget<A> for R
where
    A: Association,
    R: Model<Table = TargetTable<A>> + Keyed<TargetKeyColumns<A>, Key = TargetKeyOf<A>>,
    R::Table: Is<TargetTable<A>, R>,
{
    type Itself = <R::Table as Is<TargetTable<A>, R>>::Itself;
}

/// What is loaded beside each row of the model `S`: nothing, a node or a tuple
/// of nodes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an include tree of `{S}`",
    label = "every association in this tree must start at `{S}`",
    note = "include an association of `{S}`, or a tuple of them"
)]
pub trait Tree<S>: Send + Sync {
    /// The number of statements it takes, at most and whatever the number of
    /// rows. No rows, or none with a key, take fewer.
    const QUERIES: usize;

    /// What one source gets.
    type Output: Clone + Send;

    /// A source with what it gets: the tuple `(S, ..)`.
    type Row: Send;

    /// The tree itself. What is not a tree has none, and is mistaken once: at
    /// the call that takes it, not at each that follows.
    #[doc(hidden)]
    type Itself;

    /// Puts a source and what it gets together.
    fn row(source: S, output: Self::Output) -> Self::Row;

    /// The tree itself.
    #[doc(hidden)]
    fn itself(self) -> Self::Itself
    where
        Self: Sized;
}

/// A tree that knows its root: the model at which its associations start.
///
/// `M` is always inferred, and [`Checked`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be included",
    label = "not an association, or a tuple of at most eight that start at one model",
    note = "include an association, such as `Person::TOOTS`, or a tuple of associations of one model; \
            the models that are included derive `Clone`"
)]
pub trait Rooted<M = Checked>: Tree<Self::Source> + Sized {
    /// The model.
    type Source: Model;

    /// The tree itself, as [`Tree::Itself`].
    #[doc(hidden)]
    type Whole;

    /// The tree itself.
    #[doc(hidden)]
    fn whole(self) -> Self::Whole;
}

#[diagnostic::do_not_recommend]
impl<T: Never<()> + Rooted> Rooted<Unchecked> for T {
    type Source = <T as Rooted>::Source;
    type Whole = Self;

    fn whole(self) -> Self {
        self
    }
}

/// A tree that the connection `C` can load.
pub trait LoadTree<'q, S, C: Executor>: Tree<S> {
    /// What each of the sources gets. `whole` says that the sources are their
    /// whole table.
    ///
    /// # Errors
    /// A [`Dangling`](crate::error::Dangling) where a row must be there and is not;
    /// else what the database reports.
    fn outputs(
        &self,
        sources: &[S],
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> impl Future<Output = QueryResult<Vec<Self::Output>>> + Send;
}

#[diagnostic::do_not_recommend]
impl<S: Send> Tree<S> for () {
    const QUERIES: usize = 0;
    type Output = ();
    type Row = S;
    type Itself = Self;

    fn row(source: S, (): ()) -> S {
        source
    }

    fn itself(self) {}
}

#[diagnostic::do_not_recommend]
impl<S: Send + Sync, C: Executor> LoadTree<'_, S, C> for () {
    async fn outputs(&self, sources: &[S], _: bool, _: &mut Reader<'_, C>) -> QueryResult<Vec<()>> {
        Ok(vec![(); sources.len()])
    }
}

/// What the target's rows are with the tree below them.
type RowOf<N> = <<N as Node>::Tree as Tree<<N as Node>::Target>>::Row;

/// What one source gets from a node.
type Each<N> = <SlotOf<<N as Node>::A> as Slot>::Each<RowOf<N>>;

#[diagnostic::do_not_recommend]
impl<S, N> Tree<S> for N
where
    N: Node,
    <N::A as Association>::Source: Is<S, N>,
    RowOf<N>: Clone,
    S: Send,
{
    const QUERIES: usize = <<N::A as Association>::Kind as Kind<
        <N::A as Association>::Source,
        <N::A as Association>::Target,
    >>::QUERIES
        + <N::Tree as Tree<N::Target>>::QUERIES;
    type Output = Each<N>;
    type Row = (S, Self::Output);
    type Itself = <<N::A as Association>::Source as Is<S, Self>>::Itself;

    fn row(source: S, output: Self::Output) -> Self::Row {
        (source, output)
    }

    fn itself(self) -> Self::Itself {
        <<N::A as Association>::Source as Is<S, N>>::itself(self)
    }
}

#[diagnostic::do_not_recommend]
impl<N> Rooted for N
where
    N: Node + Tree<<<N as Node>::A as Association>::Source>,
{
    type Source = <N::A as Association>::Source;
    type Whole = <N as Tree<Self::Source>>::Itself;
    fn whole(self) -> Self::Whole {
        self.itself()
    }
}

#[diagnostic::do_not_recommend]
impl<'q, S, N, C> LoadTree<'q, S, C> for N
where
    N: Node + Tree<S, Output = Each<N>>,
    N::A: Association<Source = S>,
    S: Keyed<SourceKeyColumns<N::A>> + Send + Sync,
    RowOf<N>: Clone,
    C: Executor,
    FetchOf<N::A>: FetchKind<'q, N, C>,
    N::Tree: LoadTree<'q, N::Target, C>,
{
    async fn outputs(
        &self,
        sources: &[S],
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<Self::Output>> {
        if sources.is_empty() {
            return Ok(Vec::new());
        }
        let index = Index::<SourceKeyOf<N::A>>::new(sources.iter().map(source_key::<N::A>));
        let fetched =
            <FetchOf<N::A> as FetchKind<'q, N, C>>::fetch(self, &index, whole, conn).await?;
        let below = self
            .tree()
            .outputs(&fetched.rows, fetched.whole, conn)
            .await?;
        let rows: Vec<RowOf<N>> = fetched
            .rows
            .into_iter()
            .zip(below)
            .map(|(row, below)| <N::Tree as Tree<N::Target>>::row(row, below))
            .collect();
        let links = fetched.links;
        links.distribute::<SlotOf<N::A>, _, _>(rows, &index, dangling::<N::A>)
    }
}

/// A tuple of two, of which the second is a tuple of two and so on: of names, or
/// of futures that run together.
macro_rules! nested {
    (join $first:expr;) => { $first };
    (join $first:expr; $($rest:expr;)+) => { join($first, nested!(join $($rest;)+)) };
    ($first:tt) => { $first };
    ($first:tt $($rest:tt)+) => { ($first, nested!($($rest)+)) };
}

macro_rules! trees {
    ($(($($node:ident $index:tt),+);)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<S: Send, $($node: Tree<S>),+> Tree<S> for ($($node,)+) {
            const QUERIES: usize = 0 $(+ $node::QUERIES)+;
            type Output = ($($node::Output,)+);
            type Row = (S, $($node::Output,)+);
            type Itself = ($($node::Itself,)+);

            fn row(source: S, output: Self::Output) -> Self::Row {
                (source, $(output.$index,)+)
            }

            fn itself(self) -> Self::Itself {
                ($(self.$index.itself(),)+)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'q, S, C, $($node),+> LoadTree<'q, S, C> for ($($node,)+)
        where
            S: Send + Sync,
            C: Executor,
            $($node: LoadTree<'q, S, C>,)+
        {
            #[allow(non_snake_case, reason = "the values are called as their types")]
            async fn outputs(
                &self,
                sources: &[S],
                whole: bool,
                conn: &mut Reader<'_, C>,
            ) -> QueryResult<Vec<Self::Output>> {
                let nested!($($node)+) = match conn.shared() {
                    Some(shared) => {
                        nested!(join $(boxed(|| async {
                            let conn = &mut Reader::Beside(shared);
                            self.$index.outputs(sources, whole, conn).await
                        });)+)
                            .await?
                    }
                    None => nested!($((self.$index.outputs(sources, whole, conn).await?))+),
                };
                $(let mut $node = $node.into_iter();)+
                let mut outputs = Vec::with_capacity(sources.len());
                while let ($(Some($node),)+) = ($($node.next(),)+) {
                    outputs.push(($($node,)+));
                }
                Ok(outputs)
            }
        }
    )+};
    (rooted $(($first:ident $(, $node:ident)*);)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<$first: Rooted, $($node: Tree<$first::Source>),*> Rooted for ($first, $($node,)*) {
            type Source = $first::Source;
            type Whole = Self;

            fn whole(self) -> Self {
                self
            }
        }
    )+};
}

trees! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, D 2);
    (A 0, B 1, D 2, E 3);
    (A 0, B 1, D 2, E 3, F 4);
    (A 0, B 1, D 2, E 3, F 4, G 5);
    (A 0, B 1, D 2, E 3, F 4, G 5, H 6);
    (A 0, B 1, D 2, E 3, F 4, G 5, H 6, I 7);
}

trees! { rooted
    (A);
    (A, B);
    (A, B, D);
    (A, B, D, E);
    (A, B, D, E, F);
    (A, B, D, E, F, G);
    (A, B, D, E, F, G, H);
    (A, B, D, E, F, G, H, I);
}
