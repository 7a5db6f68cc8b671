//! `INSERT`: of links, and of new rows.

use super::columns::NewColumns;
use crate::key::Values;
use crate::query::ShowSql;
use diesel::backend::Backend;
use diesel::backend::sql_dialect::returning_clause::SupportsReturningClause;
use diesel::expression::Expression;
use diesel::query_builder::{AstPass, DefaultValues, Query, QueryFragment, QueryId, ValuesClause};
use diesel::query_source::QuerySource;
use diesel::result::Error;
use diesel::{QueryResult, RunQueryDsl, Table};
use std::collections::HashMap;
use std::marker::PhantomData;

/// The values of a new row of the table `T`.
pub trait RowValues<DB: Backend, T>: NewColumns<DB> {}

impl<V, Tab, DB> RowValues<DB, Tab> for ValuesClause<V, Tab>
where
    DB: Backend,
    V: NewColumns<DB>,
{
}

/// A new row without values but those that the layer adds.
#[derive(Debug, Clone, Copy)]
pub struct NoValues;

impl<DB: Backend, T> RowValues<DB, T> for NoValues {}

/// New rows `V`, each with the columns `X` that the layer adds: `INSERT INTO
/// table .. VALUES ..`, ending as `R` says.
///
/// Where `V` has values for columns of `X` they are not written: a row belongs to
/// the association through which it is created, whatever its values say.
#[derive(Debug)]
pub struct InsertRows<T: QuerySource, V, X, R> {
    table: T::FromClause,
    rows: Vec<(V, X)>,
    returning: R,
}

/// Whether `X` has a column of this name.
fn is_among<X: Values<DB>, DB: Backend>(name: &str) -> bool {
    (0..X::COUNT).any(|index| X::name(index) == name)
}

/// Writes the value that a row gets for the column of `X` at this place.
fn walk_added<'b, V, X, DB>(
    row: &'b V,
    added: &'b X,
    index: usize,
    out: AstPass<'_, 'b, DB>,
) -> QueryResult<()>
where
    DB: Backend,
    V: NewColumns<DB>,
    X: Values<DB>,
{
    if X::yields(index)
        && let Some(column) = row.column(X::name(index))?
        && !column.is_default
    {
        return column.value.walk_ast(out);
    }
    added.walk_value(index, out)
}

/// The names of the columns that a row has values for, but not those of `X`.
struct NamesOf<'r, V, X>(&'r V, PhantomData<X>);

impl<V, X, DB> QueryFragment<DB> for NamesOf<'_, V, X>
where
    DB: Backend,
    V: NewColumns<DB>,
    X: Values<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_names(is_among::<X, DB>, out).map(|_| ())
    }
}

/// The values of a row.
struct ValuesOf<'r, V, X>(&'r V, &'r X);

impl<V, X, DB> QueryFragment<DB> for ValuesOf<'_, V, X>
where
    DB: Backend,
    V: NewColumns<DB>,
    X: Values<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_values(is_among::<X, DB>, out.reborrow())?;
        for index in 0..X::COUNT {
            walk_added(self.0, self.1, index, out.reborrow())?;
        }
        Ok(())
    }
}

/// The most rows for which a statement's text is kept, one for each number.
pub(in crate::write) const FEW: usize = 16;

/// The most rows of one statement.
const MOST_ROWS: usize = 500;

/// The most binds of one statement. SQLite takes 32,766, the other databases 65,535.
const MOST_BINDS: usize = 32_766;

/// Which columns of a row are left to their default, a bit for each, but not those
/// of `X`. `None` for a row of more columns than there are bits.
fn defaults<DB, V, X>(row: &V) -> Option<u128>
where
    DB: Backend,
    V: NewColumns<DB>,
    X: Values<DB>,
{
    let (mut defaults, mut bit) = (0, Some(1_u128));
    let visited = row.each(&mut |column| {
        let this = bit.ok_or(Error::NotFound)?;
        if column.is_default && !is_among::<X, DB>(column.name) {
            defaults |= this;
        }
        bit = this.checked_mul(2);
        Ok(())
    });
    visited.is_ok().then_some(defaults)
}

/// Rows that leave the same columns to their default.
struct Alike {
    /// What a row of them takes.
    binds: usize,
    /// Among the lists of columns, that which the rows have values for; `None` where
    /// each is inserted alone.
    columns: Option<usize>,
}

/// A list of columns, and the statement that takes more rows with values for them.
struct Open {
    names: Option<String>,
    group: usize,
    binds: usize,
}

/// The rows for each statement, with their places among all: those together
/// that have values for the same columns, and no more than a statement takes. On
/// SQLite a value that is left to its default leaves out its column.
pub(in crate::write) fn by_columns<DB, T, V, X>(rows: Vec<(V, X)>) -> Vec<(Vec<usize>, Vec<(V, X)>)>
where
    DB: ShowSql,
    V: RowValues<DB, T>,
    X: Values<DB>,
{
    if rows.len() == 1 {
        return vec![(vec![0], rows)];
    }
    let mut known: HashMap<u128, Alike> = HashMap::new();
    let mut opened: Vec<Open> = Vec::new();
    let mut groups: Vec<(Vec<usize>, Vec<(V, X)>)> = Vec::new();
    for (place, row) in rows.into_iter().enumerate() {
        let open = defaults::<DB, _, X>(&row.0).and_then(|defaults| {
            let alike = known.entry(defaults);
            let alike = alike.or_insert_with(|| alike_of(&row.0, &row.1, &mut opened));
            Some((alike.binds, &mut opened[alike.columns?]))
        });
        let is_full = |open: &Open, binds| {
            open.binds + binds > MOST_BINDS
                || groups
                    .get(open.group)
                    .is_none_or(|(places, _)| places.len() >= MOST_ROWS)
        };
        let group = match open {
            Some((binds, open)) if !is_full(open, binds) => {
                open.binds += binds;
                open.group
            }
            open => {
                if let Some((binds, open)) = open {
                    (open.group, open.binds) = (groups.len(), binds);
                }
                groups.push((Vec::new(), Vec::new()));
                groups.len() - 1
            }
        };
        groups[group].0.push(place);
        groups[group].1.push(row);
    }
    groups
}

/// What the rows take that leave the same columns to their default as this one.
fn alike_of<DB, V, X>(row: &V, added: &X, opened: &mut Vec<Open>) -> Alike
where
    DB: ShowSql,
    V: NewColumns<DB>,
    X: Values<DB>,
{
    let names = DB::sql(&NamesOf(row, PhantomData::<X>));
    let values = DB::sql(&ValuesOf(row, added));
    // Without columns there is no list of rows.
    if X::COUNT == 0 && names.as_ref().is_some_and(String::is_empty) {
        return Alike {
            binds: 0,
            columns: None,
        };
    }
    let same = |open: &Open| names.is_some() && open.names == names;
    let columns = opened.iter().position(same).unwrap_or_else(|| {
        opened.push(Open {
            names: names.clone(),
            group: usize::MAX,
            binds: 0,
        });
        opened.len() - 1
    });
    let is_bind = |byte: &u8| matches!(byte, b'?' | b'$');
    let binds = values.map_or_else(
        || count(row) + X::COUNT,
        |sql| sql.bytes().filter(|byte| is_bind(byte)).count(),
    );
    Alike {
        binds,
        columns: Some(columns),
    }
}

/// How many columns a row has.
fn count<DB: Backend, V: NewColumns<DB>>(row: &V) -> usize {
    let mut count = 0;
    // It counts all, which cannot fail.
    let _ = row.each(&mut |_| {
        count += 1;
        Ok(())
    });
    count
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

#[cfg(any(feature = "mysql", feature = "async-mysql"))]
impl<T: QuerySource, V, X, R> InsertRows<T, V, X, R> {
    /// The rows, which it no longer has.
    pub(in crate::write) fn take_rows(&mut self) -> Vec<(V, X)> {
        std::mem::take(&mut self.rows)
    }
}

// Diesel keeps the statement by its text: which columns a new row has may
// depend on its values.
impl<T: QuerySource, V, X, R> QueryId for InsertRows<T, V, X, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// What an `INSERT` selects.
pub trait Selects {
    /// Its SQL type.
    type SqlType;
}

impl<R: Expression> Selects for R {
    type SqlType = R::SqlType;
}

impl<T: QuerySource, V, X, R: Selects> Query for InsertRows<T, V, X, R> {
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
    DefaultValues: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("INSERT INTO ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" ");
        let Some((first, _)) = self.rows.first() else {
            return Err(Error::QueryBuilderError("an insert needs a row".into()));
        };
        if X::COUNT == 0 && NamesOf(first, PhantomData::<X>).is_noop(out.backend())? {
            if self.rows.len() > 1 {
                let error = "rows without values need a statement each";
                return Err(Error::QueryBuilderError(error.into()));
            }
            DefaultValues.walk_ast(out.reborrow())?;
        } else {
            if self.rows.len() > FEW {
                // The text grows with the rows; so many seldom come again.
                out.unsafe_to_cache_prepared();
            }
            // A column that two keys have is written once.
            let is_new =
                |index: &usize| (0..*index).all(|earlier| X::name(earlier) != X::name(*index));
            let added = || (0..X::COUNT).filter(is_new);
            out.push_sql("(");
            let mut comma = first.walk_names(is_among::<X, DB>, out.reborrow())?;
            for index in added() {
                out.push_sql(if comma { ", " } else { "" });
                comma = true;
                out.push_identifier(X::name(index))?;
            }
            out.push_sql(") VALUES ");
            for (number, (row, values)) in self.rows.iter().enumerate() {
                out.push_sql(if number > 0 { ", (" } else { "(" });
                let mut comma = row.walk_values(is_among::<X, DB>, out.reborrow())?;
                for index in added() {
                    out.push_sql(if comma { ", " } else { "" });
                    comma = true;
                    walk_added(row, values, index, out.reborrow())?;
                }
                out.push_sql(")");
            }
        }
        let column = if X::COUNT > 0 { X::name(0) } else { "" };
        self.returning.walk_returning(out, column)
    }
}
