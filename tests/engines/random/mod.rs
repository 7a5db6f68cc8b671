//! The random writes of the behavior tests, on the servers.

mod mysql;
mod postgres;
