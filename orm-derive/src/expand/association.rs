//! The type of an association, its constant and its methods.

use super::{alias, docs, last_segment, methods, respanned, scope};
use crate::ir::{Association, End, Junction, Key, Kind, Model, names};
use crate::parse::OnDelete;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Token};

pub(crate) fn association(model: &Model, association: &Association) -> TokenStream {
    let Model {
        vis, ident, table, ..
    } = model;
    let Association {
        name,
        constant,
        target,
        ..
    } = association;
    let place = association.place();
    let name = name.to_string();
    let name = name.trim_start_matches("r#");
    let hash = names::hash(name);
    let (kind, junction) = kind(model, association);
    let (source_key, target_key) = ends(association);
    let consistency = consistency(model, association);
    let joined_as = if association.is_self_reference {
        let alias = alias(association);
        quote_spanned!(place=> __orm::Aliased<#alias>)
    } else {
        quote_spanned!(place=> __orm::Plain)
    };
    let scopes = scope::scopes(model, association);
    let on_delete = association.on_delete.map(|action| {
        let action = match action {
            OnDelete::Cascade => quote_spanned!(place=> Cascade),
            OnDelete::Nullify => quote_spanned!(place=> Nullify),
            OnDelete::Restrict => quote_spanned!(place=> Restrict),
        };
        quote_spanned! {place=>
            const ON_DELETE: ::core::option::Option<__orm::OnDeleteAction> =
                ::core::option::Option::Some(__orm::OnDeleteAction::#action);
        }
    });
    let (orphans, unlinking) = orphans(association);
    let doc = docs::constant(model, association);
    let rules = rules(model, association);
    let proven_target = if association.is_self_reference {
        quote_spanned!(place=> #target)
    } else {
        let is_model = quote_spanned!(association.span=> <#target as __orm::IsModel>::HOLDS);
        quote_spanned!(place=> __orm::Proven<#target, { #is_model }>)
    };
    let methods = methods::methods(model, association);
    // Not at the user's token: of an unknown type the compiler would propose to add
    // it there as a parameter of the implementation.
    let implement = <Token![impl]>::default();
    quote_spanned! {place=>
        #junction
        #scopes

        #[doc = #doc]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(
            ::core::clone::Clone,
            ::core::marker::Copy,
            ::core::fmt::Debug,
            ::core::default::Default,
        )]
        #vis struct #constant;

        #[automatically_derived]
        #[allow(unused_qualifications)]
        #implement __orm::Association for #constant {
            const NAME: &'static str = #name;
            type Source = #ident;
            type Target = #proven_target;
            type SourceKey = #source_key;
            type TargetKey = #target_key;
            type Kind = __orm::Proven<#kind, { #rules }>;
            type JoinedAs = #joined_as;
            #on_delete
            #orphans
        }

        #unlinking

        #[automatically_derived]
        impl __orm::Named<#hash> for #ident {
            type Association = #constant;
        }

        #[automatically_derived]
        impl __orm::diesel::query_source::JoinTo<#constant> for #table::table {
            type FromClause = __orm::JoinedOf<#constant>;
            type OnClause = __orm::OnOf<#constant>;
            fn join_target(_: #constant) -> (Self::FromClause, Self::OnClause) {
                __orm::join::<#constant>()
            }
        }

        #implement #ident {
            #[doc = #doc]
            #vis const #constant: #constant = #constant;

            #methods
        }

        #consistency
    }
}

/// What becomes of rows that are unlinked, as a constant, and whether they can be,
/// as a type.
fn orphans(association: &Association) -> (Option<TokenStream>, Option<TokenStream>) {
    let (place, constant) = (association.place(), &association.constant);
    let (orphans, may) = match &association.kind {
        Kind::HasOne {
            foreign_key,
            source_key,
        }
        | Kind::HasMany {
            foreign_key,
            source_key,
        } => {
            let orphans = if association.orphans {
                quote_spanned!(place=> __orm::Orphans::Deleted)
            } else {
                let own = key(&Key::Primary(End::Target), place);
                let (foreign_key, source_key) = (key(foreign_key, place), key(source_key, place));
                quote_spanned! {place=>
                    __orm::Orphans::of(
                        <#foreign_key as __orm::Columns>::NAMES,
                        <#foreign_key as __orm::Columns>::NULLABLES,
                        <#own as __orm::Columns>::NAMES,
                        <#source_key as __orm::Columns>::NAMES,
                    )
                }
            };
            let constant = quote_spanned! {place=>
                const ORPHANS: ::core::option::Option<__orm::Orphans> =
                    ::core::option::Option::Some(#orphans);
            };
            (Some(constant), may_unlink(association))
        }
        Kind::BelongsToMany(_) => (None, quote_spanned!(place=> true)),
        Kind::BelongsTo { .. } => return (None, None),
    };
    let unlinking = quote_spanned! {place=>
        #[automatically_derived]
        impl __orm::Unlinking for #constant {
            type May = __orm::Proof<{ #may }>;
        }
    };
    (orphans, Some(unlinking))
}

fn may_unlink(association: &Association) -> TokenStream {
    let (place, constant) = (association.place(), &association.constant);
    quote_spanned! {place=>
        match <#constant as __orm::Association>::ORPHANS {
            ::core::option::Option::Some(orphans) => orphans.stay(),
            ::core::option::Option::None => true,
        }
    }
}

/// The kind with its columns, and the junction's own type where `through` names
/// a table alone.
fn kind(model: &Model, association: &Association) -> (TokenStream, Option<TokenStream>) {
    let place = association.place();
    let key = |columns: &Key| key(columns, place);
    let scope = scope::of(association);
    match &association.kind {
        Kind::HasOne {
            foreign_key,
            source_key,
        } => {
            let (foreign_key, source_key) = (key(foreign_key), key(source_key));
            (
                quote_spanned!(place=> __orm::HasOne<#foreign_key, #source_key, #scope>),
                None,
            )
        }
        Kind::HasMany {
            foreign_key,
            source_key,
        } => {
            let (foreign_key, source_key) = (key(foreign_key), key(source_key));
            (
                quote_spanned!(place=> __orm::HasMany<#foreign_key, #source_key, #scope>),
                None,
            )
        }
        Kind::BelongsTo {
            foreign_key,
            target_key,
            ..
        } => {
            let (foreign_key, target_key) = (key(foreign_key), key(target_key));
            let slot = if association.is_optional() {
                quote_spanned!(place=> __orm::Maybe)
            } else {
                quote_spanned!(place=> __orm::One)
            };
            (
                quote_spanned!(place=> __orm::BelongsTo<#foreign_key, #target_key, #scope, #slot>),
                None,
            )
        }
        Kind::BelongsToMany(through) => {
            let junction = junction(association);
            let declared = match &through.junction {
                Junction::Model(model) => {
                    let is_model = quote_spanned!(model.span()=> <#model as __orm::IsModel>::HOLDS);
                    // See `implement` above.
                    let mut named = junction.clone();
                    named.set_span(Span::call_site());
                    Some(quote_spanned! {place=>
                        #[allow(non_camel_case_types, unused_qualifications)]
                        type #named = __orm::Proven<#model, { #is_model }>;
                    })
                }
                Junction::Table(table) => {
                    let (vis, name) = (&model.vis, last_segment(table));
                    Some(quote_spanned! {place=>
                        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
                        #vis struct #junction;

                        #[automatically_derived]
                        impl __orm::Junction for #junction {
                            type Table = #table::table;
                            const TABLE: &'static str = #name;
                            const PRIMARY_KEY: &'static [&'static str] = {
                                use __orm::NoPrimaryKeyNames as _;
                                __orm::PrimaryKeyNames::<
                                    <#table::table as __orm::diesel::Table>::PrimaryKey,
                                >::NAMES
                            };
                        }
                    })
                }
            };
            let (foreign_key, other_key) = (key(&through.foreign_key), key(&through.other_key));
            let (source_key, target_key) = (key(&through.source_key), key(&through.target_key));
            let order = match &through.target_key {
                Key::Primary(_) => other_key.clone(),
                Key::Columns { .. } => key(&Key::Primary(End::Target)),
            };
            let keys = quote_spanned! {place=>
                __orm::JunctionKeys<#foreign_key, #other_key, #source_key, #target_key>
            };
            let through_scope = scope::of_junction(association, through);
            (
                quote_spanned! {place=>
                    __orm::BelongsToMany<#junction, #keys, #order, #scope, #through_scope>
                },
                declared,
            )
        }
    }
}

/// The columns of the source and of the target by which rows find each other.
fn ends(association: &Association) -> (TokenStream, TokenStream) {
    let place = association.place();
    let primary = Key::Primary(End::Target);
    let target_key = match &association.kind {
        Kind::HasOne { .. } | Kind::HasMany { .. } => &primary,
        Kind::BelongsTo { target_key, .. } => target_key,
        Kind::BelongsToMany(through) => &through.target_key,
    };
    let of = |columns: &Key, end: End| {
        let written = key(columns, place);
        match columns {
            Key::Primary(_) => written,
            Key::Columns { span, .. } => {
                let rule = match end {
                    End::Source => columns_of(columns, &table_of(end, place), place),
                    End::Target => quote_spanned! {*span=>
                        <Self::Target as __orm::IsKeyed<#written>>::HOLDS
                    },
                };
                quote_spanned!(place=> __orm::Proven<#written, { #rule }>)
            }
        }
    };
    (
        of(association.own_key(), End::Source),
        of(target_key, End::Target),
    )
}

/// The table of the model at this end.
fn table_of(end: End, place: Span) -> TokenStream {
    match end {
        End::Source => quote_spanned!(place=> <Self::Source as __orm::Model>::Table),
        End::Target => quote_spanned!(place=> <Self::Target as __orm::Model>::Table),
    }
}

/// The rule that the columns of a key are of this table, at the user's token.
fn columns_of(columns: &Key, table: &TokenStream, place: Span) -> TokenStream {
    let written = key(columns, place);
    let span = match columns {
        Key::Primary(_) => place,
        Key::Columns { span, .. } => *span,
    };
    quote_spanned! {span=>
        <<#written as __orm::Columns>::Tables as __orm::AllOf<#table>>::HOLDS
    }
}

/// The type of the junction: its model, or one of our own for a table alone.
pub(super) fn junction(association: &Association) -> Ident {
    format_ident!(
        "{}_JUNCTION",
        association.constant,
        span = association.place()
    )
}

/// The columns of a key, as a type.
fn key(key: &Key, place: Span) -> TokenStream {
    match key {
        Key::Primary(End::Source) => {
            quote_spanned!(place=> <Self::Source as __orm::Model>::PrimaryKey)
        }
        Key::Primary(End::Target) => {
            quote_spanned!(place=> <Self::Target as __orm::Model>::PrimaryKey)
        }
        Key::Columns { paths, .. } => quote_spanned!(place=> (#(#paths,)*)),
    }
}

/// The rules between the types of an association, each at the user's own
/// token: a constant that does not compile where one does not hold.
fn rules(model: &Model, association: &Association) -> TokenStream {
    let place = association.place();
    match &association.kind {
        Kind::HasOne {
            foreign_key,
            source_key,
        }
        | Kind::HasMany {
            foreign_key,
            source_key,
        } => {
            let of_target = columns_of(foreign_key, &table_of(End::Target, place), place);
            let types = same_types(foreign_key, source_key, association);
            let nullable = (association.on_delete == Some(OnDelete::Nullify)).then(|| {
                let message = format!(
                    "the foreign key of `{}` cannot be NULL; write `on_delete = cascade` or \
                     `on_delete = restrict`",
                    association.name
                );
                let columns = key(foreign_key, place);
                quote_spanned! {place=>
                    ::core::assert!(<#columns as __orm::Columns>::NULLABLE, #message);
                }
            });
            quote_spanned!(place=> #nullable #of_target && #types)
        }
        Kind::BelongsTo {
            foreign_key,
            target_key,
            nullable,
            ..
        } => {
            let types = same_types(foreign_key, target_key, association);
            let columns = key(foreign_key, place);
            let message = if *nullable {
                format!(
                    "the foreign key of `{}` cannot be NULL in the table; declare its field in \
                     `{}` without `Option`",
                    association.name, model.ident
                )
            } else {
                format!(
                    "the foreign key of `{}` may be NULL in the table; declare its field in `{}` \
                     as `Option<..>`",
                    association.name, model.ident
                )
            };
            quote_spanned! {place=>
                ::core::assert!(<#columns as __orm::Columns>::NULLABLE == #nullable, #message);
                #types
            }
        }
        Kind::BelongsToMany(through) => {
            let junction = junction(association);
            let table = quote_spanned!(place=> <#junction as __orm::Junction>::Table);
            let of_junction = [&through.foreign_key, &through.other_key]
                .map(|columns| columns_of(columns, &table, place));
            let source = same_types(&through.foreign_key, &through.source_key, association);
            let target = same_types(&through.other_key, &through.target_key, association);
            let other = table_of(End::Target, place);
            let joined = quote_spanned!(place=> <#table as __orm::InOneQuery<#other>>::HOLDS);
            let joined = respanned(joined, association.span);
            quote_spanned!(place=> #(#of_junction &&)* #source && #target && #joined)
        }
    }
}

/// That no `belongs_to` at the other end says of the foreign key that it refers
/// to another table.
///
/// It stands beside the association's type, not in it: the declarations of both
/// ends would otherwise need each other.
fn consistency(model: &Model, association: &Association) -> TokenStream {
    let (place, constant) = (association.place(), &association.constant);
    let of = |end: End| match end {
        End::Source => (
            model.ident.to_string(),
            quote_spanned!(place=> <#constant as __orm::Association>::Source),
        ),
        End::Target => (
            last_segment(&association.target),
            quote_spanned!(place=> <#constant as __orm::Association>::Target),
        ),
    };
    // that the model `declares` does not let `columns` lead elsewhere than to `end`
    let rule = |(named, declares): (String, TokenStream), columns: &Key, end: End| {
        let (refers_to, refers_to_model) = of(end);
        let message = format!(
            "the foreign key of `{}` is in a `belongs_to` of `{named}` that leads to another table; \
             name another column, or let that `belongs_to` lead to `{refers_to}`",
            association.name
        );
        let span = match columns {
            Key::Primary(_) => place,
            Key::Columns { span, .. } => *span,
        };
        let columns = columns.names().unwrap_or_default();
        quote_spanned! {span=>
            #[allow(unused_qualifications)]
            const _: () = ::core::assert!(
                !__orm::leads_elsewhere(
                    <#declares as __orm::Model>::BELONGS_TO,
                    &[#(#columns),*],
                    <#refers_to_model as __orm::Model>::TABLE,
                ),
                #message,
            );
        }
    };
    match &association.kind {
        Kind::HasOne { foreign_key, .. } | Kind::HasMany { foreign_key, .. } => {
            rule(of(End::Target), foreign_key, End::Source)
        }
        Kind::BelongsToMany(through) => {
            let Junction::Model(path) = &through.junction else {
                return TokenStream::new();
            };
            let declares = || (last_segment(path), junction(association).to_token_stream());
            let ours = rule(declares(), &through.foreign_key, End::Source);
            let theirs = rule(declares(), &through.other_key, End::Target);
            quote_spanned!(place=> #ours #theirs)
        }
        Kind::BelongsTo { .. } => TokenStream::new(),
    }
}

fn same_types(foreign_key: &Key, referred: &Key, association: &Association) -> TokenStream {
    let place = match (foreign_key, referred) {
        (Key::Columns { span, .. }, _) | (_, Key::Columns { span, .. }) => *span,
        _ => association.span,
    };
    let (foreign_key, referred) = (
        key(foreign_key, association.place()),
        key(referred, association.place()),
    );
    quote_spanned! {place=>
        <<#foreign_key as __orm::Columns>::SqlTypes as __orm::SameTypes<
            <#referred as __orm::Columns>::SqlTypes,
        >>::HOLDS
    }
}
