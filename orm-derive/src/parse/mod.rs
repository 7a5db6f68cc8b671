//! The first stage: from tokens to what the user wrote, each part with its
//! span. Nothing is defaulted here.

mod association;
mod columns;
mod diesel;
mod mark;
mod model;
mod scope;
#[allow(clippy::needless_continue, reason = "darling writes it")]
mod shape;

pub(crate) use self::association::{Association, Kind, OnDelete, Options};
pub(crate) use self::columns::KeyColumns;
pub(crate) use self::model::{Field, Model, model};
pub(crate) use self::scope::{Scope, ScopeColumn, ValueType};
pub(crate) use self::shape::{Expression, PartOptions, Shape, shape};

use syn::{Expr, Type};

/// The expression without the invisible group in which a `macro_rules!` hands it
/// on.
pub(crate) fn ungrouped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => ungrouped(&group.expr),
        _ => expr,
    }
}

/// The type without parentheses, or the invisible group in which a `macro_rules!`
/// hands it on.
pub(crate) fn ungrouped_type(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped_type(&group.elem),
        Type::Paren(inner) => ungrouped_type(&inner.elem),
        _ => ty,
    }
}
