//! Branches of new rows, by the way in which their kind writes links.

use super::branch::{Branch, BranchTypes, HasTarget};
use super::create_nodes;
use super::grow::{NewRows, NewSlot, NewTarget, Presence};
use crate::association::{
    Association, KeyColumnsOf, LinkScopeOf, Scope, SlotOf, SourceKeyColumns, SourceKeyOf,
    SourceScopeOf, TargetKeyColumns, TargetKeyOf, TargetScopeOf, Unscoped, WriteOf, is_shared,
    source_key,
};
use crate::connection::Executor;
use crate::error::null_key;
use crate::key::{Columns, EqAll, Key, Values, sort};
use crate::model::Model;
use crate::write::create::{TargetCondition, target_key};
use crate::write::insert::Insert;
use crate::write::key::SameKey;
use crate::write::links::{JunctionLinks, KeyLinks, LinkCondition, RowLinks, meet};
use crate::write::pairs::{InsertPairs, SourceIs};
use crate::write::statement::Existing;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::Error;
use std::future::Future;

/// How a kind writes the new rows of a branch.
pub trait GrowKind<A: Association> {
    /// The columns that are added to the parent's row.
    type Added: Send;
    /// The columns that are added to a target's row.
    type Given: Send;
}

pub(super) type KeyIs<A> = <SourceKeyColumns<A> as EqAll<<SourceKeyOf<A> as Key>::Owned>>::Output;
pub(super) type Condition<S> = <S as Scope>::Condition;

impl<A> GrowKind<A> for RowLinks
where
    A: Association,
    KeyColumnsOf<A>: EqAll<<SourceKeyOf<A> as Key>::Owned, Output: Send>,
{
    type Added = Unscoped;
    type Given = (SourceIs<A>, LinkCondition<A>);
}

impl<A: Association> GrowKind<A> for JunctionLinks {
    type Added = Unscoped;
    type Given = TargetCondition<A>;
}

impl<A> GrowKind<A> for KeyLinks
where
    A: Association,
    SourceKeyColumns<A>: EqAll<<SourceKeyOf<A> as Key>::Owned, Output: Send>,
{
    type Added = (OwnKey<A>, Condition<SourceScopeOf<A>>);
    type Given = Unscoped;
}

/// The key of a row that belongs to another, as the other's key says. The columns that both
/// ends [share](is_shared), such as a tenant, are the row's own where it has values for them:
/// see [`check_shared`].
pub struct OwnKey<A: Association>(KeyIs<A>)
where
    SourceKeyColumns<A>: EqAll<<SourceKeyOf<A> as Key>::Owned>;

impl<A, DB> Values<DB> for OwnKey<A>
where
    A: Association,
    SourceKeyColumns<A>: EqAll<<SourceKeyOf<A> as Key>::Owned>,
    KeyIs<A>: Values<DB>,
    DB: Backend,
{
    const COUNT: usize = <KeyIs<A> as Values<DB>>::COUNT;

    fn name(index: usize) -> &'static str {
        <KeyIs<A> as Values<DB>>::name(index)
    }

    fn walk_value<'b>(&'b self, index: usize, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_value(index, out)
    }

    fn yields(index: usize) -> bool {
        is_shared_place::<A>(index)
    }
}

/// Whether both ends share the column of the source's key at this place.
fn is_shared_place<A: Association>(place: usize) -> bool {
    is_shared(
        place,
        SourceKeyColumns::<A>::NAMES,
        <A::Source as Model>::PrimaryKey::NAMES,
        TargetKeyColumns::<A>::NAMES,
    )
}

/// Whether a new row has the values of its target in the columns that both ends share.
///
/// # Errors
/// `NotFound` if not: the target is another tenant's.
pub(super) fn check_shared<A>(row: &A::Source, target: TargetKeyOf<A>) -> QueryResult<()>
where
    A: Association,
    TargetKeyOf<A>: SameKey<SourceKeyOf<A>>,
{
    let places = 0..SourceKeyColumns::<A>::NAMES.len();
    let mut shared = places
        .filter(|&place| is_shared_place::<A>(place))
        .peekable();
    if shared.peek().is_none() {
        return Ok(());
    }
    let own = parent_key::<A>(row)?;
    let target: SourceKeyOf<A> = target.same();
    let is_same = |place| {
        let part = target.part(place);
        part.is_some_and(|part| own.part_is(place, part))
    };
    if shared.all(is_same) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

pub(super) type AddedBy<A> = <WriteOf<A> as GrowKind<A>>::Added;
type RowOf<A, B> = <B as BranchTypes<<A as Association>::Target>>::Row;

/// What is left to be done of a branch: the rows to create, or those that were.
#[derive(Debug)]
pub enum Pending<N, R> {
    /// They depend on their parent.
    ToCreate(Vec<N>),
    /// Their parent depends on them.
    Created(Vec<R>),
}

#[diagnostic::do_not_recommend]
impl<A, V, B, P, R> BranchTypes<A::Source> for NewRows<A, V, B, P, R>
where
    A: Association,
    SlotOf<A>: NewSlot,
    R: Presence,
    WriteOf<A>: GrowKind<A>,
    V: Send,
    P: Send,
    B: BranchTypes<A::Target>,
{
    type Added = AddedBy<A>;
    type Pending = Pending<NewTarget<A, V, B, P>, B::Row>;
    type Output = R::Of<SlotOf<A>, B::Row>;
    type Row = (A::Source, Self::Output);

    fn row(parent: A::Source, output: Self::Output) -> Self::Row {
        (parent, output)
    }
}

/// A way of creating the new rows of a branch through the connection `C`.
pub trait GrowWith<'q, A: Association, V, B, P, C>: GrowKind<A> + Sized
where
    B: BranchTypes<A::Target>,
{
    /// As [`Branch::before`].
    ///
    /// # Errors
    /// As [`Branch::before`].
    #[allow(clippy::type_complexity, reason = "it is that of the trait `Branch`")]
    fn before(
        branches: Vec<NewRows<A, V, B, P>>,
        conn: &mut C,
    ) -> impl Future<
        Output = QueryResult<(
            Vec<Self::Added>,
            Vec<Pending<NewTarget<A, V, B, P>, RowOf<A, B>>>,
        )>,
    > + Send;

    /// The rows of each parent.
    ///
    /// # Errors
    /// As [`Branch::after`].
    fn after(
        pending: Vec<Vec<NewTarget<A, V, B, P>>>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<Vec<Vec<RowOf<A, B>>>>> + Send;

    /// Checks the rows that were created before their parent.
    ///
    /// # Errors
    /// `NotFound` if the parent cannot belong to them.
    fn check(rows: &[RowOf<A, B>], parent: &A::Source) -> QueryResult<()> {
        let _ = (rows, parent);
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<'q, A, V, B, P, R, C> Branch<'q, A::Source, C> for NewRows<A, V, B, P, R>
where
    A: Association,
    SlotOf<A>: NewSlot,
    R: Presence,
    WriteOf<A>: GrowWith<'q, A, V, B, P, C>,
    V: Send,
    P: Send,
    B: Branch<'q, A::Target, C>,
    C: Executor,
{
    fn before(
        branches: Vec<Self>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<(Vec<Self::Added>, Vec<Self::Pending>)>> + Send {
        let branches = branches.into_iter().map(NewRows::required).collect();
        <WriteOf<A> as GrowWith<'q, A, V, B, P, C>>::before(branches, conn)
    }

    async fn after(
        pending: Vec<Self::Pending>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> QueryResult<Vec<Self::Output>> {
        let mut created = Vec::new();
        let mut to_create = Vec::new();
        for (pending, parent) in pending.into_iter().zip(parents) {
            match pending {
                Pending::Created(rows) => {
                    <WriteOf<A> as GrowWith<'q, A, V, B, P, C>>::check(&rows, parent)?;
                    created.push(rows);
                }
                Pending::ToCreate(rows) => to_create.push(rows),
            }
        }
        if !to_create.is_empty() {
            created = <WriteOf<A> as GrowWith<'q, A, V, B, P, C>>::after(to_create, parents, conn)
                .await?;
        }
        created.into_iter().map(R::of::<SlotOf<A>, _>).collect()
    }
}

/// A list of lists as one, with the lengths of the lists.
fn flat<T>(lists: Vec<Vec<T>>) -> (Vec<usize>, Vec<T>) {
    let lengths = lists.iter().map(Vec::len).collect();
    (lengths, lists.into_iter().flatten().collect())
}

/// One list as lists of these lengths.
fn split<T>(lengths: Vec<usize>, list: Vec<T>) -> Vec<Vec<T>> {
    let mut list = list.into_iter();
    lengths
        .into_iter()
        .map(|length| list.by_ref().take(length).collect())
        .collect()
}

/// The key of a parent.
pub(super) fn parent_key<A: Association>(parent: &A::Source) -> QueryResult<SourceKeyOf<A>> {
    SourceKeyOf::<A>::from_ref(source_key::<A>(parent)).ok_or_else(null_key::<A>)
}

/// For each of the rows of the lists, its parent's key.
fn parent_keys<A: Association>(
    lengths: &[usize],
    parents: &[A::Source],
) -> QueryResult<Vec<SourceKeyOf<A>>> {
    let mut keys = Vec::new();
    for (&length, parent) in lengths.iter().zip(parents) {
        if length > 0 {
            keys.resize(keys.len() + length, parent_key::<A>(parent)?);
        }
    }
    Ok(keys)
}

impl<'q, A, V, B, P, C> GrowWith<'q, A, V, B, P, C> for RowLinks
where
    A: Association,
    Self: GrowKind<A, Added = Unscoped, Given = (SourceIs<A>, LinkCondition<A>)>,
    KeyColumnsOf<A>: EqAll<<SourceKeyOf<A> as Key>::Owned, Output: Send>,
    V: Send,
    P: Send,
    B: Branch<'q, A::Target, C>,
    C: Insert<'q, A::Target, V, ((SourceIs<A>, LinkCondition<A>), B::Added)>,
{
    async fn before(
        branches: Vec<NewRows<A, V, B, P>>,
        _: &mut C,
    ) -> QueryResult<(
        Vec<Unscoped>,
        Vec<Pending<NewTarget<A, V, B, P>, RowOf<A, B>>>,
    )> {
        Ok((vec![Unscoped; branches.len()], to_create(branches)))
    }

    async fn after(
        pending: Vec<Vec<NewTarget<A, V, B, P>>>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> QueryResult<Vec<Vec<RowOf<A, B>>>> {
        let (lengths, rows) = flat(pending);
        let keys = parent_keys::<A>(&lengths, parents)?;
        let rows = rows
            .into_iter()
            .zip(keys)
            .map(|((values, branches, _), key)| {
                let key = KeyColumnsOf::<A>::default().eq_all(key.into_owned());
                (values, branches, (key, LinkScopeOf::<A>::condition()))
            });
        let rows = create_nodes::<A::Target, _, _, _, C>(rows.collect(), conn).await?;
        Ok(split(lengths, rows))
    }
}

fn to_create<A: Association, V, B, P, R>(
    branches: Vec<NewRows<A, V, B, P>>,
) -> Vec<Pending<NewTarget<A, V, B, P>, R>> {
    let branches = branches.into_iter();
    branches
        .map(|branch| Pending::ToCreate(branch.rows))
        .collect()
}

impl<'q, A, V, B, P, C> GrowWith<'q, A, V, B, P, C> for JunctionLinks
where
    A: Association,
    V: Send,
    P: Send,
    B: Branch<'q, A::Target, C>,
    RowOf<A, B>: HasTarget<A::Target>,
    C: Insert<'q, A::Target, V, (TargetCondition<A>, B::Added)> + InsertPairs<'q, A, P>,
{
    async fn before(
        branches: Vec<NewRows<A, V, B, P>>,
        _: &mut C,
    ) -> QueryResult<(
        Vec<Unscoped>,
        Vec<Pending<NewTarget<A, V, B, P>, RowOf<A, B>>>,
    )> {
        Ok((vec![Unscoped; branches.len()], to_create(branches)))
    }

    async fn after(
        pending: Vec<Vec<NewTarget<A, V, B, P>>>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> QueryResult<Vec<Vec<RowOf<A, B>>>> {
        let (lengths, rows) = flat(pending);
        let sources = parent_keys::<A>(&lengths, parents)?;
        let mut payloads = Vec::with_capacity(rows.len());
        let mut targets = Vec::with_capacity(rows.len());
        for (values, branches, payload) in rows {
            payloads.push(payload);
            targets.push((values, branches, TargetScopeOf::<A>::condition()));
        }
        let rows = create_nodes::<A::Target, _, _, _, C>(targets, conn).await?;
        let pairs = sources.into_iter().zip(&rows).zip(payloads);
        let pairs = pairs
            .map(|((source, row), payload)| Ok((source, target_key::<A>(row.target())?, payload)));
        let pairs = sorted::<A, P>(pairs.collect::<QueryResult<_>>()?)?;
        let expected = pairs.len();
        if conn.insert_pairs(pairs, Existing::Refuse).await? < expected {
            return Err(Error::NotFound);
        }
        Ok(split(lengths, rows))
    }
}

/// Pairs of a junction in the order in which every writer sends them.
///
/// # Errors
/// `NotFound` if the two keys of one have different values for a column they share.
pub(super) fn sorted<A: Association, P>(
    mut pairs: Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>,
) -> QueryResult<Vec<(SourceKeyOf<A>, TargetKeyOf<A>, P)>> {
    if !pairs
        .iter()
        .all(|(source, target, _)| meet::<A>(source, target))
    {
        return Err(Error::NotFound);
    }
    sort(&mut pairs, |(_, target, _)| target);
    sort(&mut pairs, |(source, ..)| source);
    Ok(pairs)
}

impl<'q, A, V, B, P, C> GrowWith<'q, A, V, B, P, C> for KeyLinks
where
    A: Association,
    Self: GrowKind<A, Added = (OwnKey<A>, Condition<SourceScopeOf<A>>), Given = Unscoped>,
    SourceKeyColumns<A>: EqAll<<SourceKeyOf<A> as Key>::Owned, Output: Send>,
    TargetKeyOf<A>: SameKey<SourceKeyOf<A>>,
    V: Send,
    P: Send,
    B: Branch<'q, A::Target, C>,
    RowOf<A, B>: HasTarget<A::Target>,
    C: Insert<'q, A::Target, V, (Unscoped, B::Added)>,
{
    async fn before(
        branches: Vec<NewRows<A, V, B, P>>,
        conn: &mut C,
    ) -> QueryResult<(
        Vec<(OwnKey<A>, Condition<SourceScopeOf<A>>)>,
        Vec<Pending<NewTarget<A, V, B, P>, RowOf<A, B>>>,
    )> {
        let rows = branches.into_iter().map(|branch| branch.rows);
        let (lengths, rows) = flat(rows.collect());
        let rows = rows
            .into_iter()
            .map(|(values, branches, _)| (values, branches, Unscoped));
        let rows = create_nodes::<A::Target, _, _, _, C>(rows.collect(), conn).await?;
        let mut added = Vec::with_capacity(lengths.len());
        let mut created = Vec::with_capacity(lengths.len());
        for rows in split(lengths, rows) {
            let row = rows.first().map(|row| target_key::<A>(row.target()));
            added.push(added_key::<A>(row.transpose()?)?);
            created.push(Pending::Created(rows));
        }
        Ok((added, created))
    }

    async fn after(
        _: Vec<Vec<NewTarget<A, V, B, P>>>,
        _: &[A::Source],
        _: &mut C,
    ) -> QueryResult<Vec<Vec<RowOf<A, B>>>> {
        Ok(Vec::new())
    }

    fn check(rows: &[RowOf<A, B>], parent: &A::Source) -> QueryResult<()> {
        rows.iter()
            .try_for_each(|row| check_shared::<A>(parent, target_key::<A>(row.target())?))
    }
}

/// The columns of a parent that belongs to the row with this key, or to none.
#[allow(clippy::type_complexity, reason = "it is that of `GrowKind::Added`")]
pub(super) fn added_key<A>(
    key: Option<TargetKeyOf<A>>,
) -> QueryResult<(OwnKey<A>, Condition<SourceScopeOf<A>>)>
where
    A: Association,
    SourceKeyColumns<A>: EqAll<<SourceKeyOf<A> as Key>::Owned>,
    TargetKeyOf<A>: SameKey<SourceKeyOf<A>>,
{
    let key = match key {
        Some(key) => SourceKeyOf::<A>::into_owned(key.same()),
        None if SourceKeyColumns::<A>::NULLABLE => SourceKeyOf::<A>::null_owned(),
        None => return Err(null_key::<A>()),
    };
    let key = SourceKeyColumns::<A>::default().eq_all(key);
    Ok((OwnKey(key), SourceScopeOf::<A>::condition()))
}
