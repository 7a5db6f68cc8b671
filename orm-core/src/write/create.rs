//! Creating a target that is linked at once.

use super::insert::{Insert, NewRow};
use super::key::WriteKey;
use super::key_of;
use super::links::{JunctionLinks, LinkCondition, LinkKind, RowLinks, WriteLinks, may_meet};
use super::pairs::{InsertPairs, is_other_row};
use super::statement::{Existing, NoValues};
use crate::association::{
    Association, AssociationKind, KeyColumnsOf, Kind, KindOf, LinkScopeOf, Orphans, Scope,
    SourceKeyOf, SourceKeyRef, TargetKeyColumns, TargetKeyOf, TargetScopeOf, Unscoped, WriteOf,
};
use crate::connection::{Enrolled, Exclusive, Executor, Transaction};
use crate::error::{null_key, occupied};
use crate::key::{EqAll, Key, Keyed};
use crate::model::Model;
use crate::query::Matching;
use diesel::QueryResult;
use diesel::query_builder::ValuesClause;
use diesel::result::Error;
use std::future::Future;

/// A connection through which a target of `A` with the values `V` can be created.
///
/// It follows from the model and the connection; there is nothing to implement
/// by hand.
#[diagnostic::on_unimplemented(
    message = "a row of `{A}` cannot be created through `{Self}`",
    note = "the target must derive `Queryable` and `Selectable`, and this database must return what it inserts; a shared `&AsyncPgConnection` only reads: pass `&mut AsyncPgConnection`"
)]
pub trait Create<'k, A: Association, V>: Exclusive {
    /// Inserts a target and links it to the source with this key.
    ///
    /// # Errors
    /// What the database reports; then nothing is inserted.
    fn create(
        &mut self,
        key: SourceKeyRef<'k, A>,
        values: ValuesClause<V, <A::Target as Model>::Table>,
    ) -> impl Future<Output = QueryResult<A::Target>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, V, C> Create<'k, A, V> for C
where
    C: Enrolled + Exclusive,
    A: CreateBy<'k, V, C>,
{
    fn create(
        &mut self,
        key: SourceKeyRef<'k, A>,
        values: ValuesClause<V, <A::Target as Model>::Table>,
    ) -> impl Future<Output = QueryResult<A::Target>> + Send {
        A::By::create(self, key, values)
    }
}

/// An association whose targets can be created through `C`, see [`Create`].
pub trait CreateBy<'k, V, C: Executor>: Association {
    /// The way of its kind.
    type By: CreateKind<'k, Self, V, C>;
}

#[diagnostic::do_not_recommend]
impl<'k, A, V, C> CreateBy<'k, V, C> for A
where
    A: Association,
    C: Executor,
    WriteOf<A>: CreateKind<'k, A, V, C>,
{
    type By = WriteOf<A>;
}

/// A way of creating a linked target through the connection `C`.
pub trait CreateKind<'k, A: Association, V, C: Executor> {
    /// As [`Create::create`].
    ///
    /// # Errors
    /// As [`Create::create`].
    fn create(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        values: ValuesClause<V, <A::Target as Model>::Table>,
    ) -> impl Future<Output = QueryResult<A::Target>> + Send;
}

/// The scope on the targets of `A`, as columns with values.
pub type TargetCondition<A> = <TargetScopeOf<A> as Scope>::Condition;

/// The one row that was inserted.
pub(super) fn only<T>(rows: Vec<T>) -> QueryResult<T> {
    rows.into_iter().next().ok_or(Error::NotFound)
}

#[diagnostic::do_not_recommend]
impl<'k, A, V, C> CreateKind<'k, A, V, C> for RowLinks
where
    A: Association,
    V: Send,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>, Output: Send>,
    C: WriteLinks<'k, A> + Insert<'k, A::Target, V, (Matching<'k, A>, LinkCondition<A>)>,
{
    async fn create(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        values: ValuesClause<V, <A::Target as Model>::Table>,
    ) -> QueryResult<A::Target> {
        let row = |values| {
            let foreign_key = KeyColumnsOf::<A>::default().eq_all(key);
            vec![(values, (foreign_key, LinkScopeOf::<A>::condition()))]
        };
        let alone = <KindOf<A> as Kind<A::Source, A::Target>>::KIND == AssociationKind::HasOne;
        // also around one statement: a row that the caller's types cannot read is not kept
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let created = async {
            match A::ORPHANS {
                // The source is locked and what there was is destroyed, see `create_replacing`.
                Some(Orphans::Deleted) => {}
                orphans if alone => {
                    C::By::lock(conn, key).await?;
                    if orphans == Some(Orphans::Refused) {
                        let linked = C::By::linked(conn, key, Vec::new()).await?;
                        if !linked.is_empty() {
                            return Err(occupied::<A>());
                        }
                    } else {
                        C::By::unlink_all(conn, key).await?;
                    }
                }
                _ => {}
            }
            only(conn.insert(row(values)).await?)
        }
        .await;
        transaction.end(created).await
    }
}

#[diagnostic::do_not_recommend]
impl<'k, A, V, C> CreateKind<'k, A, V, C> for JunctionLinks
where
    A: Association,
    V: Send,
    C: WriteLinks<'k, A>
        + Insert<'k, A::Target, V, TargetCondition<A>>
        + InsertPairs<'k, A, NoValues>,
{
    async fn create(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        values: ValuesClause<V, <A::Target as Model>::Table>,
    ) -> QueryResult<A::Target> {
        let rows = vec![(values, TargetScopeOf::<A>::condition())];
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let created = async {
            let target = only(conn.insert(rows).await?)?;
            link_new::<A, C>(conn, key, target_key::<A>(&target)?).await?;
            Ok(target)
        }
        .await;
        transaction.end(created).await
    }
}

/// Links a target that was created within the scope of `A`.
async fn link_new<'k, A, C>(
    conn: &mut C,
    key: SourceKeyRef<'k, A>,
    target: TargetKeyOf<A>,
) -> QueryResult<()>
where
    A: Association,
    C: WriteLinks<'k, A> + InsertPairs<'k, A, NoValues>,
{
    if !may_meet::<A>(key, &target) {
        return Err(Error::NotFound);
    }
    let source = SourceKeyOf::<A>::from_ref(key).ok_or_else(null_key::<A>)?;
    let pairs = vec![(source, target.clone(), NoValues)];
    match conn.insert_pairs(pairs, Existing::Keep).await {
        Ok(1) => Ok(()),
        // a link that existed, or what forbids it
        Ok(_) => C::By::link(conn, key, vec![target]).await,
        Err(error) if is_other_row(&error) => C::By::link(conn, key, vec![target]).await,
        Err(error) => Err(error),
    }
}

pub(super) fn target_key<A: Association>(target: &A::Target) -> QueryResult<TargetKeyOf<A>> {
    Key::from_ref(Keyed::<TargetKeyColumns<A>>::key(target)).ok_or_else(null_key::<A>)
}

/// Creates a target that is linked to `source`, in a transaction. One statement for a
/// `has_many`, two for a `has_one` and a `belongs_to_many`.
pub fn create<'k, A, N, C>(
    source: &'k A::Source,
    new: N,
    conn: &'k mut C,
) -> C::Return<'k, A::Target>
where
    A: Association,
    N: NewRow<A::Target, Values: 'k>,
    C: Create<'k, A, N::Values>,
{
    let values = new.into_values();
    C::finish(async move { conn.create(key_of::<A>(source)?, values).await })
}

/// Creates a target and lets `source` belong to it: two statements.
pub fn create_key<'q, A, N, C>(
    source: &'q mut A::Source,
    new: N,
    conn: &'q mut C,
) -> C::Return<'q, A::Target>
where
    A: Association,
    N: NewRow<A::Target, Values: 'q>,
    C: WriteKey<'q, A> + Insert<'q, A::Target, N::Values, Unscoped>,
{
    let values = new.into_values();
    C::finish(async move {
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let created = async {
            let target = only(conn.insert(vec![(values, Unscoped)]).await?)?;
            let key = target_key::<A>(&target)?;
            conn.write_key(source, Some(key.clone())).await?;
            Ok((target, key))
        }
        .await;
        let (target, key) = transaction.end(created).await?;
        C::follow(source, Some(key));
        Ok(target)
    })
}
