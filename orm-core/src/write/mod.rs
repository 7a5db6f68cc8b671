//! Writing through associations: setting, adding, removing and creating.
//!
//! A kind writes its links in one of three ways: as the target's rows
//! ([`RowLinks`]), as the junction's ([`JunctionLinks`]), or as the source's key
//! ([`KeyLinks`]). What the methods do is written once, over [`WriteLinks`] and
//! [`WriteKey`]; each statement is one fragment with one text.
//!
//! Whatever takes more than one statement runs in a transaction, or in a
//! savepoint inside the caller's, and is undone if anything fails.

mod create;
mod destroy;
mod insert;
mod key;
mod links;
mod lock;
mod pairs;
mod payload;
mod statement;
mod tree;

pub use self::create::{Create, CreateKind, TargetCondition, create, create_key};
pub use self::destroy::{
    Cascade, CascadeKind, CascadeSelf, Cascades, Depth, Destroy, DestroyBelow, DestroyLinks,
    DestroyLinksBy, DestroyRows, Destroys, Last, LoadTargets, More, Nullify, OnDelete, Restrict,
    create_replacing,
};
#[cfg(any(feature = "mysql", feature = "async-mysql"))]
pub use self::insert::{
    BeforeCounting, ByKey, Bytes, EqParts, IfReturning, Kept, Part, Place, SelectByKeys,
};
pub use self::insert::{ByReturning, Insert, InsertWith, Inserts, NewRow};
pub use self::key::{SameKey, WriteKey, set_key, unset_key};
pub use self::links::{
    CheckTargets, Destroyed, JunctionLinks, KeyLinks, LinkKind, RemoveLinks, RowLinks, Unlinked,
    WriteLinks, add, destroy, destroy_all, remove, set, set_destroy_previous, set_one,
    set_one_destroy_previous, unset,
};
pub use self::lock::LockSource;
pub use self::pairs::InsertPairs;
pub use self::payload::{
    Compared, Linking, Payload, PayloadOf, WritePayload, add_all_with, add_with, create_with,
    set_with,
};
pub use self::statement::{
    Among, And, AnyRow, CountLinked, CountTargets, Current, Delete, Existing, Given, GivenValues,
    InsertGiven, InsertLinks, InsertPairRows, InsertRows, KeyValues, LockRows, MatchGiven,
    NewColumn, NewColumns, NoValues, Plain, Returning, RowValues, Selects, SetLink, SetNull,
    UnlinkRows, Update, UpdateGiven, WithShared, WithTargetInScope,
};

pub use self::tree::{
    Alone, Always, Branch, BranchTypes, Grow, GrowKind, GrowWith, HasTarget, LinkRows, Linked,
    ManySlot, NewNode, NewRows, NewSlot, NewTree, NewTrees, Pending, Perhaps, Presence, SingleSlot,
    Sometimes, WithBranches,
};

use crate::association::{Association, SourceKeyRef};
use crate::error::null_key;
use crate::query::complete_key;
use diesel::QueryResult;

/// The key of a source that something is linked to.
fn key_of<A: Association>(source: &A::Source) -> QueryResult<SourceKeyRef<'_, A>> {
    complete_key::<A>(source).ok_or_else(null_key::<A>)
}
