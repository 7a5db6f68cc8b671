//! What every method does: rows and statements. It is included for each kind of
//! connection, which is `Conn` of the module around it.

mod belongs_to;
mod belongs_to_many;
mod by_hand;
mod equality;
mod exists;
mod fault;
mod first;
mod guard;
mod has_many;
mod has_one;
mod include;
mod joins;
mod keys;
mod limit;
mod optional;
mod required;
mod scope;
mod shape;
pub(crate) mod support;
mod write;

use super::{Conn, prelude};
