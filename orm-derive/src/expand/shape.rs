//! `#[derive(Include)]`: a shape's tree, and how a row becomes a value.

use super::respanned;
use crate::ir::names;
use crate::ir::shape::{Holds, Part, Refined, Shape, Slot};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

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
    let nodes: Vec<_> = parts.iter().map(node_type).collect();
    let values: Vec<_> = parts.iter().map(node).collect();
    let names: Vec<_> = parts
        .iter()
        .map(|part| {
            let name = &part.ident;
            quote!(#name)
        })
        .collect();
    let (tree, value, pattern) = (tuple(&nodes), tuple(&values), tuple(&names));
    let is_model = quote_spanned!(model.span()=> <#model as __orm::IsModel>::HOLDS);
    let source = quote_spanned!(model.span()=> __orm::Proven<#model, { #is_model }>);
    let proven = parts.iter().map(|part| proven(shape, part));
    let functions = parts.iter().map(functions);
    let fields = parts.iter().map(|part| &part.ident);
    let row_field = row.as_ref().map(|(row, _)| quote!(#row: __row,));
    let row_fits = row.as_ref().map(|(_, ty)| {
        let rule = quote_spanned!(ty.span()=> <#ty as __orm::Holds<__Source>>::HOLDS);
        quote!(&& #rule)
    });
    quote! {
        const _: () = {
            use #krate::__private as __orm;

            #[allow(unused_qualifications)]
            type __Source = #source;
            #[allow(unused_qualifications)]
            type __Row = __orm::Proven<__Source, { true #row_fits }>;
            #(#proven)*
            #(#functions)*

            #[automatically_derived]
            impl __orm::Shape for #ident {
                type Model = __Source;
                type Tree = #tree;
                fn tree() -> Self::Tree {
                    #value
                }
                fn shape(
                    __row: __Row,
                    #pattern: <Self::Tree as __orm::Tree<__Source>>::Output,
                ) -> Self {
                    Self { #row_field #(#fields),* }
                }
            }

            #[allow(dead_code)]
            impl #ident {
                /// The number of statements that loading a query as this shape
                /// takes, whatever the number of rows.
                #vis const QUERIES: usize =
                    1 + <<Self as __orm::Shape>::Tree as __orm::Tree<__Source>>::QUERIES;

                /// Loads what belongs to rows that are already here.
                ///
                /// # Errors
                /// A `Dangling` if a `belongs_to` over a key that cannot be NULL
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
                    <Self as __orm::Shape>::Tree: __orm::LoadTree<'a, __Source, C>,
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

/// The name of the type that stands for a field's association.
fn association(part: &Part) -> syn::Ident {
    quote::format_ident!("__association_{}", part.ident, span = Span::call_site())
}

/// The name of the type that stands for what a field holds: its rows, the
/// association that it counts, or its aggregate.
fn held(part: &Part) -> syn::Ident {
    quote::format_ident!("__held_{}", part.ident, span = Span::call_site())
}

/// The rules of a field, each at the user's own token: its name is an
/// association's, which leads to its rows, and to as many as it holds.
fn proven(shape: &Shape, part: &Part) -> TokenStream {
    let (association, name) = (association(part), held(part));
    let hash = names::hash(&part.association.unraw().to_string());
    let model = respanned(&shape.model, part.association.span());
    let named = quote_spanned! {part.association.span()=>
        <#model as __orm::IsNamed<#hash>>::HOLDS
    };
    let named = quote! {
        #[allow(unused_qualifications)]
        type #association =
            __orm::AssociationNamed<__orm::Proven<__Source, { #named }>, #hash>;
    };
    let ty = &part.ty;
    let one_value = |yields: &str| {
        let yields = syn::Ident::new(yields, Span::call_site());
        let rule = quote_spanned!(ty.span()=> <#ty as __orm::Holds<#yields>>::HOLDS);
        (quote!(#association), rule)
    };
    let (held, rules) = match &part.holds {
        Holds::Rows {
            slot, ty, refined, ..
        } => {
            let slot = match slot {
                Slot::One => quote_spanned!(part.ty.span()=> __orm::One),
                Slot::Maybe => quote_spanned!(part.ty.span()=> __orm::Maybe),
                Slot::Many => quote_spanned!(part.ty.span()=> __orm::Many),
            };
            let slot = quote_spanned! {part.ty.span()=>
                <#slot as __orm::Holds<__orm::SlotOf<#association>>>::HOLDS
            };
            let is_row = quote_spanned!(ty.span()=> <#ty as __orm::ShapeOf<#association>>::HOLDS);
            let is_cloned = quote_spanned!(ty.span()=> <#ty as __orm::IsCloned>::HOLDS);
            let refined = over_tables(part, refined);
            (
                quote!(#ty),
                quote!(#slot && #is_row && #is_cloned #(&& #refined)*),
            )
        }
        Holds::Count => one_value("i64"),
        Holds::Exists => one_value("bool"),
        Holds::Aggregate {
            function, column, ..
        } => {
            let function = quote::format_ident!("{function}");
            let of = quote_spanned! {column.span()=>
                __orm::diesel::helper_types::#function<#column>
            };
            let rule = quote_spanned! {column.span()=>
                <#of as __orm::AggregateOf<#association, _>>::HOLDS
            };
            (of, rule)
        }
    };
    quote! {
        #named
        #[allow(unused_qualifications)]
        type #name = __orm::Proven<#held, { #rules }>;
    }
}

/// That each expression of the user's is over the table that it refines.
fn over_tables(part: &Part, refined: &Refined) -> Vec<TokenStream> {
    let association = association(part);
    let expressions = refined.expressions().into_iter();
    expressions
        .filter_map(|(option, expr)| {
            let expr = expr.as_ref()?;
            let function = respanned(function(option, part), expr.span());
            let table = if option == "filter_through" {
                quote!(__orm::LinkTableOf)
            } else {
                quote!(__orm::TargetTable)
            };
            let rule = if option == "order" {
                quote!(__orm::OverTable)
            } else {
                quote!(__orm::ConditionOver)
            };
            Some(quote_spanned! {expr.span()=>
                <#function as #rule<#table<#association>, _>>::HOLDS
            })
        })
        .collect()
}

/// The type of a field's node.
fn node_type(part: &Part) -> TokenStream {
    let (association, held) = (association(part), held(part));
    let place = Span::call_site().located_at(part.ty.span());
    match &part.holds {
        Holds::Rows {
            through, refined, ..
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
                    #association, #filter, #order, __orm::As<#held>, #limit,
                    <#held as __orm::Shape>::Model,
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
        Holds::Count => quote_spanned!(place=> __orm::Counted<#held>),
        Holds::Exists => quote_spanned!(place=> __orm::Existing<#held>),
        Holds::Aggregate { ty, .. } => {
            quote_spanned!(place=> __orm::Aggregated<#association, #held, #ty>)
        }
    }
}

/// The value of a field's node.
fn node(part: &Part) -> TokenStream {
    let association = association(part);
    let place = Span::call_site().located_at(part.ty.span());
    let start = quote_spanned! {place=>
        <#association as ::core::default::Default>::default()
    };
    match &part.holds {
        Holds::Rows {
            through, refined, ..
        } => {
            let held = held(part);
            let mut node = quote_spanned!(place=> __orm::node_as::<#association, #held>());
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
            let held = held(part);
            quote_spanned! {place=>
                __orm::Aggregate::aggregated::<#held, _, _>(
                    #start,
                    __orm::diesel::dsl::#function(#column),
                )
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
