//! Which of many keys are one in the database.
//!
//! Two texts may be one key there and not in Rust: under a collation that does not
//! look at case or at spaces at the end, or in a column that holds another type. So
//! Rust's equality decides only for types for which it is the database's; for the
//! others the database is asked.
#![cfg_attr(
    not(any(
        feature = "sqlite",
        feature = "postgres",
        feature = "mysql",
        feature = "async-postgres",
        feature = "async-mysql"
    )),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "without a database there is nothing to ask"
    )
)]

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "async-postgres"))]
use super::list::table_of;
use super::{Columns, Key, KeyIn};
use diesel::backend::Backend;
use diesel::expression::Expression;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_source::{Column, QuerySource};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, IntoNullable};
use diesel::{QueryResult, RunQueryDsl};

/// What a database says of the keys of a [`KeyIn`].
pub trait Equality<DB>: Sized {
    /// Whether two keys are equal in the database if and only if they are in Rust,
    /// because of the SQL types of their columns.
    fn is_that_of_rust() -> bool;

    /// The keys in as many parts as statements can carry them: one, but for very many
    /// keys on MySQL.
    ///
    /// # Errors
    /// A key that cannot be bound.
    fn in_parts(self) -> QueryResult<Vec<Self>>;
}

/// Asks the database which of some keys are one: yields the number of each key that
/// equals an earlier one, and the number of the first that it equals. Keys are
/// numbered from 1 on.
///
/// The keys are compared as values of their columns, which know their collations.
#[derive(Debug)]
pub struct SameKeys<C, K: Key>(KeyIn<C, K>);

impl<C, K: Key> SameKeys<C, K> {
    pub(crate) fn new(columns: C, keys: impl IntoIterator<Item = K>) -> Self {
        Self(KeyIn::new(columns, keys))
    }
}

impl<C, K: Key> Query for SameKeys<C, K> {
    type SqlType = (BigInt, BigInt);
}

impl<C: 'static, K: Key> QueryId for SameKeys<C, K> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C, K: Key, Conn> RunQueryDsl<Conn> for SameKeys<C, K> {}

/// A database that can say which of the keys of a [`KeyIn`] are one.
pub trait Same<DB: Backend> {
    /// Writes the statement of [`SameKeys`].
    ///
    /// # Errors
    /// A key of a type that cannot be listed.
    fn walk_same<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

impl<C, K: Key, DB: Backend> QueryFragment<DB> for SameKeys<C, K>
where
    KeyIn<C, K>: Same<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_same(out)
    }
}

type NullableType<C> = <<C as Expression>::SqlType as IntoNullable>::Nullable;

/// Names no type of the user's.
#[cfg(any(feature = "postgres", feature = "async-postgres"))]
struct Unknown;

#[cfg(any(feature = "postgres", feature = "async-postgres"))]
impl diesel::pg::PgMetadataLookup for Unknown {
    fn lookup_type(&mut self, _: &str, _: Option<&str>) -> diesel::pg::PgTypeMetadata {
        diesel::pg::PgTypeMetadata::new(0, 0)
    }
}

/// Whether Rust's equality is PostgreSQL's: `bool`, `bytea`, the integers, `oid`,
/// `date` and `uuid`.
#[cfg(any(feature = "postgres", feature = "async-postgres"))]
fn is_exact_in_postgres<ST>() -> bool
where
    diesel::pg::Pg: HasSqlType<ST>,
{
    let metadata = <diesel::pg::Pg as HasSqlType<ST>>::metadata(&mut Unknown);
    matches!(
        metadata.oid(),
        Ok(16 | 17 | 20 | 21 | 23 | 26 | 1082 | 2950)
    )
}

/// Whether Rust's equality is SQLite's: integers and blobs.
#[cfg(feature = "sqlite")]
fn is_exact_in_sqlite<ST>() -> bool
where
    diesel::sqlite::Sqlite: HasSqlType<ST>,
{
    use diesel::sqlite::SqliteType;
    matches!(
        <diesel::sqlite::Sqlite as HasSqlType<ST>>::metadata(&mut ()),
        SqliteType::SmallInt | SqliteType::Integer | SqliteType::Long | SqliteType::Binary
    )
}

/// Whether Rust's equality is MySQL's: integers, blobs and dates.
#[cfg(any(feature = "mysql", feature = "async-mysql"))]
fn is_exact_in_mysql<ST>() -> bool
where
    diesel::mysql::Mysql: HasSqlType<ST>,
{
    use diesel::mysql::MysqlType;
    matches!(
        <diesel::mysql::Mysql as HasSqlType<ST>>::metadata(&mut ()),
        MysqlType::Tiny
            | MysqlType::UnsignedTiny
            | MysqlType::Short
            | MysqlType::UnsignedShort
            | MysqlType::Long
            | MysqlType::UnsignedLong
            | MysqlType::LongLong
            | MysqlType::UnsignedLongLong
            | MysqlType::Blob
            | MysqlType::Date
    )
}

/// `orm_first.k0 = orm_keys.k0`, of columns after the first with an `AND` before it.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "async-postgres"))]
macro_rules! is_first {
    (0) => {
        "orm_first.k0 = orm_keys.k0"
    };
    ($index:tt) => {
        concat!(
            " AND orm_first.k",
            stringify!($index),
            " = orm_keys.k",
            stringify!($index)
        )
    };
}

macro_rules! same {
    ($(($($column:ident $part:ident $index:tt),+);)+) => {$(
        #[cfg(feature = "sqlite")]
        impl<$($column, $part),+> Equality<diesel::sqlite::Sqlite>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            $(
                $column: Expression,
                $column::SqlType: IntoNullable,
                diesel::sqlite::Sqlite: HasSqlType<NullableType<$column>>,
            )+
            ($($part,)+): Key,
        {
            fn is_that_of_rust() -> bool {
                $(is_exact_in_sqlite::<NullableType<$column>>())&&+
            }

            fn in_parts(self) -> QueryResult<Vec<Self>> {
                Ok(vec![self])
            }
        }

        #[cfg(feature = "sqlite")]
        impl<$($column, $part),+> Same<diesel::sqlite::Sqlite>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            ($($column,)+): Columns,
            $(
                $column: Expression + QueryFragment<diesel::sqlite::Sqlite>,
                $column::SqlType: IntoNullable,
                diesel::sqlite::Sqlite: HasSqlType<NullableType<$column>>,
                $part: ToSql<NullableType<$column>, diesel::sqlite::Sqlite>,
            )+
            A: Column<Table: Default + QuerySource<FromClause: QueryFragment<diesel::sqlite::Sqlite>>>,
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn walk_same<'b>(
                &'b self,
                mut out: AstPass<'_, 'b, diesel::sqlite::Sqlite>,
            ) -> QueryResult<()> {
                const IS_FIRST: &str = concat!($(is_first!($index)),+);
                let keys = self.as_json(false)?;
                // The first `SELECT` gives the keys the collations of their columns.
                out.push_sql("WITH orm_keys AS MATERIALIZED (SELECT ");
                $(
                    self.columns.$index.walk_ast(out.reborrow())?;
                    out.push_sql(concat!(" AS k", stringify!($index), ", "));
                )+
                let table = table_of::<A, _>(out.backend())?;
                out.push_sql("0 AS n FROM ");
                out.push_sql(&table);
                out.push_sql(" WHERE 0 UNION ALL SELECT ");
                $(
                    if keys.are_texts($index) {
                        // A column of numbers compares texts that are numbers as such. It
                        // is one if it finds `1` in it equal to `'01'`.
                        const KEY: &str = concat!("k", stringify!($index));
                        out.push_sql("CASE WHEN (SELECT k = '01' FROM (SELECT ");
                        self.columns.$index.walk_ast(out.reborrow())?;
                        out.push_sql(" AS k FROM ");
                        out.push_sql(&table);
                        out.push_sql(&format!(
                            " WHERE 0 UNION ALL SELECT 1)) AND CAST({KEY} AS NUMERIC) = +{KEY} \
                             THEN CAST({KEY} AS NUMERIC) ELSE {KEY} END, "
                        ));
                    } else {
                        out.push_sql(concat!("k", stringify!($index), ", "));
                    }
                )+
                out.push_sql("n FROM (");
                keys.walk(&mut out, true)?;
                out.push_sql(")");
                out.push_sql(
                    ") SELECT orm_keys.n, min(orm_first.n) \
                     FROM orm_keys INNER JOIN orm_keys AS orm_first ON ",
                );
                out.push_sql(IS_FIRST);
                out.push_sql(" WHERE orm_first.n < orm_keys.n GROUP BY orm_keys.n");
                Ok(())
            }
        }

        #[cfg(any(feature = "postgres", feature = "async-postgres"))]
        impl<$($column, $part),+> Equality<diesel::pg::Pg>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            $(
                $column: Expression,
                $column::SqlType: IntoNullable,
                diesel::pg::Pg: HasSqlType<NullableType<$column>>,
            )+
            ($($part,)+): Key,
        {
            fn is_that_of_rust() -> bool {
                $(is_exact_in_postgres::<NullableType<$column>>())&&+
            }

            fn in_parts(self) -> QueryResult<Vec<Self>> {
                Ok(vec![self])
            }
        }

        #[cfg(any(feature = "postgres", feature = "async-postgres"))]
        impl<$($column, $part),+> Same<diesel::pg::Pg> for KeyIn<($($column,)+), ($($part,)+)>
        where
            ($($column,)+): Columns,
            $(
                $column: Expression + QueryFragment<diesel::pg::Pg>,
                $column::SqlType: IntoNullable,
                diesel::pg::Pg: HasSqlType<NullableType<$column>>,
                Vec<$part>: ToSql<diesel::sql_types::Array<NullableType<$column>>, diesel::pg::Pg>,
            )+
            A: Column<Table: Default + QuerySource<FromClause: QueryFragment<diesel::pg::Pg>>>,
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn walk_same<'b>(&'b self, mut out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()> {
                const KEYS: &str = concat!($("k", stringify!($index), ", "),+);
                const IS_FIRST: &str = concat!($(is_first!($index)),+);
                out.push_sql("WITH orm_keys AS MATERIALIZED (SELECT ");
                $(
                    self.columns.$index.walk_ast(out.reborrow())?;
                    out.push_sql(concat!(" AS k", stringify!($index), ", "));
                )+
                out.push_sql("0::bigint AS n FROM ");
                out.push_sql(&table_of::<A, _>(out.backend())?);
                out.push_sql(" WHERE FALSE UNION ALL SELECT * FROM unnest(");
                $(
                    out.push_sql(if $index > 0 { ", " } else { "" });
                    out.push_bind_param::<diesel::sql_types::Array<NullableType<$column>>, _>(
                        &self.keys.$index,
                    )?;
                )+
                out.push_sql(") WITH ORDINALITY), orm_first AS (SELECT ");
                out.push_sql(KEYS);
                out.push_sql("min(n) AS n FROM orm_keys GROUP BY ");
                out.push_sql(KEYS.trim_end_matches(", "));
                out.push_sql(
                    " HAVING count(*) > 1) SELECT orm_keys.n, orm_first.n \
                     FROM orm_keys INNER JOIN orm_first ON ",
                );
                out.push_sql(IS_FIRST);
                out.push_sql(" WHERE orm_first.n < orm_keys.n");
                Ok(())
            }
        }

        #[cfg(any(feature = "mysql", feature = "async-mysql"))]
        impl<$($column, $part),+> Equality<diesel::mysql::Mysql>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            $(
                $column: Expression,
                $column::SqlType: IntoNullable,
                diesel::mysql::Mysql: HasSqlType<NullableType<$column>>,
                $part: ToSql<NullableType<$column>, diesel::mysql::Mysql>,
            )+
            ($($column,)+): Columns,
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn is_that_of_rust() -> bool {
                $(is_exact_in_mysql::<NullableType<$column>>())&&+
            }

            fn in_parts(self) -> QueryResult<Vec<Self>> {
                if self.keys.0.len() <= super::json_table::FIT {
                    return Ok(vec![self]);
                }
                let mut sizes = super::json_table::Sizes::default();
                $(sizes.push_column::<NullableType<$column>, _>(&self.keys.$index)?;)+
                let cuts = sizes.cuts();
                if cuts.is_empty() {
                    return Ok(vec![self]);
                }
                let Self { columns, mut keys, changes, .. } = self;
                let mut parts = Vec::with_capacity(cuts.len() + 1);
                for cut in cuts.into_iter().rev() {
                    let part = ($(keys.$index.split_off(cut),)+);
                    parts.push(Self::of_lists(columns, part, changes));
                }
                parts.push(Self::of_lists(columns, keys, changes));
                parts.reverse();
                Ok(parts)
            }
        }

        #[cfg(any(feature = "mysql", feature = "async-mysql"))]
        impl<$($column, $part),+> Same<diesel::mysql::Mysql>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            ($($column,)+): Columns,
            $(
                $column: Expression + QueryFragment<diesel::mysql::Mysql>,
                $column::SqlType: IntoNullable,
                diesel::mysql::Mysql: HasSqlType<NullableType<$column>>,
                $part: ToSql<NullableType<$column>, diesel::mysql::Mysql>,
            )+
            A: Column<Table: Default + QuerySource<FromClause: QueryFragment<diesel::mysql::Mysql>>>,
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn walk_same<'b>(
                &'b self,
                mut out: AstPass<'_, 'b, diesel::mysql::Mysql>,
            ) -> QueryResult<()> {
                const KEYS: &str = concat!($("k", stringify!($index), ", "),+);
                out.push_sql(
                    "SELECT n, orm_first FROM (SELECT n, MIN(n) OVER (PARTITION BY ",
                );
                out.push_sql(KEYS.trim_end_matches(", "));
                out.push_sql(") AS orm_first FROM (");
                self.walk_typed_rows(true, &mut out)?;
                out.push_sql(") AS orm_keys) AS orm_same WHERE orm_first < n");
                Ok(())
            }
        }
    )+};
}

same! {
    (A KA 0);
    (A KA 0, B KB 1);
    (A KA 0, B KB 1, C KC 2);
    (A KA 0, B KB 1, C KC 2, D KD 3);
}
