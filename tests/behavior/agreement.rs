//! Blocking and asynchronous connections agree.

type Blocking = diesel::SqliteConnection;
type Asynchronous = diesel_async::sync_connection_wrapper::SyncConnectionWrapper<Blocking>;

#[path = "../agreement/mod.rs"]
mod of_random_rows;
