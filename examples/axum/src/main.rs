//! Serves people: `cargo run -p orm-example-axum [URL of a database]`, by default a
//! file of SQLite's.

use orm_example_axum::{Database, router};
use std::error::Error;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt::init();
    let url = std::env::args().nth(1).unwrap_or("people.sqlite".into());
    let database = Database::open(&url).await?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    tracing::info!("http://{}", listener.local_addr()?);
    axum::serve(listener, router(database)).await?;
    Ok(())
}
