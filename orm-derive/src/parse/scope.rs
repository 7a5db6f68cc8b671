//! `scope(commentable_type = "article", hidden = false)`

use darling::ast::NestedMeta;
use darling::{Error, FromMeta, Result};
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
        Expr::Cast(ExprCast { expr, ty, .. }) => {
            return Ok(((**expr).clone(), ValueType::Known(ty.clone())));
        }
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

fn untyped(value: &Expr) -> Error {
    Error::custom("the type of this value is not plain; say it: `value as Type`").with_span(value)
}
