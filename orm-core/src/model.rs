//! Models: plain Diesel structs with a table and a primary key.

use crate::association::AssociationInfo;
use crate::key::Columns;

/// A struct that holds rows of a table, with its associations.
///
/// `#[derive(Model)]` implements it beside Diesel's own derives; it reads
/// Diesel's `table_name`, `primary_key` and `column_name` attributes and needs
/// none of its own.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::prelude::*;
///
/// diesel::table! { cities (id) { id -> Integer, name -> Text, } }
///
/// #[derive(Model, Queryable, Selectable)]
/// #[diesel(table_name = cities)]
/// struct City { id: i32, name: String }
///
/// assert_eq!(City::TABLE, "cities");
/// assert!(City::ASSOCIATIONS.is_empty());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "`{Self}` does not derive `Model`",
    note = "add `#[derive(Model)]` to `{Self}`"
)]
pub trait Model: Sized + Send + Sync + 'static {
    /// The table that the rows belong to.
    type Table: diesel::Table + Copy + Default + Send + 'static;

    /// The columns of the primary key.
    type PrimaryKey: Columns;

    /// The name of the table's module in the schema.
    const TABLE: &'static str;

    /// What was declared on the struct, in order.
    const ASSOCIATIONS: &'static [AssociationInfo];

    /// The keys that it declares to belong to other models, whatever its values:
    /// the columns, and the other table.
    #[doc(hidden)]
    const BELONGS_TO: &'static [(&'static [&'static str], &'static str)] = &[];
}

/// What derives [`Model`]; it names the mistake without a list of the models
/// that there are.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "`{Self}` does not derive `Model`",
    note = "add `#[derive(Model)]` to `{Self}`"
)]
pub trait IsModel {
    /// That it does.
    const HOLDS: bool = true;
}

#[diagnostic::do_not_recommend]
impl<M: Model> IsModel for M {}

/// A model's field that holds the column `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no field for the column `{C}`",
    note = "add the field to the struct"
)]
pub trait Field<C> {
    /// The type of the field.
    type Value;

    /// The field.
    fn value(&self) -> &Self::Value;

    /// The field, to be changed.
    fn value_mut(&mut self) -> &mut Self::Value;
}
