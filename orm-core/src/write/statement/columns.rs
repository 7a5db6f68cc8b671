//! The values of a new row, column by column.

use super::NoValues;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::insertable::{ColumnInsertValue, DefaultableColumnInsertValue};
use diesel::query_builder::{AstPass, QueryFragment, ValuesClause};
use diesel::query_source::Column;

/// One column of a new row.
#[derive(Clone, Copy)]
pub struct NewColumn<'b, DB: Backend> {
    /// The name of the column, as the database knows it.
    pub name: &'static str,
    /// The value. Where the column is left to its default: `DEFAULT`, or nothing on SQLite.
    pub value: &'b dyn QueryFragment<DB>,
    /// Whether the row leaves the column to its default.
    pub is_default: bool,
}

impl<DB: Backend> NewColumn<'_, DB> {
    /// Whether an `INSERT` must not name the column: SQLite has no keyword for the
    /// default of a column.
    ///
    /// # Errors
    /// None but those of writing SQL.
    pub fn is_left_out(&self, backend: &DB) -> QueryResult<bool> {
        Ok(self.is_default && self.value.is_noop(backend)?)
    }
}

/// The columns of a new row, as `Insertable` gives them: from a struct with
/// `#[derive(Insertable)]`, embedded structs included, an assignment, or a tuple of
/// these.
#[diagnostic::on_unimplemented(
    message = "the columns of these values cannot be told apart: `{Self}`",
    note = "insert a struct that derives `Insertable`, an assignment such as `name.eq(\"Ada\")`, or a tuple of these",
    note = "more than 64 columns need the feature `128-column-tables` of `orm-core`"
)]
pub trait NewColumns<DB: Backend> {
    /// Visits the columns in their order, those that are left to their default
    /// included.
    ///
    /// # Errors
    /// The first error of `visit`, after which no more columns are visited.
    fn each<'b>(
        &'b self,
        visit: &mut dyn FnMut(NewColumn<'b, DB>) -> QueryResult<()>,
    ) -> QueryResult<()>;

    /// Visits the columns that an `INSERT` names, but not those that are `omitted`, and writes
    /// a comma between them. Returns whether there were any.
    ///
    /// # Errors
    /// The first error of `walk`, after which no more columns are visited.
    fn walk_each<'b>(
        &'b self,
        omitted: impl Fn(&str) -> bool,
        out: &mut AstPass<'_, 'b, DB>,
        walk: impl Fn(NewColumn<'b, DB>, &mut AstPass<'_, 'b, DB>) -> QueryResult<()>,
    ) -> QueryResult<bool> {
        let mut any = false;
        self.each(&mut |column| {
            if omitted(column.name) || column.is_left_out(out.backend())? {
                return Ok(());
            }
            out.push_sql(if any { ", " } else { "" });
            any = true;
            walk(column, out)
        })?;
        Ok(any)
    }

    /// Writes the names of the columns for an `INSERT`, separated by commas, but not
    /// those that are `omitted`. Returns whether there were any.
    ///
    /// # Errors
    /// None but those of writing SQL.
    fn walk_names<'b>(
        &'b self,
        omitted: impl Fn(&str) -> bool,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<bool> {
        self.walk_each(omitted, &mut out, |column, out| {
            out.push_identifier(column.name)
        })
    }

    /// Writes as many values as [`walk_names`](Self::walk_names) writes names.
    ///
    /// # Errors
    /// A value that cannot be bound.
    fn walk_values<'b>(
        &'b self,
        omitted: impl Fn(&str) -> bool,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<bool> {
        self.walk_each(omitted, &mut out, |column, out| {
            column.value.walk_ast(out.reborrow())
        })
    }

    /// The column with this name; of several, the first.
    ///
    /// # Errors
    /// None but those of writing SQL.
    fn column(&self, name: &str) -> QueryResult<Option<NewColumn<'_, DB>>> {
        let mut found = None;
        self.each(&mut |column| {
            if found.is_none() && column.name == name {
                found = Some(column);
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl<Col, Expr, DB> NewColumns<DB> for ColumnInsertValue<Col, Expr>
where
    DB: Backend,
    Col: Column,
    Self: QueryFragment<DB>,
{
    fn each<'b>(
        &'b self,
        visit: &mut dyn FnMut(NewColumn<'b, DB>) -> QueryResult<()>,
    ) -> QueryResult<()> {
        visit(NewColumn {
            name: Col::NAME,
            value: self,
            is_default: false,
        })
    }
}

impl<Col, Expr, DB> NewColumns<DB> for DefaultableColumnInsertValue<ColumnInsertValue<Col, Expr>>
where
    DB: Backend,
    Col: Column,
    Self: QueryFragment<DB>,
{
    fn each<'b>(
        &'b self,
        visit: &mut dyn FnMut(NewColumn<'b, DB>) -> QueryResult<()>,
    ) -> QueryResult<()> {
        visit(NewColumn {
            name: Col::NAME,
            value: self,
            is_default: matches!(self, Self::Default),
        })
    }
}

impl<V, Tab, DB> NewColumns<DB> for ValuesClause<V, Tab>
where
    DB: Backend,
    V: NewColumns<DB>,
{
    fn each<'b>(
        &'b self,
        visit: &mut dyn FnMut(NewColumn<'b, DB>) -> QueryResult<()>,
    ) -> QueryResult<()> {
        self.values.each(visit)
    }
}

impl<DB: Backend> NewColumns<DB> for NoValues {
    fn each<'b>(
        &'b self,
        _: &mut dyn FnMut(NewColumn<'b, DB>) -> QueryResult<()>,
    ) -> QueryResult<()> {
        Ok(())
    }
}

macro_rules! tuples {
    ([$($done:tt)*]) => {};
    // Four at a time: rustc expands a macro no deeper than 128 calls.
    ([$($done:tt)*] $a:tt $b:tt $c:tt $d:tt $($rest:tt)*) => {
        tuples! { @impl $($done)* $a }
        tuples! { @impl $($done)* $a $b }
        tuples! { @impl $($done)* $a $b $c }
        tuples! { @impl $($done)* $a $b $c $d }
        tuples! { [$($done)* $a $b $c $d] $($rest)* }
    };
    (@impl $(($name:ident $index:tt))+) => {
        impl<DB: Backend, $($name: NewColumns<DB>),+> NewColumns<DB> for ($($name,)+) {

            fn each<'b>(
                &'b self,
                visit: &mut dyn FnMut(NewColumn<'b, DB>) -> QueryResult<()>,
            ) -> QueryResult<()> {
                $(self.$index.each(visit)?;)+
                Ok(())
            }
        }
    };
}

tuples! {
    []
    (A0 0) (A1 1) (A2 2) (A3 3) (A4 4) (A5 5) (A6 6) (A7 7)
    (A8 8) (A9 9) (A10 10) (A11 11) (A12 12) (A13 13) (A14 14) (A15 15)
    (A16 16) (A17 17) (A18 18) (A19 19) (A20 20) (A21 21) (A22 22) (A23 23)
    (A24 24) (A25 25) (A26 26) (A27 27) (A28 28) (A29 29) (A30 30) (A31 31)
    (A32 32) (A33 33) (A34 34) (A35 35) (A36 36) (A37 37) (A38 38) (A39 39)
    (A40 40) (A41 41) (A42 42) (A43 43) (A44 44) (A45 45) (A46 46) (A47 47)
    (A48 48) (A49 49) (A50 50) (A51 51) (A52 52) (A53 53) (A54 54) (A55 55)
    (A56 56) (A57 57) (A58 58) (A59 59) (A60 60) (A61 61) (A62 62) (A63 63)
}

// As large as Diesel's largest. They take a third of the time that this crate compiles.
#[cfg(feature = "128-column-tables")]
tuples! {
    [
        (A0 0) (A1 1) (A2 2) (A3 3) (A4 4) (A5 5) (A6 6) (A7 7)
        (A8 8) (A9 9) (A10 10) (A11 11) (A12 12) (A13 13) (A14 14) (A15 15)
        (A16 16) (A17 17) (A18 18) (A19 19) (A20 20) (A21 21) (A22 22) (A23 23)
        (A24 24) (A25 25) (A26 26) (A27 27) (A28 28) (A29 29) (A30 30) (A31 31)
        (A32 32) (A33 33) (A34 34) (A35 35) (A36 36) (A37 37) (A38 38) (A39 39)
        (A40 40) (A41 41) (A42 42) (A43 43) (A44 44) (A45 45) (A46 46) (A47 47)
        (A48 48) (A49 49) (A50 50) (A51 51) (A52 52) (A53 53) (A54 54) (A55 55)
        (A56 56) (A57 57) (A58 58) (A59 59) (A60 60) (A61 61) (A62 62) (A63 63)
    ]
    (A64 64) (A65 65) (A66 66) (A67 67) (A68 68) (A69 69) (A70 70) (A71 71)
    (A72 72) (A73 73) (A74 74) (A75 75) (A76 76) (A77 77) (A78 78) (A79 79)
    (A80 80) (A81 81) (A82 82) (A83 83) (A84 84) (A85 85) (A86 86) (A87 87)
    (A88 88) (A89 89) (A90 90) (A91 91) (A92 92) (A93 93) (A94 94) (A95 95)
    (A96 96) (A97 97) (A98 98) (A99 99) (A100 100) (A101 101) (A102 102) (A103 103)
    (A104 104) (A105 105) (A106 106) (A107 107) (A108 108) (A109 109) (A110 110) (A111 111)
    (A112 112) (A113 113) (A114 114) (A115 115) (A116 116) (A117 117) (A118 118) (A119 119)
    (A120 120) (A121 121) (A122 122) (A123 123) (A124 124) (A125 125) (A126 126) (A127 127)
}
