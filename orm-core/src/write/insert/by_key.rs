//! Inserting on MariaDB and MySQL. MariaDB returns what it inserts. MySQL does not:
//! there the rows are read by their keys, which are among the values that were sent,
//! or which the database counted.

use super::{InOrder, InsertWith, Inserts};
use crate::connection::{Execute, Executor, Load};
use crate::key::{Columns, Values};
use crate::model::Model;
use crate::write::create::only;
use crate::write::statement::{
    InsertRows, NewColumns, Plain, Returning, RowValues, Selects, by_columns,
};
use diesel::mysql::{Mysql, MysqlQueryBuilder};
use diesel::query_builder::bind_collector::RawBytesBindCollector;
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId, ValuesClause};
use diesel::query_source::QuerySource;
use diesel::result::Error;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, HasSqlType, SqlType};
use diesel::{Expression, QueryResult, RunQueryDsl, Selectable, SelectableHelper, dsl};
use std::any::type_name;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// By `INSERT .. RETURNING ..` on MariaDB through an asynchronous connection; else by
/// `INSERT`, and a `SELECT` of the rows by their keys.
#[derive(Debug)]
pub struct ByKey;

#[diagnostic::do_not_recommend]
impl Inserts for Mysql {
    type By = ByKey;
}

/// Selects what was inserted, where the server has `RETURNING`: MariaDB 10.5 and
/// newer. Any other refuses the statement before it inserts anything, and names
/// [`NO_RETURNING`] in its error.
#[derive(Debug)]
pub struct IfReturning<R>(R);

impl<R: Expression> Selects for IfReturning<R> {
    type SqlType = R::SqlType;
}

/// What a server trips over that has no `RETURNING`.
const NO_RETURNING: &str = "orm_server_without_returning";

impl<R: QueryFragment<Mysql>> Returning<Mysql> for IfReturning<R> {
    fn walk_returning<'b>(&'b self, mut out: AstPass<'_, 'b, Mysql>, _: &str) -> QueryResult<()> {
        // MariaDB runs what is in this comment, up to the inner comment, which ends
        // with the line. For others the comment ends at the first end of a comment.
        out.push_sql(" /*M!100500 RETURNING ");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" -- */ ");
        out.push_sql(NO_RETURNING);
        out.push_sql("\n*/");
        Ok(())
    }
}

/// Whether the server has no `RETURNING`.
fn has_no_returning(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, info) if info.message().contains(NO_RETURNING))
}

/// Whether this program met a server without `RETURNING`. It only says which way is
/// tried first: both are right on every server.
static MET_WITHOUT_RETURNING: AtomicBool = AtomicBool::new(false);

/// An `INSERT` whose rows can be [taken](Sent::take) again after it was sent.
pub struct Kept<T: QuerySource, V, X, R> {
    insert: InsertRows<T, V, X, R>,
    sent: Sent<V, X>,
}

/// The rows of a statement that was sent.
#[derive(Debug)]
struct Sent<V, X>(Arc<Mutex<Vec<(V, X)>>>);

impl<V, X> Sent<V, X> {
    fn take(&self) -> Vec<(V, X)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: QuerySource, V, X, R> Kept<T, V, X, R> {
    fn new(insert: InsertRows<T, V, X, R>) -> (Self, Sent<V, X>) {
        let rows = Arc::new(Mutex::new(Vec::new()));
        let sent = Sent(Arc::clone(&rows));
        (Self { insert, sent }, Sent(rows))
    }
}

impl<T: QuerySource, V, X, R> Drop for Kept<T, V, X, R> {
    fn drop(&mut self) {
        let rows = self.insert.take_rows();
        *self.sent.0.lock().unwrap_or_else(PoisonError::into_inner) = rows;
    }
}

impl<T: QuerySource, V, X, R: Selects> Query for Kept<T, V, X, R> {
    type SqlType = R::SqlType;
}

impl<T: QuerySource, V, X, R> QueryId for Kept<T, V, X, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: QuerySource, V, X, R, Conn> RunQueryDsl<Conn> for Kept<T, V, X, R> {}

impl<T, V, X, R> QueryFragment<Mysql> for Kept<T, V, X, R>
where
    T: QuerySource,
    InsertRows<T, V, X, R>: QueryFragment<Mysql>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
        self.insert.walk_ast(out)
    }
}

/// A bound value, as it goes to the server.
#[derive(Debug, Clone)]
pub struct Bytes(Vec<u8>);

impl<ST> ToSql<ST, Mysql> for Bytes {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
        out.write_all(&self.0)?;
        Ok(IsNull::No)
    }
}

/// A part of a new row's key.
#[derive(Debug, Clone)]
pub enum Part {
    /// It is among the row's values.
    Given(Bytes),
    /// The database counts it.
    Counted,
}

/// A row's place among those whose keys one statement counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// How many came before it.
    nth: usize,
    /// How far apart the keys are.
    step: i64,
}

/// One of the values that the layer adds.
struct ValueAt<'r, X>(&'r X, usize);

impl<X: Values<Mysql>> QueryFragment<Mysql> for ValueAt<'_, X> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
        self.0.walk_value(self.1, out)
    }
}

fn unknown_key() -> Error {
    Error::QueryBuilderError(
        "MySQL does not return what it inserts, and the key of this row is not known: give it as \
         a plain value, or let the database count it"
            .into(),
    )
}

/// What is bound for a part of a key: `NULL` is counted, and what is no plain value
/// is not known.
fn part(value: &dyn QueryFragment<Mysql>) -> QueryResult<Part> {
    let mut sql = MysqlQueryBuilder::default();
    value.to_sql(&mut sql, &Mysql)?;
    if sql.finish() != "?" {
        return Err(unknown_key());
    }
    let mut binds = RawBytesBindCollector::default();
    value.collect_binds(&mut binds, &mut (), &Mysql)?;
    let bytes = binds.binds.into_iter().next().flatten();
    Ok(bytes.map_or(Part::Counted, |bytes| Part::Given(Bytes(bytes))))
}

/// The key of a row.
fn key_of<T, V, X>(row: &V, added: &X) -> QueryResult<Vec<Part>>
where
    T: Model<PrimaryKey: EqParts>,
    V: NewColumns<Mysql>,
    X: Values<Mysql>,
{
    let part_of = |(index, name): (usize, &&str)| {
        let given = row.column(name)?.filter(|column| !column.is_default);
        let place = (0..X::COUNT).find(|added| X::name(*added) == *name);
        let part = match (place, given) {
            (Some(place), Some(given)) if X::yields(place) => part(given.value)?,
            (Some(place), _) => part(&ValueAt(added, place))?,
            (None, Some(given)) => part(given.value)?,
            (None, None) => Part::Counted,
        };
        match part {
            Part::Counted if !T::PrimaryKey::counts(index) => Err(unknown_key()),
            part => Ok(part),
        }
    };
    let names = T::PrimaryKey::NAMES.iter().enumerate();
    let key: Vec<_> = names.map(part_of).collect::<QueryResult<_>>()?;
    let counted = key.iter().filter(|part| matches!(part, Part::Counted));
    // A table counts one column at most.
    if counted.count() > 1 {
        return Err(unknown_key());
    }
    Ok(key)
}

/// Whether the database counts a part of a key.
fn is_counted(key: &[Part]) -> bool {
    key.iter().any(|part| matches!(part, Part::Counted))
}

/// The columns of a key, compared with the parts of keys.
pub trait EqParts {
    /// Whether MySQL can count the column at this place: it is one of integers.
    fn counts(index: usize) -> bool;

    /// Writes `a = ? AND b = ?`.
    ///
    /// # Errors
    /// A part that cannot be bound.
    fn walk_eq<'b>(
        &'b self,
        key: &'b [Part],
        place: Place,
        out: AstPass<'_, 'b, Mysql>,
    ) -> QueryResult<()>;
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
            fn counts(index: usize) -> bool {
                use diesel::mysql::MysqlType::*;
                let types = [$(<Mysql as HasSqlType<$column::SqlType>>::metadata(&mut ())),+];
                matches!(
                    types.get(index),
                    Some(
                        Tiny | Short | Long | LongLong | UnsignedTiny | UnsignedShort
                            | UnsignedLong | UnsignedLongLong
                    )
                )
            }

            fn walk_eq<'b>(
                &'b self,
                key: &'b [Part],
                place: Place,
                mut out: AstPass<'_, 'b, Mysql>,
            ) -> QueryResult<()> {
                $(
                    if $index > 0 {
                        out.push_sql(" AND ");
                    }
                    self.$index.walk_ast(out.reborrow())?;
                    match &key[$index] {
                        Part::Given(bytes) => {
                            out.push_sql(" = ");
                            out.push_bind_param::<$column::SqlType, _>(bytes)?;
                        }
                        Part::Counted => place.walk(out.reborrow()),
                    }
                )+
                Ok(())
            }
        }
    )+};
}

impl Place {
    /// Writes what the counted key at this place equals. `LAST_INSERT_ID()` is zero
    /// where the statement counted nothing.
    fn walk(self, mut out: AstPass<'_, '_, Mysql>) {
        let Self { nth, step } = self;
        out.push_sql(" = LAST_INSERT_ID()");
        if nth > 0 {
            out.push_sql(&format!(" + {nth} * {step}"));
        }
        out.push_sql(" AND LAST_INSERT_ID() > 0");
        if nth > 0 {
            out.push_sql(&format!(" AND @@auto_increment_increment = {step}"));
        }
    }
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
    step: i64,
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
            let place = Place {
                nth: number,
                step: self.step,
            };
            self.columns.walk_eq(key, place, out.reborrow())?;
            out.push_sql(")");
        }
        Ok(())
    }
}

/// Forgets the last key that was counted, and asks how far apart the next will be.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct BeforeCounting;

impl Query for BeforeCounting {
    type SqlType = BigInt;
}

impl<Conn> RunQueryDsl<Conn> for BeforeCounting {}

impl QueryFragment<Mysql> for BeforeCounting {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
        out.push_sql("SELECT CAST(LAST_INSERT_ID(0) + @@auto_increment_increment AS SIGNED)");
        Ok(())
    }
}

type New<T, V> = ValuesClause<V, <T as Model>::Table>;
type Rows<T, V, X> = Vec<(New<T, V>, X)>;
/// The rows of each statement, with their places among all.
type Statements<V, X> = Vec<(Vec<usize>, Vec<(V, X)>)>;
type Selection<T> = dsl::AsSelect<T, Mysql>;
type InsertPlain<T, V, X> = InsertRows<<T as Model>::Table, New<T, V>, X, Plain>;
type InsertReturning<T, V, X> = Kept<<T as Model>::Table, New<T, V>, X, IfReturning<Selection<T>>>;
type Inserted<T> = SelectByKeys<<T as Model>::Table, <T as Model>::PrimaryKey, Selection<T>>;

#[diagnostic::do_not_recommend]
impl<'q, T, V, X, C> InsertWith<'q, T, V, X, C> for ByKey
where
    T: Model<PrimaryKey: EqParts> + Selectable<Mysql>,
    New<T, V>: RowValues<Mysql, T::Table>,
    V: Send,
    X: Values<Mysql> + Send,
    InsertPlain<T, V, X>: Send,
    InsertReturning<T, V, X>: Send,
    Inserted<T>: Send,
    C: Executor<Backend = Mysql>
        + Load<'q, InsertReturning<T, V, X>, T>
        + Load<'q, BeforeCounting, i64>
        + Execute<'q, InsertPlain<T, V, X>>
        + Load<'q, Inserted<T>, T>,
{
    async fn insert_with(rows: Rows<T, V, X>, conn: &mut C) -> QueryResult<Vec<T>> {
        let mut inserted = InOrder::new(rows.len());
        let mut statements = by_columns::<Mysql, T::Table, _, _>(rows);
        let may_return =
            !MET_WITHOUT_RETURNING.load(Ordering::Relaxed) || keys::<T, _, _>(&statements).is_err();
        if may_return && !is_blocking::<C>() {
            match insert_returning(statements, &mut inserted, conn).await? {
                None => return inserted.finish(),
                Some(refused) => statements = refused,
            }
        }
        let keys = keys::<T, _, _>(&statements)?;
        for Run { places, rows, keys } in runs(statements, keys) {
            let mut step = 0;
            if keys.iter().any(|key| is_counted(key)) {
                step = only(conn.load(BeforeCounting).await?)?;
            }
            conn.execute(InsertRows::new(rows, Plain)).await?;
            let select = SelectByKeys {
                table: T::Table::default().from_clause(),
                columns: T::PrimaryKey::default(),
                keys,
                step,
                selection: T::as_select(),
            };
            let rows = conn.load(select).await?;
            if rows.len() != places.len() {
                return Err(unknown_key());
            }
            inserted.put(places, rows);
        }
        inserted.finish()
    }
}

/// Whether the connection blocks: what its operations return is their result. Diesel's
/// refuses to load from an `INSERT`, because MariaDB does not say before it runs one
/// that it yields rows.
fn is_blocking<C: Executor>() -> bool {
    type_name::<C::Return<'static, ()>>() == type_name::<QueryResult<()>>()
}

/// Inserts the rows and puts them among those that were `inserted`. Where the server
/// has no `RETURNING` nothing is inserted, and the statements are given back.
async fn insert_returning<'q, T, V, X, C>(
    mut statements: Statements<New<T, V>, X>,
    inserted: &mut InOrder<T>,
    conn: &mut C,
) -> QueryResult<Option<Statements<New<T, V>, X>>>
where
    T: Model + Selectable<Mysql>,
    V: Send,
    X: Send,
    InsertReturning<T, V, X>: Send,
    C: Executor<Backend = Mysql> + Load<'q, InsertReturning<T, V, X>, T>,
{
    for number in 0..statements.len() {
        let rows = std::mem::take(&mut statements[number].1);
        let (insert, sent) = Kept::new(InsertRows::new(rows, IfReturning(T::as_select())));
        match conn.load(insert).await {
            Ok(rows) => {
                let places = std::mem::take(&mut statements[number].0);
                if rows.len() != places.len() {
                    return Err(Error::NotFound);
                }
                inserted.put(places, rows);
            }
            Err(error) if number == 0 && has_no_returning(&error) => {
                MET_WITHOUT_RETURNING.store(true, Ordering::Relaxed);
                statements[number].1 = sent.take();
                let (places, rows) = &statements[number];
                return if rows.len() == places.len() {
                    Ok(Some(statements))
                } else {
                    Err(error)
                };
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Rows that are inserted by one statement, and whose keys are known after it.
struct Run<V, X> {
    places: Vec<usize>,
    rows: Vec<(V, X)>,
    keys: Vec<Vec<Part>>,
}

/// The keys of the rows of these statements, one after another.
fn keys<T, V, X>(statements: &Statements<V, X>) -> QueryResult<Vec<Vec<Part>>>
where
    T: Model<PrimaryKey: EqParts>,
    V: NewColumns<Mysql>,
    X: Values<Mysql>,
{
    let rows = statements.iter().flat_map(|(_, rows)| rows);
    rows.map(|(row, added)| key_of::<T, _, _>(row, added))
        .collect()
}

/// The rows in statements after which each row's key is known: those whose keys are
/// given, then those whose keys are counted. Of several counted rows of one statement
/// the keys follow each other only where every key of the statement is counted, and
/// not always where another part of the key is given.
fn runs<V, X>(statements: Statements<V, X>, keys: Vec<Vec<Part>>) -> Vec<Run<V, X>> {
    let mut keys = keys.into_iter();
    let mut runs: Vec<Run<V, X>> = Vec::new();
    for (places, rows) in statements {
        let (mut given, mut counted) = (None, None);
        for ((place, row), key) in places.into_iter().zip(rows).zip(keys.by_ref()) {
            let known = match key.as_slice() {
                [Part::Counted] => &mut counted,
                key if !is_counted(key) => &mut given,
                _ => &mut None,
            };
            let run = *known.get_or_insert_with(|| {
                runs.push(Run {
                    places: Vec::new(),
                    rows: Vec::new(),
                    keys: Vec::new(),
                });
                runs.len() - 1
            });
            runs[run].places.push(place);
            runs[run].rows.push(row);
            runs[run].keys.push(key);
        }
    }
    runs.sort_by_key(|run| run.keys.iter().any(|key| is_counted(key)));
    runs
}
