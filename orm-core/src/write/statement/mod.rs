//! The statements that write: fragments of SQL, most with static texts, which every
//! connection caches.

mod change;
mod columns;
mod conditions;
mod given;
mod insert;
mod insert_links;
mod junction;
mod lock;
mod names;
mod pairs;

pub use self::change::{And, Delete, Update};
pub use self::columns::{NewColumn, NewColumns};
pub(super) use self::conditions::unlinked;
pub use self::conditions::{
    Among, CountTargets, SetLink, SetNull, UnlinkRows, WithShared, WithTargetInScope,
};
pub(super) use self::given::MOST_BINDS;
pub use self::given::{AnyRow, Given, GivenValues, KeyValues, MatchGiven, UpdateGiven};
pub(super) use self::insert::{FEW, by_columns};
pub use self::insert::{InsertRows, NoValues, Plain, Returning, RowValues, Selects};
pub use self::insert_links::{CountLinked, InsertLinks};
pub use self::junction::Existing;
pub use self::lock::{Current, LockRows};
pub(super) use self::pairs::payload_names;
pub use self::pairs::{InsertGiven, InsertPairRows};
