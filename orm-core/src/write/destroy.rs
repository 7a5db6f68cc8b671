//! Deleting rows with what `on_delete` says of their associations.

use super::create::Create;
use super::insert::NewRow;
use super::key_of;
use super::links::{
    Destroyed, JunctionLinks, LinkCondition, LinkKind, RemoveLinks, RowLinks, Targeted, WriteLinks,
    targeted,
};
use super::statement::{Delete, SetNull, UnlinkRows, Update};
use crate::association::{
    Association, FromOf, KeyColumnsOf, Kind, KindOf, LinkScopeOf, LinkTableOf, LinksOf, Scope,
    SourceKeyOf, SourceKeyRef, TargetKeyOf, Within, WriteOf, source_key,
};
use crate::connection::{Enrolled, Exclusive, Execute, Executor, Load, Transaction};
use crate::error::{restricted, too_deep};
use crate::key::{EqAll, Key, KeyIn, Keyed};
use crate::model::Model;
use crate::query::Matching;
use diesel::dsl::{self, count_star};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::result::Error;
use diesel::{Expression, QueryResult, Selectable, SelectableHelper};
use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

/// What becomes of what belongs to a row that is destroyed, as its associations
/// declare it.
///
/// `#[derive(Model)]` implements it.
pub trait Destroys: Model {
    /// A tuple of [`Cascade`], [`CascadeSelf`], [`Nullify`] and [`Restrict`].
    type OnDelete;
}

/// `on_delete = cascade`: it is destroyed too; of a `belongs_to_many`, its links.
#[derive(Debug)]
pub struct Cascade<A>(PhantomData<A>);

/// `on_delete = cascade` of an association to the model itself: so are its own,
/// and so on.
#[derive(Debug)]
pub struct CascadeSelf<A>(PhantomData<A>);

/// `on_delete = nullify`: it is unlinked.
#[derive(Debug)]
pub struct Nullify<A>(PhantomData<A>);

/// `on_delete = restrict`: the row is not destroyed while there is any.
#[derive(Debug)]
pub struct Restrict<A>(PhantomData<A>);

/// What is done before rows of the model `M` are deleted.
#[diagnostic::on_unimplemented(
    message = "a `{M}` cannot be destroyed through `{C}`",
    note = "what its `on_delete` reaches must derive `Queryable` and `Selectable`"
)]
pub trait OnDelete<M, C: Executor, D> {
    /// Whether nothing is.
    const NOTHING: bool = false;

    /// The rows of the same model that are destroyed with these.
    ///
    /// # Errors
    /// What the database reports.
    #[must_use]
    fn descend(_: &[M], _: &mut C) -> impl Future<Output = QueryResult<Vec<M>>> + Send {
        async { Ok(Vec::new()) }
    }

    /// Destroys, unlinks or refuses what belongs to these rows.
    ///
    /// # Errors
    /// Where something refuses; else what the database reports.
    fn before_delete(
        rows: &[M],
        cascades: &mut Cascades<C>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<()>> + Send;
}

/// How many models a cascade reaches, one through another, that the compiler
/// follows: `More` before [`Last`]. After that it goes on with a model that it has
/// come through, so that models may cascade into each other.
#[derive(Debug)]
pub struct More<D>(PhantomData<D>);

/// See [`More`].
#[derive(Debug)]
pub struct Last;

/// See [`More`].
pub type Depth = Eight<Eight<Last>>;

type Eight<D> = More<More<More<More<More<More<More<More<D>>>>>>>>;

type Destroying<'c> = Pin<Box<dyn Future<Output = QueryResult<usize>> + Send + 'c>>;

/// Destroys rows of a model that only a value knows: a `Vec` of it.
type DestroyAny<C> =
    for<'c> fn(Box<dyn Any + Send>, &'c mut Cascades<C>, &'c mut C) -> Destroying<'c>;

/// What a cascade has come through: the models, and the keys of their rows.
pub struct Cascades<C> {
    models: HashMap<TypeId, DestroyAny<C>>,
    /// The keys of each model, as a `HashSet`.
    known: HashMap<TypeId, Box<dyn Any + Send>>,
}

impl<C> std::fmt::Debug for Cascades<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Cascades").field(&self.models.len()).finish()
    }
}

impl<C> Cascades<C> {
    fn new() -> Self {
        Self {
            models: HashMap::new(),
            known: HashMap::new(),
        }
    }

    /// Whether a row of the model `M` is met for the first time.
    fn is_new<M: 'static, K: Key>(&mut self, key: K) -> bool {
        let known = self.known.entry(TypeId::of::<M>());
        let known = known.or_insert_with(|| Box::new(HashSet::<K>::new()));
        known
            .downcast_mut::<HashSet<K>>()
            .is_none_or(|known| known.insert(key))
    }
}

/// [`DestroyAny`] of the model `M`.
fn destroy_any<'c, M, C, D>(
    rows: Box<dyn Any + Send>,
    cascades: &'c mut Cascades<C>,
    conn: &'c mut C,
) -> Destroying<'c>
where
    M: Model,
    D: 'static,
    C: DestroyRows<M, D>,
{
    match rows.downcast::<Vec<M>>() {
        Ok(rows) => Box::pin(conn.destroy_within(*rows, cascades)),
        Err(_) => Box::pin(async { Ok(0) }),
    }
}

/// The keys of these rows by which `A` finds what belongs to them.
type OfSources<A> = KeyIn<KeyColumnsOf<A>, SourceKeyOf<A>>;
type OfSourcesInScope<A> = Within<OfSources<A>, LinkCondition<A>>;

fn of_sources<A: Association>(rows: &[A::Source]) -> Option<OfSources<A>> {
    let keys: HashSet<_> = rows
        .iter()
        .filter_map(|row| SourceKeyOf::<A>::from_ref(source_key::<A>(row)))
        .collect();
    (!keys.is_empty()).then(|| KeyIn::to_change(KeyColumnsOf::<A>::default(), keys))
}

fn in_scope<A: Association>(sources: OfSources<A>) -> OfSourcesInScope<A> {
    Within(sources, LinkScopeOf::<A>::condition())
}

type UnlinkAll<A> = Update<LinkTableOf<A>, UnlinkRows<A>, OfSourcesInScope<A>>;
type DeleteAll<A> = Delete<LinkTableOf<A>, OfSourcesInScope<A>>;
type CountAll<A> = dsl::Filter<dsl::Select<LinksOf<A>, count_star>, OfSources<A>>;
type AsTarget<A, C> = dsl::AsSelect<<A as Association>::Target, <C as Executor>::Backend>;
type LoadAll<A, C> = dsl::Filter<dsl::Select<FromOf<A>, AsTarget<A, C>>, OfSources<A>>;

#[diagnostic::do_not_recommend]
impl<A, C, D> OnDelete<A::Source, C, D> for Nullify<A>
where
    A: Association<Kind: Kind<A::Source, A::Target, Write = RowLinks>>,
    UnlinkAll<A>: Send,
    C: Executor + Execute<'static, UnlinkAll<A>>,
{
    async fn before_delete(
        rows: &[A::Source],
        _: &mut Cascades<C>,
        conn: &mut C,
    ) -> QueryResult<()> {
        match of_sources::<A>(rows) {
            Some(sources) => {
                let unlink = Update::new(SetNull::NEW, in_scope::<A>(sources));
                conn.execute(unlink).await.map(|_| ())
            }
            None => Ok(()),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<A, C, D> OnDelete<A::Source, C, D> for Restrict<A>
where
    A: Association,
    LinksOf<A>: SelectDsl<count_star>,
    dsl::Select<LinksOf<A>, count_star>: FilterDsl<OfSources<A>>,
    CountAll<A>: Send,
    C: Executor + Load<'static, CountAll<A>, i64>,
{
    async fn before_delete(
        rows: &[A::Source],
        _: &mut Cascades<C>,
        conn: &mut C,
    ) -> QueryResult<()> {
        let Some(sources) = of_sources::<A>(rows) else {
            return Ok(());
        };
        let links = SelectDsl::select(<KindOf<A> as Kind<_, _>>::links(), count_star());
        match conn.load_first(FilterDsl::filter(links, sources)).await? {
            Some(0) => Ok(()),
            _ => Err(restricted::<A>()),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<A, C, D> OnDelete<A::Source, C, D> for Cascade<A>
where
    A: Association,
    WriteOf<A>: CascadeKind<A, C, D>,
    C: Executor,
{
    fn before_delete(
        rows: &[A::Source],
        cascades: &mut Cascades<C>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<()>> + Send {
        <WriteOf<A> as CascadeKind<A, C, D>>::cascade(rows, cascades, conn)
    }
}

/// How a kind deletes what belongs to rows.
pub trait CascadeKind<A: Association, C: Executor, D> {
    /// Deletes it.
    ///
    /// # Errors
    /// As [`OnDelete::before_delete`].
    fn cascade(
        rows: &[A::Source],
        cascades: &mut Cascades<C>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<()>> + Send;
}

impl<A, C, D> CascadeKind<A, C, D> for JunctionLinks
where
    A: Association,
    DeleteAll<A>: Send,
    C: Executor + Execute<'static, DeleteAll<A>>,
{
    async fn cascade(rows: &[A::Source], _: &mut Cascades<C>, conn: &mut C) -> QueryResult<()> {
        match of_sources::<A>(rows) {
            Some(sources) => {
                let delete = Delete::new(in_scope::<A>(sources));
                conn.execute(delete).await.map(|_| ())
            }
            None => Ok(()),
        }
    }
}

impl<A, C, D> CascadeKind<A, C, D> for RowLinks
where
    A: Association<Target: Destroys>,
    DeleteAll<A>: Send,
    C: Execute<'static, DeleteAll<A>> + LoadTargets<A> + DestroyBelow<A::Target, D>,
{
    async fn cascade(
        rows: &[A::Source],
        cascades: &mut Cascades<C>,
        conn: &mut C,
    ) -> QueryResult<()> {
        let Some(sources) = of_sources::<A>(rows) else {
            return Ok(());
        };
        if C::NOTHING_BEFORE {
            let delete = Delete::new(in_scope::<A>(sources));
            return conn.execute(delete).await.map(|_| ());
        }
        let targets = conn.load_targets(sources).await?;
        if targets.is_empty() {
            return Ok(());
        }
        conn.destroy_below(targets, cascades).await
    }
}

/// A connection through which a cascade at the depth `D` can go on to the model
/// `M`.
pub trait DestroyBelow<M, D>: Executor {
    /// As [`DestroyRows::NOTHING_BEFORE`].
    const NOTHING_BEFORE: bool;

    /// Destroys these rows.
    ///
    /// # Errors
    /// As [`DestroyRows::destroy_within`].
    fn destroy_below(
        &mut self,
        rows: Vec<M>,
        cascades: &mut Cascades<Self>,
    ) -> impl Future<Output = QueryResult<()>> + Send;
}

#[diagnostic::do_not_recommend]
impl<M, D, C> DestroyBelow<M, More<D>> for C
where
    M: Model,
    C: DestroyRows<M, D>,
{
    const NOTHING_BEFORE: bool = <C as DestroyRows<M, D>>::NOTHING_BEFORE;

    async fn destroy_below(&mut self, rows: Vec<M>, cascades: &mut Cascades<C>) -> QueryResult<()> {
        // Behind a pointer: the futures of all depths would be one type.
        let destroy: Destroying<'_> = Box::pin(self.destroy_within(rows, cascades));
        destroy.await.map(|_| ())
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, C: Executor> DestroyBelow<M, Last> for C {
    const NOTHING_BEFORE: bool = false;

    async fn destroy_below(&mut self, rows: Vec<M>, cascades: &mut Cascades<C>) -> QueryResult<()> {
        match cascades.models.get(&TypeId::of::<M>()) {
            Some(destroy) => destroy(Box::new(rows), cascades, self).await.map(|_| ()),
            None => Err(too_deep::<M>()),
        }
    }
}

/// A connection that can load the targets of many rows.
pub trait LoadTargets<A: Association>: Executor {
    /// The targets, in any order.
    ///
    /// # Errors
    /// What the database reports.
    fn load_targets(
        &mut self,
        sources: OfSources<A>,
    ) -> impl Future<Output = QueryResult<Vec<A::Target>>> + Send;
}

#[diagnostic::do_not_recommend]
impl<A, C> LoadTargets<A> for C
where
    A: Association<Target: Selectable<C::Backend>>,
    AsTarget<A, C>: Expression,
    FromOf<A>: SelectDsl<AsTarget<A, C>>,
    dsl::Select<FromOf<A>, AsTarget<A, C>>: FilterDsl<OfSources<A>>,
    LoadAll<A, C>: Send,
    C: Executor + Load<'static, LoadAll<A, C>, A::Target>,
{
    fn load_targets(
        &mut self,
        sources: OfSources<A>,
    ) -> impl Future<Output = QueryResult<Vec<A::Target>>> + Send {
        let targets = SelectDsl::select(<KindOf<A> as Kind<_, _>>::from(), A::Target::as_select());
        self.load(FilterDsl::filter(targets, sources))
    }
}

#[diagnostic::do_not_recommend]
impl<A, C, D> OnDelete<A::Source, C, D> for CascadeSelf<A>
where
    A: Association<Target = <A as Association>::Source>,
    C: LoadTargets<A>,
{
    async fn descend(rows: &[A::Source], conn: &mut C) -> QueryResult<Vec<A::Source>> {
        match of_sources::<A>(rows) {
            Some(sources) => conn.load_targets(sources).await,
            None => Ok(Vec::new()),
        }
    }

    async fn before_delete(_: &[A::Source], _: &mut Cascades<C>, _: &mut C) -> QueryResult<()> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<M: Sync, C: Executor, D> OnDelete<M, C, D> for () {
    const NOTHING: bool = true;

    async fn before_delete(_: &[M], _: &mut Cascades<C>, _: &mut C) -> QueryResult<()> {
        Ok(())
    }
}

/// Each of a tuple, one after another: nested pairs, so that there may be any
/// number.
#[diagnostic::do_not_recommend]
impl<M, C, D, First, Rest> OnDelete<M, C, D> for (First, Rest)
where
    M: Send + Sync,
    C: Executor,
    First: OnDelete<M, C, D>,
    Rest: OnDelete<M, C, D>,
{
    async fn descend(rows: &[M], conn: &mut C) -> QueryResult<Vec<M>> {
        let mut descendants = First::descend(rows, conn).await?;
        descendants.extend(Rest::descend(rows, conn).await?);
        Ok(descendants)
    }

    async fn before_delete(
        rows: &[M],
        cascades: &mut Cascades<C>,
        conn: &mut C,
    ) -> QueryResult<()> {
        First::before_delete(rows, cascades, conn).await?;
        Rest::before_delete(rows, cascades, conn).await
    }
}

/// A connection through which rows that are linked by the association `A` can be
/// destroyed, with what `on_delete` says of their own associations.
///
/// It follows from the model and the connection; there is nothing to implement
/// by hand.
#[diagnostic::on_unimplemented(
    message = "the rows of `{A}` cannot be destroyed through `{Self}`",
    note = "the target, and what its `on_delete` reaches, must derive `Queryable` and `Selectable`; a shared `&AsyncPgConnection` only reads: pass `&mut AsyncPgConnection`"
)]
pub trait DestroyLinks<'k, A: Association>: WriteLinks<'k, A> {
    /// Destroys those of these targets that are linked, or all that are, and
    /// returns how many. One statement where the target declares no `on_delete`.
    ///
    /// # Errors
    /// Where something refuses; else what the database reports.
    fn destroy_links(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Option<Vec<TargetKeyOf<A>>>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> DestroyLinks<'k, A> for C
where
    C: Enrolled + Exclusive + WriteLinks<'k, A>,
    A: DestroyLinksBy<'k, C>,
{
    fn destroy_links(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Option<Vec<TargetKeyOf<A>>>,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        A::destroy_links_by(key, targets, self)
    }
}

/// An association whose rows can be destroyed through `C`, see [`DestroyLinks`].
pub trait DestroyLinksBy<'k, C: Executor>: Association {
    /// As [`DestroyLinks::destroy_links`].
    ///
    /// # Errors
    /// As [`DestroyLinks::destroy_links`].
    fn destroy_links_by(
        key: SourceKeyRef<'k, Self>,
        targets: Option<Vec<TargetKeyOf<Self>>>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<usize>> + Send;
}

type LinkedTo<'k, A, C> = dsl::Filter<dsl::Select<FromOf<A>, AsTarget<A, C>>, Matching<'k, A>>;

#[diagnostic::do_not_recommend]
impl<'k, A, C> DestroyLinksBy<'k, C> for A
where
    A: Association<Target: Destroys + Selectable<C::Backend>>,
    AsTarget<A, C>: Expression,
    FromOf<A>: SelectDsl<AsTarget<A, C>>,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    dsl::Select<FromOf<A>, AsTarget<A, C>>: FilterDsl<Matching<'k, A>>,
    LinkedTo<'k, A, C>: FilterDsl<Targeted<A>> + Send,
    dsl::Filter<LinkedTo<'k, A, C>, Targeted<A>>: Send,
    C: WriteLinks<'k, A>
        + DestroyRows<A::Target>
        + Load<'k, LinkedTo<'k, A, C>, A::Target>
        + Load<'k, dsl::Filter<LinkedTo<'k, A, C>, Targeted<A>>, A::Target>,
{
    async fn destroy_links_by(
        key: SourceKeyRef<'k, A>,
        targets: Option<Vec<TargetKeyOf<A>>>,
        conn: &mut C,
    ) -> QueryResult<usize> {
        if C::NOTHING_BEFORE {
            return match targets {
                Some(targets) => <C::By as LinkKind<'k, A, C>>::destroy(conn, key, targets).await,
                None => C::By::destroy_all(conn, key).await,
            };
        }
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let destroyed = async {
            let linked =
                SelectDsl::select(<KindOf<A> as Kind<_, _>>::from(), A::Target::as_select());
            let linked = FilterDsl::filter(linked, KeyColumnsOf::<A>::default().eq_all(key));
            let rows = match targets {
                Some(targets) => {
                    let these = FilterDsl::filter(linked, targeted::<A>(targets));
                    conn.load(these).await?
                }
                None => conn.load(linked).await?,
            };
            let found = rows.len();
            conn.destroy_rows(rows).await.map(|_| found)
        }
        .await;
        transaction.end(destroyed).await
    }
}

impl<'k, A, C> RemoveLinks<'k, A, Destroyed> for C
where
    A: Association,
    C: DestroyLinks<'k, A>,
{
    fn remove_links(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        self.destroy_links(key, Some(targets))
    }

    fn remove_every_link(
        &mut self,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        self.destroy_links(key, None)
    }
}

/// Creates the target of a `has_one` with `orphans = delete`, in the place of
/// what is linked, which is destroyed: two statements where the target declares
/// no `on_delete`, and on PostgreSQL and MySQL one before them to lock the source.
pub fn create_replacing<'k, A, N, C>(
    source: &'k A::Source,
    new: N,
    conn: &'k mut C,
) -> C::Return<'k, A::Target>
where
    A: Association,
    N: NewRow<A::Target, Values: 'k>,
    C: DestroyLinks<'k, A> + Create<'k, A, N::Values>,
{
    let values = new.into_values();
    C::finish(async move {
        let key = key_of::<A>(source)?;
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let created = async {
            C::By::lock(conn, key).await?;
            conn.destroy_links(key, None).await?;
            conn.create(key, values).await
        }
        .await;
        transaction.end(created).await
    })
}

type RowKey<M> = <M as Keyed<<M as Model>::PrimaryKey>>::Key;
type Rows<M> = KeyIn<<M as Model>::PrimaryKey, RowKey<M>>;
type DeleteRows<M> = Delete<<M as Model>::Table, Rows<M>>;

/// A connection through which rows of the model `M` can be destroyed.
///
/// It follows from the model and the connection; there is nothing to implement
/// by hand.
#[diagnostic::on_unimplemented(
    message = "a `{M}` cannot be destroyed through `{Self}`",
    note = "it must have fields for its primary key, and what its `on_delete` reaches must derive `Queryable` and `Selectable`; a shared `&AsyncPgConnection` only reads: pass `&mut AsyncPgConnection`"
)]
pub trait DestroyRows<M, D = Depth>: Exclusive {
    /// Whether nothing is done before the rows are deleted.
    const NOTHING_BEFORE: bool;

    /// Destroys these rows, and returns how many there were with those of the
    /// same model that went with them.
    ///
    /// # Errors
    /// Where something refuses; else what the database reports.
    fn destroy_rows(&mut self, rows: Vec<M>) -> impl Future<Output = QueryResult<usize>> + Send;

    /// The same, as a part of a cascade: rows that it has met are left out.
    ///
    /// # Errors
    /// As [`destroy_rows`](DestroyRows::destroy_rows).
    fn destroy_within(
        &mut self,
        rows: Vec<M>,
        cascades: &mut Cascades<Self>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;
}

#[diagnostic::do_not_recommend]
impl<M, D, C> DestroyRows<M, D> for C
where
    M: Destroys + Keyed<<M as Model>::PrimaryKey>,
    M::OnDelete: OnDelete<M, C, D>,
    D: 'static,
    DeleteRows<M>: Send,
    C: Exclusive + Execute<'static, DeleteRows<M>>,
{
    const NOTHING_BEFORE: bool = <M::OnDelete as OnDelete<M, C, D>>::NOTHING;

    async fn destroy_rows(&mut self, rows: Vec<M>) -> QueryResult<usize> {
        let mut cascades = Cascades::new();
        <Self as DestroyRows<M, D>>::destroy_within(self, rows, &mut cascades).await
    }

    async fn destroy_within(
        &mut self,
        rows: Vec<M>,
        cascades: &mut Cascades<C>,
    ) -> QueryResult<usize> {
        let key = |row: &M| RowKey::<M>::from_ref(Keyed::<M::PrimaryKey>::key(row));
        let destroy: DestroyAny<C> = destroy_any::<M, C, D>;
        cascades.models.entry(TypeId::of::<M>()).or_insert(destroy);
        let mut all = Vec::new();
        let mut levels = Vec::new();
        let mut level = rows;
        loop {
            level.retain(|row| key(row).is_some_and(|key| cascades.is_new::<M, _>(key)));
            if level.is_empty() {
                break;
            }
            let next = M::OnDelete::descend(&level, self).await?;
            levels.push(level.iter().filter_map(key).collect::<Vec<_>>());
            all.append(&mut level);
            level = next;
        }
        M::OnDelete::before_delete(&all, cascades, self).await?;
        let mut deleted = 0;
        for level in levels.into_iter().rev() {
            let rows = KeyIn::to_change(M::PrimaryKey::default(), level);
            deleted += self.execute(Delete::new(rows)).await?;
        }
        Ok(deleted)
    }
}

/// Deleting a row with what `on_delete` says of its associations.
///
/// ```
/// use diesel::connection::SimpleConnection;
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { people (id) { id -> Integer, } }
/// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, } }
/// diesel::table! { licenses (id) { id -> Integer, person_id -> Nullable<Integer>, } }
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = people)]
/// #[has_many(Toot, on_delete = cascade)]
/// #[has_one(License, on_delete = nullify)]
/// struct Person { id: i32 }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = toots)]
/// struct Toot { id: i32 }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = licenses)]
/// struct License { id: i32 }
///
/// let conn = &mut SqliteConnection::establish(":memory:")?;
/// conn.batch_execute(
///     "CREATE TABLE people (id INTEGER PRIMARY KEY);
///      CREATE TABLE toots (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people);
///      CREATE TABLE licenses (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people);
///      INSERT INTO people VALUES (1);
///      INSERT INTO toots VALUES (1, 1), (2, 1);
///      INSERT INTO licenses VALUES (1, 1);",
/// )?;
/// Person { id: 1 }.destroy(conn)?;
/// assert_eq!(toots::table.count().get_result(conn), Ok(0));
/// assert_eq!(licenses::table.count().get_result(conn), Ok(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Destroy: Destroys {
    /// Deletes the row, and first, for each association that declares
    /// `on_delete`, what belongs to it: `cascade` destroys it, `nullify` unlinks
    /// it, `restrict` refuses. All of it happens or nothing.
    ///
    /// An association that declares none is left to the database: declare what
    /// its own constraints do not do.
    ///
    /// One statement for each association that declares `on_delete`, and one for
    /// the row, in a transaction. Where a `cascade` reaches a model that declares
    /// `on_delete` itself, its rows are read first; of a model that reaches
    /// itself, one level after another.
    ///
    /// # Errors
    /// `NotFound` if the row is not there; a
    /// [`Restricted`](crate::error::Restricted) where an association refuses;
    /// else what the database reports. Then nothing is deleted.
    fn destroy<'q, C>(&'q self, conn: &'q mut C) -> C::Return<'q, ()>
    where
        Self: Clone,
        C: DestroyRows<Self>,
    {
        C::finish(async move {
            let row = self.clone();
            let mut transaction = Transaction::begin(conn).await?;
            let conn = transaction.conn();
            let destroyed = match conn.destroy_rows(vec![row]).await {
                Ok(0) => Err(Error::NotFound),
                destroyed => destroyed.map(|_| ()),
            };
            transaction.end(destroyed).await
        })
    }
}

impl<M: Destroys> Destroy for M {}
