//! The scopes of an association, as types.

use super::respanned;
use crate::ir::{Association, Kind, Model, Through};
use crate::parse::{Scope, ScopeColumn, ValueType};
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
    let values = scope.0.iter().map(|column| {
        let value = &column.value;
        if column.is_none() {
            quote_spanned!(place=> __orm::Null)
        } else {
            quote!(#value)
        }
    });
    let types = || scope.0.iter().map(|column| value_type(column, place));
    let not_null = types().map(|ty| quote_spanned!(place=> !__orm::ValueType::<#ty>::MAY_BE_NULL));
    let nulls = types().enumerate().map(|(index, ty)| {
        let index = Index::from(index);
        quote_spanned!(place=> __orm::ValueType::<#ty>::is_null(&values.#index))
    });
    let padding = (scope.0.len()..4).map(|_| quote_spanned!(place=> false));
    let written = types();
    quote_spanned! {place=>
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #vis struct #name;

        #[automatically_derived]
        #[allow(unused_qualifications)]
        impl __orm::ScopeColumns for #name {
            type Columns = (#(#columns,)*);
            type Values = (#(#written,)*);
            const NULLS_ARE_TYPED: bool = {
                #[allow(unused_imports)]
                use __orm::MaybeOption as _;
                #(#not_null)&&*
            };
            fn values() -> Self::Values {
                (#(#values,)*)
            }
            fn nulls(values: &Self::Values) -> [bool; 4] {
                #[allow(unused_imports)]
                use __orm::MaybeOption as _;
                [#(#nulls,)* #(#padding,)*]
            }
        }
    }
}

/// The type of a value, which its column must have.
fn value_type(column: &ScopeColumn, place: Span) -> TokenStream {
    let (path, written) = (&column.path, column.value.span());
    let sql = quote_spanned! {place=>
        <#path as __orm::diesel::Expression>::SqlType
    };
    match &column.ty {
        ValueType::Known(ty) => {
            let rule = quote!(<#ty as __orm::ValueOf<#path>>::HOLDS);
            let rule = respanned(rule, written);
            quote_spanned!(place=> __orm::Proven<#ty, { #rule }>)
        }
        ValueType::Integer => {
            let rule = quote!(<#sql as __orm::IntegerType>::HOLDS);
            let rule = respanned(rule, written);
            quote_spanned!(place=> __orm::IntegerOf<__orm::Proven<#sql, { #rule }>>)
        }
        ValueType::Null(ty) => {
            let of_type = ty
                .as_ref()
                .map(|ty| quote!(&& <#ty as __orm::ValueOf<#path>>::HOLDS));
            let rule = quote!(<#sql as __orm::NullableColumn>::HOLDS #of_type);
            let rule = respanned(rule, written);
            quote_spanned!(place=> __orm::Proven<__orm::Null, { #rule }>)
        }
    }
}

/// A `belongs_to`'s scope is of the row in memory too.
fn of_source(model: &Model, scope: &Scope, name: &Ident, place: Span) -> TokenStream {
    let source = &model.ident;
    let fields = || {
        scope.0.iter().enumerate().filter_map(|(index, column)| {
            let name = &column.path.segments.last()?.ident;
            let field = model.fields.iter().find(|field| field.column == *name)?;
            Some((Index::from(index), field, column))
        })
    };
    let option = |index: &Index, column: &ScopeColumn| {
        let ty = value_type(column, place);
        quote_spanned!(place=> __orm::ValueType::<#ty>::option(values.#index))
    };
    let holds = fields().map(|(index, field, column)| {
        let ident = &field.ident;
        if column.is_none() {
            quote_spanned!(place=> ::core::option::Option::is_none(&source.#ident))
        } else if field.is_option() {
            let value = option(&index, column);
            quote_spanned! {place=>
                match (&source.#ident, #value) {
                    (::core::option::Option::Some(field), ::core::option::Option::Some(value)) => {
                        *field == value
                    }
                    (::core::option::Option::None, ::core::option::Option::None) => true,
                    _ => false,
                }
            }
        } else {
            quote_spanned!(place=> source.#ident == values.#index)
        }
    });
    let enter = fields().map(|(index, field, column)| {
        let ident = &field.ident;
        if column.is_none() {
            quote_spanned!(place=> source.#ident = ::core::option::Option::None;)
        } else if field.is_option() {
            let value = option(&index, column);
            quote_spanned! {place=>
                source.#ident = ::core::option::Option::map(#value, ::core::convert::From::from);
            }
        } else {
            quote_spanned!(place=> source.#ident = ::core::convert::From::from(values.#index);)
        }
    });
    quote_spanned! {place=>
        #[automatically_derived]
        #[allow(unused_imports, unused_qualifications, unused_variables)]
        impl __orm::SourceScope<#source> for #name {
            fn holds(source: &#source) -> bool {
                use __orm::MaybeOption as _;
                let values = <Self as __orm::ScopeColumns>::values();
                #(#holds)&&*
            }
            fn enter(source: &mut #source) {
                use __orm::MaybeOption as _;
                let values = <Self as __orm::ScopeColumns>::values();
                #(#enter)*
            }
        }
    }
}
