//! The scopes of an association, as types.

use super::respanned;
use crate::ir::{Association, Kind, Model, Through};
use crate::parse::{Scope, ValueType};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Index};

/// The scope of an association, as the core takes it.
pub(super) fn of(association: &Association) -> TokenStream {
    taken(
        association.scope.as_ref(),
        &name(association),
        association.place(),
    )
}

/// The scope of an association's junction, as the core takes it.
pub(super) fn of_junction(association: &Association, through: &Through) -> TokenStream {
    let name = junction_name(association);
    taken(through.scope.as_ref(), &name, association.place())
}

fn taken(scope: Option<&Scope>, name: &Ident, place: Span) -> TokenStream {
    if scope.is_some() {
        quote_spanned!(place=> __orm::Scoped<#name>)
    } else {
        quote_spanned!(place=> __orm::Unscoped)
    }
}

fn name(association: &Association) -> Ident {
    format_ident!("{}_SCOPE", association.constant)
}

fn junction_name(association: &Association) -> Ident {
    format_ident!("{}_THROUGH_SCOPE", association.constant)
}

/// The types of an association's scopes.
pub(super) fn scopes(model: &Model, association: &Association) -> TokenStream {
    let place = association.place();
    let mut scopes = TokenStream::new();
    if let Some(scope) = &association.scope {
        let name = name(association);
        scopes.extend(declared(model, scope, &name, place));
        if let Kind::BelongsTo { .. } = association.kind {
            scopes.extend(of_source(model, scope, &name, place));
        }
    }
    if let Kind::BelongsToMany(through) = &association.kind
        && let Some(scope) = &through.scope
    {
        scopes.extend(declared(model, scope, &junction_name(association), place));
    }
    scopes
}

fn declared(model: &Model, scope: &Scope, name: &Ident, place: Span) -> TokenStream {
    let vis = &model.vis;
    let columns = scope.0.iter().map(|column| &column.path);
    let values = scope.0.iter().map(|column| &column.value);
    let types = scope.0.iter().map(|column| {
        let (path, written) = (&column.path, column.value.span());
        match &column.ty {
            ValueType::Known(ty) => {
                let rule = quote!(<#ty as __orm::ValueOf<#path>>::HOLDS);
                let rule = respanned(rule, written);
                quote_spanned!(place=> __orm::Proven<#ty, { #rule }>)
            }
            ValueType::Integer => {
                let sql = quote_spanned! {place=>
                    <#path as __orm::diesel::Expression>::SqlType
                };
                let rule = quote!(<#sql as __orm::IntegerType>::HOLDS);
                let rule = respanned(rule, written);
                quote_spanned!(place=> __orm::IntegerOf<__orm::Proven<#sql, { #rule }>>)
            }
        }
    });
    quote_spanned! {place=>
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #vis struct #name;

        #[automatically_derived]
        #[allow(unused_qualifications)]
        impl __orm::ScopeColumns for #name {
            type Columns = (#(#columns,)*);
            type Values = (#(#types,)*);
            fn values() -> Self::Values {
                (#(#values,)*)
            }
        }
    }
}

/// A `belongs_to`'s scope is of the row in memory too.
fn of_source(model: &Model, scope: &Scope, name: &Ident, place: Span) -> TokenStream {
    let source = &model.ident;
    let fields = || {
        scope.0.iter().enumerate().filter_map(|(index, column)| {
            let column = &column.path.segments.last()?.ident;
            let field = model.fields.iter().find(|field| field.column == *column)?;
            Some((Index::from(index), field))
        })
    };
    let holds = fields().map(|(index, field)| {
        let ident = &field.ident;
        if field.is_option() {
            quote_spanned! {place=>
                ::core::option::Option::is_some_and(
                    ::core::option::Option::as_ref(&source.#ident),
                    |value| *value == values.#index,
                )
            }
        } else {
            quote_spanned!(place=> source.#ident == values.#index)
        }
    });
    let enter = fields().map(|(index, field)| {
        let ident = &field.ident;
        let value = quote_spanned!(place=> ::core::convert::From::from(values.#index));
        if field.is_option() {
            quote_spanned!(place=> source.#ident = ::core::option::Option::Some(#value);)
        } else {
            quote_spanned!(place=> source.#ident = #value;)
        }
    });
    quote_spanned! {place=>
        #[automatically_derived]
        impl __orm::SourceScope<#source> for #name {
            fn holds(source: &#source) -> bool {
                let values = <Self as __orm::ScopeColumns>::values();
                #(#holds)&&*
            }
            fn enter(source: &mut #source) {
                let values = <Self as __orm::ScopeColumns>::values();
                #(#enter)*
            }
        }
    }
}
