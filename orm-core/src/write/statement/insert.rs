//! `INSERT`: of links, and of new rows.

use crate::key::Values;
use crate::query::ShowSql;
use diesel::backend::Backend;
use diesel::backend::sql_dialect::returning_clause::SupportsReturningClause;
use diesel::expression::Expression;
use diesel::insertable::InsertValues;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId, ValuesClause};
use diesel::query_source::QuerySource;
use diesel::{QueryResult, RunQueryDsl, Table};
use std::marker::PhantomData;

/// The values of a new row of the table `T`.
pub trait RowValues<DB: Backend, T> {
    /// Whether every row has values for the same columns, whatever the values.
    const SAME_COLUMNS: bool = false;

    /// Writes the names of the columns that it has values for.
    ///
    /// # Errors
    /// None but those of writing SQL.
    fn walk_names(&self, out: AstPass<'_, '_, DB>) -> QueryResult<()>;

    /// Writes the values, as many.
    ///
    /// # Errors
    /// A value that cannot be bound.
    fn walk_values<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;

    /// Writes the names and the values, also where there are none.
    ///
    /// # Errors
    /// A value that cannot be bound.
    fn walk_row<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;

    /// Whether there are no values.
    ///
    /// # Errors
    /// None but those of writing SQL.
    fn is_empty(&self, backend: &DB) -> QueryResult<bool>;
}

impl<V, Tab, DB> RowValues<DB, Tab> for ValuesClause<V, Tab>
where
    DB: Backend,
    Tab: Table,
    V: InsertValues<DB, Tab>,
    Self: QueryFragment<DB>,
{
    fn walk_names(&self, out: AstPass<'_, '_, DB>) -> QueryResult<()> {
        self.values.column_names(out)
    }

    fn walk_values<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.values.walk_ast(out)
    }

    fn walk_row<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.walk_ast(out)
    }

    fn is_empty(&self, backend: &DB) -> QueryResult<bool> {
        self.values.is_noop(backend)
    }
}

/// A new row without values but those that the layer adds.
#[derive(Debug, Clone, Copy)]
pub struct NoValues;

impl<DB: Backend, T> RowValues<DB, T> for NoValues {
    const SAME_COLUMNS: bool = true;

    fn walk_names(&self, _: AstPass<'_, '_, DB>) -> QueryResult<()> {
        Ok(())
    }

    fn walk_values<'b>(&'b self, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }

    fn walk_row<'b>(&'b self, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }

    fn is_empty(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

/// New rows `V`, each with the columns `X` that the layer adds: `INSERT INTO
/// table .. VALUES ..`, ending as `R` says.
#[derive(Debug)]
pub struct InsertRows<T: QuerySource, V, X, R> {
    table: T::FromClause,
    rows: Vec<(V, X)>,
    returning: R,
}

/// The columns that a new row has values for.
struct ColumnNames<'r, V, T>(&'r V, PhantomData<T>);

impl<V, T, DB> QueryFragment<DB> for ColumnNames<'_, V, T>
where
    DB: Backend,
    V: RowValues<DB, T>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_names(out)
    }
}

/// The most rows for which a statement's text is kept, one for each number.
pub(in crate::write) const FEW: usize = 16;

/// The most rows of one statement: with sixty columns it stays below the 32,766
/// binds that SQLite takes.
const MOST_ROWS: usize = 500;

/// The rows for each statement, with their places among all: those together
/// that are known to have values for the same columns. On SQLite a value that is left to its
/// default leaves out its column.
pub(in crate::write) fn by_columns<DB, T, V, X>(rows: Vec<(V, X)>) -> Vec<(Vec<usize>, Vec<(V, X)>)>
where
    DB: ShowSql,
    V: RowValues<DB, T>,
{
    if rows.len() == 1 || V::SAME_COLUMNS && rows.len() <= MOST_ROWS {
        return vec![((0..rows.len()).collect(), rows)];
    }
    let mut known: Vec<Option<String>> = Vec::new();
    let mut groups: Vec<(Vec<usize>, Vec<_>)> = Vec::new();
    for (place, row) in rows.into_iter().enumerate() {
        let columns = DB::sql(&ColumnNames(&row.0, PhantomData::<T>));
        let open = known.iter().zip(&groups).position(|(known, (places, _))| {
            columns.is_some() && *known == columns && places.len() < MOST_ROWS
        });
        let group = open.unwrap_or_else(|| {
            known.push(columns);
            groups.push((Vec::new(), Vec::new()));
            groups.len() - 1
        });
        groups[group].0.push(place);
        groups[group].1.push(row);
    }
    groups
}

impl<T: Table + Default, V, X, R> InsertRows<T, V, X, R> {
    pub(in crate::write) fn new(rows: Vec<(V, X)>, returning: R) -> Self {
        Self {
            table: T::default().from_clause(),
            rows,
            returning,
        }
    }
}

// Diesel keeps the statement by its text: which columns a new row has may
// depend on its values.
impl<T: QuerySource, V, X, R> QueryId for InsertRows<T, V, X, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: QuerySource, V, X, R: Expression> Query for InsertRows<T, V, X, R> {
    type SqlType = R::SqlType;
}

impl<T: QuerySource, V, X, R, Conn> RunQueryDsl<Conn> for InsertRows<T, V, X, R> {}

/// Nothing is selected of what was inserted.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

impl<DB: Backend> Returning<DB> for Plain {
    fn walk_returning<'b>(&'b self, _: AstPass<'_, 'b, DB>, _: &str) -> QueryResult<()> {
        Ok(())
    }
}

/// How an `INSERT` ends: with the selection of what was inserted, or with [`Plain`].
pub trait Returning<DB: Backend> {
    /// Writes the end of the statement; `column` is any of the table's.
    ///
    /// # Errors
    /// None but those of writing SQL.
    fn walk_returning<'b>(&'b self, out: AstPass<'_, 'b, DB>, column: &str) -> QueryResult<()>;
}

impl<R, DB> Returning<DB> for R
where
    DB: Backend,
    DB::ReturningClause: SupportsReturningClause,
    R: Expression + QueryFragment<DB>,
{
    fn walk_returning<'b>(&'b self, mut out: AstPass<'_, 'b, DB>, _: &str) -> QueryResult<()> {
        out.push_sql(" RETURNING ");
        self.walk_ast(out)
    }
}

impl<T, V, X, R, DB> QueryFragment<DB> for InsertRows<T, V, X, R>
where
    DB: Backend,
    T: QuerySource<FromClause: QueryFragment<DB>>,
    V: RowValues<DB, T>,
    X: Values<DB>,
    R: Returning<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("INSERT INTO ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" ");
        let [first, others @ ..] = self.rows.as_slice() else {
            return Err(diesel::result::Error::QueryBuilderError(
                "an insert needs a row".into(),
            ));
        };
        if others.is_empty() && X::COUNT == 0 {
            first.0.walk_row(out.reborrow())?;
        } else {
            if self.rows.len() > FEW {
                // The text grows with the rows; so many seldom come again.
                out.unsafe_to_cache_prepared();
            }
            let given = !first.0.is_empty(out.backend())?;
            let comma = |index| given || index > 0;
            // A column that two keys have is written once.
            let is_new =
                |index: &usize| (0..*index).all(|earlier| X::name(earlier) != X::name(*index));
            out.push_sql("(");
            first.0.walk_names(out.reborrow())?;
            for index in (0..X::COUNT).filter(is_new) {
                out.push_sql(if comma(index) { ", " } else { "" });
                out.push_identifier(X::name(index))?;
            }
            out.push_sql(") VALUES ");
            for (number, (row, added)) in self.rows.iter().enumerate() {
                out.push_sql(if number > 0 { ", (" } else { "(" });
                row.walk_values(out.reborrow())?;
                for index in (0..X::COUNT).filter(is_new) {
                    out.push_sql(if comma(index) { ", " } else { "" });
                    added.walk_value(index, out.reborrow())?;
                }
                out.push_sql(")");
            }
        }
        let column = if X::COUNT > 0 { X::name(0) } else { "" };
        self.returning.walk_returning(out, column)
    }
}
