//! Counting links.

use super::{Matching, complete_key};
use crate::association::{Association, FromOf, KeyColumnsOf, Kind, KindOf, SourceKeyRef};
use crate::connection::{Enrolled, Executor, Load};
use crate::guard::reading;
use crate::key::EqAll;
use diesel::dsl::{self, count_star};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::{QueryResult, result::Error};
use std::future::Future;

/// A connection through which the links of the association `A` can be counted.
#[diagnostic::on_unimplemented(message = "the rows of `{A}` cannot be counted through `{Self}`")]
pub trait Count<'k, A: Association>: Executor {
    /// The number of links whose key is `key`, in one statement.
    ///
    /// # Errors
    /// What the database reports.
    fn count(&mut self, key: SourceKeyRef<'k, A>) -> impl Future<Output = QueryResult<i64>> + Send;
}

/// `SELECT COUNT(*) FROM .. WHERE key = ?`, of the rows that the getter yields: links of a
/// junction that lead nowhere are no rows.
pub(super) type Counted<'k, A> = dsl::Filter<dsl::Select<FromOf<A>, count_star>, Matching<'k, A>>;

#[diagnostic::do_not_recommend]
impl<'k, A, C> Count<'k, A> for C
where
    C: Enrolled,
    A: CountBy<'k, C>,
{
    fn count(&mut self, key: SourceKeyRef<'k, A>) -> impl Future<Output = QueryResult<i64>> + Send {
        A::count_by(key, self)
    }
}

/// An association whose links can be counted through `C`, see [`Count`].
pub trait CountBy<'k, C: Executor>: Association {
    /// As [`Count::count`].
    ///
    /// # Errors
    /// As [`Count::count`].
    fn count_by(
        key: SourceKeyRef<'k, Self>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<i64>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> CountBy<'k, C> for A
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    FromOf<A>: SelectDsl<count_star>,
    dsl::Select<FromOf<A>, count_star>: FilterDsl<Matching<'k, A>>,
    C: Load<'k, Counted<'k, A>, i64>,
    Counted<'k, A>: Send,
{
    async fn count_by(key: SourceKeyRef<'k, A>, conn: &mut C) -> QueryResult<i64> {
        let query = FilterDsl::filter(
            SelectDsl::select(<KindOf<A> as Kind<_, _>>::from(), count_star()),
            KeyColumnsOf::<A>::default().eq_all(key),
        );
        conn.load_first(query).await?.ok_or(Error::NotFound)
    }
}

/// The number of links of `source`. One statement; none if the key is NULL.
pub fn count<'k, A, C>(source: &'k A::Source, conn: &'k mut C) -> C::Return<'k, i64>
where
    A: Association,
    C: Count<'k, A>,
{
    C::finish(reading::<A, _>(async move {
        match complete_key::<A>(source) {
            Some(key) => conn.count(key).await,
            None => Ok(0),
        }
    }))
}
