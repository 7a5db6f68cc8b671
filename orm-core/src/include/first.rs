//! One row: of a query with a tree, and by its primary key.

use super::Included;
use super::load::{AsSource, Source, Sources, rows};
use super::require::Require;
use super::tree::{LoadTree, Rooted, Tree};
use crate::connection::{Dialect, Executor, HasDialect, Load, Snapshot};
use crate::key::{EqAll, Key, Keyed};
use crate::model::Model;
use diesel::query_builder::QueryFragment;
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, SelectDsl};
use diesel::result::Error;
use diesel::{Expression, QueryResult, Selectable, SelectableHelper, dsl};
use std::future::Future;

impl<Q, T: Rooted> Included<Q, T> {
    /// Loads the first row with its tree: as many statements as
    /// [`load`](Included::load).
    ///
    /// PostgreSQL and MySQL are asked for one row (`LIMIT 1`), of SQLite one row is taken.
    ///
    /// ```
    /// use diesel::prelude::*;
    /// use orm_core::prelude::*;
    ///
    /// diesel::table! { people (id) { id -> Integer, } }
    /// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, } }
    /// diesel::allow_tables_to_appear_in_same_query!(people, toots);
    ///
    /// #[derive(Model, Queryable, Selectable, Clone)]
    /// #[diesel(table_name = people)]
    /// #[has_many(Toot)]
    /// struct Person { id: i32 }
    ///
    /// #[derive(Model, Queryable, Selectable, Clone)]
    /// #[diesel(table_name = toots)]
    /// struct Toot { id: i32, person_id: i32 }
    ///
    /// # fn load(conn: &mut SqliteConnection) -> QueryResult<()> {
    /// let (person, toots): (Person, Vec<Toot>) =
    ///     people::table.find(1).include(Person::TOOTS).first(conn)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// `NotFound` if there is no row; else as [`load`](Included::load).
    pub fn first<'q, C>(self, conn: &'q mut C) -> C::Return<'q, <T as Tree<Source<T>>>::Row>
    where
        C: FirstIncluded<'q, Q, T>,
        Q: Send + 'q,
        T: 'q,
        <T as Tree<Source<T>>>::Row: 'q,
    {
        let (query, tree) = self.into_parts();
        C::finish(conn.first_included(query, tree))
    }
}

/// A connection that can load the first row of the query `Q` with the tree `T`.
#[diagnostic::on_unimplemented(
    message = "the first row of this query cannot be loaded with this tree through `{Self}`",
    note = "the query must yield rows of the model at which the tree starts"
)]
pub trait FirstIncluded<'q, Q, T: Rooted>: Executor {
    /// The first row with its tree.
    ///
    /// # Errors
    /// As [`Included::first`].
    fn first_included(
        &mut self,
        query: Q,
        tree: T,
    ) -> impl Future<Output = QueryResult<<T as Tree<Source<T>>>::Row>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'q, Q, T, C> FirstIncluded<'q, Q, T> for C
where
    T: Rooted + LoadTree<'q, Source<T>, C> + Require<dsl::Select<Q, AsSource<T, C>>>,
    Source<T>: Selectable<C::Backend>,
    AsSource<T, C>: Expression,
    Q: SelectDsl<AsSource<T, C>> + QueryFragment<C::Backend> + Send,
    Sources<Q, T, C>: LimitDsl + Send,
    dsl::Limit<Sources<Q, T, C>>: Send,
    C: Executor<Backend: HasDialect>
        + Load<'q, Sources<Q, T, C>, Source<T>>
        + Load<'q, dsl::Limit<Sources<Q, T, C>>, Source<T>>,
{
    async fn first_included(
        &mut self,
        query: Q,
        tree: T,
    ) -> QueryResult<<T as Tree<Source<T>>>::Row> {
        let query = tree.require(SelectDsl::select(query, Source::<T>::as_select()));
        let mut snapshot = Snapshot::begin(self).await?;
        let conn = snapshot.conn();
        let loaded = async {
            // A bound limit makes SQLite prepare the statement anew; the others send every
            // row that is asked for.
            let source = if C::Backend::DIALECT == Some(Dialect::Sqlite) {
                conn.load_first(query).await?
            } else {
                conn.load_first(LimitDsl::limit(query, 1)).await?
            };
            let sources = vec![source.ok_or(Error::NotFound)?];
            let rows = rows(&tree, sources, false, conn).await?;
            rows.into_iter().next().ok_or(Error::NotFound)
        }
        .await;
        snapshot.end(loaded).await
    }
}

type PrimaryKey<M> = <M as Model>::PrimaryKey;
type KeyOf<M> = <M as Keyed<PrimaryKey<M>>>::Key;
type ByKey<M> = <PrimaryKey<M> as EqAll<<KeyOf<M> as Key>::Owned>>::Output;
type Selected<M, C> = dsl::Select<<M as Model>::Table, dsl::AsSelect<M, <C as Executor>::Backend>>;
type Found<M, C> = dsl::Filter<Selected<M, C>, ByKey<M>>;

/// A connection that can find a row of the model `M` by its primary key.
#[diagnostic::on_unimplemented(
    message = "`{M}` cannot be found through `{Self}`",
    note = "derive `Queryable` and `Selectable` for `{M}`"
)]
pub trait FindRow<M: Model + Keyed<PrimaryKey<M>>>: Executor {
    /// The row with this key.
    ///
    /// # Errors
    /// As [`Find::find`].
    fn find_row(&mut self, key: KeyOf<M>) -> impl Future<Output = QueryResult<M>> + Send;
}

#[diagnostic::do_not_recommend]
impl<M, C> FindRow<M> for C
where
    M: Model + Keyed<PrimaryKey<M>> + Selectable<C::Backend>,
    PrimaryKey<M>: EqAll<<KeyOf<M> as Key>::Owned>,
    dsl::AsSelect<M, C::Backend>: Expression,
    M::Table: SelectDsl<dsl::AsSelect<M, C::Backend>>,
    Selected<M, C>: FilterDsl<ByKey<M>>,
    Found<M, C>: Send,
    C: Executor + Load<'static, Found<M, C>, M>,
{
    async fn find_row(&mut self, key: KeyOf<M>) -> QueryResult<M> {
        let table = SelectDsl::select(M::Table::default(), M::as_select());
        let key = PrimaryKey::<M>::default().eq_all(key.into_owned());
        let row = self.load_first(FilterDsl::filter(table, key)).await?;
        row.ok_or(Error::NotFound)
    }
}

/// Finding a row by its primary key.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { people (id) { id -> Integer, } }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = people)]
/// struct Person { id: i32 }
///
/// # fn find(conn: &mut SqliteConnection) -> QueryResult<()> {
/// let ada = Person::find(1, conn)?;
/// let maybe: Option<Person> = Person::find(2, conn).optional()?;
/// # Ok(()) }
/// ```
pub trait Find: Model + Keyed<PrimaryKey<Self>> {
    /// The row with this primary key, a tuple of several columns.
    ///
    /// One statement: `SELECT .. FROM people WHERE people.id = ?`.
    ///
    /// # Errors
    /// `NotFound` if there is none; else what the database reports.
    fn find<C>(key: <KeyOf<Self> as Key>::Plain, conn: &mut C) -> C::Return<'_, Self>
    where
        C: FindRow<Self>,
    {
        let key = KeyOf::<Self>::from_plain(key);
        C::finish(conn.find_row(key))
    }
}

impl<M: Model + Keyed<PrimaryKey<M>>> Find for M {}
