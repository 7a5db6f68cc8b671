//! Reading one source row's associated rows: the one place where their SQL is
//! made, for all four kinds.

mod count;
mod exists;
mod has;
mod join;
mod read;
mod rows;
mod semi_join;
mod show_sql;

pub use self::count::{Count, count};
pub use self::exists::{Exists, HasRows, OfSource, RowCount};
pub(crate) use self::exists::{Keys, NamedKeys, SourceCondition, has_rows, keys};
pub use self::has::{Has, has};
pub use self::join::{
    Aliased, ColumnsAs, InnerKind, Join, JoinKind, JoinedAs, JoinedOf, LeftKind, OnOf, Plain, join,
};
pub use self::read::{Read, ReadThrough, read, read_through};
pub use self::rows::{QueryOf, QueryRows};
pub(crate) use self::semi_join::KeySet;
pub use self::show_sql::ShowSql;

use crate::association::{
    Association, FromOf, KeyColumnsOf, Kind, SourceKeyOf, SourceKeyRef, source_key,
};
use crate::key::{EqAll, Key};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::{Expression, dsl};

/// `key columns = the source's key`.
pub type Matching<'k, A> = <KeyColumnsOf<A> as EqAll<SourceKeyRef<'k, A>>>::Output;

/// An association whose rows can be queried as the selection `S`, for one
/// source.
pub trait SelectRows<'k, S>: Association {
    /// `SELECT S FROM .. WHERE key = ?`
    type Query;

    /// `SELECT S FROM .. WHERE key = ?`
    fn select_rows(key: SourceKeyRef<'k, Self>, selection: S) -> Self::Query;
}

#[diagnostic::do_not_recommend]
impl<'k, A, S> SelectRows<'k, S> for A
where
    A: Association,
    S: Expression,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    FromOf<A>: SelectDsl<S>,
    dsl::Select<FromOf<A>, S>: FilterDsl<Matching<'k, A>>,
{
    type Query = dsl::Filter<dsl::Select<FromOf<A>, S>, Matching<'k, A>>;

    fn select_rows(key: SourceKeyRef<'k, A>, selection: S) -> Self::Query {
        FilterDsl::filter(
            SelectDsl::select(<A::Kind as Kind<A::Source, A::Target>>::from(), selection),
            KeyColumnsOf::<A>::default().eq_all(key),
        )
    }
}

/// The key of a source, if no part of it is NULL.
pub(crate) fn complete_key<A: Association>(source: &A::Source) -> Option<SourceKeyRef<'_, A>> {
    let key = source_key::<A>(source);
    <SourceKeyOf<A> as Key>::is_complete(key).then_some(key)
}
