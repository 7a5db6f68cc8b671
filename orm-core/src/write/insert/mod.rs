//! New rows, and what the database makes of them.

#[cfg(any(feature = "mysql", feature = "async-mysql"))]
mod by_key;

#[cfg(any(feature = "mysql", feature = "async-mysql"))]
pub use self::by_key::{
    BeforeCounting, ByKey, Bytes, EqParts, IfReturning, Kept, Part, Place, SelectByKeys,
};

use crate::connection::{Enrolled, Exclusive, Executor, Load};
use crate::model::Model;
use crate::query::ShowSql;
use crate::write::statement::{InsertRows, RowValues, by_columns};
use diesel::backend::Backend;
use diesel::query_builder::ValuesClause;
use diesel::result::Error;
use diesel::{Insertable, QueryResult, Selectable, SelectableHelper, dsl};
use std::future::Future;

/// A new row of the model `T`, or a part of one: anything that derives Diesel's
/// `Insertable` for the model's table, or a reference to it.
///
/// It may have values for the columns that the association sets, its foreign key and
/// its scope. They are not written: the association's values are.
#[diagnostic::on_unimplemented(
    message = "this is not a new row of `{T}`",
    label = "expected a reference to a struct that derives `Insertable` for the table of `{T}`",
    note = "it needs no values for the columns that the association sets: its foreign key and its scope"
)]
pub trait NewRow<T> {
    /// The values, as Diesel has them.
    type Values: Send;

    /// The values, as Diesel has them.
    fn into_values(self) -> ValuesClause<Self::Values, T::Table>
    where
        T: Model;
}

#[diagnostic::do_not_recommend]
impl<N, T, V> NewRow<T> for N
where
    T: Model,
    N: Insertable<T::Table, Values = ValuesClause<V, T::Table>>,
    V: Send,
{
    type Values = V;

    fn into_values(self) -> ValuesClause<V, T::Table> {
        self.values()
    }
}

/// A connection that can insert rows with the values `V` and the added columns
/// `X`, and read them as `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot insert these rows of `{T}` and read them back",
    note = "`{T}` must derive `Queryable` and `Selectable`, and this database must return what it inserts; a shared `&AsyncPgConnection` only reads: pass `&mut AsyncPgConnection`"
)]
pub trait Insert<'q, T, V, X>: Exclusive {
    /// The rows that were inserted, in their order: one statement, or one for
    /// each set of columns that they have values for.
    ///
    /// # Errors
    /// What the database reports.
    fn insert(
        &mut self,
        rows: Vec<(ValuesClause<V, T::Table>, X)>,
    ) -> impl Future<Output = QueryResult<Vec<T>>> + Send
    where
        T: Model;
}

#[diagnostic::do_not_recommend]
impl<'q, T, V, X, C> Insert<'q, T, V, X> for C
where
    C: Enrolled + Exclusive,
    T: InsertBy<'q, V, X, C>,
{
    fn insert(
        &mut self,
        rows: Vec<(ValuesClause<V, T::Table>, X)>,
    ) -> impl Future<Output = QueryResult<Vec<T>>> + Send {
        T::By::insert_with(rows, self)
    }
}

/// A model whose rows can be inserted through `C`, see [`Insert`].
pub trait InsertBy<'q, V, X, C: Executor>: Model {
    /// The way of the database.
    type By: InsertWith<'q, Self, V, X, C>;
}

#[diagnostic::do_not_recommend]
impl<'q, T, V, X, C> InsertBy<'q, V, X, C> for T
where
    T: Model,
    C: Executor<Backend: Inserts>,
    <C::Backend as Inserts>::By: InsertWith<'q, T, V, X, C>,
{
    type By = <C::Backend as Inserts>::By;
}

/// How a database returns what it inserts.
#[diagnostic::on_unimplemented(
    message = "new rows cannot be read back from the database `{Self}`",
    note = "insert with Diesel, and link the row by its key"
)]
pub trait Inserts: Backend {
    /// The way, as a type.
    type By;
}

/// By `INSERT .. RETURNING ..`.
#[derive(Debug)]
pub struct ByReturning;

#[cfg(feature = "sqlite")]
#[diagnostic::do_not_recommend]
impl Inserts for diesel::sqlite::Sqlite {
    type By = ByReturning;
}

#[cfg(any(feature = "postgres", feature = "async-postgres"))]
#[diagnostic::do_not_recommend]
impl Inserts for diesel::pg::Pg {
    type By = ByReturning;
}

/// A way of inserting rows and reading them.
pub trait InsertWith<'q, T: Model, V, X, C: Executor> {
    /// The rows that were inserted, in their order.
    ///
    /// # Errors
    /// What the database reports.
    fn insert_with(
        rows: Vec<(ValuesClause<V, T::Table>, X)>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<Vec<T>>> + Send;
}

/// Rows that come in several statements, in the order of one list.
struct InOrder<T>(Vec<Option<T>>);

impl<T> InOrder<T> {
    fn new(count: usize) -> Self {
        Self((0..count).map(|_| None).collect())
    }

    fn put(&mut self, places: Vec<usize>, rows: Vec<T>) {
        for (place, row) in places.into_iter().zip(rows) {
            self.0[place] = Some(row);
        }
    }

    /// The rows; an error where one did not come.
    fn finish(self) -> QueryResult<Vec<T>> {
        let rows = self.0.into_iter();
        rows.map(|row| row.ok_or(Error::NotFound)).collect()
    }
}

type Inserted<T, V, X, C> =
    InsertRows<<T as Model>::Table, Values<T, V>, X, dsl::AsSelect<T, <C as Executor>::Backend>>;
type Values<T, V> = ValuesClause<V, <T as Model>::Table>;

#[diagnostic::do_not_recommend]
impl<'q, T, V, X, C> InsertWith<'q, T, V, X, C> for ByReturning
where
    T: Model + Selectable<C::Backend>,
    C: Executor<Backend: ShowSql> + Load<'q, Inserted<T, V, X, C>, T>,
    Values<T, V>: RowValues<C::Backend, T::Table>,
    V: Send,
    X: crate::key::Values<C::Backend> + Send,
    Inserted<T, V, X, C>: Send,
{
    async fn insert_with(
        rows: Vec<(ValuesClause<V, T::Table>, X)>,
        conn: &mut C,
    ) -> QueryResult<Vec<T>> {
        let mut inserted = InOrder::new(rows.len());
        for (places, rows) in by_columns::<C::Backend, T::Table, _, _>(rows) {
            let rows = InsertRows::new(rows, T::as_select());
            inserted.put(places, conn.load(rows).await?);
        }
        inserted.finish()
    }
}
