//! Models and databases for the tests: the four reference scenarios.

pub mod database;
pub mod models;
pub mod recorder;
#[allow(missing_docs, reason = "as `diesel print-schema` writes it")]
pub mod schema;
