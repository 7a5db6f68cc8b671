//! `author_id`, `crate::schema::toots::author_id` or `(tenant_id, author_id)`.

use super::ungrouped;
use darling::{Error, FromMeta, Result};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, Path};

/// The columns of a key, as written: one to four paths.
#[derive(Clone)]
pub(crate) struct KeyColumns {
    pub(crate) paths: Vec<Path>,
    pub(crate) span: Span,
}

impl FromMeta for KeyColumns {
    fn from_expr(expr: &Expr) -> Result<Self> {
        let columns = match ungrouped(expr) {
            Expr::Tuple(tuple) => tuple.elems.iter().collect(),
            Expr::Paren(inner) => vec![&*inner.expr],
            single => vec![single],
        };
        if !(1..=4).contains(&columns.len()) {
            return Err(Error::custom(
                "a key has one to four columns; write `column` or `(column, column)`",
            )
            .with_span(expr));
        }
        let mut errors = Error::accumulator();
        let paths = columns
            .into_iter()
            .filter_map(|column| errors.handle(path(column)))
            .collect();
        errors.finish_with(Self {
            paths,
            span: expr.span(),
        })
    }
}

fn path(column: &Expr) -> Result<Path> {
    match ungrouped(column) {
        Expr::Path(path) if path.qself.is_none() => Ok(path.path.clone()),
        Expr::Lit(literal) => {
            let mut message = "a column is written without quotes".to_owned();
            if let syn::Lit::Str(name) = &literal.lit {
                message = format!("{message}: `{}`", name.value());
            }
            Err(Error::custom(message).with_span(column))
        }
        _ => Err(
            Error::custom("expected a column, such as `author_id` or `toots::author_id`")
                .with_span(column),
        ),
    }
}
