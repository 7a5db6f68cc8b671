//! The database crate of a package registry as a team has it after ten years: tables of
//! uneven naming, models with Diesel's derives, and methods of its own.
//!
//! All that the associations add to it are the attributes in `cfg_attr(feature =
//! "associations", ..)`: without the feature this is the crate as it was before.
#![allow(
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    reason = "the team does not hold itself to this"
)]

pub mod asynchronous;
pub mod models;
pub mod schema;
pub mod sql_types;
