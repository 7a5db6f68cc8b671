//! Lists of names.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};

/// Writes `a, b`.
pub(super) fn push_names<'n, DB: Backend>(
    names: impl IntoIterator<Item = &'n str>,
    out: &mut AstPass<'_, '_, DB>,
) -> QueryResult<()> {
    for (index, name) in names.into_iter().enumerate() {
        if index > 0 {
            out.push_sql(", ");
        }
        out.push_identifier(name)?;
    }
    Ok(())
}

/// Writes `table.a, table.b`.
pub(super) fn push_columns<'n, 'b, T, DB>(
    table: &'b T,
    names: impl IntoIterator<Item = &'n str>,
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()>
where
    DB: Backend,
    T: QueryFragment<DB>,
{
    for (index, name) in names.into_iter().enumerate() {
        if index > 0 {
            out.push_sql(", ");
        }
        table.walk_ast(out.reborrow())?;
        out.push_sql(".");
        out.push_identifier(name)?;
    }
    Ok(())
}
