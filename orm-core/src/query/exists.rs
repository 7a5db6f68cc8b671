//! Filtering sources by their associated rows.

use crate::association::{Association, FromOf, KeyColumnsOf, Kind, KindOf, SourceKeyColumns};
use crate::key::Columns;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::sql_types::Bool;
use diesel::{QueryResult, dsl};

/// `SELECT key FROM ..`: the keys of the sources that have a row.
type Keys<A> = dsl::Select<FromOf<A>, KeyColumnsOf<A>>;

/// Conditions on a source by its associated rows, for any Diesel `filter`.
///
/// They are sub-selects, not joins: a source appears once however many rows it
/// has, so paging and counting are of sources.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { people (id) { id -> Integer, name -> Text, boss_id -> Nullable<Integer>, } }
/// diesel::table! { toots (id) { id -> Integer, person_id -> Integer, body -> Text, } }
/// diesel::allow_tables_to_appear_in_same_query!(people, toots);
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = people)]
/// #[has_many(Toot)]
/// #[belongs_to(Person, name = boss)]
/// struct Person { id: i32, boss_id: Option<i32> }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = toots)]
/// struct Toot { id: i32, person_id: i32, body: String }
///
/// let _ = people::table.filter(Person::TOOTS.any(toots::body.like("%rust%")));
/// let _ = people::table.filter(Person::TOOTS.none(toots::body.like("%rust%")));
/// let _ = people::table.filter(Person::TOOTS.exists());
/// // those whose boss has toots
/// let _ = people::table.filter(Person::BOSS.any(Person::TOOTS.exists()));
/// ```
pub trait Exists: Association {
    /// The source has a row.
    fn exists(self) -> HasRows<SourceKeyColumns<Self>, Keys<Self>>
    where
        FromOf<Self>: SelectDsl<KeyColumnsOf<Self>>,
        KeyColumnsOf<Self>: Expression,
    {
        HasRows {
            columns: SourceKeyColumns::<Self>::default(),
            keys: keys::<Self>(),
            expected: true,
        }
    }

    /// The source has a row for which `predicate` holds, a Diesel expression
    /// over the target's table and the junction's. One of these may stand in
    /// another.
    fn any<P>(self, predicate: P) -> HasRows<SourceKeyColumns<Self>, dsl::Filter<Keys<Self>, P>>
    where
        FromOf<Self>: SelectDsl<KeyColumnsOf<Self>>,
        KeyColumnsOf<Self>: Expression,
        Keys<Self>: FilterDsl<P>,
    {
        HasRows {
            columns: SourceKeyColumns::<Self>::default(),
            keys: FilterDsl::filter(keys::<Self>(), predicate),
            expected: true,
        }
    }

    /// The source has no row for which `predicate` holds. A source whose key is
    /// NULL has no rows.
    fn none<P>(self, predicate: P) -> HasRows<SourceKeyColumns<Self>, dsl::Filter<Keys<Self>, P>>
    where
        FromOf<Self>: SelectDsl<KeyColumnsOf<Self>>,
        KeyColumnsOf<Self>: Expression,
        Keys<Self>: FilterDsl<P>,
    {
        HasRows {
            expected: false,
            ..self.any(predicate)
        }
    }
}

impl<A: Association> Exists for A {}

fn keys<A>() -> Keys<A>
where
    A: Association,
    FromOf<A>: SelectDsl<KeyColumnsOf<A>>,
    KeyColumnsOf<A>: Expression,
{
    SelectDsl::select(
        <KindOf<A> as Kind<A::Source, A::Target>>::from(),
        KeyColumnsOf::<A>::default(),
    )
}

/// Whether the key of a source is among the keys of a sub-select; never NULL.
#[derive(Debug, Clone, Copy)]
pub struct HasRows<C, Q> {
    columns: C,
    keys: Q,
    expected: bool,
}

impl<C, Q> Expression for HasRows<C, Q> {
    type SqlType = Bool;
}

impl<C, Q> QueryId for HasRows<C, Q> {
    type QueryId = ();
    // `expected` is not in the type.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, Q, G> ValidGrouping<G> for HasRows<C, Q> {
    type IsAggregate = is_aggregate::No;
}

// The sub-select stands for itself, so only the columns must be in the query.
impl<C, Q, From> AppearsOnTable<From> for HasRows<C, Q> where C: AppearsOnTable<From> {}

impl<C, Q, From> SelectableExpression<From> for HasRows<C, Q> where C: SelectableExpression<From> {}

impl<C, Q, DB> QueryFragment<DB> for HasRows<C, Q>
where
    DB: Backend,
    C: Columns + QueryFragment<DB>,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("((");
        self.columns.walk_ast(out.reborrow())?;
        out.push_sql(") IN (");
        self.keys.walk_ast(out.reborrow())?;
        out.push_sql(if self.expected {
            ") IS TRUE)"
        } else {
            ") IS NOT TRUE)"
        });
        Ok(())
    }
}
