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

/// A type that is `S`, and gives `T` where it is: the associated type of an
/// implementation that holds only for `S`.
pub trait Is<S, T> {
    /// The type `T`.
    type Itself;

    /// The value itself.
    fn itself(value: T) -> Self::Itself;
}

impl<S, T> Is<S, T> for S {
    type Itself = T;

    fn itself(value: T) -> T {
        value
    }
}

/// The reason of an implementation that checks a rule.
///
/// A trait with this parameter has two implementations for every type, by
/// `Checked` and by [`Unchecked`]. The compiler takes an associated type from an
/// only implementation without a look at its bounds; of two it takes the one
/// whose bounds hold, or reports once that none do.
#[derive(Debug)]
pub struct Checked;

/// The reason of an implementation that never applies, see [`Checked`].
#[derive(Debug)]
pub struct Unchecked;

/// What no type is: the bound of an implementation that never applies.
pub trait Never<T: ?Sized> {}
