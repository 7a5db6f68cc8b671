//! Associations for [Diesel](diesel).
pub mod association;
pub mod connection;
pub mod key;
pub mod model;
pub mod query;

#[doc(hidden)]
pub mod __private;

#[cfg(feature = "derive")]
pub use orm_derive::Model;

/// What a user of associations needs in scope.
pub mod prelude {
    #[cfg(feature = "derive")]
    pub use crate::Model;
    pub use crate::association::Association as _;
    pub use crate::model::Model;
    pub use crate::query::Join as _;
}
