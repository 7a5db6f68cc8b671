//! Eager loading against hand-tuned Diesel on PostgreSQL and MariaDB.
//! `POSTGRES_URL` and `MYSQL_URL` name other servers than those of this machine.
#![allow(
    clippy::duplicate_mod,
    reason = "the comparison is one file, which each engine takes with its connection"
)]

mod mysql;
mod postgres;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use orm_benches::DATA;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let url = |variable: &str, default: &str| {
        std::env::var(variable).unwrap_or_else(|_| default.to_owned())
    };
    println!("{:32} ratio to hand-tuned Diesel", "PostgreSQL");
    let postgres = url("POSTGRES_URL", "postgres://root@127.0.0.1:5432/test");
    let mut conn = PgConnection::establish(&postgres)?;
    conn.batch_execute(DATA)?;
    conn.batch_execute("ANALYZE")?;
    postgres::shared::compare_all(&mut conn)?;

    println!("{:32} ratio to hand-tuned Diesel", "MariaDB");
    let mysql = url("MYSQL_URL", "mysql://root@127.0.0.1:3306/test");
    let mut conn = MysqlConnection::establish(&mysql)?;
    conn.batch_execute("SET max_recursive_iterations = 1000000")?;
    conn.batch_execute(DATA)?;
    mysql::shared::compare_all(&mut conn)?;
    Ok(())
}
