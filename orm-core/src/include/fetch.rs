//! The statements of a node: one for a kind whose target rows are the links,
//! two for a junction.

use super::group::{Fetched, Index, Links, MatchKeys, Owners};
use super::limit::Unlimited;
use super::refine::{FilterWith, OfBoth, OfLinks, OfTargets, OrderWith};
use super::require::Narrow;
use super::tree::Node;
use crate::association::{
    Association, FromOf, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, LinksOf, SourceKeyOf,
    TargetKeyColumns, TargetKeyOf, TargetsOf,
};
use crate::connection::{Executor, Load, Reader};
use crate::key::{Columns, Key, KeyIn, Keyed, Present};
use crate::model::Model;
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::{Expression, QueryResult, Selectable, SelectableHelper, dsl};
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

/// The key of the source is there.
pub(super) type HasSource<N> = Present<KeyColumnsOf<<N as Node>::A>>;
/// Every row that has a source, where every source is wanted.
type All<N, C> = Ordered<N, dsl::Filter<Narrowed<N, Linked<N, C>, OfBoth>, HasSource<N>>>;
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
    Narrowed<N, Linked<N, C>, OfBoth>: FilterDsl<SourceIn<N>> + FilterDsl<HasSource<N>> + Send,
    N::Order: OrderWith<dsl::Filter<Narrowed<N, Linked<N, C>, OfBoth>, HasSource<N>>, PrimaryKey<N>>
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
        if let Some(keys) = keys {
            let query = FilterDsl::filter(query, keys);
            conn.load(node.order().order_with(query)).await
        } else {
            let present = Present(KeyColumnsOf::<N::A>::default());
            let query = FilterDsl::filter(query, present);
            conn.load(node.order().order_with(query)).await
        }
    }
}

#[diagnostic::do_not_recommend]
impl<'q, N, C, const LINKS_ARE_ROWS: bool> FetchKind<'q, N, C> for OneStatement<LINKS_ARE_ROWS>
where
    N: Node,
    N::Limit: FetchRows<'q, N, C>,
    C: MatchSources<'q, N>,
{
    async fn fetch(
        node: &N,
        index: &Index<SourceKeyOf<N::A>>,
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Fetched<Target<N>>> {
        // Where every row is wanted a scan is faster than looking each one up;
        // but only a table whose rows are the links has no more rows than are
        // wanted, and which row belongs to whom must follow from the rows.
        let scan = whole && LINKS_ARE_ROWS && C::is_that_of_rust();
        let mut found = Vec::new();
        for keys in sources_in::<N, C>(index, scan)? {
            let rows = node.limit().rows(node, keys, conn).await?;
            if found.is_empty() {
                found = rows;
            } else {
                found.extend(rows);
            }
        }
        let mut owners = Owners::new::<KeyColumnsOf<N::A>, C>(index, found.len());
        let rows = found
            .into_iter()
            .map(|(key, row)| {
                owners.push(SourceKeyOf::<N::A>::from_owned(key));
                row
            })
            .collect();
        let fetched = Fetched {
            rows,
            links: owners.find::<KeyColumnsOf<N::A>, C>(conn).await?,
            // Rows without a key were left out.
            whole: scan
                && !KeyColumnsOf::<N::A>::NULLABLE
                && <KindOf<N::A> as Kind<_, _>>::SCOPE.is_empty()
                && <N::Limit as FetchRows<'q, N, C>>::EVERY_ROW,
        };
        Ok(fetched.without_orphans())
    }
}

/// The keys to ask for, in as many parts as statements can carry them: `None` where
/// every row is read, and nothing where there are no keys.
pub(super) fn sources_in<'q, N, C>(
    index: &Index<SourceKeyOf<N::A>>,
    scan: bool,
) -> QueryResult<Vec<Option<SourceIn<N>>>>
where
    N: Node,
    C: MatchSources<'q, N>,
{
    if index.is_empty() {
        return Ok(Vec::new());
    }
    if scan {
        return Ok(vec![None]);
    }
    let keys = KeyIn::new(KeyColumnsOf::<N::A>::default(), index.keys());
    Ok(C::in_parts(keys)?.into_iter().map(Some).collect())
}

/// A connection that knows which rows of a node belong to a source with this key.
pub trait MatchSources<'q, N: Node>: MatchKeys<'q, KeyColumnsOf<N::A>, SourceKeyOf<N::A>> {}

#[diagnostic::do_not_recommend]
impl<'q, N, C> MatchSources<'q, N> for C
where
    N: Node,
    C: MatchKeys<'q, KeyColumnsOf<N::A>, SourceKeyOf<N::A>>,
{
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
        + Load<'q, dsl::Filter<Pairs<N>, HasSource<N>>, Pair<N>>
        + Load<'q, dsl::Filter<Pairs<N>, SourceIn<N>>, Pair<N>>,
    PairColumns<N>: Expression,
    LinksOf<N::A>: SelectDsl<PairColumns<N>>,
    N::Filter: FilterWith<AllPairs<N>, OfLinks>,
    Pairs<N>: FilterDsl<SourceIn<N>> + FilterDsl<HasSource<N>> + Send,
    dsl::Filter<Pairs<N>, HasSource<N>>: Send,
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
        if let Some(keys) = keys {
            conn.load(FilterDsl::filter(pairs, keys)).await
        } else {
            let present = Present(KeyColumnsOf::<N::A>::default());
            conn.load(FilterDsl::filter(pairs, present)).await
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
    C: FetchTargets<'q, N> + MatchSources<'q, N> + MatchTargets<'q, N>,
{
    async fn fetch(
        node: &N,
        index: &Index<SourceKeyOf<N::A>>,
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Fetched<Target<N>>> {
        let scan = whole && <C as MatchKeys<'q, KeyColumnsOf<N::A>, _>>::is_that_of_rust();
        let mut pairs = Vec::new();
        for keys in sources_in::<N, C>(index, scan)? {
            pairs.extend(node.limit().pairs(node, keys, conn).await?);
        }
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

/// A connection that knows which targets of a node have this key.
pub trait MatchTargets<'q, N: Node>:
    MatchKeys<'q, TargetKeyColumns<N::A>, TargetKeyOf<N::A>>
{
}

#[diagnostic::do_not_recommend]
impl<'q, N, C> MatchTargets<'q, N> for C
where
    N: Node,
    C: MatchKeys<'q, TargetKeyColumns<N::A>, TargetKeyOf<N::A>>,
{
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
    C: FetchTargets<'q, N> + MatchSources<'q, N> + MatchTargets<'q, N>,
    P: Clone + Send,
{
    let mut owners = Owners::new::<KeyColumnsOf<N::A>, C>(index, pairs.len());
    let pairs: Vec<(Option<TargetKeyOf<N::A>>, P)> = pairs
        .map(|(source, target, payload)| {
            owners.push(SourceKeyOf::<N::A>::from_owned(source));
            (TargetKeyOf::<N::A>::from_owned(target), payload)
        })
        .collect();
    let sources = owners
        .find::<KeyColumnsOf<N::A>, C>(conn)
        .await?
        .into_pairs();

    let mut rows = Vec::new();
    let mut links = Vec::with_capacity(sources.len());
    let mut waiting = vec![sources];
    while let Some(mut sources) = waiting.pop() {
        // The distinct targets, as sources of the rows that are found by their keys.
        let keys = sources.iter().map(|&(_, pair)| pairs[pair].0.as_ref());
        let targets = Index::of(keys);
        if targets.is_empty() {
            continue;
        }
        let keys = KeyIn::new(TargetKeyColumns::<N::A>::default(), targets.keys());
        let mut parts = <C as MatchKeys<'q, TargetKeyColumns<N::A>, _>>::in_parts(keys)?;
        if parts.len() > 1 {
            // More than a statement carries: the targets of some sources, then those
            // of the others, so that each gets its rows in the node's order.
            sources.sort_by_key(|&(source, _)| source);
            let middle = sources[sources.len() / 2].0;
            let mut cut = sources.partition_point(|&(source, _)| source < middle);
            if cut == 0 {
                cut = sources.partition_point(|&(source, _)| source <= middle);
            }
            if cut < sources.len() {
                let others = sources.split_off(cut);
                waiting.extend([others, sources]);
                continue;
            }
            // One source has them all.
            let keys = KeyIn::new(TargetKeyColumns::<N::A>::default(), targets.keys());
            parts = vec![keys];
        }
        let Some(keys) = parts.pop() else { continue };
        let found = C::targets(conn, node, keys).await?;
        let mut owners = Owners::new::<TargetKeyColumns<N::A>, C>(&targets, found.len());
        for row in &found {
            let key = TargetKeyOf::<N::A>::from_ref(Keyed::<TargetKeyColumns<N::A>>::key(row));
            owners.push(key);
        }
        let places = owners.find::<TargetKeyColumns<N::A>, C>(conn).await?;
        let places = targets.rows_of(places);
        for (number, &(source, pair)) in sources.iter().enumerate() {
            for place in places.rows(number) {
                links.push((source, rows.len() + place, pairs[pair].1.clone()));
            }
        }
        if rows.is_empty() {
            rows = found;
        } else {
            rows.extend(found);
        }
    }
    Ok((rows, links))
}
