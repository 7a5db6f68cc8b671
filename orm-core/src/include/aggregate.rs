//! Aggregates of the rows of each source, without loading the rows.

use super::group::{Index, MatchKeys, Owners};
use super::require::Require;
use super::tree::{LoadTree, Rooted, Tree};
use crate::association::{
    Association, Checked, FromOf, KeyColumnsOf, Kind, KindOf, Never, SourceKeyOf, Unchecked,
    source_key,
};
use crate::connection::{Executor, Load, Reader};
use crate::key::{Columns, Key, KeyIn, Present};
use diesel::QueryResult;
use diesel::dsl::{self, count_star};
use diesel::expression::{Expression, ValidGrouping, is_aggregate};
use diesel::query_builder::Query;
use diesel::query_dsl::methods::{FilterDsl, GroupByDsl, SelectDsl};
use std::marker::PhantomData;

/// An aggregate `E` over the rows of an association, read as `T`, as a node of
/// an include tree.
#[derive(Debug, Clone, Copy)]
pub struct Aggregated<A, E, T> {
    expression: E,
    of: PhantomData<fn() -> (A, T)>,
}

/// The number of rows of an association.
pub type Counted<A> = Aggregated<A, count_star, i64>;

/// Whether an association has rows, as a node of an include tree.
#[derive(Debug, Clone, Copy)]
pub struct Existing<A>(Counted<A>);

/// Aggregates of an association as nodes of an include tree.
///
/// ```
/// use diesel::dsl::max;
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
/// # fn load(conn: &mut SqliteConnection) -> QueryResult<()> {
/// let rows: Vec<(Person, i64, bool, Option<i32>)> = people::table
///     .include((
///         Person::TOOTS.counted(),
///         Person::TOOTS.existing(),
///         Person::TOOTS.aggregated(max(toots::id)),
///     ))
///     .load(conn)?;
/// # Ok(()) }
/// ```
pub trait Aggregate: Association {
    /// How many rows there are, in one statement for all sources.
    fn counted(self) -> Counted<Self> {
        Aggregated::new(count_star())
    }

    /// Whether there are rows, in one statement for all sources.
    fn existing(self) -> Existing<Self> {
        Existing(self.counted())
    }

    /// An aggregate over the rows, such as Diesel's `sum`, `min`, `max` and
    /// `avg` of a column of the target, in one statement for all sources. A
    /// source without rows gets the default of `T`, which is `None`.
    fn aggregated<E: AggregateOf<Self, M>, T: Default, M>(
        self,
        expression: E,
    ) -> Aggregated<Self, E::Itself, T> {
        Aggregated::new(expression.itself())
    }
}

/// An aggregate over the rows of the association `A`.
#[diagnostic::on_unimplemented(
    message = "this is not an aggregate over the rows of `{A}`",
    label = "this is over rows of `{A}`",
    note = "write `sum`, `min`, `max` or `avg` of a column of the association's target"
)]
pub trait AggregateOf<A, M>: Sized {
    /// That it is.
    #[doc(hidden)]
    const HOLDS: bool = true;

    /// The aggregate itself. What is none has none, and is mistaken once.
    type Itself;

    /// The aggregate itself.
    fn itself(self) -> Self::Itself;
}

#[diagnostic::do_not_recommend]
impl<A, E> AggregateOf<A, Checked> for E
where
    A: Association,
    FromOf<A>: SelectDsl<E>,
    dsl::Select<FromOf<A>, E>: Query,
    E: Expression + ValidGrouping<(), IsAggregate = is_aggregate::Yes>,
{
    type Itself = E;

    fn itself(self) -> E {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<A, E: Never<A>> AggregateOf<A, Unchecked> for E {
    type Itself = E;

    fn itself(self) -> E {
        self
    }
}

impl<A: Association> Aggregate for A {}

impl<A, E, T> Aggregated<A, E, T> {
    /// The node, for an expression.
    pub(crate) fn new(expression: E) -> Self {
        Self {
            expression,
            of: PhantomData,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<A, E, T> Tree<A::Source> for Aggregated<A, E, T>
where
    A: Association,
    E: Send + Sync,
    T: Clone + Send,
{
    const QUERIES: usize = 1;
    type Output = T;
    type Row = (A::Source, T);
    type Itself = Self;

    fn row(source: A::Source, aggregate: T) -> (A::Source, T) {
        (source, aggregate)
    }

    fn itself(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<A, E, T, Q> Require<Q> for Aggregated<A, E, T> {
    type Output = Q;

    fn require(&self, query: Q) -> Q {
        query
    }
}

#[diagnostic::do_not_recommend]
impl<A, Q> Require<Q> for Existing<A> {
    type Output = Q;

    fn require(&self, query: Q) -> Q {
        query
    }
}

#[diagnostic::do_not_recommend]
impl<A, E, T> Rooted for Aggregated<A, E, T>
where
    A: Association,
    E: Send + Sync,
    T: Clone + Send,
{
    type Source = A::Source;
    type Whole = Self;
    fn whole(self) -> Self::Whole {
        self
    }
}

type Grouped<A, E> = dsl::Select<
    dsl::GroupBy<FromOf<A>, KeyColumnsOf<A>>,
    (<KeyColumnsOf<A> as Columns>::Nullable, E),
>;
type SourceIn<A> = KeyIn<KeyColumnsOf<A>, SourceKeyOf<A>>;
type Aggregates<A, T> = (<SourceKeyOf<A> as Key>::Owned, T);

#[diagnostic::do_not_recommend]
impl<'q, A, E, T, C> LoadTree<'q, A::Source, C> for Aggregated<A, E, T>
where
    A: Association,
    E: Expression + Clone + Send + Sync,
    T: Clone + Default + Send,
    C: Executor
        + MatchKeys<'q, KeyColumnsOf<A>, SourceKeyOf<A>>
        + Load<'q, dsl::Filter<Grouped<A, E>, Present<KeyColumnsOf<A>>>, Aggregates<A, T>>
        + Load<'q, dsl::Filter<Grouped<A, E>, SourceIn<A>>, Aggregates<A, T>>,
    KeyColumnsOf<A>: Expression,
    (<KeyColumnsOf<A> as Columns>::Nullable, E): Expression,
    FromOf<A>: GroupByDsl<KeyColumnsOf<A>>,
    dsl::GroupBy<FromOf<A>, KeyColumnsOf<A>>:
        SelectDsl<(<KeyColumnsOf<A> as Columns>::Nullable, E)>,
    Grouped<A, E>: FilterDsl<SourceIn<A>> + FilterDsl<Present<KeyColumnsOf<A>>> + Send,
    dsl::Filter<Grouped<A, E>, Present<KeyColumnsOf<A>>>: Send,
    dsl::Filter<Grouped<A, E>, SourceIn<A>>: Send,
{
    async fn outputs(
        &self,
        sources: &[A::Source],
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<T>> {
        let index = Index::<SourceKeyOf<A>>::new(sources.iter().map(source_key::<A>));
        let columns = KeyColumnsOf::<A>::default();
        let query = || -> Grouped<A, E> {
            SelectDsl::select(
                GroupByDsl::group_by(<KindOf<A> as Kind<A::Source, A::Target>>::from(), columns),
                (columns.nullable(), self.expression.clone()),
            )
        };
        let mut found: Vec<Aggregates<A, T>> = Vec::new();
        if index.is_empty() {
            // Nothing belongs to anybody.
        } else if whole && C::is_that_of_rust() {
            found = conn
                .load(FilterDsl::filter(query(), Present(columns)))
                .await?;
        } else {
            for keys in C::in_parts(KeyIn::new(columns, index.keys()))? {
                found.extend(conn.load(FilterDsl::filter(query(), keys)).await?);
            }
        }
        let mut owners = Owners::new::<KeyColumnsOf<A>, C>(&index, found.len());
        let aggregates: Vec<T> = found
            .into_iter()
            .map(|(key, aggregate)| {
                owners.push(SourceKeyOf::<A>::from_owned(key));
                aggregate
            })
            .collect();
        let mut of = vec![T::default(); sources.len()];
        let owners = owners.find::<KeyColumnsOf<A>, C>(conn).await?;
        owners.for_each(|source, row| of[source] = aggregates[row].clone());
        index.spread(of, |_, value| Ok(value))
    }
}

#[diagnostic::do_not_recommend]
impl<A> Tree<A::Source> for Existing<A>
where
    A: Association,
{
    const QUERIES: usize = 1;
    type Output = bool;
    type Row = (A::Source, bool);
    type Itself = Self;

    fn row(source: A::Source, exists: bool) -> (A::Source, bool) {
        (source, exists)
    }

    fn itself(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<A> Rooted for Existing<A>
where
    A: Association,
{
    type Source = A::Source;
    type Whole = Self;
    fn whole(self) -> Self::Whole {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<'q, A, C> LoadTree<'q, A::Source, C> for Existing<A>
where
    A: Association,
    C: Executor,
    Counted<A>: LoadTree<'q, A::Source, C, Output = i64>,
{
    async fn outputs(
        &self,
        sources: &[A::Source],
        whole: bool,
        conn: &mut Reader<'_, C>,
    ) -> QueryResult<Vec<bool>> {
        let counts = self.0.outputs(sources, whole, conn).await?;
        Ok(counts.into_iter().map(|count| count > 0).collect())
    }
}
