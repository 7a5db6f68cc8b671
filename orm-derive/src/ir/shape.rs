//! A shape with everything decided.

use crate::parse::{self, PartOptions};
use darling::{Error, Result};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, GenericArgument, Ident, Lit, Path, PathArguments, Type, Visibility, parse_quote};

/// A struct that describes a tree.
pub(crate) struct Shape {
    pub(crate) krate: Path,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) model: Path,
    /// The field that holds the model's own row, and its type.
    pub(crate) row: Option<(Ident, Type)>,
    pub(crate) parts: Vec<Part>,
}

/// A field that holds what belongs to the row.
pub(crate) struct Part {
    pub(crate) ident: Ident,
    /// The name of the association, at the place of the user's.
    pub(crate) association: Ident,
    pub(crate) holds: Holds,
    pub(crate) ty: Type,
}

/// What a field holds of its association.
pub(crate) enum Holds {
    /// Rows, as models or shapes of this type.
    Rows {
        slot: Slot,
        ty: Box<Type>,
        through: Option<Box<Type>>,
        refined: Box<Refined>,
    },
    /// How many there are.
    Count,
    /// Whether there are any.
    Exists,
    /// Diesel's aggregate function of a column, read as this type.
    Aggregate {
        function: &'static str,
        column: Path,
        ty: Box<Type>,
    },
}

/// Which rows, in which order.
#[derive(Default)]
pub(crate) struct Refined {
    pub(crate) filter: Option<Expr>,
    pub(crate) filter_through: Option<Expr>,
    pub(crate) order: Option<Expr>,
    pub(crate) limit: Option<Expr>,
    pub(crate) offset: Option<Expr>,
    pub(crate) required: bool,
}

impl Refined {
    /// The options that are Diesel expressions, in the order in which they are
    /// applied.
    pub(crate) fn expressions(&self) -> [(&'static str, &Option<Expr>); 3] {
        [
            ("filter", &self.filter),
            ("filter_through", &self.filter_through),
            ("order", &self.order),
        ]
    }
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
            if row.replace((ident.clone(), part.ty.clone())).is_some() {
                errors.push(
                    Error::custom("a shape holds its row once; remove one `#[include(row)]`")
                        .with_span(&ident),
                );
            }
            continue;
        }
        let Some((association, holds)) = errors.handle(holds(&ident, &part.ty, options)) else {
            continue;
        };
        if let Holds::Rows { ty, .. } = &holds
            && let Some(own) = itself(ty.to_token_stream(), &declared.ident)
        {
            let (shape, model) = (&declared.ident, declared.model.to_token_stream());
            errors.push(
                Error::custom(format!(
                    "a shape has a fixed number of levels, so `{shape}` cannot hold itself; write a \
                     second shape for the rows below, or `{model}` to end there"
                ))
                .with_span(&own),
            );
            continue;
        }
        parts.push(Part {
            ident,
            association,
            holds,
            ty: part.ty.clone(),
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

/// Where a type names the shape itself.
fn itself(ty: TokenStream, shape: &Ident) -> Option<Span> {
    ty.into_iter().find_map(|token| match token {
        TokenTree::Ident(name) if name == *shape || name == "Self" => Some(name.span()),
        TokenTree::Group(group) => itself(group.stream(), shape),
        _ => None,
    })
}

/// The association that a field names, and what the field holds of it.
fn holds(field: &Ident, ty: &Type, options: PartOptions) -> Result<(Ident, Holds)> {
    let PartOptions {
        row: _,
        association,
        through,
        filter,
        filter_through,
        required,
        order,
        limit,
        offset,
        count,
        exists,
        sum,
        min,
        max,
        avg,
    } = options;
    let named = || {
        association
            .as_ref()
            .map_or_else(|| field.clone(), |name| name.0.clone())
    };
    let mut held: Vec<(Ident, Holds)> = Vec::new();
    held.extend(count.map(|name| (name.0, Holds::Count)));
    held.extend(exists.map(|name| (name.0, Holds::Exists)));
    for (function, column) in [("sum", sum), ("min", min), ("max", max), ("avg", avg)] {
        if let Some(column) = column {
            held.push((named(), aggregate(function, column.0, ty)?));
        }
    }
    let written = |expression: Option<parse::Expression>| expression.map(|written| written.0);
    let refined = Refined {
        filter: written(filter),
        filter_through: written(filter_through),
        order: written(order),
        limit: written(limit),
        offset: written(offset),
        required: required.is_present(),
    };
    for (_, expr) in refined.expressions() {
        numbers_have_types(expr.to_token_stream())?;
    }
    let given = [
        &refined.filter,
        &refined.filter_through,
        &refined.order,
        &refined.limit,
        &refined.offset,
    ];
    if let Some(expr) = given.into_iter().flatten().next()
        && !held.is_empty()
    {
        return error(
            expr.span(),
            "an aggregate is over all rows; `filter`, `order`, `limit` and `offset` are for rows",
        );
    }
    for (name, flag) in [("through", &through), ("required", &required)] {
        if flag.is_present() && !held.is_empty() {
            return error(
                flag.span(),
                &format!("`{name}` is for rows, not for an aggregate; remove one of the two"),
            );
        }
    }
    if held.len() > 1 {
        return error(
            field.span(),
            "a field holds one thing; remove all but one aggregate",
        );
    }
    if let Some((name, Holds::Count | Holds::Exists)) = held.first()
        && association.is_some()
    {
        return error(
            name.span(),
            "`count` and `exists` name the association themselves; remove `association`",
        );
    }
    if let Some(held) = held.pop() {
        return Ok(held);
    }
    Ok((named(), rows(ty, through.is_present(), refined)?))
}

/// Diesel's aggregate function of a column, which is NULL of no rows.
fn aggregate(function: &'static str, column: Path, ty: &Type) -> Result<Holds> {
    if !matches!(slot(ty), (Slot::Maybe, _)) {
        return error(
            ty.span(),
            &format!("with `{function}` a field is an `Option<_>`: `None` where there are no rows"),
        );
    }
    Ok(Holds::Aggregate {
        function,
        column,
        ty: Box::new(ty.clone()),
    })
}

/// A function holds the expression, and its result's type is made of those of
/// the numbers in it, so each number says its type.
fn numbers_have_types(tokens: TokenStream) -> Result<()> {
    for token in tokens {
        match token {
            TokenTree::Group(group) => numbers_have_types(group.stream())?,
            TokenTree::Literal(literal) => {
                let typed = match Lit::new(literal.clone()) {
                    Lit::Int(number) => (number.suffix().is_empty(), "i32"),
                    Lit::Float(number) => (number.suffix().is_empty(), "f64"),
                    _ => (false, ""),
                };
                if let (true, suffix) = typed {
                    return error(
                        literal.span(),
                        &format!(
                            "a number says its type here; write `{literal}_{suffix}` or the like"
                        ),
                    );
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn error<T>(span: Span, message: &str) -> Result<T> {
    Err(Error::custom(message).with_span(&span))
}

/// The rows that a field holds, and which.
fn rows(ty: &Type, through: bool, refined: Refined) -> Result<Holds> {
    if let (Some(limit), None) = (&refined.limit, &refined.order) {
        return error(
            limit.span(),
            "a limit for each parent needs an order; add `order = column.desc()` or the like",
        );
    }
    if let (Some(offset), None) = (&refined.offset, &refined.limit) {
        return error(offset.span(), "an offset needs a limit; add `limit = ..`");
    }
    let (slot, mut ty) = slot(ty);
    let mut junction = None;
    if through {
        let pair = match parse::ungrouped_type(&ty) {
            Type::Tuple(pair) if pair.elems.len() == 2 => pair.elems.clone(),
            other => {
                return error(
                    other.span(),
                    "with `through` a field holds pairs; write `Vec<(Junction, Target)>`",
                );
            }
        };
        junction = Some(Box::new(pair[0].clone()));
        ty = pair[1].clone();
    }
    Ok(Holds::Rows {
        slot,
        ty: Box::new(ty),
        through: junction,
        refined: Box::new(refined),
    })
}

/// `Vec<T>`, `Option<T>` or `T`.
fn slot(ty: &Type) -> (Slot, Type) {
    let ty = parse::ungrouped_type(ty);
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
