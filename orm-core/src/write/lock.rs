//! Locking the source of links that are replaced.

use super::statement::LockRows;
use crate::association::{Association, SourceKeyColumns, SourceKeyRef, SourceTable};
use crate::connection::{Dialect, Executor, HasDialect, Load};
use crate::key::EqAll;
use diesel::QueryResult;
use diesel::result::Error;
use std::future::Future;

type IsSource<'k, A> = <SourceKeyColumns<A> as EqAll<SourceKeyRef<'k, A>>>::Output;
type Lock<'k, A> = LockRows<SourceTable<A>, IsSource<'k, A>>;

/// A connection that can lock the source of the links of `A`.
///
/// Two transactions that replace the links of one source would each see the links as
/// they were before the other, and together leave a mixture. So the second waits for
/// the first.
pub trait LockSource<'k, A: Association>: Executor {
    /// Locks the source until the transaction ends: one statement, none on SQLite, where
    /// a transaction of writes is alone.
    ///
    /// # Errors
    /// `NotFound` if there is no such row; else what the database reports.
    fn lock_source(
        &mut self,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<()>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> LockSource<'k, A> for C
where
    A: Association,
    SourceKeyColumns<A>: EqAll<SourceKeyRef<'k, A>>,
    Lock<'k, A>: Send,
    C: Executor<Backend: HasDialect> + Load<'k, Lock<'k, A>, i32>,
{
    async fn lock_source(&mut self, key: SourceKeyRef<'k, A>) -> QueryResult<()> {
        if C::Backend::DIALECT == Some(Dialect::Sqlite) {
            return Ok(());
        }
        let lock = LockRows::new(SourceKeyColumns::<A>::default().eq_all(key));
        match self.load_first(lock).await? {
            Some(_) => Ok(()),
            None => Err(Error::NotFound),
        }
    }
}
