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

#[cfg(any(feature = "mysql", feature = "async-mysql"))]
use super::json_table::{FEW, ManyKeys};
use super::{Columns, Key};
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryBuilder, QueryFragment, QueryId};
use diesel::query_source::{Column, QuerySource};
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
/// | MySQL, MariaDB | `IN (..)` of few keys | one for each part of each key |
/// | | `IN (SELECT .. FROM JSON_TABLE(?, ..))` of many integers that are read | one |
/// | | `IN (..)` of many other keys, or where a table is changed | none: they are literals |
#[derive(Debug)]
pub struct KeyIn<C, K: Key> {
    pub(super) columns: C,
    pub(super) keys: K::Lists,
    /// Whether a table is changed by it.
    #[cfg_attr(
        not(any(feature = "mysql", feature = "async-mysql")),
        allow(dead_code, reason = "only MySQL makes a difference")
    )]
    pub(super) changes: bool,
    /// Whether it is in a statement that is kept by its text, and not by its type.
    #[cfg_attr(
        not(any(feature = "mysql", feature = "async-mysql")),
        allow(dead_code, reason = "only MySQL makes a difference")
    )]
    pub(super) by_text: bool,
    #[cfg(feature = "sqlite")]
    json: OnceLock<super::json::JsonKeys>,
    /// For MySQL: the keys, if they are many.
    #[cfg(any(feature = "mysql", feature = "async-mysql"))]
    many: OnceLock<ManyKeys>,
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
            by_text: false,
            #[cfg(feature = "sqlite")]
            json: OnceLock::new(),
            #[cfg(any(feature = "mysql", feature = "async-mysql"))]
            many: OnceLock::new(),
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

    /// The same, for a statement that is kept by its text: on MySQL the text of few keys
    /// then is.
    pub(crate) fn kept_by_text(self) -> Self {
        Self {
            by_text: true,
            ..self
        }
    }

    /// The same columns with other keys.
    #[cfg(any(feature = "mysql", feature = "async-mysql"))]
    pub(super) fn of_lists(columns: C, keys: K::Lists, changes: bool) -> Self {
        Self {
            keys,
            changes,
            ..Self::new(columns, std::iter::empty())
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

/// How the table of this column is named in a `FROM`.
pub(super) fn table_of<C, DB>(backend: &DB) -> QueryResult<String>
where
    DB: Backend<QueryBuilder: Default>,
    C: Column<Table: Default + QuerySource<FromClause: QueryFragment<DB>>>,
{
    let mut name = DB::QueryBuilder::default();
    let table = C::Table::default().from_clause();
    table.to_sql(&mut name, backend)?;
    Ok(name.finish())
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
        impl<$($column, $part),+> KeyIn<($($column,)+), ($($part,)+)>
        where
            $(
                $column: Expression,
                $column::SqlType: IntoNullable,
                diesel::sqlite::Sqlite: HasSqlType<NullableType<$column>>,
                $part: ToSql<NullableType<$column>, diesel::sqlite::Sqlite>,
            )+
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            /// The keys as SQLite reads them; `sorted` where their order does not matter.
            pub(super) fn as_json(&self, sorted: bool) -> QueryResult<&super::json::JsonKeys> {
                if let Some(keys) = self.json.get() {
                    return Ok(keys);
                }
                let mut encoder = super::json::Encoder::default();
                $(encoder.push_column::<NullableType<$column>, _>(&self.keys.$index)?;)+
                Ok(self.json.get_or_init(|| encoder.finish(sorted)))
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
                self.as_json(true)?.walk(&mut out, false)
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
                if self.keys.0.is_empty() {
                    out.unsafe_to_cache_prepared();
                    // MariaDB compares several columns with a row of as many
                    let (open, close) = if $count == 1 { ("", ")") } else { ("(", "))") };
                    out.push_sql(open);
                    out.push_sql(&["NULL"; $count].join(", "));
                    out.push_sql(close);
                    return Ok(());
                }
                let many = self.keys.0.len() > FEW;
                if many && self.many.get().is_none() {
                    let _ = self.many.set(self.as_many("", false)?);
                }
                if let Some(ManyKeys::Json(json)) = self.many.get() {
                    json.walk(&mut out)?;
                    out.push_sql(")");
                    return Ok(());
                }
                // The text grows with the keys: kept are those of few.
                if !self.by_text || self.keys.0.len() > super::json_table::KEPT {
                    out.unsafe_to_cache_prepared();
                }
                if let Some(ManyKeys::Literals(list)) = self.many.get() {
                    out.push_sql(list);
                } else {
                    self.walk_binds("", false, &mut out)?;
                }
                out.push_sql(")");
                Ok(())
            }
        }

        #[cfg(any(feature = "mysql", feature = "async-mysql"))]
        impl<$($column, $part),+> KeyIn<($($column,)+), ($($part,)+)>
        where
            $(
                $column: Expression,
                $column::SqlType: IntoNullable,
                diesel::mysql::Mysql: HasSqlType<NullableType<$column>>,
                $part: ToSql<NullableType<$column>, diesel::mysql::Mysql>,
            )+
            ($($part,)+): Key<Lists = ($(Vec<$part>,)+)>,
        {
            /// The keys as JSON, if they are integers that are read, else as literals.
            fn as_many(&self, before: &str, numbered: bool) -> QueryResult<ManyKeys> {
                // A `DELETE` by a sub-select reads the whole table on MariaDB.
                if !self.changes && before.is_empty() {
                    let mut table = super::json_table::JsonTable::default();
                    $(table.push_column::<NullableType<$column>, _>(&self.keys.$index)?;)+
                    if let Some(json) = table.finish() {
                        return Ok(ManyKeys::Json(json));
                    }
                }
                let mut literals = super::json_table::Literals::default();
                $(literals.push_column::<NullableType<$column>, _>(&self.keys.$index)?;)+
                Ok(literals
                    .finish(before, numbered)
                    .map_or(ManyKeys::Binds, ManyKeys::Literals))
            }

            /// Writes `(?, ?), (?, ?)`, with `before` in front of each and, where the keys
            /// are `numbered`, a number at the end of each, from 1 on.
            fn walk_binds<'b>(
                &'b self,
                before: &str,
                numbered: bool,
                out: &mut AstPass<'_, 'b, diesel::mysql::Mysql>,
            ) -> QueryResult<()> {
                for row in 0..self.keys.0.len() {
                    out.push_sql(if row > 0 { ", " } else { "" });
                    out.push_sql(before);
                    out.push_sql("(");
                    $(
                        if $index > 0 {
                            out.push_sql(", ");
                        }
                        out.push_bind_param::<NullableType<$column>, _>(&self.keys.$index[row])?;
                    )+
                    if numbered {
                        out.push_sql(", ");
                        out.push_sql(&(row + 1).to_string());
                    }
                    out.push_sql(")");
                }
                Ok(())
            }

            /// Writes the keys as rows of the columns' own types and collations, which a
            /// list of texts alone does not have:
            ///
            /// ```sql
            /// SELECT author AS k0 FROM toots WHERE FALSE UNION ALL VALUES (?), (?)
            /// ```
            ///
            /// MySQL takes the word in the comment, MariaDB does not.
            pub(super) fn walk_typed_rows<'b>(
                &'b self,
                numbered: bool,
                out: &mut AstPass<'_, 'b, diesel::mysql::Mysql>,
            ) -> QueryResult<()>
            where
                $($column: QueryFragment<diesel::mysql::Mysql>,)+
                A: Column<Table: Default + QuerySource<FromClause: QueryFragment<diesel::mysql::Mysql>>>,
            {
                const ROW: &str = "/*!80019 ROW*/";
                out.unsafe_to_cache_prepared();
                out.push_sql("SELECT ");
                $(
                    if $index > 0 {
                        out.push_sql(", ");
                    }
                    self.columns.$index.walk_ast(out.reborrow())?;
                    out.push_sql(concat!(" AS k", stringify!($index)));
                )+
                if numbered {
                    out.push_sql(", 0 AS n");
                }
                out.push_sql(" FROM ");
                out.push_sql(&table_of::<A, _>(out.backend())?);
                out.push_sql(" WHERE FALSE");
                if self.keys.0.is_empty() {
                    return Ok(());
                }
                out.push_sql(" UNION ALL VALUES ");
                if self.keys.0.len() > FEW && self.many.get().is_none() {
                    let _ = self.many.set(self.as_many(ROW, numbered)?);
                }
                if let Some(ManyKeys::Literals(list)) = self.many.get() {
                    out.push_sql(list);
                    return Ok(());
                }
                self.walk_binds(ROW, numbered, out)
            }
        }

        #[cfg(any(feature = "mysql", feature = "async-mysql"))]
        impl<$($column, $part),+> KeyRows<diesel::mysql::Mysql>
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
            fn walk_rows<'b>(
                &'b self,
                mut out: AstPass<'_, 'b, diesel::mysql::Mysql>,
            ) -> QueryResult<()> {
                self.walk_typed_rows(false, &mut out)
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
