//! Loading a query with a tree.

use super::require::Require;
use super::tree::{LoadTree, Rooted, Tree};
use super::whole::is_whole;
use crate::connection::{Executor, Load, Reader, Snapshot};
use crate::model::Model;
use crate::query::ShowSql;
use diesel::query_builder::{AsQuery, QueryFragment, QueryId};
use diesel::query_dsl::methods::SelectDsl;
use diesel::result::Error;
use diesel::{Expression, QueryResult, Selectable, SelectableHelper, dsl};
use std::future::Future;

/// Eager loading beside a Diesel query.
pub trait Include: Sized {
    /// Loads the associations in `tree` with each row of this query.
    ///
    /// The query is any that yields rows of the tree's source: the table,
    /// filtered, ordered, limited or boxed. The rows come as tuples: the
    /// source, then what each node of the tree gives it.
    ///
    /// One statement for this query and [`Tree::QUERIES`] for the tree, in one
    /// read transaction on SQLite.
    fn include<T: Rooted<M>, M>(self, tree: T) -> Included<Self, T::Whole> {
        Included::new(self, tree.whole())
    }
}

impl<Q: AsQuery> Include for Q {}

/// A query with a tree of associations to load beside it.
#[derive(Debug, Clone, Copy)]
pub struct Included<Q, T> {
    query: Q,
    tree: T,
}

pub(super) type Source<T> = <T as Rooted>::Source;
pub(super) type AsSource<T, C> = dsl::AsSelect<Source<T>, <C as Executor>::Backend>;
pub(super) type Sources<Q, T, C> = <T as Require<dsl::Select<Q, AsSource<T, C>>>>::Output;
type WholeTable<T, C> = dsl::Select<<Source<T> as Model>::Table, AsSource<T, C>>;

impl<Q, T> Included<Q, T> {
    pub(super) fn new(query: Q, tree: T) -> Self {
        Self { query, tree }
    }

    pub(super) fn into_parts(self) -> (Q, T) {
        (self.query, self.tree)
    }
}

impl<Q, T: Rooted> Included<Q, T> {
    /// The number of statements that loading takes.
    pub const QUERIES: usize = 1 + T::QUERIES;

    /// Loads every row with its tree.
    ///
    /// # Errors
    /// A [`Dangling`](crate::error::Dangling) where a `belongs_to` over a key that cannot be NULL leads
    /// nowhere; else what the database reports.
    pub fn load<'q, C>(self, conn: &'q mut C) -> C::Return<'q, Vec<<T as Tree<Source<T>>>::Row>>
    where
        C: LoadIncluded<'q, Q, T>,
        Q: Send + 'q,
        T: 'q,
        <T as Tree<Source<T>>>::Row: 'q,
    {
        C::finish(conn.load_included(self.query, self.tree))
    }
}

/// A connection that can load the query `Q` with the tree `T`.
#[diagnostic::on_unimplemented(
    message = "this query cannot be loaded with this tree through `{Self}`",
    note = "the query must yield rows of the model at which the tree starts"
)]
pub trait LoadIncluded<'q, Q, T: Rooted>: Executor {
    /// Every row with its tree.
    ///
    /// # Errors
    /// As [`Included::load`].
    fn load_included(
        &mut self,
        query: Q,
        tree: T,
    ) -> impl Future<Output = QueryResult<Vec<<T as Tree<Source<T>>>::Row>>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'q, Q, T, C> LoadIncluded<'q, Q, T> for C
where
    T: Rooted + LoadTree<'q, Source<T>, C>,
    Source<T>: Selectable<C::Backend>,
    AsSource<T, C>: Expression,
    T: Require<dsl::Select<Q, AsSource<T, C>>>,
    // says the database to a query that could be of several
    Q: SelectDsl<AsSource<T, C>> + QueryFragment<C::Backend> + Send,
    <Source<T> as Model>::Table: SelectDsl<AsSource<T, C>>,
    Sources<Q, T, C>: QueryFragment<C::Backend> + QueryId + Send,
    WholeTable<T, C>: QueryFragment<C::Backend>,
    C: Executor<Backend: ShowSql> + Load<'q, Sources<Q, T, C>, Source<T>>,
{
    async fn load_included(
        &mut self,
        query: Q,
        tree: T,
    ) -> QueryResult<Vec<<T as Tree<Source<T>>>::Row>> {
        let query = tree.require(SelectDsl::select(query, Source::<T>::as_select()));
        let whole = is_whole::<_, _, C::Backend>(
            &query,
            &SelectDsl::select(
                <Source<T> as Model>::Table::default(),
                Source::<T>::as_select(),
            ),
        );
        let mut snapshot = Snapshot::begin(self).await?;
        let conn = snapshot.conn();
        let loaded = async {
            let sources = conn.load(query).await?;
            rows(&tree, sources, whole, conn).await
        }
        .await;
        snapshot.end(loaded).await
    }
}

/// Each of these sources with its tree. `whole` says that they are their whole table.
pub(super) async fn rows<'q, T, C>(
    tree: &T,
    sources: Vec<Source<T>>,
    whole: bool,
    conn: &mut C,
) -> QueryResult<Vec<<T as Tree<Source<T>>>::Row>>
where
    T: Rooted + LoadTree<'q, Source<T>, C>,
    C: Executor,
{
    let outputs = tree
        .outputs(&sources, whole, &mut Reader::Alone(conn))
        .await?;
    let rows = sources.into_iter().zip(outputs);
    Ok(rows
        .map(|(source, output)| <T as Tree<Source<T>>>::row(source, output))
        .collect())
}

/// Loading a tree for rows that are already here.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { people (id) { id -> Integer, } }
/// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, } }
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = people)]
/// #[has_many(Toot)]
/// struct Person { id: i32 }
///
/// #[derive(Model, Queryable, Selectable, Clone)]
/// #[diesel(table_name = toots)]
/// struct Toot { id: i32 }
///
/// # fn load(people: Vec<Person>, conn: &mut SqliteConnection) -> QueryResult<()> {
/// let toots: Vec<Vec<Toot>> = Person::TOOTS.load_for(&people, conn)?;
/// let (toots, count) = (Person::TOOTS, Person::TOOTS.counted()).load_for_one(&people[0], conn)?;
/// # Ok(()) }
/// ```
pub trait LoadFor: Rooted + Sized {
    /// What each of these rows gets from the tree, in their order. As many
    /// statements as the tree takes.
    ///
    /// # Errors
    /// As [`Included::load`].
    fn load_for<'q, C>(
        self,
        sources: &'q [Self::Source],
        conn: &'q mut C,
    ) -> C::Return<'q, Vec<<Self as Tree<Self::Source>>::Output>>
    where
        Self: LoadTree<'q, Self::Source, C> + 'q,
        <Self as Tree<Self::Source>>::Output: 'q,
        C: Executor,
    {
        C::finish(outputs(self, sources, conn))
    }

    /// What this row gets from the tree, as [`load_for`](LoadFor::load_for).
    ///
    /// # Errors
    /// As [`Included::load`].
    fn load_for_one<'q, C>(
        self,
        source: &'q Self::Source,
        conn: &'q mut C,
    ) -> C::Return<'q, <Self as Tree<Self::Source>>::Output>
    where
        Self: LoadTree<'q, Self::Source, C> + 'q,
        <Self as Tree<Self::Source>>::Output: 'q,
        C: Executor,
    {
        C::finish(async move {
            let outputs = outputs(self, std::slice::from_ref(source), conn).await?;
            outputs.into_iter().next().ok_or(Error::NotFound)
        })
    }
}

impl<T: Rooted> LoadFor for T {}

/// What each of the sources in hand gets.
pub(super) async fn outputs<'q, S, T, C>(
    tree: T,
    sources: &[S],
    conn: &mut C,
) -> QueryResult<Vec<T::Output>>
where
    T: LoadTree<'q, S, C>,
    C: Executor,
{
    let mut snapshot = Snapshot::begin(conn).await?;
    let outputs = tree
        .outputs(sources, false, &mut Reader::Alone(snapshot.conn()))
        .await;
    snapshot.end(outputs).await
}
