//! The getters.

use super::{SelectRows, complete_key};
use crate::association::{Association, Loaded, OrderOf, Slot, SlotOf, SourceKeyRef};
use crate::connection::{Enrolled, Executor, Load};
use crate::guard::reading;
use diesel::query_dsl::methods::OrderDsl;
use diesel::{Expression, QueryResult, Selectable, SelectableHelper, dsl};
use std::future::Future;

type Ordered<'k, A, S> = dsl::Order<<A as SelectRows<'k, S>>::Query, OrderOf<A>>;
type AsSelect<M, C> = dsl::AsSelect<M, <C as Executor>::Backend>;

/// A connection through which the rows of the association `A` can be read.
///
/// It follows from the model and the connection; there is nothing to implement
/// by hand.
#[diagnostic::on_unimplemented(
    message = "the rows of `{A}` cannot be read through `{Self}`",
    note = "the target must derive `Queryable` and `Selectable`, with field types that this database can read"
)]
pub trait Read<'k, A: Association, R>: Executor {
    /// The rows of `source`, by the target's primary key, in one statement.
    ///
    /// # Errors
    /// `NotFound` where a row must be there and is not; else what the database
    /// reports.
    fn read(&mut self, source: &'k A::Source) -> impl Future<Output = QueryResult<R>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, R, C> Read<'k, A, R> for C
where
    C: Enrolled,
    A: ReadBy<'k, R, C>,
{
    fn read(&mut self, source: &'k A::Source) -> impl Future<Output = QueryResult<R>> + Send {
        A::read_by(source, self)
    }
}

/// An association whose rows can be read through `C`, see [`Read`].
pub trait ReadBy<'k, R, C: Executor>: Association {
    /// As [`Read::read`].
    ///
    /// # Errors
    /// As [`Read::read`].
    fn read_by(
        source: &'k Self::Source,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<R>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, C> ReadBy<'k, Loaded<A, <A as Association>::Target>, C> for A
where
    A: Association + SelectRows<'k, AsSelect<<A as Association>::Target, C>>,
    A::Target: Selectable<C::Backend>,
    A::Query: OrderDsl<OrderOf<A>>,
    OrderOf<A>: Expression,
    Ordered<'k, A, AsSelect<A::Target, C>>: Send,
    C: Load<'k, Ordered<'k, A, AsSelect<A::Target, C>>, A::Target>,
{
    async fn read_by(source: &'k A::Source, conn: &mut C) -> QueryResult<Loaded<A, A::Target>> {
        let Some(key) = complete_key::<A>(source) else {
            return SlotOf::<A>::finish(Default::default());
        };
        let query = A::select_rows(key, A::Target::as_select());
        SlotOf::<A>::load(OrderDsl::order(query, OrderOf::<A>::default()), conn).await
    }
}

/// The target of `source`: the row, the row if any, or the rows by primary key.
/// One statement; none if the key is NULL.
pub fn read<'k, A, R, C>(source: &'k A::Source, conn: &'k mut C) -> C::Return<'k, R>
where
    A: Association,
    R: Send + 'k,
    C: Read<'k, A, R>,
{
    C::finish(reading::<A, _>(conn.read(source)))
}

/// A connection through which the rows of the `belongs_to_many` association
/// `A` can be read together with their junction rows, as `Through`.
#[diagnostic::on_unimplemented(
    message = "the junction rows `{Through}` of `{A}` cannot be read through `{Self}`",
    note = "the junction's model must derive `Queryable` and `Selectable`, with field types that this database can read"
)]
pub trait ReadThrough<'k, A: Association, Through>: Executor {
    /// The pairs whose key is `key`, by the target's primary key, in one
    /// statement.
    ///
    /// # Errors
    /// What the database reports.
    fn read_through(
        &mut self,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<Vec<(Through, A::Target)>>> + Send;
}

type Pair<A, Through, C> = (
    AsSelect<Through, C>,
    AsSelect<<A as Association>::Target, C>,
);

#[diagnostic::do_not_recommend]
impl<'k, A, Through, C> ReadThrough<'k, A, Through> for C
where
    C: Enrolled,
    A: ReadThroughBy<'k, Through, C>,
{
    fn read_through(
        &mut self,
        key: SourceKeyRef<'k, A>,
    ) -> impl Future<Output = QueryResult<Vec<(Through, A::Target)>>> + Send {
        A::read_through_by(key, self)
    }
}

/// An association whose rows can be read through `C` together with their
/// junction rows, see [`ReadThrough`].
pub trait ReadThroughBy<'k, Through, C: Executor>: Association {
    /// As [`ReadThrough::read_through`].
    ///
    /// # Errors
    /// As [`ReadThrough::read_through`].
    fn read_through_by(
        key: SourceKeyRef<'k, Self>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<Vec<(Through, Self::Target)>>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, Through, C> ReadThroughBy<'k, Through, C> for A
where
    A: Association + SelectRows<'k, Pair<A, Through, C>>,
    Through: Selectable<C::Backend> + Send,
    A::Target: Selectable<C::Backend>,
    A::Query: OrderDsl<OrderOf<A>>,
    OrderOf<A>: Expression,
    Ordered<'k, A, Pair<A, Through, C>>: Send,
    C: Load<'k, Ordered<'k, A, Pair<A, Through, C>>, (Through, A::Target)>,
{
    fn read_through_by(
        key: SourceKeyRef<'k, A>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<Vec<(Through, A::Target)>>> + Send {
        let query = A::select_rows(key, (Through::as_select(), A::Target::as_select()));
        conn.load(OrderDsl::order(query, OrderOf::<A>::default()))
    }
}

/// The targets of `source` beside their junction rows, by the target's primary
/// key. One statement; none if the key is NULL.
pub fn read_through<'k, A, Through, C>(
    source: &'k A::Source,
    conn: &'k mut C,
) -> C::Return<'k, Vec<(Through, A::Target)>>
where
    A: Association,
    Through: Send + 'k,
    C: ReadThrough<'k, A, Through>,
{
    C::finish(reading::<A, _>(async move {
        match complete_key::<A>(source) {
            Some(key) => conn.read_through(key).await,
            None => Ok(Vec::new()),
        }
    }))
}
