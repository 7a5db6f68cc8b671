//! The last stage: tokens. It cannot fail, and what it writes is thin: types,
//! names, and methods that call one function of `orm_core`.

mod association;
mod docs;
mod methods;
mod scope;
mod shape;

pub(crate) use self::association::association;
use self::association::junction;
pub(crate) use self::shape::shape;

use crate::ir::{Association, Kind, Model};
use crate::parse::OnDelete;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

/// Everything that the derive writes for one model.
pub(crate) fn model(model: &Model) -> TokenStream {
    let Model {
        krate,
        ident,
        table,
        primary_key,
        ..
    } = model;
    let table_name = last_segment(table);
    let constants = model
        .associations
        .iter()
        .map(|association| &association.constant);
    let fields = model.fields.iter().map(|field| {
        let (name, ty, column) = (&field.ident, &field.ty, &field.column);
        let value = if model.is_key(column) {
            let fits = quote_spanned! {ty.span()=>
                <#ty as __orm::KeyValue<#table::#column>>::HOLDS
            };
            quote!(__orm::Proven<#ty, { #fits }>)
        } else {
            quote!(#ty)
        };
        quote! {
            #[automatically_derived]
            #[allow(unused_qualifications)]
            impl __orm::Field<#table::#column> for #ident {
                type Value = #value;
                fn value(&self) -> &#ty { &self.#name }
                fn value_mut(&mut self) -> &mut #ty { &mut self.#name }
            }
        }
    });
    let belongs_to = belongs_to(model);
    let destroys = destroys(model);
    let aliases = aliases(model);
    let associations = model
        .associations
        .iter()
        .map(|declared| association(model, declared));
    quote! {
        const _: () = {
            use #krate::__private as __orm;

            #[automatically_derived]
            impl __orm::Model for #ident {
                type Table = #table::table;
                type PrimaryKey = (#(#primary_key,)*);
                const TABLE: &'static str = #table_name;
                const ASSOCIATIONS: &'static [__orm::AssociationInfo] =
                    &[#(__orm::AssociationInfo::of::<#constants>()),*];
                #belongs_to
            }

            #destroys
            #(#fields)*
            #aliases
            #(#associations)*
        };
    }
}

/// What is declared to belong to other models, with names alone: the compiler
/// evaluates it for each association that leads here. A scope says it of some rows.
fn belongs_to(model: &Model) -> Option<TokenStream> {
    let declared: Vec<_> = model
        .associations
        .iter()
        .filter(|association| association.scope.is_none())
        .filter_map(|association| {
            let Kind::BelongsTo { foreign_key, .. } = &association.kind else {
                return None;
            };
            let (columns, constant) = (foreign_key.names()?, &association.constant);
            Some(quote! {
                (
                    &[#(#columns),*],
                    <<#constant as __orm::Association>::Target as __orm::Model>::TABLE,
                )
            })
        })
        .collect();
    (!declared.is_empty()).then(|| {
        quote! {
            const BELONGS_TO: &'static [(&'static [&'static str], &'static str)] =
                &[#(#declared),*];
        }
    })
}

/// What the associations declare to become of their rows.
fn destroys(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let steps = model.associations.iter().filter_map(|association| {
        let constant = &association.constant;
        Some(match association.on_delete? {
            OnDelete::Cascade => match association.kind {
                Kind::HasOne { .. } | Kind::HasMany { .. } if association.is_self_reference => {
                    quote!(__orm::CascadeSelf<#constant>)
                }
                _ => quote!(__orm::Cascade<#constant>),
            },
            OnDelete::Nullify => quote!(__orm::Nullify<#constant>),
            OnDelete::Restrict => quote!(__orm::Restrict<#constant>),
        })
    });
    let steps = steps.rfold(quote!(()), |rest, step| quote!((#step, #rest)));
    quote! {
        #[automatically_derived]
        impl __orm::Destroys for #ident {
            type OnDelete = #steps;
        }
    }
}

/// The names under which self-references join the model's own table. All in one
/// invocation: only then may several stand in one query.
fn aliases(model: &Model) -> Option<TokenStream> {
    let Model { vis, table, .. } = model;
    let aliases: Vec<_> = model
        .associations
        .iter()
        .filter(|association| association.is_self_reference)
        .map(|association| {
            let (name, alias) = (&association.name, alias(association));
            let constant = format_ident!("{alias}_ALIAS");
            quote!(#vis const #constant: Alias<#alias> = #table as #name;)
        })
        .collect();
    (!aliases.is_empty()).then(|| quote!(__orm::diesel::alias! { #(#aliases)* }))
}

/// The type of a self-reference's alias.
fn alias(association: &Association) -> Ident {
    format_ident!("{}_TABLE", association.constant)
}

fn last_segment(path: &syn::Path) -> String {
    path.segments
        .last()
        .map(|last| last.ident.to_string())
        .unwrap_or_default()
}

/// The same tokens at another place.
fn respanned(tokens: impl ToTokens, span: Span) -> TokenStream {
    let tokens = tokens.into_token_stream().into_iter();
    tokens
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}
