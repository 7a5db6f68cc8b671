//! Models and databases for the tests: the four reference scenarios.
//!
//! `tests/suite` is written once and included for each kind of connection, with
//! the prelude of [`blocking`] or of [`asynchronous`].

pub mod asynchronous;
pub mod blocking;
pub mod connection;
pub mod database;
pub mod models;
pub mod random;
pub mod recorder;
#[allow(missing_docs, reason = "as `diesel print-schema` writes it")]
pub mod schema;
