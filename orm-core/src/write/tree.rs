//! Trees of new rows: a row with what belongs to it, created together.
//!
//! A level of a tree is created for all its parents at once: first what the
//! rows belong to, then the rows, then what belongs to them.

use super::create::{TargetCondition, only, target_key};
use super::insert::{Insert, NewRow};
use super::links::{JunctionLinks, KeyLinks, LinkCondition, RowLinks, WriteLinks};
use super::pairs::{InsertPairs, SourceIs};
use super::payload::Payload;
use super::statement::NoValues;
use crate::association::{
    Association, KeyColumnsOf, LinkScopeOf, LinkTableOf, Many, Maybe, One, Scope, SlotOf,
    SourceKeyColumns, SourceKeyOf, SourceScopeOf, TargetKeyOf, TargetScopeOf, Unscoped, WriteOf,
    source_key,
};
use crate::connection::{Executor, end};
use crate::error::null_key;
use crate::key::{EqAll, Key, Reference};
use crate::model::Model;
use crate::write::key::SameKey;
use diesel::QueryResult;
use diesel::query_builder::ValuesClause;
use std::future::Future;
use std::marker::PhantomData;

/// A new row of the model `M` with branches: what is created or linked with it.
#[derive(Debug, Clone, Copy)]
pub struct NewTree<M, N, B> {
    row: N,
    branches: B,
    model: PhantomData<fn() -> M>,
}

/// Trees of new rows of a model.
///
/// ```
/// use diesel::connection::SimpleConnection;
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { people (id) { id -> Integer, name -> Text, } }
/// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, body -> Text, } }
/// diesel::table! { likes (person_id, toot_id) { person_id -> Integer, toot_id -> Integer, } }
/// diesel::allow_tables_to_appear_in_same_query!(people, toots, likes);
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = people)]
/// #[has_many(Toot)]
/// #[belongs_to_many(Toot, name = liked_toots, through = likes)]
/// struct Person { id: i32, name: String }
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = toots)]
/// #[belongs_to_many(Person, name = likers, through = likes)]
/// struct Toot { id: i32, body: String }
///
/// #[derive(Insertable)]
/// #[diesel(table_name = people)]
/// struct NewPerson<'a> { name: &'a str }
///
/// #[derive(Insertable)]
/// #[diesel(table_name = toots)]
/// struct NewToot<'a> { body: &'a str }
///
/// let conn = &mut SqliteConnection::establish(":memory:")?;
/// conn.batch_execute(
///     "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
///      CREATE TABLE toots (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, body TEXT NOT NULL);
///      CREATE TABLE likes (person_id INTEGER, toot_id INTEGER, PRIMARY KEY (person_id, toot_id));
///      INSERT INTO people VALUES (1, 'Bob');",
/// )?;
///
/// // four statements: Ada, her two toots, who likes them
/// let (ada, toots) = Person::new_tree(
///     NewPerson { name: "Ada" },
///     Person::TOOTS.new_rows(["hello", "rust"].map(|body| {
///         Toot::new_tree(NewToot { body }, Toot::LIKERS.link([1]))
///     })),
/// )
/// .create(conn)?;
///
/// assert_eq!((ada.name.as_str(), toots.len()), ("Ada", 2));
/// let (hello, _) = &toots[0];
/// assert_eq!(hello.likers(conn)?[0].name, "Bob");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait NewTrees: Model {
    /// A new row with what is created or linked with it: a branch, or a tuple of
    /// at most eight.
    fn new_tree<N: NewRow<Self>, B>(row: N, branches: B) -> NewTree<Self, N, B> {
        NewTree {
            row,
            branches,
            model: PhantomData,
        }
    }

    /// Creates many trees of one shape together, as [`NewTree::create`] does one:
    /// as many statements.
    ///
    /// # Errors
    /// As [`NewTree::create`].
    fn create_trees<'q, I, N, B, C>(
        trees: I,
        conn: &'q mut C,
    ) -> C::Return<'q, Vec<<B as BranchTypes<Self>>::Row>>
    where
        I: IntoIterator<Item = NewTree<Self, N, B>>,
        N: NewRow<Self, Values: 'q>,
        B: Branch<'q, Self, C> + 'q,
        <B as BranchTypes<Self>>::Row: 'q,
        C: Insert<'q, Self, N::Values, (Unscoped, <B as BranchTypes<Self>>::Added)>,
    {
        let nodes: Vec<_> = trees
            .into_iter()
            .map(|tree| (tree.row.into_values(), tree.branches, Unscoped))
            .collect();
        C::finish(async move {
            conn.begin().await?;
            let created = create_nodes::<Self, _, _, _, C>(nodes, conn).await;
            end(conn, created).await
        })
    }
}

impl<M: Model> NewTrees for M {}

impl<M: Model, N: NewRow<M>, B> NewTree<M, N, B> {
    /// Creates the row and what belongs to it, and returns them: the row, then
    /// what each branch created. All of it happens or nothing.
    ///
    /// One `INSERT` for each table and level of the tree, in the order in which
    /// they depend on each other, in a transaction; two for a junction's targets
    /// and links. On SQLite new rows that leave different columns to their
    /// defaults take a statement for each set of columns.
    ///
    /// # Errors
    /// `NotFound` if an existing row is not there; else what the database reports.
    pub fn create<'q, C>(self, conn: &'q mut C) -> C::Return<'q, <B as BranchTypes<M>>::Row>
    where
        N: NewRow<M, Values: 'q>,
        B: Branch<'q, M, C> + 'q,
        <B as BranchTypes<M>>::Row: 'q,
        C: Insert<'q, M, N::Values, (Unscoped, <B as BranchTypes<M>>::Added)>,
    {
        let nodes = vec![(self.row.into_values(), self.branches, Unscoped)];
        C::finish(async move {
            conn.begin().await?;
            let created = create_nodes::<M, _, _, _, C>(nodes, conn).await;
            only(end(conn, created).await?)
        })
    }
}

/// A new row of the model `M`, plain or with branches.
///
/// `Form` tells the two apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a new row of `{M}`",
    label = "expected a struct that derives `Insertable` for the table of `{M}`, or a `{M}::new_tree(..)`"
)]
pub trait NewNode<M: Model, Form> {
    /// The values, as Diesel has them.
    type Values: Send;
    /// What is created or linked with the row.
    type Branches;

    /// The values and the branches.
    fn into_parts(self) -> (ValuesClause<Self::Values, M::Table>, Self::Branches);
}

/// The form of a [`NewNode`] that is a row alone.
#[derive(Debug)]
pub struct Alone;

/// The form of a [`NewNode`] that is a [`NewTree`].
#[derive(Debug)]
pub struct WithBranches;

impl<M: Model, N: NewRow<M>> NewNode<M, Alone> for N {
    type Values = N::Values;
    type Branches = ();

    fn into_parts(self) -> (ValuesClause<N::Values, M::Table>, ()) {
        (self.into_values(), ())
    }
}

impl<M: Model, N: NewRow<M>, B> NewNode<M, WithBranches> for NewTree<M, N, B> {
    type Values = N::Values;
    type Branches = B;

    fn into_parts(self) -> (ValuesClause<N::Values, M::Table>, B) {
        (self.row.into_values(), self.branches)
    }
}

/// A branch of a tree: new rows of the association `A` with the values `V`, their
/// branches `B`, and of a junction the values `P` of each link.
pub struct NewRows<A: Association, V, B, P> {
    rows: Vec<NewTarget<A, V, B, P>>,
}

type NewTarget<A, V, B, P> = (
    ValuesClause<V, <<A as Association>::Target as Model>::Table>,
    B,
    P,
);

/// A branch of a tree: rows of the association `A` that are there, and of a
/// junction the values `P` of each link.
pub struct Linked<A: Association, P> {
    rows: Vec<(Option<TargetKeyOf<A>>, P)>,
}

/// An association that yields at most one row.
#[diagnostic::on_unimplemented(
    message = "this association yields any number of rows",
    note = "say `.new_rows([..])`"
)]
pub trait SingleSlot {}

impl SingleSlot for One {}
impl SingleSlot for Maybe {}

/// An association that yields any number of rows.
#[diagnostic::on_unimplemented(
    message = "this association yields at most one row",
    note = "say `.new_row(..)`"
)]
pub trait ManySlot {}

impl ManySlot for Many {}

/// The branches of a tree of new rows.
pub trait Grow: Association {
    /// A row to be created with its parent: of a `has_one` or `belongs_to`.
    fn new_row<N, Form>(self, row: N) -> NewRows<Self, N::Values, N::Branches, NoValues>
    where
        SlotOf<Self>: SingleSlot,
        N: NewNode<Self::Target, Form>,
    {
        let (values, branches) = row.into_parts();
        NewRows {
            rows: vec![(values, branches, NoValues)],
        }
    }

    /// Rows to be created with their parent: of a `has_many` or
    /// `belongs_to_many`.
    fn new_rows<I, Form>(
        self,
        rows: I,
    ) -> NewRows<
        Self,
        <I::Item as NewNode<Self::Target, Form>>::Values,
        <I::Item as NewNode<Self::Target, Form>>::Branches,
        NoValues,
    >
    where
        SlotOf<Self>: ManySlot,
        I: IntoIterator<Item: NewNode<Self::Target, Form>>,
    {
        let rows = rows.into_iter().map(|row| {
            let (values, branches) = row.into_parts();
            (values, branches, NoValues)
        });
        NewRows {
            rows: rows.collect(),
        }
    }

    /// As [`new_rows`](Grow::new_rows) of a `belongs_to_many`, each with values
    /// for the junction's other columns.
    fn new_rows_with<I, N, Form, P>(
        self,
        rows: I,
    ) -> NewRows<Self, N::Values, N::Branches, ValuesClause<P::Values, LinkTableOf<Self>>>
    where
        I: IntoIterator<Item = (N, P)>,
        N: NewNode<Self::Target, Form>,
        P: Payload<LinkTableOf<Self>>,
    {
        let rows = rows.into_iter().map(|(row, payload)| {
            let (values, branches) = row.into_parts();
            (values, branches, payload.into_values())
        });
        NewRows {
            rows: rows.collect(),
        }
    }

    /// Rows that are there and are linked to their parent: rows or keys.
    fn link<I, Form>(self, rows: I) -> Linked<Self, NoValues>
    where
        I: IntoIterator<Item: Reference<Self, Form>>,
    {
        let rows = rows.into_iter().map(|row| (row.target_key(), NoValues));
        Linked {
            rows: rows.collect(),
        }
    }

    /// As [`link`](Grow::link) of a `belongs_to_many`, each with values
    /// for the junction's other columns.
    fn link_with<I, R, Form, P>(
        self,
        rows: I,
    ) -> Linked<Self, ValuesClause<P::Values, LinkTableOf<Self>>>
    where
        I: IntoIterator<Item = (R, P)>,
        R: Reference<Self, Form>,
        P: Payload<LinkTableOf<Self>>,
    {
        let rows = rows
            .into_iter()
            .map(|(row, payload)| (row.target_key(), payload.into_values()));
        Linked {
            rows: rows.collect(),
        }
    }
}

impl<A: Association> Grow for A {}

/// What a branch of new rows of the model `M` yields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a branch of a new `{M}`",
    label = "expected a branch of an association of `{M}`, or a tuple of them",
    note = "a branch is `{M}::ASSOCIATION.new_row(..)`, `.new_rows([..])` or `.link([..])`"
)]
pub trait BranchTypes<M>: Send {
    /// The columns that it adds to its parent's row.
    type Added: Send;
    /// What is left to be done once its parent is there.
    type Pending: Send;
    /// What one parent gets.
    type Output: Send;
    /// The parent with what it gets.
    type Row: Send;

    /// Puts a parent and what it gets together.
    fn row(parent: M, output: Self::Output) -> Self::Row;
}

/// A branch that can be created through the connection `C`, for many parents at
/// once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be created with a `{M}` through `{C}`",
    note = "the models must derive `Queryable` and `Selectable`, and this database must return what it inserts"
)]
pub trait Branch<'q, M, C>: BranchTypes<M> + Sized {
    /// What must be there before the parents.
    ///
    /// # Errors
    /// What the database reports.
    fn before(
        branches: Vec<Self>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<(Vec<Self::Added>, Vec<Self::Pending>)>> + Send;

    /// What can only be there after the parents.
    ///
    /// # Errors
    /// What the database reports.
    fn after(
        pending: Vec<Self::Pending>,
        parents: &[M],
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<Vec<Self::Output>>> + Send;
}

/// Creates rows of one level, each with its branches and with columns that it
/// is given.
async fn create_nodes<'q, M, V, B, X, C>(
    nodes: Vec<(ValuesClause<V, M::Table>, B, X)>,
    conn: &mut C,
) -> QueryResult<Vec<B::Row>>
where
    M: Model,
    V: Send,
    X: Send,
    B: Branch<'q, M, C>,
    C: Insert<'q, M, V, (X, B::Added)>,
{
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = Vec::with_capacity(nodes.len());
    let mut branches = Vec::with_capacity(nodes.len());
    for (values, branch, given) in nodes {
        rows.push((values, given));
        branches.push(branch);
    }
    let (added, pending) = B::before(branches, conn).await?;
    let rows = rows.into_iter().zip(added);
    let rows = rows.map(|((values, given), added)| (values, (given, added)));
    let parents = conn.insert(rows.collect()).await?;
    let outputs = B::after(pending, &parents, conn).await?;
    let rows = parents.into_iter().zip(outputs);
    Ok(rows
        .map(|(parent, output)| B::row(parent, output))
        .collect())
}

impl<M: Send> BranchTypes<M> for () {
    type Added = Unscoped;
    type Pending = ();
    type Output = ();
    type Row = M;

    fn row(parent: M, (): ()) -> M {
        parent
    }
}

impl<M: Send + Sync, C: Executor> Branch<'_, M, C> for () {
    async fn before(branches: Vec<()>, _: &mut C) -> QueryResult<(Vec<Unscoped>, Vec<()>)> {
        Ok((vec![Unscoped; branches.len()], branches))
    }

    async fn after(pending: Vec<()>, _: &[M], _: &mut C) -> QueryResult<Vec<()>> {
        Ok(pending)
    }
}

/// How a kind writes the new rows of a branch.
pub trait GrowKind<A: Association> {
    /// The columns that are added to the parent's row.
    type Added: Send;
    /// The columns that are added to a target's row.
    type Given: Send;
}

type KeyIs<A> = <SourceKeyColumns<A> as EqAll<<SourceKeyOf<A> as Key>::Owned>>::Output;
type Condition<S> = <S as Scope>::Condition;

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
    type Added = (KeyIs<A>, Condition<SourceScopeOf<A>>);
    type Given = Unscoped;
}

type AddedBy<A> = <WriteOf<A> as GrowKind<A>>::Added;
type RowOf<A, B> = <B as BranchTypes<<A as Association>::Target>>::Row;

/// What one parent gets of the rows that were created for it.
pub trait NewSlot {
    /// The rows, or the one row.
    type Of<R: Send>: Send;

    /// The rows, or the one row.
    ///
    /// # Errors
    /// `NotFound` where there must be a row and is none.
    fn of<R: Send>(rows: Vec<R>) -> QueryResult<Self::Of<R>>;
}

impl NewSlot for Many {
    type Of<R: Send> = Vec<R>;

    fn of<R: Send>(rows: Vec<R>) -> QueryResult<Vec<R>> {
        Ok(rows)
    }
}

impl NewSlot for Maybe {
    type Of<R: Send> = R;

    fn of<R: Send>(rows: Vec<R>) -> QueryResult<R> {
        only(rows)
    }
}

impl NewSlot for One {
    type Of<R: Send> = R;

    fn of<R: Send>(rows: Vec<R>) -> QueryResult<R> {
        only(rows)
    }
}

/// What is left to be done of a branch: the rows to create, or those that were.
#[derive(Debug)]
pub enum Pending<N, R> {
    /// They depend on their parent.
    ToCreate(Vec<N>),
    /// Their parent depends on them.
    Created(Vec<R>),
}

impl<A, V, B, P> BranchTypes<A::Source> for NewRows<A, V, B, P>
where
    A: Association,
    SlotOf<A>: NewSlot,
    WriteOf<A>: GrowKind<A>,
    V: Send,
    P: Send,
    B: BranchTypes<A::Target>,
{
    type Added = AddedBy<A>;
    type Pending = Pending<NewTarget<A, V, B, P>, B::Row>;
    type Output = <SlotOf<A> as NewSlot>::Of<B::Row>;
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
}

impl<'q, A, V, B, P, C> Branch<'q, A::Source, C> for NewRows<A, V, B, P>
where
    A: Association,
    SlotOf<A>: NewSlot,
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
        <WriteOf<A> as GrowWith<'q, A, V, B, P, C>>::before(branches, conn)
    }

    async fn after(
        pending: Vec<Self::Pending>,
        parents: &[A::Source],
        conn: &mut C,
    ) -> QueryResult<Vec<Self::Output>> {
        let mut created = Vec::new();
        let mut to_create = Vec::new();
        for pending in pending {
            match pending {
                Pending::Created(rows) => created.push(rows),
                Pending::ToCreate(rows) => to_create.push(rows),
            }
        }
        if !to_create.is_empty() {
            created = <WriteOf<A> as GrowWith<'q, A, V, B, P, C>>::after(to_create, parents, conn)
                .await?;
        }
        created.into_iter().map(SlotOf::<A>::of).collect()
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
fn parent_key<A: Association>(parent: &A::Source) -> QueryResult<SourceKeyOf<A>> {
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
        conn.insert_pairs(pairs.collect::<QueryResult<_>>()?)
            .await?;
        Ok(split(lengths, rows))
    }
}

/// A row, alone or at the front of what belongs to it.
pub trait HasTarget<T> {
    /// The row.
    fn target(&self) -> &T;
}

impl<T: Model> HasTarget<T> for T {
    fn target(&self) -> &T {
        self
    }
}

impl<'q, A, V, B, P, C> GrowWith<'q, A, V, B, P, C> for KeyLinks
where
    A: Association,
    Self: GrowKind<A, Added = (KeyIs<A>, Condition<SourceScopeOf<A>>), Given = Unscoped>,
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
        Vec<(KeyIs<A>, Condition<SourceScopeOf<A>>)>,
        Vec<Pending<NewTarget<A, V, B, P>, RowOf<A, B>>>,
    )> {
        let rows = branches.into_iter().flat_map(|branch| branch.rows);
        let rows = rows.map(|(values, branches, _)| (values, branches, Unscoped));
        let rows = create_nodes::<A::Target, _, _, _, C>(rows.collect(), conn).await?;
        let added = rows
            .iter()
            .map(|row| Ok(added_key::<A>(target_key::<A>(row.target())?)));
        let added = added.collect::<QueryResult<_>>()?;
        let created = rows.into_iter().map(|row| Pending::Created(vec![row]));
        Ok((added, created.collect()))
    }

    async fn after(
        _: Vec<Vec<NewTarget<A, V, B, P>>>,
        _: &[A::Source],
        _: &mut C,
    ) -> QueryResult<Vec<Vec<RowOf<A, B>>>> {
        Ok(Vec::new())
    }
}

/// The columns of a parent that belongs to the row with this key.
#[allow(clippy::type_complexity, reason = "it is that of `GrowKind::Added`")]
fn added_key<A>(key: TargetKeyOf<A>) -> (KeyIs<A>, Condition<SourceScopeOf<A>>)
where
    A: Association,
    SourceKeyColumns<A>: EqAll<<SourceKeyOf<A> as Key>::Owned>,
    TargetKeyOf<A>: SameKey<SourceKeyOf<A>>,
{
    let key: SourceKeyOf<A> = key.same();
    let key = SourceKeyColumns::<A>::default().eq_all(key.into_owned());
    (key, SourceScopeOf::<A>::condition())
}

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
                conn.link(source_key::<A>(parent), rows).await?;
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

/// A tuple of branches is created one after another.
macro_rules! branches {
    (added $branch:ident) => { ($branch::Added, Unscoped) };
    (added $branch:ident $($rest:ident)+) => { ($branch::Added, branches!(added $($rest)+)) };
    (put $added:ident) => { ($added, Unscoped) };
    (put $added:ident $($rest:ident)+) => { ($added, branches!(put $($rest)+)) };
    ($(($($branch:ident $index:tt),+);)+) => {$(
        impl<Parent: Send, $($branch: BranchTypes<Parent>),+> BranchTypes<Parent> for ($($branch,)+) {
            type Added = branches!(added $($branch)+);
            type Pending = ($($branch::Pending,)+);
            type Output = ($($branch::Output,)+);
            type Row = (Parent, $($branch::Output,)+);

            fn row(parent: Parent, output: Self::Output) -> Self::Row {
                (parent, $(output.$index,)+)
            }
        }

        #[allow(non_snake_case, reason = "the values are called as their types")]
        impl<'q, Parent, Conn, $($branch),+> Branch<'q, Parent, Conn> for ($($branch,)+)
        where
            Parent: Send + Sync,
            Conn: Executor,
            $($branch: Branch<'q, Parent, Conn>,)+
        {
            async fn before(
                branches: Vec<Self>,
                conn: &mut Conn,
            ) -> QueryResult<(Vec<Self::Added>, Vec<Self::Pending>)> {
                let count = branches.len();
                $(let mut $branch = Vec::with_capacity(count);)+
                for branch in branches {
                    $($branch.push(branch.$index);)+
                }
                $(
                    let (added, pending) = $branch::before($branch, conn).await?;
                    let mut $branch = added.into_iter().zip(pending);
                )+
                let (mut added, mut pending) =
                    (Vec::with_capacity(count), Vec::with_capacity(count));
                while let ($(Some($branch),)+) = ($($branch.next(),)+) {
                    pending.push(($($branch.1,)+));
                    $(let $branch = $branch.0;)+
                    added.push(branches!(put $($branch)+));
                }
                Ok((added, pending))
            }

            async fn after(
                pending: Vec<Self::Pending>,
                parents: &[Parent],
                conn: &mut Conn,
            ) -> QueryResult<Vec<Self::Output>> {
                let count = pending.len();
                $(let mut $branch = Vec::with_capacity(count);)+
                for pending in pending {
                    $($branch.push(pending.$index);)+
                }
                $(let mut $branch = $branch::after($branch, parents, conn).await?.into_iter();)+
                let mut outputs = Vec::with_capacity(count);
                while let ($(Some($branch),)+) = ($($branch.next(),)+) {
                    outputs.push(($($branch,)+));
                }
                Ok(outputs)
            }
        }

        impl<Parent, $($branch),+> HasTarget<Parent> for (Parent, $($branch,)+) {
            fn target(&self) -> &Parent {
                &self.0
            }
        }
    )+};
}

branches! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, D 2);
    (A 0, B 1, D 2, E 3);
    (A 0, B 1, D 2, E 3, F 4);
    (A 0, B 1, D 2, E 3, F 4, G 5);
    (A 0, B 1, D 2, E 3, F 4, G 5, H 6);
    (A 0, B 1, D 2, E 3, F 4, G 5, H 6, I 7);
}
