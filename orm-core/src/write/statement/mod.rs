//! The statements that write: fragments of SQL, most with static texts, which every
//! connection caches.

mod change;
mod columns;
mod insert;

pub use self::change::{And, Delete, SetChanges, SetNull, Update};
pub use self::columns::{NewColumn, NewColumns};
pub(super) use self::insert::{FEW, by_columns};
pub use self::insert::{
    Ignore, IgnoreDuplicates, InsertLinks, InsertRows, NoValues, OrIgnore, Plain, Returning,
    RowValues, Selects,
};
