//! Links that are rows: adding, removing and setting them.

use super::destroy::Destroyed;
use super::key_of;
use super::pairs::InsertPairs;
use super::statement::{And, Delete, FEW, InsertLinks, NoValues, SetNull, Update};
use crate::association::{
    Association, KeyColumnsOf, Kind, KindOf, LinkColumnsOf, LinkScopeOf, LinkTableOf, LinksOf,
    Scope, SourceKeyOf, SourceKeyRef, TargetKeyOf, Unlinks, Within, WriteOf,
};
use crate::connection::{Enrolled, Execute, Executor, Load, Transaction};
use crate::error::null_key;
use crate::key::{Assign, Columns, EqAll, Key, KeyIn, MaybeReference, Targets};
use crate::query::{Linked, Matching, linked};
use diesel::query_dsl::methods::{DistinctDsl, FilterDsl, SelectDsl};
use diesel::result::Error;
use diesel::{QueryResult, dsl};
use std::future::Future;

/// A connection through which the links of the association `A` can be written.
///
/// It follows from the model and the connection; there is nothing to implement
/// by hand.
#[diagnostic::on_unimplemented(
    message = "the links of `{A}` cannot be written through `{Self}`",
    note = "the keys must be of types that this database can bind"
)]
pub trait WriteLinks<'k, A: Association>: Executor {
    /// The way of the association's kind.
    type By: LinkKind<'k, A, Self>;
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> WriteLinks<'k, A> for C
where
    C: Enrolled,
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
    /// Whether [`link`](LinkKind::link) finds out after the statement that a
    /// target is not there.
    const CHECKED: bool;

    /// The keys of the targets that are linked.
    ///
    /// # Errors
    /// What the database reports.
    fn linked(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<Vec<TargetKeyOf<A>>>> + Send;

    /// Links these targets, of which there is at least one.
    ///
    /// # Errors
    /// `NotFound` if one is not there, where the links are the targets; else
    /// what the database reports.
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

type Link<'k, A> = Update<LinkTableOf<A>, Assign<(Matching<'k, A>, LinkCondition<A>)>, Targeted<A>>;
type Unlink<'k, A> =
    Update<LinkTableOf<A>, SetNull<KeyColumnsOf<A>>, And<OfSource<'k, A>, Targeted<A>>>;
type UnlinkAll<'k, A> = Update<LinkTableOf<A>, SetNull<KeyColumnsOf<A>>, OfSource<'k, A>>;
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

/// A connection through which what is linked can be read, for every kind.
pub(super) trait ReadLinked<'k, A: Association>: Executor {
    fn read_linked(
        &mut self,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<Vec<TargetKeyOf<A>>>> + Send;
}

impl<'k, A, C> ReadLinked<'k, A> for C
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    LinksOf<A>: SelectDsl<<LinkColumnsOf<A> as Columns>::Nullable>,
    dsl::Select<LinksOf<A>, <LinkColumnsOf<A> as Columns>::Nullable>: DistinctDsl,
    dsl::Distinct<dsl::Select<LinksOf<A>, <LinkColumnsOf<A> as Columns>::Nullable>>:
        FilterDsl<Matching<'k, A>>,
    Linked<'k, A>: Send,
    C: Load<'k, Linked<'k, A>, <TargetKeyOf<A> as Key>::Owned>,
{
    async fn read_linked(&mut self, key: SourceKeyRef<'k, A>) -> QueryResult<Vec<TargetKeyOf<A>>> {
        let keys = self.load(linked::<A>(key)).await?;
        Ok(keys.into_iter().filter_map(Key::from_owned).collect())
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
        + Execute<'k, Link<'k, A>>
        + Execute<'k, Unlink<'k, A>>
        + Execute<'k, UnlinkAll<'k, A>>
        + Execute<'k, Destroy<'k, A>>
        + Execute<'k, DestroyAll<'k, A>>,
{
    const CHECKED: bool = true;

    fn linked(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<Vec<TargetKeyOf<A>>>> + Send {
        conn.read_linked(key)
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
        let link = Update::new(Assign(set), targeted::<A>(targets));
        if conn.execute(link).await? < expected {
            return Err(Error::NotFound);
        }
        Ok(())
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

type Insert<'k, A> = InsertLinks<
    LinkTableOf<A>,
    Matching<'k, A>,
    LinkColumnsOf<A>,
    TargetKeyOf<A>,
    LinkCondition<A>,
>;

#[diagnostic::do_not_recommend]
impl<'k, A, C> LinkKind<'k, A, C> for JunctionLinks
where
    A: Association,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    Insert<'k, A>: Send,
    Destroy<'k, A>: Send,
    DestroyAll<'k, A>: Send,
    C: ReadLinked<'k, A>
        + Execute<'k, Insert<'k, A>>
        + InsertPairs<'k, A, NoValues>
        + Execute<'k, Destroy<'k, A>>
        + Execute<'k, DestroyAll<'k, A>>,
{
    const CHECKED: bool = false;

    fn linked(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<Vec<TargetKeyOf<A>>>> + Send {
        conn.read_linked(key)
    }

    async fn link(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> QueryResult<()> {
        if !targets.iter().all(|target| may_meet::<A>(key, target)) {
            return Err(Error::NotFound);
        }
        if <KindOf<A> as Kind<_, _>>::links_are_unique() && targets.len() <= FEW {
            let source = SourceKeyOf::<A>::from_ref(key).ok_or_else(null_key::<A>)?;
            let pairs = targets
                .into_iter()
                .map(|target| (source.clone(), target, NoValues));
            return conn.insert_pairs(pairs.collect()).await.map(|_| ());
        }
        let source = KeyColumnsOf::<A>::default().eq_all(key);
        let scope = LinkScopeOf::<A>::condition();
        let insert = InsertLinks::new(source, targeted::<A>(targets), scope);
        conn.execute(insert).await.map(|_| ())
    }

    async fn unlink(
        conn: &mut C,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> QueryResult<usize> {
        let condition = And(of_source::<A>(key), targeted::<A>(targets));
        conn.execute(Delete::new(condition)).await
    }

    async fn unlink_all(conn: &mut C, key: SourceKeyRef<'k, A>) -> QueryResult<usize> {
        conn.execute(Delete::new(of_source::<A>(key))).await
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

/// Whether a junction row can hold both keys: a column that is in both, such as
/// a tenant, has one value.
pub(super) fn may_meet<A: Association>(
    source: SourceKeyRef<'_, A>,
    target: &TargetKeyOf<A>,
) -> bool {
    let Some(source) = SourceKeyOf::<A>::from_ref(source) else {
        return false;
    };
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
        if !C::By::CHECKED || targets.len() == 1 {
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

/// Removes the link of `source`: one statement.
pub fn unset<'k, A, How, C>(source: &'k A::Source, conn: &'k mut C) -> C::Return<'k, ()>
where
    A: Association,
    C: RemoveLinks<'k, A, How>,
{
    C::finish(async move {
        conn.remove_every_link(key_of::<A>(source)?)
            .await
            .map(|_| ())
    })
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

/// Links exactly `targets` to `source`: one statement to see what is linked, and
/// at most one each to unlink and to link the difference.
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
        let linked = C::By::linked(conn, key).await?;
        let (kept, removed): (Vec<_>, Vec<_>) =
            linked.into_iter().partition(|key| targets.contains(key));
        let added: Vec<_> = targets
            .into_iter()
            .filter(|key| !kept.contains(key))
            .collect();
        remove_links::<A, C, How>(key, removed, conn).await?;
        if !added.is_empty() {
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
                    None => {
                        let key = key_of::<A>(source)?;
                        conn.remove_every_link(key).await.map(|_| ())
                    }
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
