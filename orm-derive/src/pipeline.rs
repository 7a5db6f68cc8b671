//! The way from the user's struct to the generated code. Read this first.

use crate::{check, expand, ide, ir, parse};
use proc_macro2::TokenStream;
use syn::DeriveInput;

/// `#[derive(Model)]`.
///
/// All errors are reported at once. What was declared without a mistake is
/// expanded even so, so that one mistake is one message.
pub(crate) fn model(input: &DeriveInput) -> TokenStream {
    let options = ide::options(input);
    let mut errors = darling::Error::accumulator();
    let Some(declared) = errors.handle(parse::model(input)) else {
        return report(errors);
    };
    let mut resolved = ir::resolve::model(declared, &mut errors);
    check::model(&mut resolved, &mut errors);
    let expanded = expand::model(&resolved);
    let reported = report(errors);
    quote::quote!(#expanded #options #reported)
}

/// `#[derive(Include)]`.
pub(crate) fn include(input: &DeriveInput) -> TokenStream {
    let options = ide::options(input);
    let mut errors = darling::Error::accumulator();
    let declared = errors.handle(parse::shape(input));
    let resolved = declared.and_then(|declared| errors.handle(ir::shape::resolve(declared)));
    let expanded = resolved.map(|resolved| expand::shape(&resolved));
    let reported = report(errors);
    quote::quote!(#expanded #options #reported)
}

fn report(errors: darling::error::Accumulator) -> TokenStream {
    errors
        .finish()
        .err()
        .map(darling::Error::write_errors)
        .unwrap_or_default()
}
