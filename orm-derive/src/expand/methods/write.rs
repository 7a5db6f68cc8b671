//! Setting, adding, removing and creating.

use super::{Method, Targets, named};
use crate::expand::{docs, junction, scope};
use crate::ir::{Association, Junction, Kind, Model, names};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote_spanned};
use syn::Ident;

pub(super) fn methods(model: &Model, association: &Association) -> Vec<(Ident, TokenStream)> {
    let methods = match &association.kind {
        Kind::HasOne { .. } => vec![
            set_one(association, false),
            set_one(association, true),
            all(association, "unset"),
            all(association, "destroy"),
            create(association),
        ],
        Kind::BelongsTo { nullable, .. } => {
            let mut methods = vec![set_key(association, *nullable)];
            methods.extend(nullable.then(|| unset_key(association)));
            methods.push(create_key(association));
            methods
        }
        Kind::HasMany { .. } => {
            let mut methods = Vec::new();
            for verb in ["add", "remove", "destroy"] {
                methods.extend(targeted(association, verb));
            }
            methods.push(set(association, false));
            methods.push(set(association, true));
            methods.push(create(association));
            methods
        }
        Kind::BelongsToMany(_) => {
            let mut methods = Vec::new();
            for verb in ["add", "remove"] {
                methods.extend(targeted(association, verb));
            }
            methods.push(set(association, false));
            methods.push(create(association));
            methods.push(add_with(association));
            methods.push(pairs_with(association, "add", "add_all_with"));
            methods.push(pairs_with(association, "set", "set_with"));
            methods.push(create_with(association));
            methods
        }
    };
    methods
        .into_iter()
        .map(|method| method.tokens(&model.vis, association.place()))
        .collect()
}

/// `add`, `remove` and `destroy`, of one row and of any number.
fn targeted(association: &Association, verb: &'static str) -> impl Iterator<Item = Method> {
    let (place, constant) = (association.place(), &association.constant);
    Targets::of(association)
        .into_iter()
        .map(move |(targets, name)| {
            let (argument, form) = targets.argument(association);
            let function = match verb {
                "remove" if association.orphans => format_ident!("destroy"),
                _ => format_ident!("{verb}"),
            };
            Method {
                name: named(verb, name),
                doc: docs::targeted(association, verb, matches!(targets, Targets::One)),
                changes: false,
                generics: quote_spanned!(place=> , Form),
                arguments: quote_spanned!(place=> #name: #argument,),
                output: if verb == "add" {
                    quote_spanned!(place=> ())
                } else {
                    quote_spanned!(place=> usize)
                },
                connection: match verb {
                    "add" => quote_spanned!(association.span=> __orm::WriteLinks<'a, #constant>),
                    "remove" => unlinks(association),
                    _ => destroys(association),
                },
                bounds: TokenStream::new(),
                function: quote_spanned!(place=> __orm::#function::<#constant, _, #form, C>),
                passed: quote_spanned!(place=> #name,),
            }
        })
}

/// The connection can unlink rows: where an unlinked row is deleted destroy it,
/// where links are rows of a junction delete those.
fn unlinks(association: &Association) -> TokenStream {
    let constant = &association.constant;
    match association.kind {
        _ if association.orphans => destroys(association),
        Kind::BelongsToMany(_) => {
            quote_spanned!(association.span=> __orm::WriteLinks<'a, #constant>)
        }
        _ => quote_spanned! {association.span=>
            __orm::WriteLinks<'a, #constant> + __orm::Unlinks<#constant>
        },
    }
}

/// The connection can destroy linked rows.
fn destroys(association: &Association) -> TokenStream {
    let constant = &association.constant;
    quote_spanned!(association.span=> __orm::DestroyLinks<'a, #constant>)
}

/// `set_toots`
fn set(association: &Association, previous: bool) -> Method {
    let destroyed = previous || association.orphans;
    let (place, constant) = (association.place(), &association.constant);
    let name = &association.name;
    let (argument, form) = Targets::Many.argument(association);
    let function = format_ident!(
        "{}",
        if destroyed {
            "set_destroy_previous"
        } else {
            "set"
        }
    );
    let method = named("set", name);
    Method {
        name: if previous {
            format_ident!("{method}_destroy_previous")
        } else {
            method
        },
        doc: docs::set(association, destroyed),
        changes: false,
        generics: quote_spanned!(place=> , Form),
        arguments: quote_spanned!(place=> #name: #argument,),
        output: quote_spanned!(place=> ()),
        connection: if destroyed {
            destroys(association)
        } else {
            unlinks(association)
        },
        bounds: TokenStream::new(),
        function: quote_spanned!(place=> __orm::#function::<#constant, _, #form, C>),
        passed: quote_spanned!(place=> #name,),
    }
}

/// `set_driving_license`
fn set_one(association: &Association, previous: bool) -> Method {
    let destroyed = previous || association.orphans;
    let (place, constant) = (association.place(), &association.constant);
    let name = &association.name;
    Method {
        arguments: quote_spanned! {place=>
            #name: impl __orm::MaybeReference<#constant, Form>,
        },
        doc: docs::set_one(association, destroyed),
        function: {
            let name = if destroyed {
                "set_one_destroy_previous"
            } else {
                "set_one"
            };
            let function = format_ident!("{name}");
            quote_spanned!(place=> __orm::#function::<#constant, _, Form, C>)
        },
        ..set(association, previous)
    }
}

/// `unset_driving_license`, `destroy_driving_license`
fn all(association: &Association, verb: &str) -> Method {
    let (place, constant) = (association.place(), &association.constant);
    let (function, output, connection) = if verb == "unset" {
        let how = format_ident!(
            "{}",
            if association.orphans {
                "Destroyed"
            } else {
                "Unlinked"
            }
        );
        (
            quote_spanned!(place=> __orm::unset::<#constant, __orm::#how, C>),
            quote_spanned!(place=> ()),
            unlinks(association),
        )
    } else {
        (
            quote_spanned!(place=> __orm::destroy_all::<#constant, C>),
            quote_spanned!(place=> usize),
            destroys(association),
        )
    };
    Method {
        name: named(verb, &association.name),
        doc: docs::all(association, verb),
        changes: false,
        generics: TokenStream::new(),
        arguments: TokenStream::new(),
        output,
        connection,
        bounds: TokenStream::new(),
        function,
        passed: TokenStream::new(),
    }
}

/// `create_toot`
fn create(association: &Association) -> Method {
    let (place, constant) = (association.place(), &association.constant);
    let target = &association.target;
    let replaces = association.orphans && matches!(association.kind, Kind::HasOne { .. });
    let (function, destroys) = if replaces {
        (
            format_ident!("create_replacing"),
            Some(quote_spanned!(place=> __orm::DestroyLinks<'a, #constant> +)),
        )
    } else {
        (format_ident!("create"), None)
    };
    Method {
        name: named("create", &association.singular),
        doc: docs::create(association),
        changes: false,
        generics: quote_spanned!(place=> , New),
        arguments: quote_spanned!(place=> new: New,),
        output: quote_spanned!(place=> #target),
        connection: quote_spanned! {place=>
            #destroys __orm::Create<'a, #constant, <New as __orm::NewRow<#target>>::Values>
        },
        bounds: quote_spanned!(association.span=> New: __orm::NewRow<#target, Values: 'a>,),
        function: quote_spanned!(place=> __orm::#function::<#constant, New, C>),
        passed: quote_spanned!(place=> new,),
    }
}

/// `add_liked_toot_with`
fn add_with(association: &Association) -> Method {
    let (place, constant) = (association.place(), &association.constant);
    let name = &association.singular;
    let (argument, _) = Targets::One.argument(association);
    Method {
        name: format_ident!("{}_with", named("add", name)),
        doc: docs::add_with(association),
        changes: false,
        generics: quote_spanned!(place=> , Form, Payload, Rule),
        arguments: quote_spanned!(place=> #name: #argument, payload: Payload,),
        output: quote_spanned!(place=> ()),
        connection: with_payload(association),
        bounds: payload(association),
        function: quote_spanned!(place=> __orm::add_with::<#constant, _, Form, Payload, _, Rule, C>),
        passed: quote_spanned!(place=> #name, payload,),
    }
}

/// It is a payload of the junction, by a rule that is always inferred.
fn payload(association: &Association) -> TokenStream {
    let junction = written_junction(association);
    quote_spanned!(association.span=> Payload: __orm::PayloadOf<#junction, Rule, Itself: 'a>,)
}

/// The connection can write it.
fn with_payload(association: &Association) -> TokenStream {
    let (constant, junction) = (&association.constant, written_junction(association));
    quote_spanned! {association.span=>
        __orm::WritePayload<'a, #constant, <Payload as __orm::PayloadOf<#junction, Rule>>::Itself>
    }
}

/// The junction's model as the user wrote it, which the compiler need not look
/// up, or its type.
fn written_junction(association: &Association) -> TokenStream {
    match &association.kind {
        Kind::BelongsToMany(through) => match &through.junction {
            Junction::Model(model) => model.to_token_stream(),
            Junction::Table(_) => junction(association).to_token_stream(),
        },
        _ => TokenStream::new(),
    }
}

/// `add_liked_toots_with` and `set_liked_toots_with`
fn pairs_with(association: &Association, verb: &str, function: &str) -> Method {
    let (place, constant) = (association.place(), &association.constant);
    let name = &association.name;
    let function = format_ident!("{function}");
    let mut method = format_ident!("{}_with", named(verb, name));
    if verb == "add" && association.singular == association.name {
        // A word without a plural: `add_news_with` takes one.
        method = format_ident!("add_all_{}_with", names::word(name));
    }
    Method {
        name: method,
        doc: docs::pairs_with(association, verb),
        generics: quote_spanned!(place=> , Target, Form, Payload, Rule),
        arguments: quote_spanned! {place=>
            #name: impl ::core::iter::IntoIterator<Item = (Target, Payload)>,
        },
        bounds: {
            let payload = payload(association);
            quote_spanned!(association.span=> Target: __orm::Reference<#constant, Form>, #payload)
        },
        function: quote_spanned!(place=> __orm::#function::<#constant, _, _, Form, Payload, _, Rule, C>),
        passed: quote_spanned!(place=> #name,),
        ..add_with(association)
    }
}

/// `create_liked_toot_with`
fn create_with(association: &Association) -> Method {
    let (place, constant) = (association.place(), &association.constant);
    let target = &association.target;
    let created = create(association);
    let (name, scope) = (&created.name, scope::of(association));
    let with_payload = with_payload(association);
    Method {
        name: format_ident!("{name}_with"),
        doc: docs::create_with(association),
        generics: quote_spanned!(place=> , New, Payload, Rule),
        arguments: quote_spanned!(place=> new: New, payload: Payload,),
        connection: quote_spanned! {place=>
            #with_payload
                + __orm::Insert<
                    'a,
                    #target,
                    <New as __orm::NewRow<#target>>::Values,
                    <#scope as __orm::Scope>::Condition,
                >
        },
        bounds: {
            let (new, payload) = (&created.bounds, payload(association));
            quote_spanned!(place=> #new #payload)
        },
        function: quote_spanned!(place=> __orm::create_with::<#constant, New, Payload, _, Rule, #scope, C>),
        passed: quote_spanned!(place=> new, payload,),
        ..created
    }
}

/// `set_birthplace`
fn set_key(association: &Association, nullable: bool) -> Method {
    let (place, constant) = (association.place(), &association.constant);
    let name = &association.name;
    let (argument, form) = if nullable {
        (
            quote_spanned!(association.span=> impl __orm::MaybeReference<#constant, Form>),
            quote_spanned!(place=> Form),
        )
    } else {
        Targets::One.argument(association)
    };
    Method {
        name: named("set", name),
        doc: docs::set_key(association, nullable),
        changes: true,
        generics: quote_spanned!(place=> , Form),
        arguments: quote_spanned!(place=> #name: #argument,),
        output: quote_spanned!(place=> ()),
        connection: quote_spanned!(association.span=> __orm::WriteKey<'a, #constant>),
        bounds: TokenStream::new(),
        function: quote_spanned!(place=> __orm::set_key::<#constant, _, #form, C>),
        passed: quote_spanned!(place=> #name,),
    }
}

/// `unset_residence`
fn unset_key(association: &Association) -> Method {
    let (place, constant) = (association.place(), &association.constant);
    Method {
        changes: true,
        doc: docs::unset_key(association),
        connection: quote_spanned!(association.span=> __orm::WriteKey<'a, #constant>),
        function: quote_spanned!(place=> __orm::unset_key::<#constant, C>),
        ..all(association, "unset")
    }
}

/// `create_birthplace`
fn create_key(association: &Association) -> Method {
    let (place, constant) = (association.place(), &association.constant);
    let target = &association.target;
    Method {
        changes: true,
        doc: docs::create_key(association),
        connection: quote_spanned! {place=>
            __orm::WriteKey<'a, #constant>
                + __orm::Insert<
                    'a, #target, <New as __orm::NewRow<#target>>::Values, __orm::Unscoped,
                >
        },
        function: quote_spanned!(place=> __orm::create_key::<#constant, New, C>),
        ..create(association)
    }
}
