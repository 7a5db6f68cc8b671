//! Whether given rows are linked.

use super::{Matching, complete_key};
use crate::association::{
    Association, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, LinksOf, SourceKeyRef, TargetKeyOf,
};
use crate::connection::{Enrolled, Executor, Load};
use crate::guard::reading;
use crate::key::{Columns, EqAll, Key, KeyIn, Targets};
use diesel::query_dsl::methods::{DistinctDsl, FilterDsl, SelectDsl};
use diesel::{QueryResult, dsl};
use std::future::Future;

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

/// `SELECT DISTINCT target FROM links WHERE key = ?`
pub(crate) type Linked<'k, A> = dsl::Filter<
    dsl::Distinct<dsl::Select<LinksOf<A>, <LinkColumnsOf<A> as Columns>::Nullable>>,
    Matching<'k, A>,
>;

/// The keys of the targets that are linked to the source with this key.
pub(crate) fn linked<'k, A>(key: SourceKeyRef<'k, A>) -> Linked<'k, A>
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    LinksOf<A>: SelectDsl<<LinkColumnsOf<A> as Columns>::Nullable>,
    dsl::Select<LinksOf<A>, <LinkColumnsOf<A> as Columns>::Nullable>: DistinctDsl,
    dsl::Distinct<dsl::Select<LinksOf<A>, <LinkColumnsOf<A> as Columns>::Nullable>>:
        FilterDsl<Matching<'k, A>>,
{
    FilterDsl::filter(
        DistinctDsl::distinct(SelectDsl::select(
            <KindOf<A> as Kind<_, _>>::links(),
            LinkColumnsOf::<A>::default().nullable(),
        )),
        KeyColumnsOf::<A>::default().eq_all(key),
    )
}

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
    LinksOf<A>: SelectDsl<<LinkColumnsOf<A> as Columns>::Nullable>,
    dsl::Select<LinksOf<A>, <LinkColumnsOf<A> as Columns>::Nullable>: DistinctDsl,
    dsl::Distinct<dsl::Select<LinksOf<A>, <LinkColumnsOf<A> as Columns>::Nullable>>:
        FilterDsl<Matching<'k, A>>,
    Linked<'k, A>: FilterDsl<IsTarget<A>> + FilterDsl<AreTargets<A>>,
    dsl::Filter<Linked<'k, A>, IsTarget<A>>: Send,
    dsl::Filter<Linked<'k, A>, AreTargets<A>>: Send,
    C: Load<'k, dsl::Filter<Linked<'k, A>, IsTarget<A>>, <TargetKeyOf<A> as Key>::Owned>
        + Load<'k, dsl::Filter<Linked<'k, A>, AreTargets<A>>, <TargetKeyOf<A> as Key>::Owned>,
{
    async fn has_all_by(
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
        conn: &mut C,
    ) -> QueryResult<bool> {
        let columns = LinkColumnsOf::<A>::default();
        let linked = linked::<A>(key);
        let expected = targets.len();
        let mut targets = targets.into_iter();
        let found = match (targets.next(), expected) {
            (None, _) => return Ok(true),
            (Some(target), 1) => {
                let query = FilterDsl::filter(linked, columns.eq_all(target.into_owned()));
                usize::from(conn.load_first(query).await?.is_some())
            }
            (Some(first), _) => {
                let all = KeyIn::new(columns, std::iter::once(first).chain(targets));
                conn.load(FilterDsl::filter(linked, all)).await?.len()
            }
        };
        Ok(found == expected)
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
