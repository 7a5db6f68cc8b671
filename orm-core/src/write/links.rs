//! Links that are rows: adding, removing and setting them.

use super::key_of;
use super::lock::LockSource;
use super::pairs::{InsertPairs, is_other_row};
use super::statement::{
    Among, And, CountLinked, CountTargets, Current, Delete, Existing, InsertLinks, NoValues,
    SetLink, SetNull, UnlinkRows, Update, WithShared, WithTargetInScope,
};
use crate::association::{
    Association, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, LinkScopeOf, LinkTableOf, LinksOf,
    Scope, SourceKeyColumns, SourceKeyOf, SourceKeyRef, TargetKeyOf, TargetScopeOf, Unlinks,
    Within, WriteOf,
};
use crate::connection::{
    Dialect, Enrolled, Exclusive, Execute, Executor, HasDialect, Load, Transaction,
};
use crate::error::null_key;
use crate::key::{Columns, EqAll, Equality, Key, KeyIn, MaybeReference, Targets, sort};
use crate::query::{Has, Matching};
use diesel::query_dsl::methods::{DistinctDsl, FilterDsl, SelectDsl};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{Expression, QueryResult, dsl};
use std::collections::HashSet;
use std::future::Future;

/// A connection through which the links of the association `A` can be written.
///
/// It follows from the model and the connection; there is nothing to implement
/// by hand.
#[diagnostic::on_unimplemented(
    message = "the links of `{A}` cannot be written through `{Self}`",
    note = "the keys must be of types that this database can bind; a shared `&AsyncPgConnection` only reads: pass `&mut AsyncPgConnection`"
)]
pub trait WriteLinks<'k, A: Association>: Exclusive {
    /// The way of the association's kind.
    type By: LinkKind<'k, A, Self>;
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> WriteLinks<'k, A> for C
where
    C: Enrolled + Exclusive,
    A: WriteLinksBy<'k, C>,
{
    type By = A::By;
}

/// An association whose links can be written through `C`, see [`WriteLinks`].
pub trait WriteLinksBy<'k, C: Executor>: Association {
    /// The way of its kind.
    type By: LinkKind<'k, Self, C>;
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> WriteLinksBy<'k, C> for A
where
    A: Association,
    C: Executor,
    WriteOf<A>: LinkKind<'k, A, C>,
{
    type By = WriteOf<A>;
}

/// The links are the target's rows: of a `has_one` or `has_many`.
#[derive(Debug)]
pub struct RowLinks;

/// The links are the junction's rows: of a `belongs_to_many`.
#[derive(Debug)]
pub struct JunctionLinks;

/// The link is the source's key: of a `belongs_to`.
#[derive(Debug)]
pub struct KeyLinks;

/// A way of writing links through the connection `C`.
pub trait LinkKind<'k, A: Association, C: Executor> {
    /// Locks the source until the transaction ends, so that nobody else replaces its
    /// links meanwhile.
    ///
    /// # Errors
    /// `NotFound` if there is no such source; else what the database reports.
    fn lock(conn: &mut C, key: SourceKeyRef<'k, A>)
    -> impl Future<Output = QueryResult<()>> + Send;

    /// The keys of the targets that are linked, each with whether the database finds it
    /// among `targets`.
    ///
    /// # Errors
    /// What the database reports.
    fn linked(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<Vec<(TargetKeyOf<A>, bool)>>> + Send;

    /// Whether all of these targets are within the scope of the association, where the
    /// database cannot say it: one statement for a junction whose target has a scope.
    ///
    /// # Errors
    /// `NotFound` if one is not; else what the database reports.
    fn check(
        conn: &mut C,
        targets: &[TargetKeyOf<A>],
    ) -> impl Future<Output = QueryResult<()>> + Send;

    /// Links these targets, of which there is at least one.
    ///
    /// # Errors
    /// `NotFound` if one is not there, or not where this source may link it; else what
    /// the database reports.
    fn link(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<()>> + Send;

    /// Removes the links to those of these targets that are linked, and returns
    /// how many.
    ///
    /// # Errors
    /// What the database reports.
    fn unlink(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;

    /// Removes every link, and returns how many.
    ///
    /// # Errors
    /// What the database reports.
    fn unlink_all(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;

    /// As [`unlink`](LinkKind::unlink), but deletes the rows that are the
    /// links.
    ///
    /// # Errors
    /// What the database reports.
    fn destroy(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;

    /// As [`unlink_all`](LinkKind::unlink_all), but deletes the rows that are
    /// the links.
    ///
    /// # Errors
    /// What the database reports.
    fn destroy_all(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;
}

/// The scope on the links of `A`, as a condition.
pub(super) type LinkCondition<A> = <LinkScopeOf<A> as Scope>::Condition;
/// `key = ?`, within the scope.
pub(super) type OfSource<'k, A> = Within<Matching<'k, A>, LinkCondition<A>>;
pub(super) type Targeted<A> = KeyIn<LinkColumnsOf<A>, TargetKeyOf<A>>;

type Link<'k, A> = Update<
    LinkTableOf<A>,
    SetLink<LinkColumnsOf<A>, (Matching<'k, A>, LinkCondition<A>)>,
    WithShared<Targeted<A>, LinkColumnsOf<A>, SourceKeyColumns<A>, Matching<'k, A>>,
>;
type Unlink<'k, A> = Update<LinkTableOf<A>, UnlinkRows<A>, And<OfSource<'k, A>, Targeted<A>>>;
type UnlinkAll<'k, A> = Update<LinkTableOf<A>, UnlinkRows<A>, OfSource<'k, A>>;
type Destroy<'k, A> = Delete<LinkTableOf<A>, And<OfSource<'k, A>, Targeted<A>>>;
type DestroyAll<'k, A> = Delete<LinkTableOf<A>, OfSource<'k, A>>;

pub(super) fn of_source<'k, A>(key: SourceKeyRef<'k, A>) -> OfSource<'k, A>
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
{
    Within(
        KeyColumnsOf::<A>::default().eq_all(key),
        LinkScopeOf::<A>::condition(),
    )
}

pub(super) fn targeted<A: Association>(targets: Vec<TargetKeyOf<A>>) -> Targeted<A> {
    KeyIn::to_change(LinkColumnsOf::<A>::default(), targets)
}

type NullableLinkColumns<A> = <LinkColumnsOf<A> as Columns>::Nullable;
/// The links, each with whether its target is among some.
type MarkedColumns<A> = (NullableLinkColumns<A>, Among<A>);
type Marked<'k, A> =
    Current<dsl::Filter<dsl::Distinct<dsl::Select<LinksOf<A>, MarkedColumns<A>>>, Matching<'k, A>>>;
type MarkedRow<A> = (<TargetKeyOf<A> as Key>::Owned, Option<bool>);

/// A connection through which what is linked can be read, for every kind.
pub(super) trait ReadLinked<'k, A: Association>: Executor {
    fn read_linked(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<Vec<(TargetKeyOf<A>, bool)>>> + Send;
}

impl<'k, A, C> ReadLinked<'k, A> for C
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    MarkedColumns<A>: Expression,
    LinksOf<A>: SelectDsl<MarkedColumns<A>>,
    dsl::Select<LinksOf<A>, MarkedColumns<A>>: DistinctDsl,
    dsl::Distinct<dsl::Select<LinksOf<A>, MarkedColumns<A>>>: FilterDsl<Matching<'k, A>>,
    Marked<'k, A>: Send,
    C: Load<'k, Marked<'k, A>, MarkedRow<A>>,
{
    async fn read_linked(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> QueryResult<Vec<(TargetKeyOf<A>, bool)>> {
        let columns = LinkColumnsOf::<A>::default();
        let among = Among::<A>::new(targets);
        let marked = Current(FilterDsl::filter(
            DistinctDsl::distinct(SelectDsl::select(
                <KindOf<A> as Kind<_, _>>::links(),
                (columns.nullable(), among),
            )),
            KeyColumnsOf::<A>::default().eq_all(key),
        ));
        let rows = self.load(marked).await?.into_iter();
        let rows =
            rows.filter_map(|(key, among)| Some((Key::from_owned(key)?, among == Some(true))));
        Ok(rows.collect())
    }
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> LinkKind<'k, A, C> for RowLinks
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    Link<'k, A>: Send,
    Unlink<'k, A>: Send,
    UnlinkAll<'k, A>: Send,
    Destroy<'k, A>: Send,
    DestroyAll<'k, A>: Send,
    C: ReadLinked<'k, A>
        + LockSource<'k, A>
        + Has<'k, A>
        + Execute<'k, Link<'k, A>>
        + Execute<'k, Unlink<'k, A>>
        + Execute<'k, UnlinkAll<'k, A>>
        + Execute<'k, Destroy<'k, A>>
        + Execute<'k, DestroyAll<'k, A>>,
    Targeted<A>: Equality<C::Backend>,
{
    fn lock(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<()>> + Send {
        conn.lock_source(key)
    }

    fn linked(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<Vec<(TargetKeyOf<A>, bool)>>> + Send {
        conn.read_linked(key, targets)
    }

    async fn check(_: &mut C, _: &[TargetKeyOf<A>]) -> QueryResult<()> {
        Ok(())
    }

    async fn link(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> QueryResult<()> {
        let expected = targets.len();
        let set = (
            KeyColumnsOf::<A>::default().eq_all(key),
            LinkScopeOf::<A>::condition(),
        );
        let source = KeyColumnsOf::<A>::default().eq_all(key);
        let condition = WithShared::new(targeted::<A>(targets.clone()), source);
        let linked = conn
            .execute(Update::new(SetLink::new(set), condition))
            .await?;
        // Two keys may be one to the database, as texts are that differ in case.
        let exact = <Targeted<A> as Equality<C::Backend>>::is_that_of_rust();
        if linked >= expected || !exact && linked > 0 && conn.has_all(key, targets).await? {
            return Ok(());
        }
        Err(Error::NotFound)
    }

    async fn unlink(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> QueryResult<usize> {
        let condition = And(of_source::<A>(key), targeted::<A>(targets));
        conn.execute(Update::new(SetNull::NEW, condition)).await
    }

    async fn unlink_all(conn: &mut C, key: SourceKeyRef<'k, A>) -> QueryResult<usize> {
        let condition = of_source::<A>(key);
        conn.execute(Update::new(SetNull::NEW, condition)).await
    }

    async fn destroy(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> QueryResult<usize> {
        let condition = And(of_source::<A>(key), targeted::<A>(targets));
        conn.execute(Delete::new(condition)).await
    }

    async fn destroy_all(conn: &mut C, key: SourceKeyRef<'k, A>) -> QueryResult<usize> {
        conn.execute(Delete::new(of_source::<A>(key))).await
    }
}

type Insert<'k, A> = InsertLinks<A, Matching<'k, A>>;
type InsertAndCount<'k, A> = CountLinked<A, Matching<'k, A>>;
type DeleteLinks<'k, A> =
    Delete<LinkTableOf<A>, WithTargetInScope<A, And<OfSource<'k, A>, Targeted<A>>>>;
type DeleteAllLinks<'k, A> = Delete<LinkTableOf<A>, WithTargetInScope<A, OfSource<'k, A>>>;

#[diagnostic::do_not_recommend]
impl<'k, A, C> LinkKind<'k, A, C> for JunctionLinks
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    Insert<'k, A>: Send,
    InsertAndCount<'k, A>: Send,
    DeleteLinks<'k, A>: Send,
    DeleteAllLinks<'k, A>: Send,
    C: Exclusive
        + ReadLinked<'k, A>
        + LockSource<'k, A>
        + Has<'k, A>
        + CheckTargets<'k, A>
        + Execute<'k, Insert<'k, A>>
        + Load<'k, InsertAndCount<'k, A>, i64>
        + InsertPairs<'k, A, NoValues>
        + Execute<'k, DeleteLinks<'k, A>>
        + Execute<'k, DeleteAllLinks<'k, A>>,
    C::Backend: HasDialect,
{
    fn lock(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<()>> + Send {
        conn.lock_source(key)
    }

    fn linked(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<Vec<(TargetKeyOf<A>, bool)>>> + Send {
        conn.read_linked(key, targets)
    }

    fn check(
        conn: &mut C,
        targets: &[TargetKeyOf<A>],
    ) -> impl Future<Output = QueryResult<()>> + Send {
        conn.check_targets(targets)
    }

    async fn link(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        mut targets: Vec<TargetKeyOf<A>>,
    ) -> QueryResult<()> {
        if !targets.iter().all(|target| may_meet::<A>(key, target)) {
            return Err(Error::NotFound);
        }
        sort(&mut targets, |target| target);
        for left in (0..ROUNDS).rev() {
            let linked = insert_links::<A, C>(conn, key, targets.clone()).await?;
            if linked.is_some_and(|linked| linked >= targets.len()) {
                return Ok(());
            }
            // Something was in the way of some: the database says what, or it is that a
            // target is not there.
            let mut transaction = Transaction::begin(conn).await?;
            let linked = link_strictly::<A, C>(transaction.conn(), key, targets.clone()).await;
            let linked = transaction.end(linked).await;
            if left > 0 && linked.as_ref().is_err_and(is_unique_violation) {
                continue;
            }
            return linked;
        }
        Err(Error::NotFound)
    }

    async fn unlink(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> QueryResult<usize> {
        let condition = And(of_source::<A>(key), targeted::<A>(targets));
        conn.execute(Delete::new(WithTargetInScope::new(condition)))
            .await
    }

    async fn unlink_all(conn: &mut C, key: SourceKeyRef<'k, A>) -> QueryResult<usize> {
        let condition = of_source::<A>(key);
        conn.execute(Delete::new(WithTargetInScope::new(condition)))
            .await
    }

    fn destroy(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        Self::unlink(conn, key, targets)
    }

    fn destroy_all(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        Self::unlink_all(conn, key)
    }
}

/// How often links are written that another connection writes meanwhile, before it is given
/// up that the database has them.
pub(super) const ROUNDS: usize = 3;

fn is_unique_violation(error: &Error) -> bool {
    matches!(
        error,
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)
    )
}

/// Links those of these targets that are there and that nothing forbids, and returns to
/// how many of them the source is linked then, where the database says it.
async fn insert_links<'k, A, C>(
    conn: &mut C,
    key: SourceKeyRef<'k, A>,
    targets: Vec<TargetKeyOf<A>>,
) -> QueryResult<Option<usize>>
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    Insert<'k, A>: Send,
    InsertAndCount<'k, A>: Send,
    C: Execute<'k, Insert<'k, A>> + Load<'k, InsertAndCount<'k, A>, i64>,
    C::Backend: HasDialect,
{
    let source = KeyColumnsOf::<A>::default().eq_all(key);
    let dialect = C::Backend::DIALECT;
    if dialect == Some(Dialect::Postgres) {
        let linked = conn.load_first(CountLinked::new(source, targets)).await?;
        return Ok(linked.and_then(|linked| usize::try_from(linked).ok()));
    }
    match conn.execute(InsertLinks::new(source, targets)).await {
        Ok(linked) => Ok(dialect.map(|_| linked)),
        Err(error) if is_other_row(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Links these targets so that the database says what forbids a link.
async fn link_strictly<'k, A, C>(
    conn: &mut C,
    key: SourceKeyRef<'k, A>,
    targets: Vec<TargetKeyOf<A>>,
) -> QueryResult<()>
where
    A: Association,
    C: ReadLinked<'k, A> + Has<'k, A> + CheckTargets<'k, A> + InsertPairs<'k, A, NoValues>,
{
    if conn.has_all(key, targets.clone()).await? {
        return Ok(());
    }
    conn.check_targets(&targets).await?;
    let linked = conn.read_linked(key, targets.clone()).await?.into_iter();
    let linked = linked.filter(|(_, among)| *among);
    let linked: HashSet<_> = linked.map(|(target, _)| target).collect();
    // the database may have a key under another spelling
    let respelled = !linked.iter().all(|target| targets.contains(target));
    let source = SourceKeyOf::<A>::from_ref(key).ok_or_else(null_key::<A>)?;
    let mut missing = Vec::new();
    for target in targets.iter().filter(|target| !linked.contains(target)) {
        if !respelled || !conn.has_all(key, vec![target.clone()]).await? {
            missing.push((source.clone(), target.clone(), NoValues));
        }
    }
    conn.insert_pairs(missing, Existing::Refuse).await?;
    if conn.has_all(key, targets).await? {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// A connection that can look whether targets are within the scope of `A`.
pub trait CheckTargets<'k, A: Association>: Executor {
    /// Whether all of these distinct targets are there, within the scope: one statement;
    /// none without a scope, where the database's own constraints say it.
    ///
    /// # Errors
    /// `NotFound` if one is not; else what the database reports.
    fn check_targets(
        &mut self,
        targets: &[TargetKeyOf<A>],
    ) -> impl Future<Output = QueryResult<()>> + Send;

    /// How many rows these distinct keys are, since the database may have two keys for one:
    /// one statement, and where they are fewer rows than keys one for each.
    ///
    /// # Errors
    /// As [`check_targets`](CheckTargets::check_targets).
    fn count_targets(
        &mut self,
        targets: &[TargetKeyOf<A>],
    ) -> impl Future<Output = QueryResult<usize>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> CheckTargets<'k, A> for C
where
    A: Association,
    CountTargets<A>: Send,
    C: Load<'k, CountTargets<A>, i64>,
{
    async fn check_targets(&mut self, targets: &[TargetKeyOf<A>]) -> QueryResult<()> {
        if TargetScopeOf::<A>::NAMES.is_empty() || targets.is_empty() {
            return Ok(());
        }
        self.count_targets(targets).await?;
        Ok(())
    }

    async fn count_targets(&mut self, targets: &[TargetKeyOf<A>]) -> QueryResult<usize> {
        let all = CountTargets::<A>::new(targets.iter().cloned());
        let all = self.load_first(all).await?.unwrap_or(0);
        let all = usize::try_from(all).unwrap_or(0);
        if all < targets.len() {
            for target in targets {
                let one = CountTargets::<A>::new([target.clone()]);
                if self.load_first(one).await?.unwrap_or(0) == 0 {
                    return Err(Error::NotFound);
                }
            }
        }
        Ok(all)
    }
}

/// Whether a junction row can hold both keys: a column that is in both, such as
/// a tenant, has one value.
pub(super) fn may_meet<A: Association>(
    source: SourceKeyRef<'_, A>,
    target: &TargetKeyOf<A>,
) -> bool {
    SourceKeyOf::<A>::from_ref(source).is_some_and(|source| meet::<A>(&source, target))
}

/// As [`may_meet`].
pub(super) fn meet<A: Association>(source: &SourceKeyOf<A>, target: &TargetKeyOf<A>) -> bool {
    let (ours, theirs) = (KeyColumnsOf::<A>::NAMES, LinkColumnsOf::<A>::NAMES);
    ours.iter().enumerate().all(|(place, name)| {
        let Some(other) = theirs.iter().position(|other| other == name) else {
            return true;
        };
        source
            .part(place)
            .is_some_and(|part| target.part_is(other, part))
    })
}

fn keys_of<A: Association, Form>(
    targets: impl Targets<A, Form>,
) -> QueryResult<Vec<TargetKeyOf<A>>> {
    targets.target_keys().ok_or_else(null_key::<A>)
}

/// Links `targets` to `source`: one statement, none for no targets.
pub fn add<'k, A, T, Form, C>(
    source: &'k A::Source,
    targets: T,
    conn: &'k mut C,
) -> C::Return<'k, ()>
where
    A: Association,
    T: Targets<A, Form>,
    C: WriteLinks<'k, A>,
{
    let targets = keys_of::<A, Form>(targets);
    C::finish(async move {
        let targets = targets?;
        let key = key_of::<A>(source)?;
        if targets.is_empty() {
            return Ok(());
        }
        // one link is there whole or not at all
        if targets.len() == 1 {
            return C::By::link(conn, key, targets).await;
        }
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let linked = C::By::link(conn, key, targets).await;
        transaction.end(linked).await
    })
}

/// A connection through which links of `A` can be removed: `How` is what becomes
/// of their rows, [`Unlinked`] or [`Destroyed`].
pub trait RemoveLinks<'k, A: Association, How>: WriteLinks<'k, A> {
    /// Removes the links to those of these targets, of which there is at least
    /// one, that are linked, and returns how many.
    ///
    /// # Errors
    /// What the database reports.
    fn remove_links(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;

    /// Removes every link, and returns how many.
    ///
    /// # Errors
    /// What the database reports.
    fn remove_every_link(
        &mut self,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;
}

/// They are unlinked.
#[derive(Debug)]
pub struct Unlinked;

/// They are destroyed.
#[derive(Debug)]
pub struct Destroyed;

impl<'k, A, C> RemoveLinks<'k, A, Unlinked> for C
where
    A: Association,
    C: WriteLinks<'k, A> + Unlinks<A>,
{
    fn remove_links(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        C::By::unlink(self, key, targets)
    }

    fn remove_every_link(
        &mut self,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        C::By::unlink_all(self, key)
    }
}

macro_rules! removers {
    ($($(#[$doc:meta])* $name:ident: $how:ident;)+) => {$(
        $(#[$doc])*
        pub fn $name<'k, A, T, Form, C>(
            source: &'k A::Source,
            targets: T,
            conn: &'k mut C,
        ) -> C::Return<'k, usize>
        where
            A: Association,
            T: Targets<A, Form>,
            C: RemoveLinks<'k, A, $how>,
        {
            let targets = keys_of::<A, Form>(targets);
            C::finish(async move {
                let (targets, key) = (targets?, key_of::<A>(source)?);
                remove_links::<A, C, $how>(key, targets, conn).await
            })
        }
    )+};
}

removers! {
    /// Unlinks `targets` from `source`: one statement, none for no targets.
    /// Returns how many rows there were.
    remove: Unlinked;
    /// Destroys those of `targets` that are linked to `source`: one statement
    /// where the target declares no `on_delete`, none for no targets. Returns how
    /// many rows there were.
    destroy: Destroyed;
}

async fn remove_links<'k, A, C, How>(
    key: SourceKeyRef<'k, A>,
    targets: Vec<TargetKeyOf<A>>,
    conn: &mut C,
) -> QueryResult<usize>
where
    A: Association,
    C: RemoveLinks<'k, A, How>,
{
    if targets.is_empty() {
        return Ok(0);
    }
    conn.remove_links(key, targets).await
}

/// Removes the link of `source`: one statement, and on PostgreSQL and MySQL one to lock the
/// source.
pub fn unset<'k, A, How, C>(source: &'k A::Source, conn: &'k mut C) -> C::Return<'k, ()>
where
    A: Association,
    C: RemoveLinks<'k, A, How>,
{
    C::finish(async move { clear_links::<A, C, How>(source, conn).await })
}

/// Destroys what is linked to `source`: one statement where the target declares
/// no `on_delete`. Returns how many rows there were.
pub fn destroy_all<'k, A, C>(source: &'k A::Source, conn: &'k mut C) -> C::Return<'k, usize>
where
    A: Association,
    C: RemoveLinks<'k, A, Destroyed>,
{
    C::finish(async move { conn.remove_every_link(key_of::<A>(source)?).await })
}

/// Links nothing to `source`.
async fn clear_links<'k, A, C, How>(source: &'k A::Source, conn: &mut C) -> QueryResult<()>
where
    A: Association,
    C: RemoveLinks<'k, A, How>,
{
    let key = key_of::<A>(source)?;
    let mut transaction = Transaction::begin(conn).await?;
    let conn = transaction.conn();
    let cleared = async {
        C::By::lock(conn, key).await?;
        conn.remove_every_link(key).await
    }
    .await;
    transaction.end(cleared).await.map(|_| ())
}

/// Links exactly `targets` to `source`: one statement to see what is linked, and
/// at most one each to unlink and to link the difference. On PostgreSQL and MySQL the
/// source is locked first.
async fn set_links<'k, A, C, How>(
    source: &'k A::Source,
    targets: Vec<TargetKeyOf<A>>,
    conn: &mut C,
) -> QueryResult<()>
where
    A: Association,
    C: RemoveLinks<'k, A, How>,
{
    let key = key_of::<A>(source)?;
    let mut transaction = Transaction::begin(conn).await?;
    let conn = transaction.conn();
    let set = async {
        C::By::lock(conn, key).await?;
        let linked = C::By::linked(conn, key, targets.clone()).await?;
        let (kept, removed): (Vec<_>, Vec<_>) = linked.into_iter().partition(|(_, among)| *among);
        let removed: Vec<_> = removed.into_iter().map(|(key, _)| key).collect();
        let expected = removed.len();
        if remove_links::<A, C, How>(key, removed, conn).await? < expected {
            // another connection was faster, or something keeps a link
            let left = C::By::linked(conn, key, targets.clone()).await?;
            if left.iter().any(|(_, among)| !among) {
                return Err(Error::NotFound);
            }
        }
        // Every kept link is one of the targets: if there are as many, it is all of them.
        if kept.len() < targets.len() {
            let kept: HashSet<_> = kept.into_iter().map(|(key, _)| key).collect();
            let mut added = targets;
            added.retain(|key| !kept.contains(key));
            C::By::link(conn, key, added).await?;
        }
        Ok(())
    }
    .await;
    transaction.end(set).await
}

macro_rules! setters {
    ($($(#[$doc:meta])* $many:ident, $(#[$doc_one:meta])* $one:ident: $how:ident;)+) => {$(
        $(#[$doc])*
        pub fn $many<'k, A, T, Form, C>(
            source: &'k A::Source,
            targets: T,
            conn: &'k mut C,
        ) -> C::Return<'k, ()>
        where
            A: Association,
            T: Targets<A, Form>,
            C: RemoveLinks<'k, A, $how>,
        {
            let targets = keys_of::<A, Form>(targets);
            C::finish(async move {
                set_links::<A, C, $how>(source, targets?, conn).await
            })
        }

        $(#[$doc_one])*
        pub fn $one<'k, A, T, Form, C>(
            source: &'k A::Source,
            target: T,
            conn: &'k mut C,
        ) -> C::Return<'k, ()>
        where
            A: Association,
            T: MaybeReference<A, Form>,
            C: RemoveLinks<'k, A, $how>,
        {
            let target = target.maybe_key();
            C::finish(async move {
                match target {
                    Some(target) => {
                        let targets = vec![target.ok_or_else(null_key::<A>)?];
                        set_links::<A, C, $how>(source, targets, conn).await
                    }
                    None => clear_links::<A, C, $how>(source, conn).await,
                }
            })
        }
    )+};
}

setters! {
    /// Links exactly `targets` to `source`: one statement if they are, else at
    /// most three.
    set,
    /// Links exactly `target` to `source`, or nothing: one statement if it is,
    /// else at most three.
    set_one: Unlinked;
    /// As [`set`], but destroys what is linked and is not to be.
    set_destroy_previous,
    /// As [`set_one`], but destroys what is linked and is not to be.
    set_one_destroy_previous: Destroyed;
}
