//! What every method does on PostgreSQL and MariaDB: the suite on blocking and
//! asynchronous connections, and what servers alone can do.
//!
//! It needs the servers of `.ci/run`; `POSTGRES_URL` and `MYSQL_URL` name
//! others. A server that cannot be reached is a failure.
#![allow(
    clippy::duplicate_mod,
    reason = "the suite is one, which each kind of connection takes"
)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

mod cancellation;
mod citext;
mod key_types;
mod multi;
mod mysql;
mod pipelining;
mod pooler;
mod pools;
mod postgres;
mod schemas;
mod serializable;
