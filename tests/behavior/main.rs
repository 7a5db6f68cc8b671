//! What every method does: rows and statements.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

mod belongs_to;
mod belongs_to_many;
mod connections;
mod declaration;
mod exists;
mod guard;
mod has_many;
mod has_one;
mod include;
mod joins;
mod keys;
mod limit;
mod required;
mod scope;
mod shape;
mod support;
mod write;
