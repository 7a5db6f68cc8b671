//! Inserting where the database returns nothing of it: MySQL. The rows are read
//! by their keys, which are among the values that were sent, or which the
//! database counted.

use super::{InOrder, InsertWith, Inserts};
use crate::connection::{Execute, Executor, Load};
use crate::key::{Columns, Values};
use crate::model::Model;
use crate::write::statement::{InsertRows, Plain, RowValues, by_columns};
use diesel::mysql::{Mysql, MysqlQueryBuilder};
use diesel::query_builder::bind_collector::RawBytesBindCollector;
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId, ValuesClause};
use diesel::query_source::QuerySource;
use diesel::result::Error;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType};
use diesel::{Expression, QueryResult, RunQueryDsl, Selectable, SelectableHelper, Table, dsl};
use std::io::Write;
use std::marker::PhantomData;

/// By `INSERT`, and a `SELECT` of the rows by their keys.
#[derive(Debug)]
pub struct ByKey;

#[diagnostic::do_not_recommend]
impl Inserts for Mysql {
    type By = ByKey;
}

/// A bound value as it is sent.
#[derive(Debug, Clone)]
pub struct Sent(Vec<u8>);

impl<ST> ToSql<ST, Mysql> for Sent {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
        out.write_all(&self.0)?;
        Ok(IsNull::No)
    }
}

/// A part of a new row's key.
#[derive(Debug, Clone)]
pub enum Part {
    /// It is among the row's values.
    Given(Sent),
    /// The database counted it, this many after the statement's first.
    Counted(usize),
}

/// What a row sends for each of its columns: one bind, or nothing.
struct RowSent<'r, V, X, T>(&'r V, &'r X, PhantomData<T>);

/// Separates columns in a way that no name and no value does.
const SEPARATOR: &str = ", ";

impl<V, X, T> RowSent<'_, V, X, T>
where
    V: RowValues<Mysql, T>,
    X: Values<Mysql>,
{
    /// The names of the columns, and what is sent for each; `None` where the
    /// database decides.
    fn columns(&self) -> QueryResult<Vec<(String, Option<Sent>)>> {
        let mut names = MysqlQueryBuilder::default();
        Names(self).to_sql(&mut names, &Mysql)?;
        let mut values = MysqlQueryBuilder::default();
        self.to_sql(&mut values, &Mysql)?;
        let mut binds = RawBytesBindCollector::default();
        self.collect_binds(&mut binds, &mut (), &Mysql)?;
        let RawBytesBindCollector { binds, .. } = binds;

        let (names, values) = (names.finish(), values.finish());
        let mut binds = binds.into_iter();
        let names = names.split(SEPARATOR).filter(|name| !name.is_empty());
        let values = values.split(SEPARATOR);
        names
            .zip(values)
            .map(|(name, value)| {
                let sent = match value {
                    "?" => binds.next().flatten().map(Sent),
                    "DEFAULT" | "NULL" => None,
                    _ => return Err(unknown_key()),
                };
                Ok((name.trim_matches('`').to_owned(), sent))
            })
            .collect()
    }
}

impl<V, X, T> QueryFragment<Mysql> for RowSent<'_, V, X, T>
where
    V: RowValues<Mysql, T>,
    X: Values<Mysql>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
        let mut comma = !self.0.is_empty(&Mysql)?;
        self.0.walk_values(out.reborrow())?;
        for index in 0..X::COUNT {
            out.push_sql(if comma { SEPARATOR } else { "" });
            self.1.walk_value(index, out.reborrow())?;
            comma = true;
        }
        Ok(())
    }
}

/// The names of a row's columns.
struct Names<'n, 'r, V, X, T>(&'n RowSent<'r, V, X, T>);

impl<V, X, T> QueryFragment<Mysql> for Names<'_, '_, V, X, T>
where
    V: RowValues<Mysql, T>,
    X: Values<Mysql>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
        let mut comma = !self.0.0.is_empty(&Mysql)?;
        self.0.0.walk_names(out.reborrow())?;
        for index in 0..X::COUNT {
            out.push_sql(if comma { SEPARATOR } else { "" });
            out.push_identifier(X::name(index))?;
            comma = true;
        }
        Ok(())
    }
}

fn unknown_key() -> Error {
    Error::QueryBuilderError(
        "MySQL does not return what it inserts, and the key of this row is not known: give it as \
         a plain value, or let the database count it"
            .into(),
    )
}

/// The keys of these rows.
fn keys<T, V, X>(rows: &[(V, X)]) -> QueryResult<Vec<Vec<Part>>>
where
    T: Model,
    V: RowValues<Mysql, T::Table>,
    X: Values<Mysql>,
{
    let key = |(place, (values, added)): (usize, &(V, X))| {
        let sent = RowSent::<_, _, T::Table>(values, added, PhantomData).columns()?;
        let part = |name: &&'static str| {
            let column = sent.iter().find(|(column, _)| column == name);
            match column.and_then(|(_, sent)| sent.clone()) {
                Some(sent) => Part::Given(sent),
                None => Part::Counted(place),
            }
        };
        let key: Vec<_> = T::PrimaryKey::NAMES.iter().map(part).collect();
        let counted = key.iter().filter(|part| matches!(part, Part::Counted(_)));
        // A table counts one column at most.
        if counted.count() > 1 {
            Err(unknown_key())
        } else {
            Ok(key)
        }
    };
    rows.iter().enumerate().map(key).collect()
}

/// The columns of a key, compared with the parts of keys.
pub trait EqParts {
    /// Writes `a = ? AND b = ?`.
    ///
    /// # Errors
    /// A part that cannot be bound, or that MySQL cannot have counted.
    fn walk_eq<'b>(&'b self, key: &'b [Part], out: AstPass<'_, 'b, Mysql>) -> QueryResult<()>;
}

macro_rules! eq_parts {
    ($(($($column:ident $index:tt),+);)+) => {$(
        impl<$($column),+> EqParts for ($($column,)+)
        where
            $(
                $column: Expression + QueryFragment<Mysql>,
                $column::SqlType: SqlType,
                Mysql: HasSqlType<$column::SqlType>,
            )+
        {
            fn walk_eq<'b>(
                &'b self,
                key: &'b [Part],
                mut out: AstPass<'_, 'b, Mysql>,
            ) -> QueryResult<()> {
                $(
                    if $index > 0 {
                        out.push_sql(" AND ");
                    }
                    self.$index.walk_ast(out.reborrow())?;
                    match &key[$index] {
                        Part::Given(sent) => {
                            out.push_sql(" = ");
                            out.push_bind_param::<$column::SqlType, _>(sent)?;
                        }
                        Part::Counted(place) => {
                            use diesel::mysql::MysqlType::*;
                            let ty = <Mysql as HasSqlType<$column::SqlType>>::metadata(&mut ());
                            if !matches!(
                                ty,
                                Tiny | Short | Long | LongLong | UnsignedTiny | UnsignedShort
                                    | UnsignedLong | UnsignedLongLong
                            ) {
                                return Err(unknown_key());
                            }
                            out.push_sql(&format!(
                                " = LAST_INSERT_ID() + {place} * @@auto_increment_increment"
                            ));
                        }
                    }
                )+
                Ok(())
            }
        }
    )+};
}

eq_parts! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
}

/// The rows with these keys, in their order: a `SELECT` for each, all in one
/// statement.
#[derive(Debug)]
pub struct SelectByKeys<T: QuerySource, K, R> {
    table: T::FromClause,
    columns: K,
    keys: Vec<Vec<Part>>,
    selection: R,
}

impl<T: QuerySource, K, R: Expression> Query for SelectByKeys<T, K, R> {
    type SqlType = R::SqlType;
}

impl<T: QuerySource, K, R> QueryId for SelectByKeys<T, K, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: QuerySource, K, R, Conn> RunQueryDsl<Conn> for SelectByKeys<T, K, R> {}

impl<T, K, R> QueryFragment<Mysql> for SelectByKeys<T, K, R>
where
    T: QuerySource<FromClause: QueryFragment<Mysql>>,
    K: EqParts,
    R: QueryFragment<Mysql>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
        if self.keys.len() > 1 {
            out.unsafe_to_cache_prepared();
        }
        for (number, key) in self.keys.iter().enumerate() {
            out.push_sql(if number > 0 {
                " UNION ALL (SELECT "
            } else {
                "(SELECT "
            });
            self.selection.walk_ast(out.reborrow())?;
            out.push_sql(" FROM ");
            self.table.walk_ast(out.reborrow())?;
            out.push_sql(" WHERE ");
            self.columns.walk_eq(key, out.reborrow())?;
            out.push_sql(")");
        }
        Ok(())
    }
}

type New<T, V> = ValuesClause<V, <T as Model>::Table>;
type InsertPlain<T, V, X> = InsertRows<<T as Model>::Table, New<T, V>, X, Plain>;
type Inserted<T> =
    SelectByKeys<<T as Model>::Table, <T as Model>::PrimaryKey, dsl::AsSelect<T, Mysql>>;

#[diagnostic::do_not_recommend]
impl<'q, T, V, X, C> InsertWith<'q, T, V, X, C> for ByKey
where
    T: Model + Selectable<Mysql>,
    T::Table: Table,
    New<T, V>: RowValues<Mysql, T::Table>,
    V: Send,
    X: Values<Mysql> + Send,
    InsertPlain<T, V, X>: Send,
    Inserted<T>: Send,
    C: Executor<Backend = Mysql> + Execute<'q, InsertPlain<T, V, X>> + Load<'q, Inserted<T>, T>,
{
    const READS_BACK: bool = true;

    async fn insert_with(rows: Vec<(New<T, V>, X)>, conn: &mut C) -> QueryResult<Vec<T>> {
        let mut inserted = InOrder::new(rows.len());
        for (places, rows) in by_columns::<Mysql, T::Table, _, _>(rows) {
            let keys = keys::<T, _, _>(&rows)?;
            conn.execute(InsertRows::new(rows, Plain)).await?;
            let select = SelectByKeys {
                table: T::Table::default().from_clause(),
                columns: T::PrimaryKey::default(),
                keys,
                selection: T::as_select(),
            };
            inserted.put(places, conn.load(select).await?);
        }
        inserted.finish()
    }
}
