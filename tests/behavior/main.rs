//! What every method does on SQLite: the suite on blocking and asynchronous
//! connections, and what is not about a database.
#![allow(
    clippy::duplicate_mod,
    reason = "the suite is one, which each kind of connection takes"
)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

mod agreement;
mod asynchronous;
mod blocking;
mod cancellation;
mod connections;
mod declaration;
mod dropped;
mod guard;
