//! The strict project in the edition of this workspace.
#![forbid(unsafe_code)]
#![deny(missing_docs, warnings, unused_qualifications)]
#![deny(clippy::pedantic)]

#[path = "project.rs"]
mod project;
