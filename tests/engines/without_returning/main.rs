//! New rows on a server that has no `RETURNING`, as MySQL has none: MariaDB behind a
//! relay that has it believe that it is older than it is.
//!
//! It is a program of its own, because a program that met such a server tries other
//! statements first.
#![allow(
    clippy::duplicate_mod,
    reason = "the tests are one, which each kind of connection takes"
)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

mod relay;

#[path = "."]
mod blocking {
    use orm_tests::blocking as prelude;
    type Conn = diesel::MysqlConnection;

    #[path = "new_rows.rs"]
    mod new_rows;
}

#[path = "."]
mod asynchronous {
    use orm_tests::asynchronous as prelude;
    type Conn = diesel_async::AsyncMysqlConnection;

    #[path = "new_rows.rs"]
    mod new_rows;
}
