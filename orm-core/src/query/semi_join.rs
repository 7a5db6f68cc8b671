//! How a database is told that a source has rows, or has none: in the form that
//! its planner turns into a semi-join or an anti-join.

use crate::association::IsNone;
use crate::key::{Columns, EachColumn, Named};
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};

/// What the keys of a sub-select are, as far as it says how SQLite should look
/// one up. It follows from the types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeySet {
    /// Of every row: an index on them is the set.
    Every,
    /// Of some rows; one column, never NULL.
    Plain,
    /// Of some rows; one column, perhaps NULL.
    Nullable,
    /// Of some rows; several columns.
    Composite,
}

impl KeySet {
    /// Of the rows for which a condition holds, with the key columns `K`.
    pub(crate) const fn filtered<K: Columns>() -> Self {
        if K::NAMES.len() > 1 {
            Self::Composite
        } else if K::NULLABLE {
            Self::Nullable
        } else {
            Self::Plain
        }
    }
}

/// The source's key, the scope on the source, and the keys of those that have
/// rows.
#[derive(Debug)]
pub(super) struct Parts<'b, C, S, Q> {
    pub(super) columns: &'b C,
    pub(super) scope: &'b S,
    pub(super) keys: &'b Q,
}

impl<'b, C, S, Q> Parts<'b, C, S, Q>
where
    C: Columns,
    S: IsNone,
{
    /// `NOT EXISTS (SELECT 1 FROM (keys) AS orm_keys WHERE orm_keys.k0 = people.id)`
    ///
    /// The keys are a sub-select of their own, in which nothing of the query
    /// around it is named: in a self-reference its table is the source's too.
    pub(super) fn walk_exists<DB>(
        &self,
        expected: bool,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Backend,
        C: EachColumn<DB>,
        S: QueryFragment<DB>,
        Q: QueryFragment<DB>,
    {
        out.push_sql(if expected {
            "EXISTS ("
        } else {
            "(NOT EXISTS ("
        });
        out.push_sql("SELECT 1 FROM (");
        self.keys.walk_ast(out.reborrow())?;
        out.push_sql(") AS orm_keys WHERE ");
        for (index, name) in Named::<C, 'k'>::names().enumerate() {
            out.push_sql(if index > 0 {
                " AND orm_keys."
            } else {
                "orm_keys."
            });
            out.push_sql(name);
            out.push_sql(" = ");
            self.columns.walk_column(index, out.reborrow())?;
        }
        if !S::NONE {
            out.push_sql(" AND ");
            self.scope.walk_ast(out.reborrow())?;
        }
        out.push_sql(if expected { ")" } else { "))" });
        Ok(())
    }

    /// `(people.id IS NOT NULL AND (people.id) IN (..))`, or its opposite. Neither
    /// is ever NULL. `nullable` says whether there may be NULL among the keys.
    pub(super) fn walk_in<DB>(
        &self,
        expected: bool,
        nullable: bool,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Backend,
        C: EachColumn<DB> + QueryFragment<DB>,
        S: QueryFragment<DB>,
        Q: QueryFragment<DB>,
    {
        out.push_sql("(");
        for index in 0..C::NAMES.len() {
            self.columns.walk_column(index, out.reborrow())?;
            out.push_sql(if expected {
                " IS NOT NULL AND "
            } else {
                " IS NULL OR "
            });
        }
        out.push_sql("(");
        self.columns.walk_ast(out.reborrow())?;
        out.push_sql(if expected { ") IN (" } else { ") NOT IN (" });
        if nullable {
            for (index, name) in Named::<C, 'k'>::names().enumerate() {
                out.push_sql(if index > 0 {
                    ", orm_keys."
                } else {
                    "SELECT orm_keys."
                });
                out.push_sql(name);
            }
            out.push_sql(" FROM (");
            self.keys.walk_ast(out.reborrow())?;
            out.push_sql(") AS orm_keys");
            for (index, name) in Named::<C, 'k'>::names().enumerate() {
                out.push_sql(if index > 0 {
                    " AND orm_keys."
                } else {
                    " WHERE orm_keys."
                });
                out.push_sql(name);
                out.push_sql(" IS NOT NULL");
            }
        } else {
            self.keys.walk_ast(out.reborrow())?;
        }
        out.push_sql(")");
        if !S::NONE {
            // The first is for an index, the second is never NULL.
            if expected {
                out.push_sql(" AND ");
                self.scope.walk_ast(out.reborrow())?;
            }
            out.push_sql(if expected { " AND (" } else { " OR (" });
            self.scope.walk_ast(out.reborrow())?;
            out.push_sql(if expected {
                ") IS TRUE"
            } else {
                ") IS NOT TRUE"
            });
        }
        out.push_sql(")");
        Ok(())
    }

    /// `((people.id) IN (keys) IS NOT TRUE)`
    ///
    /// SQLite then need not tell a key that is not there from one that is NULL,
    /// for which it would read all the keys, and takes an index of them as it is.
    pub(super) fn walk_is_true<DB>(
        &self,
        expected: bool,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Backend,
        C: QueryFragment<DB>,
        S: QueryFragment<DB>,
        Q: QueryFragment<DB>,
    {
        out.push_sql(if S::NONE { "((" } else { "(((" });
        self.columns.walk_ast(out.reborrow())?;
        out.push_sql(") IN (");
        self.keys.walk_ast(out.reborrow())?;
        out.push_sql(")");
        if !S::NONE {
            out.push_sql(" AND ");
            self.scope.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(if expected {
            " IS TRUE)"
        } else {
            " IS NOT TRUE)"
        });
        Ok(())
    }
}
