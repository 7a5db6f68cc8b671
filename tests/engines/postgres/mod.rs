//! The suite on PostgreSQL, and that blocking and asynchronous connections agree.

mod asynchronous;
mod blocking;

type Blocking = diesel::PgConnection;
type Asynchronous = diesel_async::AsyncPgConnection;

#[path = "../../agreement/mod.rs"]
mod agreement;

#[path = "../../dropped/mod.rs"]
mod dropped;
