//! A limit for each source: the rows are ranked within their source by a window
//! function, and those of a rank within the limit are read.

use super::fetch::{
    AsTarget, FetchPairs, FetchRows, NullableKeyColumns, Pair, PrimaryKey, SourceIn, SourceOwned,
    Target,
};
use super::refine::{OfBoth, OrderBy, OrderWith};
use super::require::Narrow;
use super::tree::Node;
use crate::association::{FromOf, KeyColumnsOf, Kind, KindOf, LinkColumnsOf};
use crate::connection::{Executor, Load, Reader};
use crate::key::{Columns, Named};
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::sql_types::{BigInt, Bool, HasSqlType};
use diesel::{QueryResult, RunQueryDsl, Selectable, SelectableHelper, dsl};
use std::marker::PhantomData;

/// Every row of a source.
#[derive(Debug, Clone, Copy)]
pub struct Unlimited;

/// So many rows of a source, after so many others.
#[derive(Debug, Clone, Copy)]
pub struct Limited {
    pub(super) limit: i64,
    pub(super) offset: i64,
}

impl Limited {
    /// Neither a limit nor an offset can be less than nothing: databases take it
    /// for no limit, for an error, or for none.
    fn check(self) -> QueryResult<()> {
        for (what, value) in [("limit", self.limit), ("offset", self.offset)] {
            if value < 0 {
                let message = format!("the {what} for each parent is negative: {value}");
                return Err(diesel::result::Error::QueryBuilderError(message.into()));
            }
        }
        Ok(())
    }

    /// ` WHERE rank is within the limit`
    fn walk_rank<'b, DB>(&'b self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<BigInt>,
        i64: diesel::serialize::ToSql<BigInt, DB>,
    {
        out.push_sql(" AS orm_ranked WHERE orm_rank > ");
        out.push_bind_param::<BigInt, _>(&self.offset)?;
        out.push_sql(" AND orm_rank - ");
        out.push_bind_param::<BigInt, _>(&self.offset)?;
        out.push_sql(" <= ");
        out.push_bind_param::<BigInt, _>(&self.limit)
    }
}

/// A node's order that says more than the primary key.
#[diagnostic::on_unimplemented(
    message = "a limit for each parent needs an order",
    label = "which rows would it be?",
    note = "say `.order(..)` before `.limit(..)`"
)]
pub trait Ranking {
    /// The expression.
    type Expression;
    /// What a limit is. Without an order there is none, and that is mistaken once.
    type Limit;

    /// The expression.
    fn expression(self) -> Self::Expression;
}

#[diagnostic::do_not_recommend]
impl<E> Ranking for OrderBy<E> {
    type Expression = E;
    type Limit = Limited;

    fn expression(self) -> E {
        self.0
    }
}

/// The limit of a node that has none.
#[diagnostic::on_unimplemented(
    message = "rows that are limited for each parent have no junction rows beside them",
    label = "after `.limit(..)`",
    note = "leave out the limit, or `.with_through::<..>()`"
)]
pub trait NoLimit<J> {
    /// The type `J`. Where there is a limit there is none, and that is mistaken once.
    type Itself;
}

#[diagnostic::do_not_recommend]
impl<J> NoLimit<J> for Unlimited {
    type Itself = J;
}

/// A limit that can be moved.
#[diagnostic::on_unimplemented(
    message = "an offset for each parent needs a limit",
    label = "how many rows would it be?",
    note = "say `.limit(..)` before `.offset(..)`"
)]
pub trait Offset {
    /// The limit itself, as [`Ranking::Limit`].
    type Limit: Copy + Send + Sync;

    /// The same number of rows after `offset` others.
    fn offset(self, offset: i64) -> Self::Limit;
}

#[diagnostic::do_not_recommend]
impl Offset for Limited {
    type Limit = Self;

    fn offset(self, offset: i64) -> Self {
        Self { offset, ..self }
    }
}

/// The rank of a row among those of its source, selected as `orm_rank`.
#[derive(Debug, Clone, Copy)]
pub struct Rank<Key, Order, PrimaryKey> {
    key: Key,
    order: Order,
    primary_key: PrimaryKey,
}

impl<K, O, P> Expression for Rank<K, O, P> {
    type SqlType = BigInt;
}

impl<K, O, P, G> ValidGrouping<G> for Rank<K, O, P> {
    type IsAggregate = is_aggregate::No;
}

impl<K, O, P, From> AppearsOnTable<From> for Rank<K, O, P>
where
    K: AppearsOnTable<From>,
    O: AppearsOnTable<From>,
    P: AppearsOnTable<From>,
{
}

impl<K, O, P, From> SelectableExpression<From> for Rank<K, O, P> where Self: AppearsOnTable<From> {}

impl<K: QueryId, O: QueryId, P: QueryId> QueryId for Rank<K, O, P> {
    type QueryId = Rank<K::QueryId, O::QueryId, P::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = O::HAS_STATIC_QUERY_ID;
}

impl<K, O, P, DB> QueryFragment<DB> for Rank<K, O, P>
where
    DB: Backend,
    K: QueryFragment<DB>,
    O: QueryFragment<DB>,
    P: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("ROW_NUMBER() OVER (PARTITION BY ");
        self.key.walk_ast(out.reborrow())?;
        out.push_sql(" ORDER BY ");
        self.order.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.primary_key.walk_ast(out.reborrow())?;
        out.push_sql(") AS orm_rank");
        Ok(())
    }
}

/// The source is one of those that are asked for, or any.
#[derive(Debug)]
pub struct OfSources<In>(Option<In>);

impl<In> Expression for OfSources<In> {
    type SqlType = diesel::sql_types::Nullable<Bool>;
}

impl<In, G> ValidGrouping<G> for OfSources<In> {
    type IsAggregate = is_aggregate::No;
}

impl<In: AppearsOnTable<From>, From> AppearsOnTable<From> for OfSources<In> {}

impl<In: SelectableExpression<From>, From> SelectableExpression<From> for OfSources<In> {}

impl<In> QueryId for OfSources<In> {
    type QueryId = ();
    // Which of the two it is, is not in the type.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<In: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for OfSources<In> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if let Some(sources) = &self.0 {
            sources.walk_ast(out)
        } else {
            out.push_sql("1 = 1");
            Ok(())
        }
    }
}

/// The row is among those that a ranking query lets through.
#[derive(Debug)]
pub struct InRanked<P, Q> {
    primary_key: P,
    ranked: Q,
    limited: Limited,
}

impl<P, Q> Expression for InRanked<P, Q> {
    type SqlType = Bool;
}

impl<P, Q, G> ValidGrouping<G> for InRanked<P, Q> {
    type IsAggregate = is_aggregate::No;
}

// The ranking query stands for itself.
impl<P: AppearsOnTable<From>, Q, From> AppearsOnTable<From> for InRanked<P, Q> {}

impl<P: SelectableExpression<From>, Q, From> SelectableExpression<From> for InRanked<P, Q> {}

impl<P, Q> QueryId for InRanked<P, Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<P, Q, DB> QueryFragment<DB> for InRanked<P, Q>
where
    DB: Backend + HasSqlType<BigInt>,
    i64: diesel::serialize::ToSql<BigInt, DB>,
    P: Columns + QueryFragment<DB>,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.primary_key.walk_ast(out.reborrow())?;
        out.push_sql(") IN (SELECT ");
        walk_names(Named::<P, 'k'>::names(), &mut out);
        out.push_sql(" FROM (");
        self.ranked.walk_ast(out.reborrow())?;
        out.push_sql(")");
        self.limited.walk_rank(&mut out)?;
        out.push_sql(")");
        Ok(())
    }
}

fn walk_names<DB: Backend>(
    names: impl Iterator<Item = &'static str>,
    out: &mut AstPass<'_, '_, DB>,
) {
    for (index, name) in names.enumerate() {
        if index > 0 {
            out.push_sql(", ");
        }
        out.push_sql(name);
    }
}

type RankOf<N> =
    Rank<KeyColumnsOf<<N as Node>::A>, <<N as Node>::Order as Ranking>::Expression, PrimaryKey<N>>;

/// `SELECT S, rank FROM ..`
type Ranks<N, S> = dsl::Select<FromOf<<N as Node>::A>, (S, RankOf<N>)>;
/// The same of the rows that the node wants, and of these sources.
type Ranked<N, S> = dsl::Filter<<N as Narrow<Ranks<N, S>, OfBoth>>::Output, OfSources<SourceIn<N>>>;

fn ranked<N, S>(node: &N, selection: S, keys: Option<SourceIn<N>>) -> Ranked<N, S>
where
    N: Node + Narrow<Ranks<N, S>, OfBoth>,
    N::Order: Ranking,
    (S, RankOf<N>): Expression,
    FromOf<N::A>: SelectDsl<(S, RankOf<N>)>,
    <N as Narrow<Ranks<N, S>, OfBoth>>::Output: FilterDsl<OfSources<SourceIn<N>>>,
{
    let rank = Rank {
        key: KeyColumnsOf::<N::A>::default(),
        order: node.order().expression(),
        primary_key: PrimaryKey::<N>::default(),
    };
    let query = SelectDsl::select(<KindOf<N::A> as Kind<_, _>>::from(), (selection, rank));
    FilterDsl::filter(node.narrow(query), OfSources(keys))
}

/// What the primary key is called among the ranked rows.
type NamedPrimaryKey<N> = Named<PrimaryKey<N>, 'k'>;
type LinkedRows<N, C> =
    dsl::Select<FromOf<<N as Node>::A>, (NullableKeyColumns<N>, AsTarget<N, C>)>;
type TopRows<N, C> = <<N as Node>::Order as OrderWith<
    dsl::Filter<LinkedRows<N, C>, InRanked<PrimaryKey<N>, Ranked<N, NamedPrimaryKey<N>>>>,
    PrimaryKey<N>,
>>::Output;

#[diagnostic::do_not_recommend]
impl<'q, N, C> FetchRows<'q, N, C> for Limited
where
    N: Node + Narrow<Ranks<N, NamedPrimaryKey<N>>, OfBoth>,
    N::Order: Ranking,
    C: Executor + Load<'q, TopRows<N, C>, (SourceOwned<N>, Target<N>)>,
    Target<N>: Selectable<C::Backend>,
    (NullableKeyColumns<N>, AsTarget<N, C>): Expression,
    (NamedPrimaryKey<N>, RankOf<N>): Expression,
    FromOf<N::A>: SelectDsl<(NamedPrimaryKey<N>, RankOf<N>)>
        + SelectDsl<(NullableKeyColumns<N>, AsTarget<N, C>)>,
    <N as Narrow<Ranks<N, NamedPrimaryKey<N>>, OfBoth>>::Output: FilterDsl<OfSources<SourceIn<N>>>,
    LinkedRows<N, C>: FilterDsl<InRanked<PrimaryKey<N>, Ranked<N, NamedPrimaryKey<N>>>>,
    N::Order: OrderWith<
            dsl::Filter<LinkedRows<N, C>, InRanked<PrimaryKey<N>, Ranked<N, NamedPrimaryKey<N>>>>,
            PrimaryKey<N>,
        >,
    TopRows<N, C>: Send,
    Ranked<N, NamedPrimaryKey<N>>: Send,
{
    const EVERY_ROW: bool = false;

    async fn rows(
        self,
        node: &N,
        keys: Option<SourceIn<N>>,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<(SourceOwned<N>, Target<N>)>> {
        self.check()?;
        let rows = SelectDsl::select(
            <KindOf<N::A> as Kind<_, _>>::from(),
            (
                KeyColumnsOf::<N::A>::default().nullable(),
                Target::<N>::as_select(),
            ),
        );
        let primary_key = PrimaryKey::<N>::default();
        let ranked = ranked(node, Named(primary_key), keys);
        let top = FilterDsl::filter(
            rows,
            InRanked {
                primary_key,
                ranked,
                limited: self,
            },
        );
        conn.load(node.order().order_with(top)).await
    }
}

/// The pairs of a junction that a ranking query lets through.
#[derive(Debug)]
pub struct TopPairs<Key, Link, Q> {
    columns: PhantomData<(Key, Link)>,
    ranked: Q,
    limited: Limited,
}

impl<K, L, Q> Query for TopPairs<K, L, Q>
where
    K: Columns,
    L: Columns,
{
    type SqlType = (
        <K::Nullable as Expression>::SqlType,
        <L::Nullable as Expression>::SqlType,
    );
}

impl<K, L, Q> QueryId for TopPairs<K, L, Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K, L, Q, Conn> RunQueryDsl<Conn> for TopPairs<K, L, Q> {}

impl<K, L, Q, DB> QueryFragment<DB> for TopPairs<K, L, Q>
where
    DB: Backend + HasSqlType<BigInt>,
    i64: diesel::serialize::ToSql<BigInt, DB>,
    K: Columns,
    L: Columns,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        let names = Named::<K, 'k'>::names().chain(Named::<L, 'l'>::names());
        walk_names(names, &mut out);
        out.push_sql(" FROM (");
        self.ranked.walk_ast(out.reborrow())?;
        out.push_sql(")");
        self.limited.walk_rank(&mut out)
    }
}

// The two keys of a junction may share a column.
type PairKeys<N> = (
    Named<KeyColumnsOf<<N as Node>::A>, 'k'>,
    Named<LinkColumnsOf<<N as Node>::A>, 'l'>,
);
type TopPairsOf<N> =
    TopPairs<KeyColumnsOf<<N as Node>::A>, LinkColumnsOf<<N as Node>::A>, Ranked<N, PairKeys<N>>>;

#[diagnostic::do_not_recommend]
impl<'q, N, C> FetchPairs<'q, N, C> for Limited
where
    N: Node + Narrow<Ranks<N, PairKeys<N>>, OfBoth>,
    N::Order: Ranking,
    C: Executor + Load<'q, TopPairsOf<N>, Pair<N>>,
    (PairKeys<N>, RankOf<N>): Expression,
    FromOf<N::A>: SelectDsl<(PairKeys<N>, RankOf<N>)>,
    <N as Narrow<Ranks<N, PairKeys<N>>, OfBoth>>::Output: FilterDsl<OfSources<SourceIn<N>>>,
    TopPairsOf<N>: Send,
{
    async fn pairs(
        self,
        node: &N,
        keys: Option<SourceIn<N>>,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<Pair<N>>> {
        self.check()?;
        let columns = (
            Named(KeyColumnsOf::<N::A>::default()),
            Named(LinkColumnsOf::<N::A>::default()),
        );
        let ranked = ranked(node, columns, keys);
        conn.load(TopPairs {
            columns: PhantomData,
            ranked,
            limited: self,
        })
        .await
    }
}
