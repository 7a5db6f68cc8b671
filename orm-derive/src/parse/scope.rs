//! `scope(commentable_type = "article", hidden = false)`

use darling::ast::NestedMeta;
use darling::{Error, FromMeta, Result};
use quote::ToTokens;
use syn::{Expr, ExprCast, ExprLit, ExprUnary, Lit, Meta, Path, Type, UnOp, parse_quote};

/// The most columns of a scope.
const MOST: usize = 4;

/// Columns and the values that they have, as written.
#[derive(Clone)]
pub(crate) struct Scope(pub(crate) Vec<ScopeColumn>);

/// A column and its value.
#[derive(Clone)]
pub(crate) struct ScopeColumn {
    pub(crate) path: Path,
    pub(crate) value: Expr,
    pub(crate) ty: ValueType,
}

/// The type of a value, as far as it can be read off it.
#[derive(Clone)]
pub(crate) enum ValueType {
    Known(Box<Type>),
    /// An integer without a suffix: of the type that the column has.
    Integer,
    /// `None`, perhaps `as` a type.
    Null(Option<Box<Type>>),
}

impl ScopeColumn {
    /// Whether the value is `None`.
    pub(crate) fn is_none(&self) -> bool {
        matches!(self.ty, ValueType::Null(_))
    }
}

impl FromMeta for Scope {
    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        let mut errors = Error::accumulator();
        let columns: Vec<_> = items
            .iter()
            .filter_map(|item| errors.handle(column(item)))
            .collect();
        if !(1..=MOST).contains(&items.len()) {
            errors.push(Error::custom(
                "a scope has one to four columns; write `scope(column = value, ..)`",
            ));
        }
        errors.finish_with(Self(columns))
    }
}

fn column(item: &NestedMeta) -> Result<ScopeColumn> {
    let NestedMeta::Meta(Meta::NameValue(pair)) = item else {
        return Err(
            Error::custom("expected a column and its value, such as `kind = \"article\"`")
                .with_span(item),
        );
    };
    if syn::parse2::<Path>(pair.path.to_token_stream()).is_err() {
        return Err(
            Error::custom("expected a column, such as `kind` or `comments::kind`")
                .with_span(&pair.path),
        );
    }
    let (value, ty) = typed(&pair.value)?;
    Ok(ScopeColumn {
        path: pair.path.clone(),
        value,
        ty,
    })
}

/// A value with its type.
fn typed(value: &Expr) -> Result<(Expr, ValueType)> {
    let known = |ty: Type| ValueType::Known(Box::new(ty));
    let ty = match value {
        Expr::Cast(ExprCast { expr, ty, .. }) if is_none(expr) => {
            return Ok(((**expr).clone(), ValueType::Null(Some(ty.clone()))));
        }
        Expr::Cast(ExprCast { expr, ty, .. }) => {
            return Ok(((**expr).clone(), ValueType::Known(ty.clone())));
        }
        none if is_none(none) => ValueType::Null(None),
        Expr::Group(group) => return typed(&group.expr),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => typed(expr)?.1,
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(_) => known(parse_quote!(&'static str)),
            Lit::Bool(_) => known(parse_quote!(bool)),
            Lit::Int(integer) if integer.suffix().is_empty() => ValueType::Integer,
            Lit::Int(integer) => known(syn::parse_str(integer.suffix())?),
            _ => return Err(untyped(value)),
        },
        // `Kind::Article`: a variant of the type before it.
        Expr::Path(path) => {
            let mut ty = path.path.clone();
            ty.segments.pop();
            ty.segments.pop_punct();
            let is_type =
                |name: &syn::PathSegment| name.ident.to_string().starts_with(char::is_uppercase);
            match ty.segments.last() {
                Some(last) if is_type(last) => known(parse_quote!(#ty)),
                _ => return Err(untyped(value)),
            }
        }
        _ => return Err(untyped(value)),
    };
    Ok((value.clone(), ty))
}

/// `None`, as the user may write it.
fn is_none(value: &Expr) -> bool {
    match value {
        Expr::Group(group) => is_none(&group.expr),
        Expr::Paren(inner) => is_none(&inner.expr),
        Expr::Path(path) => {
            let mut ends = path.path.segments.iter().rev();
            ends.next().is_some_and(|last| last.ident == "None")
                && ends.next().is_none_or(|of| of.ident == "Option")
        }
        _ => false,
    }
}

fn untyped(value: &Expr) -> Error {
    Error::custom("the type of this value is not plain; say it: `value as Type`").with_span(value)
}
