//! The rows of a junction beside their targets, in a tree.

use super::fetch::{
    FetchTargets, HasSource, MatchSources, MatchTargets, NullableKeyColumns, SourceIn, SourceOwned,
    Target, TargetOwned, sources_in, targets,
};
use super::group::{Index, MatchKeys};
use super::refine::{FilterWith, OfLinks};
use super::require::{Requirable, Require, Required, required};
use super::tree::{LoadTree, Node, Rooted, Tree};
use crate::association::{
    Association, Is, Junction, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, LinkTableOf, LinksOf,
    SourceKeyOf, source_key,
};
use crate::connection::{Executor, Load, Reader};
use crate::key::{Columns, Present};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::{Expression, QueryResult, Selectable, SelectableHelper, dsl};
use std::marker::PhantomData;

/// A model of the table of the junction of `A`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model of a junction of `{A}`",
    label = "expected the model of the association's junction",
    note = "only a `belongs_to_many` has a junction: what its `through` names"
)]
pub trait RowOfJunction<A: Association>: Junction {
    /// The model itself, as [`Tree::Itself`].
    #[doc(hidden)]
    type Itself;
}

#[diagnostic::do_not_recommend]
impl<A, J> RowOfJunction<A> for J
where
    A: Association,
    J: Junction,
    J::Table: Is<LinkTableOf<A>, J>,
{
    type Itself = <J::Table as Is<LinkTableOf<A>, J>>::Itself;
}

/// A node whose rows stand beside the rows of their junction, as the model `J`.
#[derive(Debug, Clone, Copy)]
pub struct WithThrough<N, J> {
    node: N,
    junction: PhantomData<fn() -> J>,
}

impl<N, J> WithThrough<N, J> {
    pub(super) fn new(node: N) -> Self {
        Self {
            node,
            junction: PhantomData,
        }
    }

    /// Drops the parents that have no row, as [`Refine::required`](super::Refine::required).
    pub fn required(self) -> Required<Self> {
        required(self)
    }
}

type RowOf<N> = <<N as Node>::Tree as Tree<Target<N>>>::Row;
type SourceOf<N> = <<N as Node>::A as Association>::Source;

#[diagnostic::do_not_recommend]
impl<N, J> Tree<SourceOf<N>> for WithThrough<N, J>
where
    N: Node,
    RowOf<N>: Clone,
    J: Clone + Send,
{
    const QUERIES: usize = 2 + <N::Tree as Tree<Target<N>>>::QUERIES;
    type Output = Vec<(J, RowOf<N>)>;
    type Row = (SourceOf<N>, Self::Output);
    type Itself = Self;

    fn row(source: SourceOf<N>, output: Self::Output) -> Self::Row {
        (source, output)
    }

    fn itself(self) -> Self {
        self
    }
}

impl<N: Node, J> Requirable for WithThrough<N, J> {
    type Node = N;

    fn node(&self) -> &N {
        &self.node
    }
}

#[diagnostic::do_not_recommend]
impl<N: Node, J, Q> Require<Q> for WithThrough<N, J> {
    type Output = Q;

    fn require(&self, query: Q) -> Q {
        query
    }
}

#[diagnostic::do_not_recommend]
impl<N, J> Rooted for WithThrough<N, J>
where
    N: Node,
    RowOf<N>: Clone,
    J: Clone + Send,
{
    type Source = SourceOf<N>;
    type Whole = Self;
    fn whole(self) -> Self::Whole {
        self
    }
}

/// The junction's pairs of keys with its rows.
type AllRows<N, J, C> = dsl::Select<LinksOf<<N as Node>::A>, Columns3<N, J, C>>;
type Rows<N, J, C> = <<N as Node>::Filter as FilterWith<AllRows<N, J, C>, OfLinks>>::Output;
type Columns3<N, J, C> = (
    NullableKeyColumns<N>,
    <LinkColumnsOf<<N as Node>::A> as Columns>::Nullable,
    dsl::AsSelect<J, <C as Executor>::Backend>,
);
type Row3<N, J> = (SourceOwned<N>, TargetOwned<N>, J);

#[diagnostic::do_not_recommend]
impl<'q, N, J, C> LoadTree<'q, SourceOf<N>, C> for WithThrough<N, J>
where
    N: Node,
    RowOf<N>: Clone,
    J: Junction + Selectable<C::Backend> + Clone + Send,
    C: Executor
        + FetchTargets<'q, N>
        + MatchSources<'q, N>
        + MatchTargets<'q, N>
        + Load<'q, dsl::Filter<Rows<N, J, C>, HasSource<N>>, Row3<N, J>>
        + Load<'q, dsl::Filter<Rows<N, J, C>, SourceIn<N>>, Row3<N, J>>,
    Columns3<N, J, C>: Expression,
    LinksOf<N::A>: SelectDsl<Columns3<N, J, C>>,
    N::Filter: FilterWith<AllRows<N, J, C>, OfLinks>,
    Rows<N, J, C>: FilterDsl<SourceIn<N>> + FilterDsl<HasSource<N>> + Send,
    dsl::Filter<Rows<N, J, C>, HasSource<N>>: Send,
    dsl::Filter<Rows<N, J, C>, SourceIn<N>>: Send,
    N::Tree: LoadTree<'q, Target<N>, C>,
{
    async fn outputs(
        &self,
        sources: &[SourceOf<N>],
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<Vec<(J, RowOf<N>)>>> {
        let index = Index::<SourceKeyOf<N::A>>::new(sources.iter().map(source_key::<N::A>));
        let columns = KeyColumnsOf::<N::A>::default();
        let query = || {
            self.node.filter().filter_with(SelectDsl::select(
                <KindOf<N::A> as Kind<_, _>>::links(),
                (
                    columns.nullable(),
                    LinkColumnsOf::<N::A>::default().nullable(),
                    J::as_select(),
                ),
            ))
        };
        let scan = whole && <C as MatchKeys<'q, KeyColumnsOf<N::A>, _>>::is_that_of_rust();
        let mut pairs: Vec<Row3<N, J>> = Vec::new();
        for keys in sources_in::<N, C>(&index, scan)? {
            pairs.extend(match keys {
                Some(keys) => conn.load(FilterDsl::filter(query(), keys)).await?,
                None => {
                    conn.load(FilterDsl::filter(query(), Present(columns)))
                        .await?
                }
            });
        }
        let (rows, mut links) =
            targets::<N, C, J>(&self.node, &index, pairs.into_iter(), conn).await?;
        let below = self.node.tree().outputs(&rows, false, conn).await?;
        let rows: Vec<RowOf<N>> = rows
            .into_iter()
            .zip(below)
            .map(|(row, below)| <N::Tree as Tree<Target<N>>>::row(row, below))
            .collect();

        links.sort_by_key(|&(_, row, _)| row);
        let mut of: Vec<Vec<(J, RowOf<N>)>> = vec![Vec::new(); sources.len()];
        for (source, row, junction) in links {
            of[source].push((junction, rows[row].clone()));
        }
        index.spread(of, |_, rows| Ok(rows))
    }
}
