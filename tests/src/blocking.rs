//! What a test of blocking connections imports.

pub use diesel::prelude::*;
pub use orm_core::prelude::*;

/// What a call returns is its result already.
pub trait Run {
    /// The result.
    type Output;

    /// The result of the call.
    fn run(self) -> Self::Output;
}

impl<T, E> Run for Result<T, E> {
    type Output = Self;

    fn run(self) -> Self {
        self
    }
}
