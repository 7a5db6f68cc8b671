//! Getters, queries, counting and checking.

use super::{Method, Targets, named};
use crate::expand::docs;
use crate::ir::{Association, Junction, Kind, Model, names};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};
use syn::Ident;

pub(super) fn methods(model: &Model, association: &Association) -> Vec<(Ident, TokenStream)> {
    let (vis, place) = (&model.vis, association.place());
    let mut methods = vec![getter(model, association).tokens(vis, place)];
    methods.push(query(model, association));
    if association.kind.is_many() {
        methods.push(count(association).tokens(vis, place));
        methods.extend(has(association).map(|method| method.tokens(vis, place)));
    }
    methods.extend(with_through(association).map(|method| method.tokens(vis, place)));
    methods
}

fn getter(model: &Model, association: &Association) -> Method {
    let place = association.place();
    let (constant, target) = (&association.constant, &association.target);
    let output = match association.kind {
        Kind::HasMany { .. } | Kind::BelongsToMany(_) => {
            quote_spanned!(place=> ::std::vec::Vec<#target>)
        }
        _ if association.is_optional() => {
            quote_spanned!(place=> ::core::option::Option<#target>)
        }
        _ => quote_spanned!(place=> #target),
    };
    Method {
        name: association.name.clone(),
        doc: docs::getter(model, association),
        changes: false,
        generics: TokenStream::new(),
        arguments: TokenStream::new(),
        connection: quote_spanned!(association.span=> __orm::Read<'a, #constant, #output>),
        bounds: TokenStream::new(),
        function: quote_spanned!(place=> __orm::read::<#constant, _, C>),
        passed: TokenStream::new(),
        output,
    }
}

/// The query behind the getter: every kind has it. Its type is a parameter, so that
/// the compiler makes it out where it is used, and not for each association.
fn query(model: &Model, association: &Association) -> (Ident, TokenStream) {
    let (vis, place) = (&model.vis, association.place());
    let Association { name, constant, .. } = association;
    let query = format_ident!("{}_query", names::word(name), span = name.span());
    let doc = docs::query(association);
    let tokens = quote_spanned! {place=>
        #[doc = #doc]
        #vis fn #query<'a, Query>(&'a self) -> Query
        where
            #constant: __orm::QueryRows<'a, Query = Query>,
        {
            <#constant as __orm::QueryRows<'a>>::query_rows(self)
        }
    };
    (query, tokens)
}

fn count(association: &Association) -> Method {
    let (place, constant) = (association.place(), &association.constant);
    Method {
        name: named("count", &association.name),
        doc: docs::count(association),
        changes: false,
        generics: TokenStream::new(),
        arguments: TokenStream::new(),
        output: quote_spanned!(place=> i64),
        connection: quote_spanned!(association.span=> __orm::Count<'a, #constant>),
        bounds: TokenStream::new(),
        function: quote_spanned!(place=> __orm::count::<#constant, C>),
        passed: TokenStream::new(),
    }
}

fn has(association: &Association) -> impl Iterator<Item = Method> {
    let (place, constant) = (association.place(), &association.constant);
    Targets::of(association)
        .into_iter()
        .map(move |(targets, name)| {
            let (argument, form) = targets.argument(association);
            Method {
                name: named("has", name),
                doc: match targets {
                    Targets::One => docs::has_one(association),
                    Targets::Many | Targets::Both => docs::has_all(association),
                },
                changes: false,
                generics: quote_spanned!(place=> , Form),
                arguments: quote_spanned!(place=> #name: #argument,),
                output: quote_spanned!(place=> bool),
                connection: quote_spanned!(association.span=> __orm::Has<'a, #constant>),
                bounds: TokenStream::new(),
                function: quote_spanned!(place=> __orm::has::<#constant, _, #form, C>),
                passed: quote_spanned!(place=> #name,),
            }
        })
}

/// The rows beside their junction rows, where the junction is a model.
fn with_through(association: &Association) -> Option<Method> {
    let (place, constant) = (association.place(), &association.constant);
    let (name, target) = (&association.name, &association.target);
    let Kind::BelongsToMany(through) = &association.kind else {
        return None;
    };
    let Junction::Model(junction) = &through.junction else {
        return None;
    };
    Some(Method {
        name: format_ident!("{}_with_through", names::word(name), span = name.span()),
        doc: docs::read_through(association, junction),
        changes: false,
        generics: TokenStream::new(),
        arguments: TokenStream::new(),
        output: quote_spanned!(place=> ::std::vec::Vec<(#junction, #target)>),
        connection: quote_spanned!(association.span=> __orm::ReadThrough<'a, #constant, #junction>),
        bounds: TokenStream::new(),
        function: quote_spanned!(place=> __orm::read_through::<#constant, #junction, C>),
        passed: TokenStream::new(),
    })
}
