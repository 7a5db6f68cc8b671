//! The methods of an association. Each is one call into `orm_core`.

use super::docs;
use crate::ir::{Association, Junction, Kind, Model};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt;

pub(super) fn methods(model: &Model, association: &Association) -> TokenStream {
    let read = read(model, association);
    let many = association.kind.is_many().then(|| many(model, association));
    let through = match &association.kind {
        Kind::BelongsToMany(through) => match &through.junction {
            Junction::Model(junction) => Some(read_through(model, association, junction)),
            Junction::Table(_) => None,
        },
        _ => None,
    };
    quote::quote!(#read #many #through)
}

/// The getter and the query behind it: every kind has them.
fn read(model: &Model, association: &Association) -> TokenStream {
    let (vis, place) = (&model.vis, association.place());
    let Association {
        name,
        constant,
        target,
        ..
    } = association;
    let query = format_ident!("{}_query", name.unraw(), span = name.span());
    let rows = match association.kind {
        Kind::HasMany { .. } | Kind::BelongsToMany(_) => {
            quote_spanned!(place=> ::std::vec::Vec<#target>)
        }
        Kind::HasOne { .. } | Kind::BelongsTo { nullable: true, .. } => {
            quote_spanned!(place=> ::core::option::Option<#target>)
        }
        Kind::BelongsTo {
            nullable: false, ..
        } => quote_spanned!(place=> #target),
    };
    let getter_doc = docs::getter(model, association);
    let query_doc = docs::query(association);
    quote_spanned! {place=>
        #[doc = #getter_doc]
        #vis fn #name<'a, C>(&'a self, conn: &'a mut C) -> C::Return<'a, #rows>
        where
            C: __orm::Read<'a, #constant>,
        {
            __orm::read::<#constant, C>(self, conn)
        }

        #[doc = #query_doc]
        #vis fn #query(&self) -> __orm::QueryOf<'_, #constant> {
            __orm::query::<#constant>(self)
        }
    }
}

/// Counting and checking, where there may be any number of rows.
fn many(model: &Model, association: &Association) -> TokenStream {
    let (vis, place) = (&model.vis, association.place());
    let Association {
        name,
        singular,
        constant,
        ..
    } = association;
    let method =
        |verb: &str, name: &Ident| format_ident!("{verb}_{}", name.unraw(), span = name.span());
    let (count, has_one, has_all) = (
        method("count", name),
        method("has", singular),
        method("has", name),
    );
    let count_doc = docs::count(association);
    let has_all_doc = docs::has_all(association);
    let has = if has_one == has_all {
        // A word without a plural: one method takes a row or any number.
        quote_spanned! {place=>
            #[doc = #has_all_doc]
            #vis fn #has_all<'a, C, Form>(
                &'a self,
                #name: impl __orm::Targets<#constant, Form>,
                conn: &'a mut C,
            ) -> C::Return<'a, bool>
            where
                C: __orm::Has<'a, #constant>,
            {
                __orm::has::<#constant, _, Form, C>(self, #name, conn)
            }
        }
    } else {
        let has_one_doc = docs::has_one(association);
        quote_spanned! {place=>
            #[doc = #has_one_doc]
            #vis fn #has_one<'a, C, Form>(
                &'a self,
                #singular: impl __orm::Reference<#constant, Form>,
                conn: &'a mut C,
            ) -> C::Return<'a, bool>
            where
                C: __orm::Has<'a, #constant>,
            {
                __orm::has::<#constant, _, __orm::OneTarget<Form>, C>(self, #singular, conn)
            }

            #[doc = #has_all_doc]
            #vis fn #has_all<'a, C, Form>(
                &'a self,
                #name: impl ::core::iter::IntoIterator<Item: __orm::Reference<#constant, Form>>,
                conn: &'a mut C,
            ) -> C::Return<'a, bool>
            where
                C: __orm::Has<'a, #constant>,
            {
                __orm::has::<#constant, _, __orm::ManyTargets<Form>, C>(self, #name, conn)
            }
        }
    };
    quote_spanned! {place=>
        #[doc = #count_doc]
        #vis fn #count<'a, C>(&'a self, conn: &'a mut C) -> C::Return<'a, i64>
        where
            C: __orm::Count<'a, #constant>,
        {
            __orm::count::<#constant, C>(self, conn)
        }

        #has
    }
}

/// The rows beside their junction rows.
fn read_through(model: &Model, association: &Association, junction: &syn::Path) -> TokenStream {
    let (vis, place) = (&model.vis, association.place());
    let Association {
        name,
        constant,
        target,
        ..
    } = association;
    let method = format_ident!("{}_with_through", name.unraw(), span = name.span());
    let doc = docs::read_through(association, junction);
    quote_spanned! {place=>
        #[doc = #doc]
        #vis fn #method<'a, C>(
            &'a self,
            conn: &'a mut C,
        ) -> C::Return<'a, ::std::vec::Vec<(#junction, #target)>>
        where
            C: __orm::ReadThrough<'a, #constant, #junction>,
        {
            __orm::read_through::<#constant, #junction, C>(self, conn)
        }
    }
}
