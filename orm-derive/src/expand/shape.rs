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
    let values: Vec<_> = parts.iter().map(|part| node(shape, part)).collect();
    let names: Vec<_> = parts
        .iter()
        .map(|part| {
            let name = &part.ident;
            quote!(#name)
        })
        .collect();
    let (tree, value, pattern) = (tuple(&nodes), tuple(&values), tuple(&names));
    let assertions = parts.iter().filter_map(|part| assertion(shape, part));
    let functions = parts.iter().map(functions);
    let fields = parts.iter().map(|part| &part.ident);
    let row_field = row.as_ref().map(|row| quote!(#row: __row,));
    quote! {
        const _: () = {
            use #krate::__private as __orm;

            #(#functions)*
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

/// The type of a field's node.
fn node_type(shape: &Shape, part: &Part) -> TokenStream {
    let association = association(shape, part);
    let place = Span::call_site().located_at(part.span);
    match &part.holds {
        Holds::Rows {
            ty,
            through,
            refined,
            ..
        } => {
            let mut filter = quote!(__orm::Everything);
            if refined.filter.is_some() {
                let function = function("filter", part);
                filter = quote!(__orm::Where<#filter, #function>);
            }
            if refined.filter_through.is_some() {
                let function = function("filter_through", part);
                filter = quote!(__orm::WhereThrough<#filter, #function>);
            }
            let order = refined.order.as_ref().map_or_else(
                || quote!(__orm::ByPrimaryKey),
                |_| {
                    let order = function("order", part);
                    quote!(__orm::OrderBy<#order>)
                },
            );
            let limit = refined
                .limit
                .as_ref()
                .map_or_else(|| quote!(__orm::Unlimited), |_| quote!(__orm::Limited));
            let node = quote_spanned! {place=>
                __orm::Refined<
                    #association, #filter, #order, __orm::As<#ty>, #limit,
                    <#ty as __orm::Shape>::Model,
                >
            };
            let node = match through {
                Some(junction) => quote_spanned!(place=> __orm::WithThrough<#node, #junction>),
                None => node,
            };
            if refined.required {
                quote_spanned!(place=> __orm::Required<#node>)
            } else {
                node
            }
        }
        Holds::Count => quote_spanned!(place=> __orm::Counted<#association>),
        Holds::Exists => quote_spanned!(place=> __orm::Existing<#association>),
        Holds::Aggregate {
            function,
            column,
            ty,
        } => {
            let function = quote::format_ident!("{function}");
            quote_spanned! {place=>
                __orm::Aggregated<#association, __orm::diesel::helper_types::#function<#column>, #ty>
            }
        }
    }
}

/// The value of a field's node.
fn node(shape: &Shape, part: &Part) -> TokenStream {
    let association = association(shape, part);
    let place = Span::call_site().located_at(part.span);
    let start = quote_spanned! {place=>
        <#association as ::core::default::Default>::default()
    };
    match &part.holds {
        Holds::Rows {
            ty,
            through,
            refined,
            ..
        } => {
            let mut node = quote_spanned!(place=> __orm::node_as::<#association, #ty>());
            for (name, expr) in refined.expressions() {
                if expr.is_some() {
                    let (method, function) = (quote::format_ident!("{name}"), function(name, part));
                    node = quote_spanned!(place=> __orm::Refine::#method(#node, #function()));
                }
            }
            for (name, expr) in [("limit", &refined.limit), ("offset", &refined.offset)] {
                if let Some(expr) = expr {
                    let method = quote::format_ident!("{name}");
                    node = quote_spanned!(place=> __orm::Refine::#method(#node, #expr));
                }
            }
            if let Some(junction) = through {
                node = quote_spanned! {place=>
                    __orm::Refine::with_through::<#junction>(#node)
                };
            }
            if refined.required {
                node = quote_spanned!(place=> __orm::required(#node));
            }
            node
        }
        Holds::Count => quote_spanned!(place=> __orm::Aggregate::counted(#start)),
        Holds::Exists => quote_spanned!(place=> __orm::Aggregate::existing(#start)),
        Holds::Aggregate {
            function, column, ..
        } => {
            let function = quote::format_ident!("{function}");
            quote_spanned! {place=>
                __orm::Aggregate::aggregated(#start, __orm::diesel::dsl::#function(#column))
            }
        }
    }
}

/// The name of the function, and of its result's type, that holds an expression
/// of the user's.
fn function(option: &str, part: &Part) -> syn::Ident {
    quote::format_ident!("__{option}_{}", part.ident)
}

/// The user's expressions, as functions whose results' types Diesel infers.
fn functions(part: &Part) -> TokenStream {
    let Holds::Rows { refined, .. } = &part.holds else {
        return TokenStream::new();
    };
    let functions = refined
        .expressions()
        .into_iter()
        .filter_map(|(option, expr)| Some((function(option, part), expr.as_ref()?)))
        .map(|(name, expr)| {
            quote! {
                #[__orm::diesel::dsl::auto_type]
                fn #name() -> _ {
                    #expr
                }
            }
        });
    quote!(#(#functions)*)
}

/// A field holds as many rows as its association yields.
fn assertion(shape: &Shape, part: &Part) -> Option<TokenStream> {
    let Holds::Rows { slot, ty, .. } = &part.holds else {
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
        const _: () = __orm::assert_rows_of::<#ty, #association>();
    })
}
