//! Links as pairs of keys: new rows of a junction.

use super::statement::{
    Existing, Given, InsertGiven, InsertPairRows, MOST_BINDS, NewColumns, payload_names,
};
use crate::association::{
    Association, KeyColumnsOf, LinkColumnsOf, LinkScopeOf, Scope, SourceKeyOf, TargetKeyOf,
};
use crate::connection::{Execute, Executor, HasDialect};
use crate::key::{Columns, EqAll, Key};
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::result::Error;
use std::future::Future;

/// `foreign key = ?`, owned: then the compiler knows, whatever the lifetime,
/// that it can be sent to a thread.
pub(super) type SourceIs<A> = <KeyColumnsOf<A> as EqAll<<SourceKeyOf<A> as Key>::Owned>>::Output;
pub(super) type TargetIs<A> = <LinkColumnsOf<A> as EqAll<<TargetKeyOf<A> as Key>::Owned>>::Output;
type Pairs<A, P> = InsertPairRows<A, SourceIs<A>, TargetIs<A>, P>;
type GivenPairs<A, P> = InsertGiven<A, SourceIs<A>, TargetIs<A>, P>;

/// A connection that can insert links, with the values `P` of their own.
#[diagnostic::on_unimplemented(message = "links of `{A}` cannot be inserted through `{Self}`")]
pub trait InsertPairs<'q, A: Association, P>: Executor {
    /// Inserts them, whose targets were created just now, and returns how many are in
    /// place, with those that existed where the database counts them: one statement, or
    /// one for each set of columns that they have values for.
    ///
    /// # Errors
    /// What the database reports; where another row than the pair is in the way on MySQL, an
    /// error of its own.
    fn insert_pairs(
        &mut self,
        pairs: Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>,
        existing: Existing,
    ) -> impl Future<Output = QueryResult<usize>> + Send;

    /// As [`insert_pairs`](InsertPairs::insert_pairs), of those targets that are there.
    ///
    /// # Errors
    /// As [`insert_pairs`](InsertPairs::insert_pairs).
    fn link_pairs(
        &mut self,
        pairs: Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>,
        existing: Existing,
    ) -> impl Future<Output = QueryResult<usize>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'q, A, P, C> InsertPairs<'q, A, P> for C
where
    A: Association,
    P: NewColumns<C::Backend> + Send,
    KeyColumnsOf<A>: EqAll<<SourceKeyOf<A> as Key>::Owned, Output: Send>,
    LinkColumnsOf<A>: EqAll<<TargetKeyOf<A> as Key>::Owned, Output: Send>,
    Pairs<A, P>: Send,
    GivenPairs<A, P>: Send,
    C: Executor<Backend: HasDialect> + Execute<'q, Pairs<A, P>> + Execute<'q, GivenPairs<A, P>>,
{
    async fn insert_pairs(
        &mut self,
        pairs: Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>,
        existing: Existing,
    ) -> QueryResult<usize> {
        let mut inserted = 0;
        for (_, pairs) in parts::<A, P, C::Backend>(pairs)? {
            let rows = pairs.into_iter().map(|(source, target, payload)| {
                let (source, target) = keys::<A>(source, target);
                (source, target, payload)
            });
            let insert = InsertPairRows::new(rows.collect(), existing);
            inserted += self.execute(insert).await?;
        }
        Ok(inserted)
    }

    async fn link_pairs(
        &mut self,
        pairs: Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>,
        existing: Existing,
    ) -> QueryResult<usize> {
        let mut inserted = 0;
        for (names, pairs) in parts::<A, P, C::Backend>(pairs)? {
            let rows = pairs
                .into_iter()
                .map(|(source, target, payload)| (keys::<A>(source, target), payload));
            let given = Given::new(rows.collect(), names);
            inserted += self.execute(InsertGiven::new(given, existing)).await?;
        }
        Ok(inserted)
    }
}

type Part<A, P> = (Vec<&'static str>, Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>);

fn parts<A, P, DB>(pairs: Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>) -> QueryResult<Vec<Part<A, P>>>
where
    A: Association,
    DB: Backend,
    P: NewColumns<DB>,
{
    let own = 1
        + KeyColumnsOf::<A>::NAMES.len()
        + LinkColumnsOf::<A>::NAMES.len()
        + LinkScopeOf::<A>::NAMES.len();
    by_names(pairs, own, |(_, _, payload)| {
        payload_names::<A, P, DB>(payload)
    })
}

fn keys<A>(source: SourceKeyOf<A>, target: TargetKeyOf<A>) -> (SourceIs<A>, TargetIs<A>)
where
    A: Association,
    KeyColumnsOf<A>: EqAll<<SourceKeyOf<A> as Key>::Owned>,
    LinkColumnsOf<A>: EqAll<<TargetKeyOf<A> as Key>::Owned>,
{
    (
        KeyColumnsOf::<A>::default().eq_all(source.into_owned()),
        LinkColumnsOf::<A>::default().eq_all(target.into_owned()),
    )
}

/// Rows with the columns that they have values for, together with those that have them for
/// the same: as many as a statement takes, which binds `own` values for each row beside.
pub(super) fn by_names<R>(
    rows: Vec<R>,
    own: usize,
    names: impl Fn(&R) -> QueryResult<Vec<&'static str>>,
) -> QueryResult<Vec<(Vec<&'static str>, Vec<R>)>> {
    let mut parts: Vec<(Vec<&'static str>, Vec<R>)> = Vec::new();
    for row in rows {
        let names = names(&row)?;
        let most = MOST_BINDS / (own + names.len()).max(1);
        let open = parts
            .iter_mut()
            .rev()
            .find(|(known, rows)| *known == names && rows.len() < most);
        match open {
            Some((_, rows)) => rows.push(row),
            None => parts.push((names, vec![row])),
        }
    }
    Ok(parts)
}

/// Whether an `INSERT` of links on MySQL found another row in the way than the pair: its
/// statement raises this error itself.
pub(super) fn is_other_row(error: &Error) -> bool {
    matches!(
        error,
        Error::DatabaseError(_, information)
            if information.message().contains("returns more than 1 row")
    )
}
