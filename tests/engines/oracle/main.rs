//! The oracle on PostgreSQL and MariaDB, which `suite/oracle` is about. It is a program of its own,
//! because it takes the compiler long, and asks each server in one mode: both send the same SQL,
//! and the oracle on SQLite takes both.
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

mod mysql_blocking;
mod postgres_asynchronous;
