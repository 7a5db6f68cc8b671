//! Links as pairs of keys: new rows of a junction.

use super::links::LinkCondition;
use super::statement::{InsertRows, OrIgnore, RowValues, by_columns};
use crate::association::{
    Association, KeyColumnsOf, LinkColumnsOf, LinkScopeOf, LinkTableOf, Scope, SourceKeyOf,
    TargetKeyOf,
};
use crate::connection::{Execute, Executor};
use crate::key::{EqAll, Key, Values};
use crate::query::ShowSql;
use diesel::QueryResult;
use std::future::Future;

/// `foreign key = ?`, owned: then the compiler knows, whatever the lifetime,
/// that it can be sent to a thread.
pub(super) type SourceIs<A> = <KeyColumnsOf<A> as EqAll<<SourceKeyOf<A> as Key>::Owned>>::Output;
pub(super) type TargetIs<A> = <LinkColumnsOf<A> as EqAll<<TargetKeyOf<A> as Key>::Owned>>::Output;
/// The columns that are added to a junction row's own values.
type Keys<A> = (SourceIs<A>, (TargetIs<A>, LinkCondition<A>));
/// New links, with the values `P` of their own; those that are there are left
/// out, where the table keeps them unique.
type Pairs<A, P> = InsertRows<LinkTableOf<A>, P, Keys<A>, OrIgnore>;

/// A connection that can insert links, with the values `P` of their own.
#[diagnostic::on_unimplemented(message = "links of `{A}` cannot be inserted through `{Self}`")]
pub trait InsertPairs<'q, A: Association, P>: Executor {
    /// Inserts them, and returns how many were not there: one statement, or one
    /// for each set of columns that they have values for.
    ///
    /// # Errors
    /// What the database reports.
    fn insert_pairs(
        &mut self,
        pairs: Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'q, A, P, C> InsertPairs<'q, A, P> for C
where
    A: Association,
    P: RowValues<C::Backend, LinkTableOf<A>> + Send,
    KeyColumnsOf<A>: EqAll<<SourceKeyOf<A> as Key>::Owned, Output: Send>,
    LinkColumnsOf<A>: EqAll<<TargetKeyOf<A> as Key>::Owned, Output: Send>,
    Pairs<A, P>: Send,
    Keys<A>: Values<C::Backend>,
    C: Executor<Backend: ShowSql> + Execute<'q, Pairs<A, P>>,
{
    async fn insert_pairs(
        &mut self,
        pairs: Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>,
    ) -> QueryResult<usize> {
        if pairs.is_empty() {
            return Ok(0);
        }
        let rows = pairs.into_iter().map(|(source, target, payload)| {
            let source = KeyColumnsOf::<A>::default().eq_all(source.into_owned());
            let target = LinkColumnsOf::<A>::default().eq_all(target.into_owned());
            (payload, (source, (target, LinkScopeOf::<A>::condition())))
        });
        let mut inserted = 0;
        for (_, rows) in by_columns::<C::Backend, LinkTableOf<A>, _, _>(rows.collect()) {
            inserted += self.execute(InsertRows::new(rows, OrIgnore)).await?;
        }
        Ok(inserted)
    }
}
