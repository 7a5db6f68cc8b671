//! Asynchronous operations that are dropped at each of their polls.

type Asynchronous =
    diesel_async::sync_connection_wrapper::SyncConnectionWrapper<diesel::SqliteConnection>;

#[path = "../dropped/mod.rs"]
mod at_each_poll;
