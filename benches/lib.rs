//! What the benchmarks share.

mod compare;
mod data;

pub use self::compare::compare;
pub use self::data::*;
