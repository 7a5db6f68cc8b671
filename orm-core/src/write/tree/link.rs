//! Branches of rows that are there.

use super::branch::{Branch, BranchTypes};
use super::create::{AddedBy, Condition, GrowKind, KeyIs, added_key, parent_key};
use super::grow::Linked;
use crate::association::{
    Association, SourceKeyColumns, SourceKeyOf, SourceScopeOf, TargetKeyOf, Unscoped, WriteOf,
    source_key,
};
use crate::connection::Executor;
use crate::error::null_key;
use crate::key::{EqAll, Key};
use crate::write::key::SameKey;
use crate::write::links::{JunctionLinks, KeyLinks, LinkKind, RowLinks, WriteLinks};
use crate::write::pairs::InsertPairs;
use diesel::QueryResult;
use std::future::Future;

#[diagnostic::do_not_recommend]
impl<A, P> BranchTypes<A::Source> for Linked<A, P>
where
    A: Association,
    WriteOf<A>: GrowKind<A>,
    P: Send,
{
    type Added = AddedBy<A>;
    type Pending = Vec<(TargetKeyOf<A>, P)>;
    type Output = ();
    type Row = (A::Source, ());

    fn row(parent: A::Source, (): ()) -> Self::Row {
        (parent, ())
    }
}

/// A way of linking the existing rows of a branch through the connection `C`.
pub trait LinkRows<'q, A: Association, P, C>: GrowKind<A> {
    /// The columns of the parent that belongs to these rows.
    ///
    /// # Errors
    /// A parent that belongs to no row, or to several.
    fn added(rows: &[(TargetKeyOf<A>, P)]) -> QueryResult<Self::Added>;

    /// Links them to their parents.
    ///
    /// # Errors
    /// `NotFound` if one is not there; else what the database reports.
    fn link_rows(
        pending: Vec<Vec<(TargetKeyOf<A>, P)>>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<()>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'q, A, P, C> Branch<'q, A::Source, C> for Linked<A, P>
where
    A: Association,
    WriteOf<A>: LinkRows<'q, A, P, C>,
    P: Send,
    C: Executor,
{
    async fn before(
        branches: Vec<Self>,
        _: &mut C,
    ) -> QueryResult<(Vec<Self::Added>, Vec<Self::Pending>)> {
        let mut added = Vec::with_capacity(branches.len());
        let mut pending = Vec::with_capacity(branches.len());
        for branch in branches {
            let rows = branch.rows.into_iter();
            let rows = rows.map(|(key, payload)| Ok((key.ok_or_else(null_key::<A>)?, payload)));
            let rows: Vec<_> = rows.collect::<QueryResult<_>>()?;
            added.push(<WriteOf<A> as LinkRows<'q, A, P, C>>::added(&rows)?);
            pending.push(rows);
        }
        Ok((added, pending))
    }

    async fn after(
        pending: Vec<Self::Pending>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> QueryResult<Vec<()>> {
        let outputs = vec![(); pending.len()];
        <WriteOf<A> as LinkRows<'q, A, P, C>>::link_rows(pending, parents, conn).await?;
        Ok(outputs)
    }
}

impl<A, P, C> LinkRows<'_, A, P, C> for RowLinks
where
    A: Association,
    Self: GrowKind<A, Added = Unscoped>,
    P: Send,
    C: for<'k> WriteLinks<'k, A>,
{
    fn added(_: &[(TargetKeyOf<A>, P)]) -> QueryResult<Unscoped> {
        Ok(Unscoped)
    }

    async fn link_rows(
        pending: Vec<Vec<(TargetKeyOf<A>, P)>>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> QueryResult<()> {
        for (rows, parent) in pending.into_iter().zip(parents) {
            if !rows.is_empty() {
                let rows = rows.into_iter().map(|(key, _)| key).collect();
                C::By::link(conn, source_key::<A>(parent), rows).await?;
            }
        }
        Ok(())
    }
}

impl<'q, A, P, C> LinkRows<'q, A, P, C> for JunctionLinks
where
    A: Association,
    P: Send,
    C: InsertPairs<'q, A, P>,
{
    fn added(_: &[(TargetKeyOf<A>, P)]) -> QueryResult<Unscoped> {
        Ok(Unscoped)
    }

    async fn link_rows(
        pending: Vec<Vec<(TargetKeyOf<A>, P)>>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> QueryResult<()> {
        let mut pairs = Vec::new();
        for (rows, parent) in pending.into_iter().zip(parents) {
            let source = parent_key::<A>(parent)?;
            let mut known = std::collections::HashSet::new();
            for (target, payload) in rows {
                if known.insert(target.clone()) {
                    pairs.push((source.clone(), target, payload));
                }
            }
        }
        conn.insert_pairs(pairs).await.map(|_| ())
    }
}

impl<A, P, C> LinkRows<'_, A, P, C> for KeyLinks
where
    A: Association,
    Self: GrowKind<A, Added = (KeyIs<A>, Condition<SourceScopeOf<A>>)>,
    SourceKeyColumns<A>: EqAll<<SourceKeyOf<A> as Key>::Owned>,
    TargetKeyOf<A>: SameKey<SourceKeyOf<A>>,
    P: Send,
    C: Executor,
{
    fn added(rows: &[(TargetKeyOf<A>, P)]) -> QueryResult<(KeyIs<A>, Condition<SourceScopeOf<A>>)> {
        match rows {
            [(key, _)] => Ok(added_key::<A>(key.clone())),
            _ => Err(diesel::result::Error::NotFound),
        }
    }

    async fn link_rows(
        _: Vec<Vec<(TargetKeyOf<A>, P)>>,
        _: &[A::Source],
        _: &mut C,
    ) -> QueryResult<()> {
        Ok(())
    }
}
