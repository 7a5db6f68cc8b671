//! Branches of rows that are there.

use super::branch::{Branch, BranchTypes};
use super::create::{
    AddedBy, Condition, GrowKind, OwnKey, added_key, check_shared, parent_key, sorted,
};
use super::grow::Linked;
use crate::association::{
    Association, AssociationKind, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, LinkScopeOf,
    LinkTableOf, Scope, SourceKeyColumns, SourceKeyOf, SourceScopeOf, TargetKeyOf, Unscoped,
    WriteOf, is_shared,
};
use crate::connection::{Execute, Executor};
use crate::error::null_key;
use crate::key::{Columns, EqAll, Key, sort};
use crate::write::key::SameKey;
use crate::write::links::{CheckTargets, JunctionLinks, KeyLinks, LinkCondition, RowLinks};
use crate::write::pairs::{InsertPairs, SourceIs, TargetIs};
use crate::write::statement::{AnyRow, Existing, Given, KeyValues, MOST_BINDS, UpdateGiven};
use diesel::QueryResult;
use diesel::result::Error;
use std::collections::HashSet;
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
    /// The columns of the parent that belongs to these rows, which are distinct.
    ///
    /// # Errors
    /// A parent that would have several rows where it can have one.
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
            let rows = distinct::<A, P>(branch.rows)?;
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

/// The rows, each once, with what was said of it first.
fn distinct<A: Association, P>(
    rows: Vec<(Option<TargetKeyOf<A>>, P)>,
) -> QueryResult<Vec<(TargetKeyOf<A>, P)>> {
    let mut known = HashSet::new();
    let mut distinct = Vec::with_capacity(rows.len());
    for (key, payload) in rows {
        let key = key.ok_or_else(null_key::<A>)?;
        if known.insert(key.clone()) {
            distinct.push((key, payload));
        }
    }
    Ok(distinct)
}

/// The error of an association that yields one row and is given several.
fn several<A: Association>() -> Error {
    Error::QueryBuilderError(format!("`{}` is one row at most; link one", A::NAME).into())
}

/// The error of a row that is given to several parents and can belong to one.
fn given_twice<A: Association>() -> Error {
    Error::QueryBuilderError(
        format!(
            "a row of `{}` belongs to one parent; link it to one",
            A::NAME
        )
        .into(),
    )
}

/// Target rows by their keys, with the columns that link each to its parent.
type GivenRows<A> = Given<LinkTableOf<A>, TargetIs<A>, KeyValues<(SourceIs<A>, LinkCondition<A>)>>;
type LinkGiven<A> =
    UpdateGiven<LinkTableOf<A>, TargetIs<A>, KeyValues<(SourceIs<A>, LinkCondition<A>)>, AnyRow>;

impl<'q, A, P, C> LinkRows<'q, A, P, C> for RowLinks
where
    A: Association,
    Self: GrowKind<A, Added = Unscoped>,
    KeyColumnsOf<A>: EqAll<<SourceKeyOf<A> as Key>::Owned, Output: Send>,
    LinkColumnsOf<A>: EqAll<<TargetKeyOf<A> as Key>::Owned, Output: Send>,
    GivenRows<A>: Send,
    LinkGiven<A>: Send,
    P: Send,
    C: Executor + Execute<'q, LinkGiven<A>>,
{
    fn added(rows: &[(TargetKeyOf<A>, P)]) -> QueryResult<Unscoped> {
        let alone = <KindOf<A> as Kind<A::Source, A::Target>>::KIND == AssociationKind::HasOne;
        if alone && rows.len() > 1 {
            return Err(several::<A>());
        }
        Ok(Unscoped)
    }

    async fn link_rows(
        pending: Vec<Vec<(TargetKeyOf<A>, P)>>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> QueryResult<()> {
        let mut known = HashSet::new();
        let mut pairs = Vec::new();
        for (rows, parent) in pending.into_iter().zip(parents) {
            if rows.is_empty() {
                continue;
            }
            let source = parent_key::<A>(parent)?;
            for (target, _) in rows {
                if !known.insert(target.clone()) {
                    return Err(given_twice::<A>());
                }
                pairs.push((source.clone(), target));
            }
        }
        sort(&mut pairs, |(_, target)| target);
        let scope = LinkScopeOf::<A>::NAMES;
        let names = || [KeyColumnsOf::<A>::NAMES, scope].concat();
        let (key, own) = (KeyColumnsOf::<A>::NAMES, LinkColumnsOf::<A>::NAMES);
        let is_shared = |&place: &usize| is_shared(place, key, own, SourceKeyColumns::<A>::NAMES);
        let shared: Vec<_> = (0..key.len())
            .filter(is_shared)
            .map(|place| key[place])
            .collect();
        let most = MOST_BINDS / (LinkColumnsOf::<A>::NAMES.len() + names().len());
        let mut pairs = pairs.into_iter().peekable();
        while pairs.peek().is_some() {
            let rows = pairs.by_ref().take(most).map(|(source, target)| {
                let source = KeyColumnsOf::<A>::default().eq_all(source.into_owned());
                let target = LinkColumnsOf::<A>::default().eq_all(target.into_owned());
                (target, KeyValues((source, LinkScopeOf::<A>::condition())))
            });
            let rows: Vec<_> = rows.collect();
            let expected = rows.len();
            let link = UpdateGiven::new(Given::new(rows, names()), AnyRow);
            let link = link.comparing(shared.clone());
            if conn.execute(link).await? < expected {
                return Err(Error::NotFound);
            }
        }
        Ok(())
    }
}

impl<'q, A, P, C> LinkRows<'q, A, P, C> for JunctionLinks
where
    A: Association,
    P: Send,
    C: InsertPairs<'q, A, P> + CheckTargets<'q, A>,
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
        let mut targets = HashSet::new();
        for (rows, parent) in pending.into_iter().zip(parents) {
            if rows.is_empty() {
                continue;
            }
            let source = parent_key::<A>(parent)?;
            for (target, payload) in rows {
                targets.insert(target.clone());
                pairs.push((source.clone(), target, payload));
            }
        }
        if pairs.is_empty() {
            return Ok(());
        }
        let targets: Vec<_> = targets.into_iter().collect();
        conn.check_targets(&targets).await?;
        let pairs = sorted::<A, P>(pairs)?;
        let keys = pairs.iter();
        let keys: Vec<_> = keys
            .map(|(source, target, _)| (source.clone(), target.clone()))
            .collect();
        let linked = conn.link_pairs(pairs, Existing::Refuse).await?;
        if linked >= keys.len() {
            return Ok(());
        }
        // A target is not there, or the database has two of the keys for one.
        let mut expected = 0;
        for of_parent in keys.chunk_by(|one, next| one.0 == next.0) {
            let of_parent: Vec<_> = of_parent.iter().map(|(_, target)| target.clone()).collect();
            expected += conn.count_targets(&of_parent).await?;
        }
        if linked < expected {
            return Err(Error::NotFound);
        }
        Ok(())
    }
}

impl<A, P, C> LinkRows<'_, A, P, C> for KeyLinks
where
    A: Association,
    Self: GrowKind<A, Added = (OwnKey<A>, Condition<SourceScopeOf<A>>)>,
    SourceKeyColumns<A>: EqAll<<SourceKeyOf<A> as Key>::Owned>,
    TargetKeyOf<A>: SameKey<SourceKeyOf<A>>,
    P: Send,
    C: Executor,
{
    fn added(
        rows: &[(TargetKeyOf<A>, P)],
    ) -> QueryResult<(OwnKey<A>, Condition<SourceScopeOf<A>>)> {
        match rows {
            [] => added_key::<A>(None),
            [(key, _)] => added_key::<A>(Some(key.clone())),
            _ => Err(several::<A>()),
        }
    }

    async fn link_rows(
        pending: Vec<Vec<(TargetKeyOf<A>, P)>>,
        parents: &[A::Source],
        _: &mut C,
    ) -> QueryResult<()> {
        for (rows, parent) in pending.into_iter().zip(parents) {
            for (key, _) in rows {
                check_shared::<A>(parent, key)?;
            }
        }
        Ok(())
    }
}
