//! Types that are there only where a rule holds.

/// A rule that holds, or does not compile.
#[derive(Debug)]
pub struct Proof<const HOLDS: bool>;

/// A type that a [`Proof`] gives.
pub trait Gives<T> {
    /// The type.
    type Type;
}

impl<T, const HOLDS: bool> Gives<T> for Proof<HOLDS> {
    type Type = T;
}

/// The type `T`, where the constant `HOLDS` compiles.
///
/// Where it does not, the compiler reports that once and passes over all that
/// is made of the type: one mistake is one message.
pub type Proven<T, const HOLDS: bool> = <Proof<HOLDS> as Gives<T>>::Type;
