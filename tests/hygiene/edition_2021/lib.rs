//! The strict project in edition 2021.
#![forbid(unsafe_code)]
#![deny(missing_docs, warnings, unused_qualifications, unreachable_pub)]
#![deny(clippy::pedantic)]

#[path = "../strict/project.rs"]
pub mod project;
