//! Models and databases for the tests: the four reference scenarios.

pub mod database;
pub mod models;
pub mod recorder;
pub mod schema;
