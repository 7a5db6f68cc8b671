//! Whether given rows are linked.

use super::{Matching, complete_key};
use crate::association::{
    Association, FromOf, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, SourceKeyRef, TargetKeyOf,
};
use crate::connection::{Enrolled, Executor, Load};
use crate::guard::reading;
use crate::key::{Columns, EqAll, Equality, Key, KeyIn, KeyTable, Targets};
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::{DistinctDsl, FilterDsl, SelectDsl};
use diesel::sql_types::{BigInt, Bool, Nullable};
use diesel::{QueryResult, RunQueryDsl, dsl};
use std::future::Future;
use std::marker::PhantomData;

/// A connection through which the links of the association `A` can be checked.
#[diagnostic::on_unimplemented(message = "the rows of `{A}` cannot be checked through `{Self}`")]
pub trait Has<'k, A: Association>: Executor {
    /// Whether all of the distinct rows `targets` are linked, in one statement.
    ///
    /// # Errors
    /// What the database reports.
    fn has_all(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<bool>> + Send;
}

/// `a = x AND b = y ..` over owned values.
type IsTarget<A> = <LinkColumnsOf<A> as EqAll<<TargetKeyOf<A> as Key>::Owned>>::Output;
type AreTargets<A> = KeyIn<LinkColumnsOf<A>, TargetKeyOf<A>>;

#[diagnostic::do_not_recommend]
impl<'k, A, C> Has<'k, A> for C
where
    C: Enrolled,
    A: HasBy<'k, C>,
{
    fn has_all(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<bool>> + Send {
        A::has_all_by(key, targets, self)
    }
}

/// An association whose links can be checked through `C`, see [`Has`].
pub trait HasBy<'k, C: Executor>: Association {
    /// As [`Has::has_all`].
    ///
    /// # Errors
    /// As [`Has::has_all`].
    fn has_all_by(
        key: SourceKeyRef<'k, Self>,
        targets: Vec<TargetKeyOf<Self>>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<bool>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> HasBy<'k, C> for A
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    LinkColumnsOf<A>: EqAll<<TargetKeyOf<A> as Key>::Owned>,
    FromOf<A>: SelectDsl<<LinkColumnsOf<A> as Columns>::Nullable>,
    Selected<A>: DistinctDsl + FilterDsl<Matching<'k, A>>,
    dsl::Distinct<Selected<A>>: FilterDsl<Matching<'k, A>>,
    Rows<'k, A>: FilterDsl<IsTarget<A>> + FilterDsl<AreTargets<A>>,
    dsl::Filter<Selected<A>, Matching<'k, A>>: FilterDsl<IsGiven<LinkColumnsOf<A>>>,
    dsl::Filter<Rows<'k, A>, IsTarget<A>>: Send,
    dsl::Filter<Rows<'k, A>, AreTargets<A>>: Send,
    OfGiven<'k, A>: Send,
    C: Load<'k, dsl::Filter<Rows<'k, A>, IsTarget<A>>, <TargetKeyOf<A> as Key>::Owned>
        + Load<'k, dsl::Filter<Rows<'k, A>, AreTargets<A>>, <TargetKeyOf<A> as Key>::Owned>
        + Load<'k, OfGiven<'k, A>, i64>,
    AreTargets<A>: Equality<C::Backend>,
{
    async fn has_all_by(
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
        conn: &mut C,
    ) -> QueryResult<bool> {
        let columns = LinkColumnsOf::<A>::default();
        let select = || SelectDsl::select(<KindOf<A> as Kind<_, _>>::from(), columns.nullable());
        let of_source = || KeyColumnsOf::<A>::default().eq_all(key);
        let rows = || FilterDsl::filter(DistinctDsl::distinct(select()), of_source());
        if let [target] = targets.as_slice() {
            let query = FilterDsl::filter(rows(), columns.eq_all(target.clone().into_owned()));
            return Ok(conn.load_first(query).await?.is_some());
        }
        let expected = targets.len();
        let mut found = 0;
        for targets in KeyIn::new(columns, targets).in_parts()? {
            if <AreTargets<A> as Equality<C::Backend>>::is_that_of_rust() {
                found += conn.load(FilterDsl::filter(rows(), targets)).await?.len();
            } else {
                let rows = FilterDsl::filter(select(), of_source());
                let query = CountGiven {
                    given: KeyTable(targets),
                    rows: FilterDsl::filter(rows, IsGiven(columns)),
                };
                let given = conn.load_first(query).await?.unwrap_or(0);
                found += usize::try_from(given).unwrap_or(0);
            }
        }
        Ok(found == expected)
    }
}

type Selected<A> = dsl::Select<FromOf<A>, <LinkColumnsOf<A> as Columns>::Nullable>;

/// `SELECT DISTINCT target FROM .. WHERE key = ?`
type Rows<'k, A> = dsl::Filter<dsl::Distinct<Selected<A>>, Matching<'k, A>>;

type OfGiven<'k, A> = CountGiven<
    LinkColumnsOf<A>,
    TargetKeyOf<A>,
    dsl::Filter<dsl::Filter<Selected<A>, Matching<'k, A>>, IsGiven<LinkColumnsOf<A>>>,
>;

/// The columns equal those of the given keys, of which they are looked up one by one.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct IsGiven<C>(C);

impl<C> Expression for IsGiven<C> {
    type SqlType = Nullable<Bool>;
}

impl<C, G> ValidGrouping<G> for IsGiven<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C: AppearsOnTable<From>, From> AppearsOnTable<From> for IsGiven<C> {}

impl<C: SelectableExpression<From>, From> SelectableExpression<From> for IsGiven<C> {}

macro_rules! is_given {
    ($(($($column:ident $index:tt),+);)+) => {$(
        impl<DB: Backend, $($column: QueryFragment<DB>),+> QueryFragment<DB>
            for IsGiven<($($column,)+)>
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                $(
                    out.push_sql(if $index > 0 { " AND " } else { "" });
                    // The column is on the left: SQLite compares by its collation.
                    self.0.$index.walk_ast(out.reborrow())?;
                    out.push_sql(concat!(" = orm_keys.k", stringify!($index)));
                )+
                Ok(())
            }
        }
    )+};
}

is_given! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
}

/// How many of the given keys have a row, as the database compares them: keys that
/// are equal there have the same.
///
/// ```sql
/// SELECT COUNT(*) FROM (..) AS orm_keys
/// WHERE EXISTS (SELECT target FROM .. WHERE key = ? AND target = orm_keys.k0)
/// ```
#[derive(Debug)]
pub struct CountGiven<C, K: Key, Q> {
    given: KeyTable<C, K>,
    rows: Q,
}

/// The identity of a [`CountGiven`].
#[derive(Debug)]
pub struct CountGivenOf<C, K, Q>(PhantomData<(C, K, Q)>);

impl<C: 'static, K: Key, Q: QueryId> QueryId for CountGiven<C, K, Q> {
    type QueryId = CountGivenOf<C, K, Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<C, K: Key, Q> Query for CountGiven<C, K, Q> {
    type SqlType = BigInt;
}

impl<C, K: Key, Q, Conn> RunQueryDsl<Conn> for CountGiven<C, K, Q> {}

impl<C, K, Q, DB> QueryFragment<DB> for CountGiven<C, K, Q>
where
    DB: Backend,
    K: Key,
    KeyTable<C, K>: QueryFragment<DB>,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.given.walk_ast(out.reborrow())?;
        out.push_sql(") AS orm_keys WHERE EXISTS (");
        self.rows.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// Whether every one of `targets` is linked to `source`. One statement; none if
/// there are no targets or a key is NULL.
pub fn has<'k, A, T, Form, C>(
    source: &'k A::Source,
    targets: T,
    conn: &'k mut C,
) -> C::Return<'k, bool>
where
    A: Association,
    T: Targets<A, Form>,
    C: Has<'k, A>,
{
    let targets = targets.target_keys();
    C::finish(reading::<A, _>(async move {
        match (targets, complete_key::<A>(source)) {
            (Some(targets), _) if targets.is_empty() => Ok(true),
            (Some(targets), Some(key)) => conn.has_all(key, targets).await,
            _ => Ok(false),
        }
    }))
}
