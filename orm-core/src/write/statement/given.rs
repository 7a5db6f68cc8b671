//! Rows that are given as a table, to compare existing rows with and to change them by.

use super::NoValues;
use super::columns::NewColumns;
use super::names::push_columns;
use crate::connection::{Dialect, HasDialect};
use crate::key::{Columns, Values};
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId, ValuesClause};
use diesel::query_source::QuerySource;
use diesel::sql_types::{BigInt, Bool, Nullable};
use diesel::{Expression, QueryResult, RunQueryDsl, Table};

/// The values of a given row, beside its key.
pub trait GivenValues<DB: Backend> {
    /// The value of the column of this name.
    ///
    /// # Errors
    /// A value that cannot be bound.
    fn walk_named<'b>(&'b self, name: &str, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

impl<V, Tab, DB> GivenValues<DB> for ValuesClause<V, Tab>
where
    DB: Backend,
    Self: NewColumns<DB>,
{
    fn walk_named<'b>(&'b self, name: &str, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self.column(name)? {
            Some(column) => column.value.walk_ast(out),
            None => Ok(()),
        }
    }
}

impl<DB: Backend> GivenValues<DB> for NoValues {
    fn walk_named<'b>(&'b self, _: &str, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}

/// The columns of a key and of a scope, as values of a given row.
#[derive(Debug)]
pub struct KeyValues<E>(pub(in crate::write) E);

impl<E: Values<DB>, DB: Backend> GivenValues<DB> for KeyValues<E> {
    fn walk_named<'b>(&'b self, name: &str, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match (0..E::COUNT).find(|&index| E::name(index) == name) {
            Some(index) => self.0.walk_value(index, out),
            None => Ok(()),
        }
    }
}

/// Rows of the table `T` as they are given: the values `K` of the columns that name a row,
/// and values for the columns `names`.
///
/// In SQL a table `orm_given` with the columns `i`, the number of a row, `k0` and so on,
/// and `v0` and so on.
#[derive(Debug)]
pub struct Given<T: QuerySource, K, V> {
    table: T::FromClause,
    rows: Vec<(K, V)>,
    names: Vec<&'static str>,
}

impl<T: Table + Default, K, V> Given<T, K, V> {
    pub(in crate::write) fn new(rows: Vec<(K, V)>, names: Vec<&'static str>) -> Self {
        Self {
            table: T::default().from_clause(),
            rows,
            names,
        }
    }
}

impl<T: QuerySource, K, V> Given<T, K, V> {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The columns beside the key.
    pub(super) fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// Writes `WITH orm_given (..) AS (..) `, where a statement takes it.
    pub(super) fn walk_with<'b, DB>(&'b self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: HasDialect,
        T::FromClause: QueryFragment<DB>,
        K: Values<DB>,
        V: GivenValues<DB>,
    {
        let dialect = out.backend().dialect();
        out.push_sql("WITH orm_given (i");
        for index in 0..K::COUNT {
            out.push_sql(&format!(", k{index}"));
        }
        for index in 0..self.names.len() {
            out.push_sql(&format!(", v{index}"));
        }
        out.push_sql(") AS (");
        if dialect == Dialect::Mysql {
            self.walk_union(out)?;
        } else {
            out.push_sql("VALUES ");
            for number in 0..self.rows.len() {
                out.push_sql(if number > 0 { ", (" } else { "(" });
                self.walk_row(number, out)?;
                out.push_sql(")");
            }
        }
        out.push_sql(") ");
        Ok(())
    }

    /// Writes the rows as a `UNION`, for MySQL: the first `SELECT` yields no row, and gives
    /// the columns the types and collations of the table's.
    pub(super) fn walk_union<'b, DB>(&'b self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: HasDialect,
        T::FromClause: QueryFragment<DB>,
        K: Values<DB>,
        V: GivenValues<DB>,
    {
        out.push_sql("SELECT 0 AS i");
        let keys: Vec<_> = (0..K::COUNT).map(K::name).collect();
        for (prefix, names) in [("k", &keys), ("v", &self.names)] {
            for (index, name) in names.iter().enumerate() {
                out.push_sql(", ");
                out.push_identifier(name)?;
                out.push_sql(&format!(" AS {prefix}{index}"));
            }
        }
        out.push_sql(" FROM ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE 1 = 0");
        for number in 0..self.rows.len() {
            out.push_sql(" UNION ALL SELECT ");
            self.walk_row(number, out)?;
        }
        Ok(())
    }

    fn walk_row<'b, DB>(&'b self, number: usize, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: HasDialect,
        K: Values<DB>,
        V: GivenValues<DB>,
    {
        let (key, values) = &self.rows[number];
        if out.backend().dialect() == Dialect::Postgres {
            out.push_sql(&format!("CAST({number} AS BIGINT)"));
        } else {
            out.push_sql(&number.to_string());
        }
        for index in 0..K::COUNT {
            out.push_sql(", ");
            key.walk_value(index, out.reborrow())?;
        }
        for name in &self.names {
            out.push_sql(", ");
            values.walk_named(name, out.reborrow())?;
        }
        Ok(())
    }

    /// Writes `(table.key) = (orm_given.k0)`.
    fn walk_match<'b, DB>(&'b self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend,
        T::FromClause: QueryFragment<DB>,
        K: Values<DB>,
    {
        for index in 0..K::COUNT {
            out.push_sql(if index > 0 { " AND " } else { "" });
            push_columns(&self.table, [K::name(index)], out)?;
            out.push_sql(&format!(" = orm_given.k{index}"));
        }
        Ok(())
    }

    /// Writes whether the row has the given values, to the letter.
    fn walk_same<'b, DB>(&'b self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: HasDialect,
        T::FromClause: QueryFragment<DB>,
    {
        let dialect = out.backend().dialect();
        if self.names.is_empty() {
            out.push_sql("1 = 1");
        }
        for (index, name) in self.names.iter().enumerate() {
            out.push_sql(if index > 0 { " AND " } else { "" });
            let (before, between, after) = match dialect {
                Dialect::Sqlite => ("", " IS ", " COLLATE BINARY"),
                Dialect::Postgres => ("CAST(", " AS TEXT) IS NOT DISTINCT FROM CAST(", " AS TEXT)"),
                Dialect::Mysql => ("CAST(", " AS BINARY) <=> CAST(", " AS BINARY)"),
            };
            out.push_sql(before);
            push_columns(&self.table, [*name], out)?;
            out.push_sql(between);
            out.push_sql(&format!("orm_given.v{index}"));
            out.push_sql(after);
        }
        Ok(())
    }
}

/// Existing rows for which `P` holds, each with the number of the given row that it is
/// and whether it has that row's values:
///
/// ```sql
/// WITH orm_given (i, k0, v0) AS (VALUES (0, ?, ?), (1, ?, ?))
/// SELECT toot_id, orm_given.i, liked_at IS orm_given.v0
/// FROM liked_toots INNER JOIN orm_given ON toot_id = orm_given.k0 WHERE person_id = ?
/// ```
pub struct MatchGiven<T: QuerySource, C, K, V, P> {
    given: Given<T, K, V>,
    columns: C,
    condition: P,
    /// Whether rows that are no given ones are wanted too.
    others: bool,
}

impl<T: QuerySource, C: Default, K, V, P> MatchGiven<T, C, K, V, P> {
    pub(in crate::write) fn new(given: Given<T, K, V>, condition: P, others: bool) -> Self {
        Self {
            given,
            columns: C::default(),
            condition,
            others,
        }
    }
}

// The text grows with the rows.
impl<T: QuerySource, C, K, V, P> QueryId for MatchGiven<T, C, K, V, P> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: QuerySource, C: Columns, K, V, P> Query for MatchGiven<T, C, K, V, P> {
    type SqlType = (
        <C::Nullable as Expression>::SqlType,
        Nullable<BigInt>,
        Nullable<Bool>,
    );
}

impl<T: QuerySource, C, K, V, P, Conn> RunQueryDsl<Conn> for MatchGiven<T, C, K, V, P> {}

impl<T, C, K, V, P, DB> QueryFragment<DB> for MatchGiven<T, C, K, V, P>
where
    DB: HasDialect,
    T: QuerySource<FromClause: QueryFragment<DB>>,
    C: Columns + QueryFragment<DB>,
    K: Values<DB>,
    V: GivenValues<DB>,
    P: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let given = &self.given;
        if given.rows.len() > super::FEW {
            // The text grows with the rows; so many seldom come again.
            out.unsafe_to_cache_prepared();
        }
        given.walk_with(&mut out)?;
        out.push_sql("SELECT ");
        self.columns.walk_ast(out.reborrow())?;
        out.push_sql(", orm_given.i, ");
        given.walk_same(&mut out)?;
        out.push_sql(" FROM ");
        given.table.walk_ast(out.reborrow())?;
        out.push_sql(if self.others {
            " LEFT JOIN orm_given ON "
        } else {
            " INNER JOIN orm_given ON "
        });
        given.walk_match(&mut out)?;
        out.push_sql(" WHERE ");
        self.condition.walk_ast(out)
    }
}

/// Any row.
#[derive(Debug, Clone, Copy)]
pub struct AnyRow;

impl<DB: Backend> QueryFragment<DB> for AnyRow {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("1 = 1");
        Ok(())
    }
}

/// Gives existing rows for which `P` holds the values of given ones:
///
/// ```sql
/// WITH orm_given (i, k0, v0) AS (VALUES (0, ?, ?), (1, ?, ?))
/// UPDATE liked_toots SET liked_at = orm_given.v0 FROM orm_given
/// WHERE toot_id = orm_given.k0 AND person_id = ?
/// ```
///
/// A column that the row is named by is not changed, and of those that are `compared` a row
/// has the same value or none: a row that has another is left alone.
pub struct UpdateGiven<T: QuerySource, K, V, P> {
    given: Given<T, K, V>,
    condition: P,
    compared: Vec<&'static str>,
}

impl<T: QuerySource, K, V, P> UpdateGiven<T, K, V, P> {
    pub(in crate::write) fn new(given: Given<T, K, V>, condition: P) -> Self {
        Self {
            given,
            condition,
            compared: Vec::new(),
        }
    }

    pub(in crate::write) fn comparing(self, compared: Vec<&'static str>) -> Self {
        Self { compared, ..self }
    }
}

impl<T: QuerySource, K, V, P> QueryId for UpdateGiven<T, K, V, P> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T, K, V, P, DB> QueryFragment<DB> for UpdateGiven<T, K, V, P>
where
    DB: HasDialect,
    T: QuerySource<FromClause: QueryFragment<DB>>,
    K: Values<DB>,
    V: GivenValues<DB>,
    P: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let given = &self.given;
        if given.rows.len() > super::FEW {
            out.unsafe_to_cache_prepared();
        }
        let mysql = out.backend().dialect() == Dialect::Mysql;
        if !mysql {
            given.walk_with(&mut out)?;
        }
        out.push_sql("UPDATE ");
        given.table.walk_ast(out.reborrow())?;
        if mysql {
            out.push_sql(" INNER JOIN (");
            given.walk_union(&mut out)?;
            out.push_sql(") AS orm_given ON ");
            given.walk_match(&mut out)?;
        }
        out.push_sql(" SET ");
        // a column of the key is compared, and not changed
        let is_key = |name: &str| (0..K::COUNT).any(|index| K::name(index) == name);
        let mut set = 0;
        for (index, name) in given.names.iter().enumerate() {
            if is_key(name) {
                continue;
            }
            out.push_sql(if set > 0 { ", " } else { "" });
            if mysql {
                push_columns(&given.table, [*name], &mut out)?;
            } else {
                out.push_identifier(name)?;
            }
            out.push_sql(&format!(" = orm_given.v{index}"));
            set += 1;
        }
        if set == 0 {
            // nothing is left to be changed, and the rows are counted
            if mysql {
                push_columns(&given.table, [K::name(0)], &mut out)?;
            } else {
                out.push_identifier(K::name(0))?;
            }
            out.push_sql(" = ");
            push_columns(&given.table, [K::name(0)], &mut out)?;
        }
        if !mysql {
            out.push_sql(" FROM orm_given");
        }
        out.push_sql(" WHERE ");
        if !mysql {
            given.walk_match(&mut out)?;
            out.push_sql(" AND ");
        }
        self.condition.walk_ast(out.reborrow())?;
        for (index, name) in given.names.iter().enumerate() {
            if is_key(name) || self.compared.contains(name) {
                out.push_sql(" AND (");
                push_columns(&given.table, [*name], &mut out)?;
                out.push_sql(&format!(" = orm_given.v{index}"));
                out.push_sql(" OR ");
                push_columns(&given.table, [*name], &mut out)?;
                out.push_sql(" IS NULL)");
            }
        }
        Ok(())
    }
}

/// The most binds of a statement of given rows: below what every database takes.
pub(in crate::write) const MOST_BINDS: usize = 30_000;
