//! The first stage: from tokens to what the user wrote, each part with its
//! span. Nothing is defaulted here.

mod association;
mod columns;
mod diesel;
mod model;
mod scope;
#[allow(clippy::needless_continue, reason = "darling writes it")]
mod shape;

pub(crate) use self::association::{Association, Kind, OnDelete, Options};
pub(crate) use self::columns::KeyColumns;
pub(crate) use self::model::{Field, Model, model};
pub(crate) use self::scope::{Scope, ValueType};
pub(crate) use self::shape::{Expression, PartOptions, Shape, shape};
