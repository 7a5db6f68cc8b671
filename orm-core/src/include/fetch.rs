//! The statements of a node: one for a kind whose target rows are the links,
//! two for a junction.

use super::group::{Fetched, Index, Links};
use super::limit::Unlimited;
use super::refine::{FilterWith, OfBoth, OfLinks, OfTargets, OrderWith};
use super::require::Narrow;
use super::tree::Node;
use crate::association::{
    Association, FromOf, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, LinksOf, SourceKeyOf,
    TargetKeyColumns, TargetKeyOf, TargetsOf,
};
use crate::connection::{Executor, Load, Reader};
use crate::key::{Columns, Key, KeyIn, Keyed};
use crate::model::Model;
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::{Expression, QueryResult, Selectable, SelectableHelper, dsl};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::future::Future;

/// The target's rows say which source they belong to, so one statement reads
/// them. `LINKS_ARE_ROWS` says that the table of the target has no more rows than
/// all sources together have links.
#[derive(Debug)]
pub struct OneStatement<const LINKS_ARE_ROWS: bool>;

/// One statement reads the junction's pairs of keys, another each target once.
#[derive(Debug)]
pub struct TwoStatements;

/// A way of fetching that the connection `C` has for the node `N`.
#[diagnostic::on_unimplemented(
    message = "this node cannot be loaded through `{C}`",
    note = "the target must derive `Queryable` and `Selectable`, and a filter or order must be one that this database has"
)]
pub trait FetchKind<'q, N: Node, C: Executor> {
    /// The rows for the sources in the index.
    ///
    /// # Errors
    /// What the database reports.
    fn fetch(
        node: &N,
        index: &Index<SourceKeyOf<N::A>>,
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> impl Future<Output = QueryResult<Fetched<Target<N>>>> + Send;
}

pub(super) type Target<N> = <N as Node>::Target;
pub(super) type PrimaryKey<N> = <<<N as Node>::A as Association>::Target as Model>::PrimaryKey;
pub(super) type AsTarget<N, C> = dsl::AsSelect<Target<N>, <C as Executor>::Backend>;
pub(super) type NullableKeyColumns<N> = <KeyColumnsOf<<N as Node>::A> as Columns>::Nullable;
pub(super) type SourceIn<N> = KeyIn<KeyColumnsOf<<N as Node>::A>, SourceKeyOf<<N as Node>::A>>;
pub(super) type SourceOwned<N> = <SourceKeyOf<<N as Node>::A> as Key>::Owned;

/// How many of each source's rows a node wants: their rows, beside the key of
/// their source.
pub trait FetchRows<'q, N: Node, C: Executor> {
    /// Whether it wants them all.
    const EVERY_ROW: bool;

    /// The rows of the sources with these keys, or of any.
    ///
    /// # Errors
    /// What the database reports.
    fn rows(
        self,
        node: &N,
        keys: Option<SourceIn<N>>,
        conn: &mut Reader<'_, C>,
    ) -> impl Future<Output = QueryResult<Vec<(SourceOwned<N>, Target<N>)>>> + Send;
}

/// How many of each source's rows a node wants: the pairs of keys of their
/// junction.
pub trait FetchPairs<'q, N: Node, C: Executor> {
    /// The pairs of the sources with these keys, or of any.
    ///
    /// # Errors
    /// What the database reports.
    fn pairs(
        self,
        node: &N,
        keys: Option<SourceIn<N>>,
        conn: &mut Reader<'_, C>,
    ) -> impl Future<Output = QueryResult<Vec<Pair<N>>>> + Send;
}

/// The source's key beside the row.
type Linked<N, C> = dsl::Select<FromOf<<N as Node>::A>, (NullableKeyColumns<N>, AsTarget<N, C>)>;

/// The query `Q` of such rows, narrowed to those that the node wants.
type Narrowed<N, Q, Of> = <N as Narrow<Q, Of>>::Output;
/// The query `Q` in the node's order.
type Ordered<N, Q> = <<N as Node>::Order as OrderWith<Q, PrimaryKey<N>>>::Output;

/// Every row, where every parent is wanted.
type All<N, C> = Ordered<N, Narrowed<N, Linked<N, C>, OfBoth>>;
/// The rows of these parents.
type OfSources<N, C> = Ordered<N, dsl::Filter<Narrowed<N, Linked<N, C>, OfBoth>, SourceIn<N>>>;

#[diagnostic::do_not_recommend]
impl<'q, N, C> FetchRows<'q, N, C> for Unlimited
where
    N: Node + Narrow<Linked<N, C>, OfBoth>,
    C: Executor
        + Load<'q, All<N, C>, (SourceOwned<N>, Target<N>)>
        + Load<'q, OfSources<N, C>, (SourceOwned<N>, Target<N>)>,
    Target<N>: Selectable<C::Backend>,
    (NullableKeyColumns<N>, AsTarget<N, C>): Expression,
    FromOf<N::A>: SelectDsl<(NullableKeyColumns<N>, AsTarget<N, C>)>,
    Narrowed<N, Linked<N, C>, OfBoth>: FilterDsl<SourceIn<N>> + Send,
    N::Order: OrderWith<Narrowed<N, Linked<N, C>, OfBoth>, PrimaryKey<N>>
        + OrderWith<dsl::Filter<Narrowed<N, Linked<N, C>, OfBoth>, SourceIn<N>>, PrimaryKey<N>>,
    All<N, C>: Send,
    OfSources<N, C>: Send,
{
    const EVERY_ROW: bool = <N as Narrow<Linked<N, C>, OfBoth>>::EVERYTHING;

    async fn rows(
        self,
        node: &N,
        keys: Option<SourceIn<N>>,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<(SourceOwned<N>, Target<N>)>> {
        let query = node.narrow(SelectDsl::select(
            <KindOf<N::A> as Kind<_, _>>::from(),
            (
                KeyColumnsOf::<N::A>::default().nullable(),
                Target::<N>::as_select(),
            ),
        ));
        match keys {
            Some(keys) => {
                conn.load(node.order().order_with(FilterDsl::filter(query, keys)))
                    .await
            }
            None => conn.load(node.order().order_with(query)).await,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<'q, N, C, const LINKS_ARE_ROWS: bool> FetchKind<'q, N, C> for OneStatement<LINKS_ARE_ROWS>
where
    N: Node,
    N::Limit: FetchRows<'q, N, C>,
    C: Executor,
{
    async fn fetch(
        node: &N,
        index: &Index<SourceKeyOf<N::A>>,
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Fetched<Target<N>>> {
        // Where every row is wanted a scan is faster than looking each one up;
        // but only a table whose rows are the links has no more rows than are
        // wanted.
        let scan = whole && LINKS_ARE_ROWS;
        let found = if index.is_empty() {
            Vec::new()
        } else {
            let keys = || KeyIn::new(KeyColumnsOf::<N::A>::default(), index.keys());
            node.limit().rows(node, (!scan).then(keys), conn).await?
        };
        let mut sources = Vec::with_capacity(found.len());
        let rows = found
            .into_iter()
            .map(|(key, row)| {
                let key = SourceKeyOf::<N::A>::from_owned(key);
                sources.push(key.and_then(|key| index.source(&key)));
                row
            })
            .collect();
        Ok(Fetched {
            rows,
            links: Links::Own(sources),
            whole: scan
                && <KindOf<N::A> as Kind<_, _>>::SCOPE.is_empty()
                && <N::Limit as FetchRows<'q, N, C>>::EVERY_ROW,
        })
    }
}

/// The junction's pairs of keys.
type AllPairs<N> = dsl::Select<LinksOf<<N as Node>::A>, PairColumns<N>>;
type Pairs<N> = <<N as Node>::Filter as FilterWith<AllPairs<N>, OfLinks>>::Output;
type PairColumns<N> = (
    NullableKeyColumns<N>,
    <LinkColumnsOf<<N as Node>::A> as Columns>::Nullable,
);
pub(super) type TargetOwned<N> = <TargetKeyOf<<N as Node>::A> as Key>::Owned;
pub(super) type Pair<N> = (SourceOwned<N>, TargetOwned<N>);

#[diagnostic::do_not_recommend]
impl<'q, N, C> FetchPairs<'q, N, C> for Unlimited
where
    N: Node,
    C: Executor
        + Load<'q, Pairs<N>, Pair<N>>
        + Load<'q, dsl::Filter<Pairs<N>, SourceIn<N>>, Pair<N>>,
    PairColumns<N>: Expression,
    LinksOf<N::A>: SelectDsl<PairColumns<N>>,
    N::Filter: FilterWith<AllPairs<N>, OfLinks>,
    Pairs<N>: FilterDsl<SourceIn<N>> + Send,
    dsl::Filter<Pairs<N>, SourceIn<N>>: Send,
{
    async fn pairs(
        self,
        node: &N,
        keys: Option<SourceIn<N>>,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<Pair<N>>> {
        let pairs = node.filter().filter_with(SelectDsl::select(
            <KindOf<N::A> as Kind<_, _>>::links(),
            (
                KeyColumnsOf::<N::A>::default().nullable(),
                LinkColumnsOf::<N::A>::default().nullable(),
            ),
        ));
        match keys {
            Some(keys) => conn.load(FilterDsl::filter(pairs, keys)).await,
            None => conn.load(pairs).await,
        }
    }
}

/// The target rows with these keys.
type Rows<N, C> = dsl::Select<TargetsOf<<N as Node>::A>, AsTarget<N, C>>;
type TargetIn<N> = KeyIn<TargetKeyColumns<<N as Node>::A>, TargetKeyOf<<N as Node>::A>>;
type WithKeys<N, C> = Ordered<N, dsl::Filter<Narrowed<N, Rows<N, C>, OfTargets>, TargetIn<N>>>;

#[diagnostic::do_not_recommend]
impl<'q, N, C> FetchKind<'q, N, C> for TwoStatements
where
    N: Node,
    N::Limit: FetchPairs<'q, N, C>,
    C: FetchTargets<'q, N>,
{
    async fn fetch(
        node: &N,
        index: &Index<SourceKeyOf<N::A>>,
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Fetched<Target<N>>> {
        let pairs = if index.is_empty() {
            Vec::new()
        } else {
            let keys = || KeyIn::new(KeyColumnsOf::<N::A>::default(), index.keys());
            node.limit().pairs(node, (!whole).then(keys), conn).await?
        };

        let pairs = pairs
            .into_iter()
            .map(|(source, target)| (source, target, ()));
        let (rows, links) = targets::<N, C, ()>(node, index, pairs, conn).await?;
        let links = links
            .into_iter()
            .map(|(source, row, ())| (source, row))
            .collect();
        Ok(Fetched {
            rows,
            links: Links::Shared(links),
            whole: false,
        })
    }
}

/// A source, the row that belongs to it, and what the junction says of the pair.
pub(super) type Link<P> = (usize, usize, P);

/// A connection that can load the targets of the node `N` by their keys.
pub trait FetchTargets<'q, N: Node>: Executor {
    /// The targets with these keys, in the node's order.
    ///
    /// # Errors
    /// What the database reports.
    fn targets(
        conn: &mut Reader<'_, Self>,
        node: &N,
        keys: TargetIn<N>,
    ) -> impl Future<Output = QueryResult<Vec<Target<N>>>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'q, N, C> FetchTargets<'q, N> for C
where
    N: Node + Narrow<Rows<N, C>, OfTargets>,
    C: Executor + Load<'q, WithKeys<N, C>, Target<N>>,
    Target<N>: Selectable<C::Backend>,
    AsTarget<N, C>: Expression,
    TargetsOf<N::A>: SelectDsl<AsTarget<N, C>>,
    Narrowed<N, Rows<N, C>, OfTargets>: FilterDsl<TargetIn<N>> + Send,
    N::Order:
        OrderWith<dsl::Filter<Narrowed<N, Rows<N, C>, OfTargets>, TargetIn<N>>, PrimaryKey<N>>,
    WithKeys<N, C>: Send,
{
    fn targets(
        conn: &mut Reader<'_, Self>,
        node: &N,
        keys: TargetIn<N>,
    ) -> impl Future<Output = QueryResult<Vec<Target<N>>>> + Send {
        let rows = node.narrow(SelectDsl::select(
            <KindOf<N::A> as Kind<_, _>>::targets(),
            Target::<N>::as_select(),
        ));
        conn.load(node.order().order_with(FilterDsl::filter(rows, keys)))
    }
}

/// Loads the targets of a junction's pairs, each once however many sources it
/// has, and links the sources to them.
pub(super) async fn targets<'q, N, C, P>(
    node: &N,
    index: &Index<SourceKeyOf<N::A>>,
    pairs: impl ExactSizeIterator<Item = (SourceOwned<N>, TargetOwned<N>, P)> + Send,
    conn: &mut Reader<'_, C>,
) -> QueryResult<(Vec<Target<N>>, Vec<Link<P>>)>
where
    N: Node,
    C: FetchTargets<'q, N>,
    P: Send,
{
    let mut numbers = HashMap::with_hasher(RandomState::default());
    let mut links = Vec::with_capacity(pairs.len());
    for (source, target, payload) in pairs {
        let source = SourceKeyOf::<N::A>::from_owned(source).and_then(|key| index.source(&key));
        if let (Some(source), Some(target)) = (source, TargetKeyOf::<N::A>::from_owned(target)) {
            let next = numbers.len();
            links.push((source, *numbers.entry(target).or_insert(next), payload));
        }
    }
    if links.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let keys = KeyIn::new(TargetKeyColumns::<N::A>::default(), numbers.keys().cloned());
    let rows = C::targets(conn, node, keys).await?;

    // From the number of a target's key to the place of its row: rows come in
    // the node's order, and some not at all.
    let mut places = vec![None; numbers.len()];
    for (place, row) in rows.iter().enumerate() {
        let key = TargetKeyOf::<N::A>::from_ref(Keyed::<TargetKeyColumns<N::A>>::key(row));
        if let Some(&number) = key.and_then(|key| numbers.get(&key)) {
            places[number] = Some(place);
        }
    }
    let links = links
        .into_iter()
        .filter_map(|(source, number, payload)| Some((source, places[number]?, payload)))
        .collect();
    Ok((rows, links))
}
