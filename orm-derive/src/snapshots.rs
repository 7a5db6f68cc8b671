//! What the derive writes for one association of each kind, kept in
//! `snapshots/`: the code without its documentation, and the documentation.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -p orm-derive` writes them anew.

use crate::{expand, ir, parse};
use proc_macro2::TokenStream;
use quote::quote;
use std::fmt::Write;
use std::path::Path;

fn check(name: &str, attribute: &TokenStream) {
    let declared = parse::model(&syn::parse_quote! {
        #[diesel(table_name = people)]
        #attribute
        pub struct Person { pub id: i32, pub birthplace_id: Option<i32> }
    })
    .expect("the struct is valid");
    let mut errors = darling::Error::accumulator();
    let model = ir::resolve::model(declared, &mut errors);
    errors.finish().expect("the attribute is valid");
    let mut file: syn::File = syn::parse2(expand::association(&model, &model.associations[0]))
        .expect("the expansion is valid");

    let mut docs = String::new();
    for item in &mut file.items {
        match item {
            syn::Item::Impl(block) => {
                for item in &mut block.items {
                    match item {
                        syn::ImplItem::Fn(method) => {
                            document(&mut docs, &method.sig.ident, &mut method.attrs);
                        }
                        syn::ImplItem::Const(constant) => {
                            document(&mut docs, &constant.ident, &mut constant.attrs);
                        }
                        _ => {}
                    }
                }
            }
            syn::Item::Struct(item) => item.attrs.retain(|attr| !attr.path().is_ident("doc")),
            _ => {}
        }
    }
    compare(&format!("{name}.rs"), &prettyplease::unparse(&file));
    compare(&format!("{name}.md"), docs.trim_start());
}

/// Takes the documentation off an item.
fn document(docs: &mut String, ident: &syn::Ident, attrs: &mut Vec<syn::Attribute>) {
    for attr in attrs.extract_if(.., |attr| attr.path().is_ident("doc")) {
        if let syn::Meta::NameValue(doc) = &attr.meta
            && let syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) = &doc.value
        {
            writeln!(
                docs,
                "\n## {ident}\n\n{}",
                text.value().replace("\n# ", "\n### ")
            )
            .expect("a string takes text");
        }
    }
}

fn compare(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("snapshots")
        .join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, actual).expect("the snapshot is written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        actual, expected,
        "`{name}` differs; UPDATE_SNAPSHOTS=1 writes it anew"
    );
}

#[test]
fn has_one() {
    check(
        "has_one",
        &quote!(#[has_one(DrivingLicense, foreign_key = owner_id, doc = "What a person may drive with.")]),
    );
}

#[test]
fn has_many() {
    check(
        "has_many",
        &quote!(#[has_many(Toot, foreign_key = author_id)]),
    );
}

#[test]
fn belongs_to() {
    check(
        "belongs_to",
        &quote!(#[belongs_to_one(City, name = birthplace)]),
    );
}

#[test]
fn belongs_to_many() {
    check(
        "belongs_to_many",
        &quote!(#[belongs_to_many(Toot, name = liked_toots, through = LikedToot)]),
    );
}
