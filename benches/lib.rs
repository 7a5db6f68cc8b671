//! What the benchmarks share.

mod compare;
mod data;

pub use self::compare::{compare, report};
pub use self::data::*;
