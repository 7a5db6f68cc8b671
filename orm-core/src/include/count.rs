//! Counting the rows of each source, without loading them.

use super::group::Index;
use super::tree::{LoadTree, Rooted, Tree};
use crate::association::{
    Association, FromOf, KeyColumnsOf, Kind, KindOf, SourceKeyColumns, SourceKeyOf,
};
use crate::connection::{Executor, Load};
use crate::key::{Columns, Key, KeyIn, Keyed};
use diesel::dsl::{self, count_star};
use diesel::query_dsl::methods::{FilterDsl, GroupByDsl, SelectDsl};
use diesel::{Expression, QueryResult};
use std::marker::PhantomData;

/// The number of rows of an association, as a node of an include tree.
#[derive(Debug, Clone, Copy)]
pub struct Counted<A>(PhantomData<A>);

/// Aggregates of an association as nodes of an include tree.
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
/// # fn load(conn: &mut SqliteConnection) -> QueryResult<()> {
/// let rows: Vec<(Person, i64)> = people::table.include(Person::TOOTS.counted()).load(conn)?;
/// # Ok(()) }
/// ```
pub trait Aggregate: Association {
    /// How many rows there are, in one statement for all sources.
    fn counted(self) -> Counted<Self> {
        Counted(PhantomData)
    }
}

impl<A: Association> Aggregate for A {}

impl<A> Default for Counted<A> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<A> Tree<A::Source> for Counted<A>
where
    A: Association,
    A::Source: Clone,
{
    const QUERIES: usize = 1;
    type Output = i64;
    type Row = (A::Source, i64);

    fn row(source: A::Source, count: i64) -> (A::Source, i64) {
        (source, count)
    }
}

impl<A> Rooted for Counted<A>
where
    A: Association,
    A::Source: Clone,
{
    type Source = A::Source;
}

type Grouped<A> = dsl::Select<
    dsl::GroupBy<FromOf<A>, KeyColumnsOf<A>>,
    (<KeyColumnsOf<A> as Columns>::Nullable, count_star),
>;
type SourceIn<A> = KeyIn<KeyColumnsOf<A>, SourceKeyOf<A>>;
type Counts<A> = (<SourceKeyOf<A> as Key>::Owned, i64);

impl<'q, A, C> LoadTree<'q, A::Source, C> for Counted<A>
where
    A: Association,
    A::Source: Clone,
    C: Executor
        + Load<'q, Grouped<A>, Counts<A>>
        + Load<'q, dsl::Filter<Grouped<A>, SourceIn<A>>, Counts<A>>,
    KeyColumnsOf<A>: Expression,
    (<KeyColumnsOf<A> as Columns>::Nullable, count_star): Expression,
    FromOf<A>: GroupByDsl<KeyColumnsOf<A>>,
    dsl::GroupBy<FromOf<A>, KeyColumnsOf<A>>:
        SelectDsl<(<KeyColumnsOf<A> as Columns>::Nullable, count_star)>,
    Grouped<A>: FilterDsl<SourceIn<A>> + Send,
    dsl::Filter<Grouped<A>, SourceIn<A>>: Send,
{
    async fn outputs(
        &self,
        sources: &[A::Source],
        whole: bool,
        conn: &mut C,
    ) -> QueryResult<Vec<i64>> {
        let index =
            Index::<SourceKeyOf<A>>::new(sources.iter().map(Keyed::<SourceKeyColumns<A>>::key));
        let columns = KeyColumnsOf::<A>::default();
        let query = || -> Grouped<A> {
            let from = <KindOf<A> as Kind<A::Source, A::Target>>::from();
            SelectDsl::select(
                GroupByDsl::group_by(from, columns),
                (columns.nullable(), count_star()),
            )
        };
        let counts: Vec<Counts<A>> = if index.is_empty() {
            Vec::new()
        } else if whole {
            conn.load(query()).await?
        } else {
            conn.load(FilterDsl::filter(
                query(),
                KeyIn::new(columns, index.keys()),
            ))
            .await?
        };
        let mut of = vec![0; sources.len()];
        for (key, count) in counts {
            let source = SourceKeyOf::<A>::from_owned(key).and_then(|key| index.source(&key));
            if let Some(source) = source {
                of[source] = count;
            }
        }
        Ok(index.first_of_each().map(|first| of[first]).collect())
    }
}
