//! `key IN (many keys)` as one expression with one text for any number of keys,
//! so that its statement is prepared once.
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
        reason = "without a database there is nothing to write the list for"
    )
)]

use super::{Columns, Key};
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, IntoNullable, Nullable};
#[cfg(any(feature = "sqlite", feature = "mysql", feature = "async-mysql"))]
use std::sync::OnceLock;

/// The columns of a key are one of many keys.
///
/// | database | SQL | binds |
/// |---|---|---|
/// | SQLite | `IN (SELECT .. FROM json_each(?))` | one, and one for each binary column |
/// | PostgreSQL | `= ANY($1)`, `IN (SELECT * FROM unnest($1, $2))` | one for each column |
/// | MySQL, MariaDB | `IN (..)` of few keys, or where a table is changed | one for each part of each key |
/// | | `IN (SELECT .. FROM JSON_TABLE(?, ..))` of many integers | one |
#[derive(Debug)]
pub struct KeyIn<C, K: Key> {
    columns: C,
    keys: K::Lists,
    /// Whether a table is changed by it.
    #[cfg_attr(
        not(any(feature = "mysql", feature = "async-mysql")),
        allow(dead_code, reason = "only MySQL makes a difference")
    )]
    changes: bool,
    #[cfg(feature = "sqlite")]
    json: OnceLock<super::json::JsonKeys>,
    /// For MySQL: the keys as JSON, if they are many integers.
    #[cfg(any(feature = "mysql", feature = "async-mysql"))]
    json_table: OnceLock<Option<super::json_table::JsonKeys>>,
}

impl<C, K: Key> KeyIn<C, K> {
    /// `columns` are one of `keys`.
    pub fn new(columns: C, keys: impl IntoIterator<Item = K>) -> Self {
        let mut lists = K::Lists::default();
        keys.into_iter().for_each(|key| key.push_to(&mut lists));
        Self {
            columns,
            keys: lists,
            changes: false,
            #[cfg(feature = "sqlite")]
            json: OnceLock::new(),
            #[cfg(any(feature = "mysql", feature = "async-mysql"))]
            json_table: OnceLock::new(),
        }
    }

    /// The columns.
    pub(crate) fn columns(&self) -> &C {
        &self.columns
    }

    /// The same, for an `UPDATE` or `DELETE`.
    pub(crate) fn to_change(columns: C, keys: impl IntoIterator<Item = K>) -> Self {
        Self {
            changes: true,
            ..Self::new(columns, keys)
        }
    }
}

impl<C, K: Key> Expression for KeyIn<C, K> {
    type SqlType = Nullable<Bool>;
}

impl<C: 'static, K: Key> QueryId for KeyIn<C, K> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C, K: Key, G> ValidGrouping<G> for KeyIn<C, K> {
    type IsAggregate = is_aggregate::No;
}

impl<C, K: Key, From> AppearsOnTable<From> for KeyIn<C, K> where C: AppearsOnTable<From> {}

impl<C, K: Key, From> SelectableExpression<From> for KeyIn<C, K> where C: SelectableExpression<From> {}

type NullableType<C> = <<C as Expression>::SqlType as IntoNullable>::Nullable;

/// Many keys as the rows of a `SELECT`, whose columns are called `k0`, `k1` and
/// so on.
pub trait KeyRows<DB: Backend> {
    /// Writes the `SELECT`.
    ///
    /// # Errors
    /// A key of a type that cannot be listed.
    fn walk_rows<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

/// The keys of a [`KeyIn`] as rows, see [`KeyRows`].
#[derive(Debug)]
pub struct KeyTable<C, K: Key>(pub(crate) KeyIn<C, K>);

impl<C, K: Key, DB: Backend> QueryFragment<DB> for KeyTable<C, K>
where
    KeyIn<C, K>: KeyRows<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_rows(out)
    }
}

/// `(a, b)`; a single column in parentheses means the same as without.
macro_rules! push_columns {
    ($self:ident, $out:ident, $($index:tt)+) => {
        $out.push_sql("(");
        $(
            if $index > 0 {
                $out.push_sql(", ");
            }
            $self.columns.$index.walk_ast($out.reborrow())?;
        )+
        $out.push_sql(")");
    };
}
macro_rules! key_in {
    ($($count:literal ($($column:ident $part:ident $index:tt),+);)+) => {$(
        #[cfg(feature = "sqlite")]
        impl<$($column, $part),+> QueryFragment<diesel::sqlite::Sqlite>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            ($($column,)+): Columns,
            $(
                $column: Expression + QueryFragment<diesel::sqlite::Sqlite>,
                $column::SqlType: IntoNullable,
                diesel::sqlite::Sqlite: HasSqlType<NullableType<$column>>,
                $part: ToSql<NullableType<$column>, diesel::sqlite::Sqlite>,
            )+
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn walk_ast<'b>(
                &'b self,
                mut out: AstPass<'_, 'b, diesel::sqlite::Sqlite>,
            ) -> QueryResult<()> {
                push_columns!(self, out, $($index)+);
                out.push_sql(" IN (");
                self.walk_rows(out.reborrow())?;
                out.push_sql(")");
                Ok(())
            }
        }

        #[cfg(feature = "sqlite")]
        impl<$($column, $part),+> KeyRows<diesel::sqlite::Sqlite>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            ($($column,)+): Columns,
            $(
                $column: Expression,
                $column::SqlType: IntoNullable,
                diesel::sqlite::Sqlite: HasSqlType<NullableType<$column>>,
                $part: ToSql<NullableType<$column>, diesel::sqlite::Sqlite>,
            )+
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn walk_rows<'b>(
                &'b self,
                mut out: AstPass<'_, 'b, diesel::sqlite::Sqlite>,
            ) -> QueryResult<()> {
                let keys = if let Some(keys) = self.json.get() {
                    keys
                } else {
                    let mut encoder = super::json::Encoder::default();
                    $(encoder.push_column::<NullableType<$column>, _>(&self.keys.$index)?;)+
                    self.json.get_or_init(|| encoder.finish())
                };
                keys.walk(&mut out)
            }
        }

        #[cfg(any(feature = "postgres", feature = "async-postgres"))]
        impl<$($column, $part),+> QueryFragment<diesel::pg::Pg>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            ($($column,)+): Columns,
            $(
                $column: Expression + QueryFragment<diesel::pg::Pg>,
                $column::SqlType: IntoNullable,
                diesel::pg::Pg: HasSqlType<NullableType<$column>>,
                Vec<$part>: ToSql<diesel::sql_types::Array<NullableType<$column>>, diesel::pg::Pg>,
            )+
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()> {
                push_columns!(self, out, $($index)+);
                if $count == 1 {
                    out.push_sql(" = ANY(");
                    out.push_bind_param::<diesel::sql_types::Array<NullableType<A>>, _>(&self.keys.0)?;
                } else {
                    out.push_sql(" IN (");
                    self.walk_rows(out.reborrow())?;
                }
                out.push_sql(")");
                Ok(())
            }
        }

        #[cfg(any(feature = "postgres", feature = "async-postgres"))]
        impl<$($column, $part),+> KeyRows<diesel::pg::Pg>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            ($($column,)+): Columns,
            $(
                $column: Expression,
                $column::SqlType: IntoNullable,
                diesel::pg::Pg: HasSqlType<NullableType<$column>>,
                Vec<$part>: ToSql<diesel::sql_types::Array<NullableType<$column>>, diesel::pg::Pg>,
            )+
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn walk_rows<'b>(&'b self, mut out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()> {
                out.push_sql("SELECT * FROM unnest(");
                $(
                    if $index > 0 {
                        out.push_sql(", ");
                    }
                    out.push_bind_param::<diesel::sql_types::Array<NullableType<$column>>, _>(
                        &self.keys.$index,
                    )?;
                )+
                out.push_sql(") AS keys (");
                for index in 0..$count {
                    out.push_sql(if index > 0 { ", k" } else { "k" });
                    out.push_sql(&index.to_string());
                }
                out.push_sql(")");
                Ok(())
            }
        }

        #[cfg(any(feature = "mysql", feature = "async-mysql"))]
        impl<$($column, $part),+> QueryFragment<diesel::mysql::Mysql>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            ($($column,)+): Columns,
            $(
                $column: Expression + QueryFragment<diesel::mysql::Mysql>,
                $column::SqlType: IntoNullable,
                diesel::mysql::Mysql: HasSqlType<NullableType<$column>>,
                $part: ToSql<NullableType<$column>, diesel::mysql::Mysql>,
            )+
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn walk_ast<'b>(
                &'b self,
                mut out: AstPass<'_, 'b, diesel::mysql::Mysql>,
            ) -> QueryResult<()> {
                push_columns!(self, out, $($index)+);
                out.push_sql(" IN (");
                // A `DELETE` by a sub-select reads the whole table on MariaDB.
                if !self.changes && self.keys.0.len() > super::json_table::FEW {
                    if self.json_table.get().is_none() {
                        let mut table = super::json_table::JsonTable::default();
                        $(table.push_column::<NullableType<$column>, _>(&self.keys.$index)?;)+
                        let _ = self.json_table.set(table.finish());
                    }
                    if let Some(Some(json)) = self.json_table.get() {
                        json.walk(&mut out)?;
                        out.push_sql(")");
                        return Ok(());
                    }
                }
                // The text grows with the keys, so it is not worth keeping.
                out.unsafe_to_cache_prepared();
                for row in 0..self.keys.0.len() {
                    out.push_sql(if row > 0 { ", (" } else { "(" });
                    $(
                        if $index > 0 {
                            out.push_sql(", ");
                        }
                        out.push_bind_param::<NullableType<$column>, _>(&self.keys.$index[row])?;
                    )+
                    out.push_sql(")");
                }
                out.push_sql(")");
                Ok(())
            }
        }

        #[cfg(any(feature = "mysql", feature = "async-mysql"))]
        impl<$($column, $part),+> KeyRows<diesel::mysql::Mysql>
            for KeyIn<($($column,)+), ($($part,)+)>
        where
            ($($column,)+): Columns,
            $(
                $column: Expression,
                $column::SqlType: IntoNullable,
                diesel::mysql::Mysql: HasSqlType<NullableType<$column>>,
                $part: ToSql<NullableType<$column>, diesel::mysql::Mysql>,
            )+
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            fn walk_rows<'b>(
                &'b self,
                mut out: AstPass<'_, 'b, diesel::mysql::Mysql>,
            ) -> QueryResult<()> {
                out.unsafe_to_cache_prepared();
                for row in 0..self.keys.0.len() {
                    out.push_sql(if row > 0 { " UNION ALL SELECT " } else { "SELECT " });
                    $(
                        if $index > 0 {
                            out.push_sql(", ");
                        }
                        out.push_bind_param::<NullableType<$column>, _>(&self.keys.$index[row])?;
                        out.push_sql(concat!(" AS k", stringify!($index)));
                    )+
                }
                Ok(())
            }
        }
    )+};
}

key_in! {
    1 (A KA 0);
    2 (A KA 0, B KB 1);
    3 (A KA 0, B KB 1, C KC 2);
    4 (A KA 0, B KB 1, C KC 2, D KD 3);
}
