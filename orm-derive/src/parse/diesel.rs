//! Diesel's own attributes, as far as a model needs them.
//!
//! Diesel checks them; what cannot be read here is left for it to report.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Meta, Path, Token};

/// The options of one `#[diesel(..)]`, each with what stands after its name.
pub(super) struct Options(Vec<(Ident, TokenStream)>);

/// Whether the attribute is one of Diesel's that [`options`] reads: `#[diesel(..)]`, or of the
/// form of Diesel 1, which its derives still take.
pub(super) fn is_diesel(attr: &Attribute) -> bool {
    ["diesel", "table_name", "primary_key", "column_name"]
        .iter()
        .any(|name| attr.path().is_ident(name))
}

/// Reads `#[diesel(table_name = people)]`, or `#[table_name = "people"]`.
pub(super) fn options(attr: &Attribute) -> Options {
    if let Some(name) = attr.path().get_ident()
        && name != "diesel"
    {
        let value = match &attr.meta {
            Meta::NameValue(pair) => {
                let value = &pair.value;
                quote!(= #value)
            }
            Meta::List(list) => {
                let inner = &list.tokens;
                quote!((#inner))
            }
            Meta::Path(_) => TokenStream::new(),
        };
        return Options(vec![(name.clone(), value)]);
    }
    let tokens = attr
        .meta
        .require_list()
        .map(|list| list.tokens.clone())
        .unwrap_or_default();
    let mut options = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while tokens.peek().is_some() {
        let mut option = tokens.by_ref().take_while(
            |token| !matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','),
        );
        if let Some(TokenTree::Ident(name)) = option.next() {
            options.push((name, option.collect()));
        } else {
            option.for_each(drop);
        }
    }
    Options(options)
}

impl Options {
    /// Whether `name` stands in any form.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// `name = path`, or as Diesel also takes it `name = "path"`
    pub(super) fn path(&self, name: &str) -> Option<Path> {
        let mut value = self.get(name)?.clone().into_iter();
        let TokenTree::Punct(_) = value.next()? else {
            return None;
        };
        let value: TokenStream = value.collect();
        syn::parse2(value.clone())
            .or_else(|_| syn::parse2::<LitStr>(value).and_then(|quoted| quoted.parse()))
            .ok()
    }

    /// `name(a, b)`
    pub(super) fn idents(&self, name: &str) -> Option<Vec<Ident>> {
        match self.get(name)?.clone().into_iter().next()? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                let idents = syn::parse::Parser::parse2(
                    Punctuated::<Ident, Token![,]>::parse_terminated,
                    group.stream(),
                );
                idents.ok().map(|idents| idents.into_iter().collect())
            }
            _ => None,
        }
    }

    fn get(&self, name: &str) -> Option<&TokenStream> {
        self.0
            .iter()
            .find(|(option, _)| option == name)
            .map(|(_, value)| value)
    }
}
