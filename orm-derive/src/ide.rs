//! What an editor completes inside of the attributes: their options.
//!
//! Each key is written once more, as a `use` of the item of `orm_core::options`
//! that it names, at the place of the user's key. rust-analyzer completes and shows
//! that item; the compiler never sees it. Tokens are read one by one, because an
//! attribute that is being written cannot be parsed.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, DeriveInput, Meta, Path, parse_quote};

/// The attributes of the struct whose first argument is a type.
const AFTER_A_TYPE: [&str; 5] = [
    "has_one",
    "has_many",
    "belongs_to_one",
    "belongs_to_many",
    "include",
];

/// The options in all attributes, for an editor.
pub(crate) fn options(input: &DeriveInput) -> TokenStream {
    let of_struct = input.attrs.iter().map(|attr| (attr, 1));
    let of_fields = fields(input).flat_map(|field| field.attrs.iter().map(|attr| (attr, 0)));
    let uses: Vec<_> = of_struct.chain(of_fields).flat_map(uses).collect();
    if uses.is_empty() {
        return TokenStream::new();
    }
    let krate = krate(&input.attrs);
    quote! {
        #[allow(unexpected_cfgs, unused_imports)]
        const _: () = {
            #[cfg(rust_analyzer)]
            {
                use #krate::__private::options as __options;
                #(use __options::#uses as _;)*
            }
        };
    }
}

fn fields(input: &DeriveInput) -> impl Iterator<Item = &syn::Field> {
    let fields = match &input.data {
        syn::Data::Struct(data) => Some(&data.fields),
        _ => None,
    };
    fields.into_iter().flatten()
}

/// `has_many::foreign_key` of each option in an attribute.
fn uses((attr, skipped): (&Attribute, usize)) -> impl Iterator<Item = TokenStream> {
    let list = match (&attr.meta, attr.path().get_ident()) {
        (Meta::List(list), Some(name)) if AFTER_A_TYPE.iter().any(|known| name == known) => {
            Some((name.clone(), list.tokens.clone()))
        }
        _ => None,
    };
    list.into_iter().flat_map(move |(name, tokens)| {
        let keys = keys(tokens).into_iter().skip(skipped);
        let keys = keys.flatten();
        keys.map(move |key| quote!(#name::#key)).collect::<Vec<_>>()
    })
}

/// What each argument begins with, if that is a name.
fn keys(tokens: TokenStream) -> Vec<Option<Ident>> {
    let mut keys = Vec::new();
    let mut begins = true;
    for token in tokens {
        let comma = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        if begins && !comma {
            keys.push(match token {
                // `_` and keywords cannot be imported.
                TokenTree::Ident(name) => syn::parse_str::<Ident>(&name.to_string())
                    .is_ok()
                    .then_some(name),
                _ => None,
            });
        }
        begins = comma;
    }
    keys
}

/// Where `orm_core` is: `crate = ".."`, in whichever attribute says it.
fn krate(attrs: &[Attribute]) -> Path {
    let mut said = None;
    for attr in attrs {
        let Meta::List(list) = &attr.meta else {
            continue;
        };
        let tokens: Vec<_> = list.tokens.clone().into_iter().collect();
        for window in tokens.windows(3) {
            if let [TokenTree::Ident(key), _, TokenTree::Literal(path)] = window
                && key == "crate"
            {
                said = said.or_else(|| syn::parse_str(path.to_string().trim_matches('"')).ok());
            }
        }
    }
    said.unwrap_or_else(|| parse_quote!(::orm_core))
}
