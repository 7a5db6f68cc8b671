//! `#[derive(Include)]`: a shape's tree, and how a row becomes a value.

use crate::ir::names;
use crate::ir::shape::{Holds, Part, Shape, Slot};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

/// The most nodes that one tuple takes.
const WIDTH: usize = 8;

pub(crate) fn shape(shape: &Shape) -> TokenStream {
    let Shape {
        krate,
        vis,
        ident,
        model,
        row,
        parts,
    } = shape;
    let nodes: Vec<_> = parts.iter().map(|part| node_type(shape, part)).collect();
    let values: Vec<_> = parts.iter().map(node).collect();
    let names: Vec<_> = parts
        .iter()
        .map(|part| {
            let name = &part.ident;
            quote!(#name)
        })
        .collect();
    let (tree, value, pattern) = (tuple(&nodes), tuple(&values), tuple(&names));
    let assertions = parts.iter().filter_map(|part| assertion(shape, part));
    let fields = parts.iter().map(|part| &part.ident);
    let row_field = row.as_ref().map(|row| quote!(#row: __row,));
    quote! {
        const _: () = {
            use #krate::__private as __orm;

            #(#assertions)*

            #[automatically_derived]
            impl __orm::Shape for #ident {
                type Model = #model;
                type Tree = #tree;
                fn tree() -> Self::Tree {
                    #value
                }
                fn shape(
                    __row: #model,
                    #pattern: <Self::Tree as __orm::Tree<#model>>::Output,
                ) -> Self {
                    Self { #row_field #(#fields),* }
                }
            }

            impl #ident {
                /// The number of statements that loading a query as this shape
                /// takes, whatever the number of rows.
                #vis const QUERIES: usize =
                    1 + <<Self as __orm::Shape>::Tree as __orm::Tree<#model>>::QUERIES;

                /// Loads what belongs to rows that are already here.
                ///
                /// # Errors
                /// `NotFound` if a `belongs_to` over a key that cannot be NULL
                /// leads nowhere; else what the database reports.
                ///
                /// # SQL
                /// One statement less than [`QUERIES`](Self::QUERIES).
                #vis fn load_for<'a, C>(
                    rows: ::std::vec::Vec<#model>,
                    conn: &'a mut C,
                ) -> C::Return<'a, ::std::vec::Vec<Self>>
                where
                    C: __orm::Executor,
                    #tree: __orm::LoadTree<'a, #model, C>,
                {
                    __orm::load_for::<Self, C>(rows, conn)
                }
            }
        };
    }
}

/// A tuple of any length, nested where it is longer than a tree may be wide.
fn tuple(items: &[TokenStream]) -> TokenStream {
    if items.len() <= WIDTH {
        return quote!((#(#items,)*));
    }
    let rows: Vec<_> = items
        .chunks(items.len().div_ceil(WIDTH))
        .map(tuple)
        .collect();
    tuple(&rows)
}

/// The association that a field names.
fn association(shape: &Shape, part: &Part) -> TokenStream {
    let (model, hash) = (&shape.model, names::hash(&part.association.to_string()));
    let place = Span::call_site().located_at(part.association.span());
    quote_spanned!(place=> __orm::AssociationNamed<#model, #hash>)
}

fn node_type(shape: &Shape, part: &Part) -> TokenStream {
    let association = association(shape, part);
    let place = Span::call_site().located_at(part.span);
    match &part.holds {
        Holds::Rows { ty, .. } => quote_spanned!(place=> __orm::NodeAs<#association, #ty>),
        Holds::Count => quote_spanned!(place=> __orm::Counted<#association>),
    }
}

fn node(part: &Part) -> TokenStream {
    let place = Span::call_site().located_at(part.span);
    match &part.holds {
        Holds::Rows { .. } => quote_spanned!(place=> __orm::node_as()),
        Holds::Count => quote_spanned!(place=> ::core::default::Default::default()),
    }
}

/// A field holds as many rows as its association yields.
fn assertion(shape: &Shape, part: &Part) -> Option<TokenStream> {
    let Holds::Rows { slot, .. } = &part.holds else {
        return None;
    };
    let association = association(shape, part);
    let place = Span::call_site().located_at(part.span);
    let slot = match slot {
        Slot::One => quote_spanned!(place=> __orm::One),
        Slot::Maybe => quote_spanned!(place=> __orm::Maybe),
        Slot::Many => quote_spanned!(place=> __orm::Many),
    };
    Some(quote_spanned! {place=>
        const _: () = __orm::assert_holds::<#slot, __orm::SlotOf<#association>>();
    })
}
