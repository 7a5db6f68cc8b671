//! The methods of an association. Each is one call into `orm_core`.

mod read;
mod write;

use crate::ir::{Association, Methods, Model, names};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{Ident, Visibility};

/// The methods that are to be written; of a name that none of them has an error.
pub(super) fn methods(model: &Model, association: &Association) -> TokenStream {
    let mut all = read::methods(model, association);
    all.extend(write::methods(model, association));
    let names: Vec<_> = all.iter().map(|(name, _)| name.to_string()).collect();
    let (chosen, is_only) = match &association.methods {
        Methods::All => (&[][..], false),
        Methods::Only(chosen) => (&chosen[..], true),
        Methods::Except(chosen) => (&chosen[..], false),
    };
    let unknown = chosen
        .iter()
        .filter(|name| !names.contains(&name.to_string()));
    let errors = unknown.map(|name| {
        let message = format!(
            "`{}` has no method `{name}`; it has {}",
            association.name,
            names.join(", ")
        );
        syn::Error::new(name.span(), message).into_compile_error()
    });
    let written = all.iter().filter_map(|(name, tokens)| {
        let is_chosen = chosen.iter().any(|other| other == name);
        (is_chosen == is_only).then_some(tokens)
    });
    quote::quote!(#(#errors)* #(#written)*)
}

/// A method to be written.
struct Method {
    name: Ident,
    doc: String,
    /// Whether it changes the row in memory.
    changes: bool,
    /// The generic parameters after the lifetime `'a` and the connection `C`.
    generics: TokenStream,
    /// The arguments between `self` and the connection.
    arguments: TokenStream,
    /// What it returns on a blocking connection, inside of the `QueryResult`.
    output: TokenStream,
    /// What the connection can do.
    connection: TokenStream,
    /// Bounds beside that.
    bounds: TokenStream,
    /// The function of `orm_core` with its type arguments.
    function: TokenStream,
    /// The arguments, passed on.
    passed: TokenStream,
}

impl Method {
    /// Its name, and what is written.
    fn tokens(self, vis: &Visibility, place: Span) -> (Ident, TokenStream) {
        let Self {
            name,
            doc,
            changes,
            generics,
            arguments,
            output,
            connection,
            bounds,
            function,
            passed,
        } = self;
        let receiver = if changes {
            quote_spanned!(place=> &'a mut self)
        } else {
            quote_spanned!(place=> &'a self)
        };
        let tokens = quote_spanned! {place=>
            #[doc = #doc]
            #vis fn #name<'a, C #generics>(
                #receiver,
                #arguments
                conn: &'a mut C,
            ) -> C::Return<'a, #output>
            where
                C: #connection,
                #bounds
            {
                #function(self, #passed conn)
            }
        };
        (name, tokens)
    }
}

/// `<verb>_<name>`, at the place of the name.
fn named(verb: &str, name: &Ident) -> Ident {
    format_ident!("{verb}_{}", names::word(name), span = name.span())
}

/// One row or any number of them, as an argument.
enum Targets {
    One,
    Many,
    /// Either: of a word without a plural.
    Both,
}

impl Targets {
    /// The argument's type, and what the core calls the form of it.
    fn argument(&self, association: &Association) -> (TokenStream, TokenStream) {
        let (place, bound) = (association.place(), association.span);
        let constant = &association.constant;
        match self {
            Self::One => (
                quote_spanned!(bound=> impl __orm::Reference<#constant, Form>),
                quote_spanned!(place=> __orm::OneTarget<Form>),
            ),
            Self::Many => (
                quote_spanned! {bound=>
                    impl ::core::iter::IntoIterator<Item: __orm::Reference<#constant, Form>>
                },
                quote_spanned!(place=> __orm::ManyTargets<Form>),
            ),
            Self::Both => (
                quote_spanned!(bound=> impl __orm::Targets<#constant, Form>),
                quote_spanned!(place=> Form),
            ),
        }
    }

    /// The forms for which an association has a method, with their names.
    fn of(association: &Association) -> Vec<(Self, &Ident)> {
        if association.singular == association.name {
            vec![(Self::Both, &association.name)]
        } else {
            vec![
                (Self::One, &association.singular),
                (Self::Many, &association.name),
            ]
        }
    }
}
