//! Reading one source row's associated rows: the one place where their SQL is
//! made, for all four kinds.

mod count;
mod has;
mod join;
mod read;

pub use self::count::{Count, count};
pub use self::has::{Has, has};
pub use self::join::{
    Aliased, InnerKind, Join, JoinKind, JoinedAs, JoinedOf, LeftKind, OnOf, Plain, join,
};
pub use self::read::{Read, ReadThrough, read, read_through};

use crate::association::{
    Association, FromOf, KeyColumnsOf, Kind, SourceKeyColumns, SourceKeyRef, TargetTable,
};
use crate::key::{EqAll, Keyed};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::{Expression, Table, dsl};

/// `key columns = the source's key`.
pub type Matching<'k, A> = <KeyColumnsOf<A> as EqAll<SourceKeyRef<'k, A>>>::Output;

/// The query that `<name>_query()` returns: the target rows of one source, as a
/// plain Diesel query.
pub type QueryOf<'k, A> = <A as RowsOf<'k, <TargetTable<A> as Table>::AllColumns>>::Query;

/// An association whose rows can be queried as the selection `S`, for one
/// source.
pub trait RowsOf<'k, S>: Association {
    /// `SELECT S FROM .. WHERE key = ?`
    type Query;

    /// `SELECT S FROM .. WHERE key = ?`
    fn rows_of(key: SourceKeyRef<'k, Self>, selection: S) -> Self::Query;
}

#[diagnostic::do_not_recommend]
impl<'k, A, S> RowsOf<'k, S> for A
where
    A: Association,
    S: Expression,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    FromOf<A>: SelectDsl<S>,
    dsl::Select<FromOf<A>, S>: FilterDsl<Matching<'k, A>>,
{
    type Query = dsl::Filter<dsl::Select<FromOf<A>, S>, Matching<'k, A>>;

    fn rows_of(key: SourceKeyRef<'k, A>, selection: S) -> Self::Query {
        FilterDsl::filter(
            SelectDsl::select(<A::Kind as Kind<A::Source, A::Target>>::from(), selection),
            KeyColumnsOf::<A>::default().eq_all(key),
        )
    }
}

/// The query for the target rows of `source`, not run yet. A source whose key
/// is NULL has none.
pub fn query<'k, A>(source: &'k A::Source) -> QueryOf<'k, A>
where
    A: RowsOf<'k, <TargetTable<A> as Table>::AllColumns>,
{
    A::rows_of(
        Keyed::<SourceKeyColumns<A>>::key(source),
        <TargetTable<A> as Table>::all_columns(),
    )
}
