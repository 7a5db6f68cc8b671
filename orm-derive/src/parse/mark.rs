//! `required`: an option that is there or not.

use darling::{Error, FromMeta, Result};
use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, Meta};

/// An option without a value, also written as `required = true`.
#[derive(Default, Clone, Copy)]
pub(crate) struct Mark(Option<Span>);

impl Mark {
    /// Whether it is there.
    pub(crate) fn is_present(self) -> bool {
        self.0.is_some()
    }

    /// Where it is.
    pub(crate) fn span(self) -> Span {
        self.0.unwrap_or_else(Span::call_site)
    }
}

impl FromMeta for Mark {
    fn from_meta(meta: &Meta) -> Result<Self> {
        let name = meta.path().to_token_stream();
        match meta {
            Meta::Path(path) => return Ok(Self(Some(path.span()))),
            Meta::NameValue(pair) => {
                if let Expr::Lit(ExprLit {
                    lit: Lit::Bool(value),
                    ..
                }) = super::ungrouped(&pair.value)
                {
                    return Ok(Self(value.value.then(|| pair.path.span())));
                }
            }
            Meta::List(_) => {}
        }
        Err(Error::custom(format!("`{name}` has no value; write `{name}` alone")).with_span(meta))
    }
}
