//! Trees of new rows: a row with what belongs to it, created together.
//!
//! A level of a tree is created for all its parents at once: first what the rows
//! belong to, then the rows, then what belongs to them.

mod branch;
mod create;
mod grow;
mod link;

pub use self::branch::{Branch, BranchTypes, HasTarget};
pub use self::create::{GrowKind, GrowWith, Pending};
pub use self::grow::{
    Always, Grow, Linked, ManySlot, NewRows, NewSlot, Presence, SingleSlot, Sometimes,
};
pub use self::link::LinkRows;

use super::create::only;
use super::insert::{Insert, NewRow};
use crate::association::Unscoped;
use crate::connection::Transaction;
use crate::model::Model;
use diesel::QueryResult;
use diesel::query_builder::{UndecoratedInsertRecord, ValuesClause};
use std::marker::PhantomData;

/// A new row of the model `M` with branches: what is created or linked with it.
#[derive(Debug)]
pub struct NewTree<M: Model, V, B> {
    row: ValuesClause<V, M::Table>,
    branches: B,
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
    fn new_tree<N: NewRow<Self, Values = V>, V: Send, B>(
        row: N,
        branches: B,
    ) -> NewTree<Self, V, B> {
        NewTree {
            row: row.into_values(),
            branches,
        }
    }

    /// Creates many trees of one shape together, as [`NewTree::create`] does one:
    /// as many statements.
    ///
    /// # Errors
    /// As [`NewTree::create`].
    fn create_trees<'q, I, V, B, C>(
        trees: I,
        conn: &'q mut C,
    ) -> C::Return<'q, Vec<<B as BranchTypes<Self>>::Row>>
    where
        I: IntoIterator<Item = NewTree<Self, V, B>>,
        V: Send + 'q,
        B: Branch<'q, Self, C> + 'q,
        <B as BranchTypes<Self>>::Row: 'q,
        C: Insert<'q, Self, V, (Unscoped, <B as BranchTypes<Self>>::Added)>,
    {
        let nodes: Vec<_> = trees
            .into_iter()
            .map(|tree| (tree.row, tree.branches, Unscoped))
            .collect();
        C::finish(async move {
            let mut transaction = Transaction::begin(conn).await?;
            let conn = transaction.conn();
            let created = create_nodes::<Self, _, _, _, C>(nodes, conn).await;
            transaction.end(created).await
        })
    }
}

impl<M: Model> NewTrees for M {}

impl<M: Model, V: Send, B> NewTree<M, V, B> {
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
        V: 'q,
        B: Branch<'q, M, C> + 'q,
        <B as BranchTypes<M>>::Row: 'q,
        C: Insert<'q, M, V, (Unscoped, <B as BranchTypes<M>>::Added)>,
    {
        let nodes = vec![(self.row, self.branches, Unscoped)];
        C::finish(async move {
            let mut transaction = Transaction::begin(conn).await?;
            let conn = transaction.conn();
            let created = create_nodes::<M, _, _, _, C>(nodes, conn).await;
            only(transaction.end(created).await?)
        })
    }
}

/// A new row of the model `M`, plain or with branches, or an `Option` of one.
///
/// `Form` tells the forms apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "this is not a new row of `{M}`",
    label = "expected a struct that derives `Insertable` for the table of `{M}`, or a `{M}::new_tree(..)`"
)]
pub trait NewNode<M: Model, Form> {
    /// The values, as Diesel has them.
    type Values: Send;
    /// What is created or linked with the row.
    type Branches;
    /// Whether there may be no row.
    type Presence: Presence;

    /// The values and the branches, if there is a row.
    fn into_parts(self) -> Option<(ValuesClause<Self::Values, M::Table>, Self::Branches)>;
}

/// The form of a [`NewNode`] that is a row alone.
#[derive(Debug)]
pub struct Alone;

/// The form of a [`NewNode`] that is a [`NewTree`].
#[derive(Debug)]
pub struct WithBranches;

/// The form of a [`NewNode`] that is an `Option` of one of the form `F`.
#[derive(Debug)]
pub struct Perhaps<F>(PhantomData<F>);

// Diesel inserts a row of defaults for the `None` of an `Option<NewRow>`; that is told
// from a row by `UndecoratedInsertRecord`.
#[diagnostic::do_not_recommend]
impl<M, N> NewNode<M, Alone> for N
where
    M: Model,
    N: NewRow<M> + UndecoratedInsertRecord<M::Table>,
{
    type Values = N::Values;
    type Branches = ();
    type Presence = Always;

    fn into_parts(self) -> Option<(ValuesClause<N::Values, M::Table>, ())> {
        Some((self.into_values(), ()))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, V: Send, B> NewNode<M, WithBranches> for NewTree<M, V, B> {
    type Values = V;
    type Branches = B;
    type Presence = Always;

    fn into_parts(self) -> Option<(ValuesClause<V, M::Table>, B)> {
        Some((self.row, self.branches))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, N: NewNode<M, F>, F> NewNode<M, Perhaps<F>> for Option<N> {
    type Values = N::Values;
    type Branches = N::Branches;
    type Presence = Sometimes;

    fn into_parts(self) -> Option<(ValuesClause<N::Values, M::Table>, N::Branches)> {
        self.and_then(NewNode::into_parts)
    }
}

/// Creates rows of one level, each with its branches and with columns that it
/// is given.
pub(super) async fn create_nodes<'q, M, V, B, X, C>(
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
