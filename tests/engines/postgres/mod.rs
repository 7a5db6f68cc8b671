//! The suite on PostgreSQL.

mod asynchronous;
mod blocking;
