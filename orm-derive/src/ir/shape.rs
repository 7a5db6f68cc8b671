//! A shape with everything decided.

use crate::parse;
use darling::{Error, Result};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{GenericArgument, Ident, Path, PathArguments, Type, Visibility, parse_quote};

/// A struct that describes a tree.
pub(crate) struct Shape {
    pub(crate) krate: Path,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) model: Path,
    /// The field that holds the model's own row.
    pub(crate) row: Option<Ident>,
    pub(crate) parts: Vec<Part>,
}

/// A field that holds what belongs to the row.
pub(crate) struct Part {
    pub(crate) ident: Ident,
    /// The name of the association, at the place of the user's.
    pub(crate) association: Ident,
    pub(crate) holds: Holds,
    /// The place of the field's type.
    pub(crate) span: Span,
}

/// What a field holds of its association.
pub(crate) enum Holds {
    /// Rows, as models or shapes of this type.
    Rows { slot: Slot, ty: Box<Type> },
    /// How many there are.
    Count,
}

/// How many rows a field holds.
#[derive(Clone, Copy)]
pub(crate) enum Slot {
    One,
    Maybe,
    Many,
}

/// Decides what each field holds.
pub(crate) fn resolve(declared: parse::Shape) -> Result<Shape> {
    let mut errors = Error::accumulator();
    let mut row = None;
    let mut parts = Vec::new();
    for part in &declared.parts {
        let Some((ident, options)) =
            errors.handle_in(|| Ok((part.ident()?.clone(), part.options()?)))
        else {
            continue;
        };
        if options.row.is_present() {
            if row.replace(ident.clone()).is_some() {
                errors.push(
                    Error::custom("a shape holds its row once; remove one `#[include(row)]`")
                        .with_span(&ident),
                );
            }
            continue;
        }
        let (association, holds) = match (options.count, options.association) {
            (Some(count), None) => (count.0, Holds::Count),
            (Some(count), Some(_)) => {
                errors.push(
                    Error::custom("`count` names the association itself; remove `association`")
                        .with_span(&count.0),
                );
                continue;
            }
            (None, name) => {
                let (slot, ty) = slot(&part.ty);
                (
                    name.map_or_else(|| ident.clone(), |name| name.0),
                    Holds::Rows {
                        slot,
                        ty: Box::new(ty),
                    },
                )
            }
        };
        parts.push(Part {
            ident,
            association,
            holds,
            span: part.ty.span(),
        });
    }
    errors.finish_with(Shape {
        krate: declared.krate.unwrap_or_else(|| parse_quote!(::orm_core)),
        vis: declared.vis,
        ident: declared.ident,
        model: declared.model,
        row,
        parts,
    })
}

/// `Vec<T>`, `Option<T>` or `T`.
fn slot(ty: &Type) -> (Slot, Type) {
    if let Type::Path(path) = ty
        && let Some(last) = path.path.segments.last()
        && let PathArguments::AngleBracketed(arguments) = &last.arguments
        && let (1, Some(GenericArgument::Type(inner))) =
            (arguments.args.len(), arguments.args.first())
    {
        if last.ident == "Vec" {
            return (Slot::Many, inner.clone());
        }
        if last.ident == "Option" {
            return (Slot::Maybe, inner.clone());
        }
    }
    (Slot::One, ty.clone())
}
