//! The suite on MariaDB, and that blocking and asynchronous connections agree.

mod asynchronous;
mod blocking;

type Blocking = diesel::MysqlConnection;
type Asynchronous = diesel_async::AsyncMysqlConnection;

#[path = "../../agreement/mod.rs"]
mod agreement;

#[path = "../../dropped/mod.rs"]
mod dropped;
