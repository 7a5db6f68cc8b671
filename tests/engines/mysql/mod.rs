//! The suite on MariaDB.

mod asynchronous;
mod blocking;
