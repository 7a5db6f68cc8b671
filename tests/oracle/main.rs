//! The oracle on SQLite, which `suite/oracle` is about. It is a program of its own,
//! because it takes the compiler long.
#![allow(
    clippy::duplicate_mod,
    reason = "the oracle is one, which each kind of connection takes"
)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed test may panic"
)]
#![allow(
    clippy::items_after_statements,
    reason = "the questions of an association are written by a macro"
)]

mod asynchronous;
mod blocking;
