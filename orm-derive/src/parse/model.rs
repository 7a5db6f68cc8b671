//! The struct, its fields and its attributes.

use super::association::{self, Association};
use super::{diesel, ungrouped_type};
use darling::{Error, FromMeta, Result};
use proc_macro2::Span;
use syn::{Data, DeriveInput, Ident, LitStr, Path, Type, Visibility};

/// A struct with `#[derive(Model)]`, as written.
pub(crate) struct Model {
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// `#[diesel(table_name = ..)]`
    pub(crate) table: Option<Path>,
    /// `#[diesel(primary_key(..))]`
    pub(crate) primary_key: Option<Vec<Ident>>,
    pub(crate) fields: Vec<Field>,
    pub(crate) associations: Vec<Association>,
    /// `#[model(crate = "..")]`
    pub(crate) krate: Option<Path>,
    /// Mistakes that leave the rest readable.
    pub(crate) errors: Vec<Error>,
}

/// A field that holds a column.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The field's name, or `#[diesel(column_name = ..)]`.
    pub(crate) column: Ident,
}

impl Field {
    /// Whether it is an `Option`, as its column may be NULL.
    pub(crate) fn is_option(&self) -> bool {
        matches!(
            ungrouped_type(&self.ty),
            Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option")
        )
    }
}

/// `#[model(..)]`
#[derive(Default, FromMeta)]
#[darling(default)]
struct ModelOptions {
    /// Where `orm_core` is, for crates that re-export it.
    #[darling(rename = "crate")]
    krate: Option<LitStr>,
}

/// Reads the struct.
pub(crate) fn model(input: &DeriveInput) -> Result<Model> {
    if !input.generics.params.is_empty() {
        return Err(
            Error::custom("a model cannot be generic; write a struct without parameters")
                .with_span(&input.generics),
        );
    }
    let Data::Struct(data) = &input.data else {
        return Err(Error::custom("a model is a struct with named fields").with_span(&input.ident));
    };
    if data.fields.iter().any(|field| field.ident.is_none()) {
        return Err(Error::custom("a model's fields must be named").with_span(&input.ident));
    }

    let mut model = Model {
        vis: input.vis.clone(),
        ident: input.ident.clone(),
        table: None,
        primary_key: None,
        fields: data.fields.iter().filter_map(field).collect(),
        associations: Vec::new(),
        krate: None,
        errors: data.fields.iter().flat_map(misplaced).collect(),
    };
    for attr in &input.attrs {
        let Some(name) = attr.path().get_ident() else {
            continue;
        };
        let read = if let Some(kind) = association::Kind::of(name) {
            association::association(kind, attr)
                .map(|association| model.associations.push(association))
        } else if name == "belongs_to" {
            association::diesel_belongs_to(attr)
        } else if diesel::is_diesel(attr) {
            let options = diesel::options(attr);
            model.table = model.table.or_else(|| options.path("table_name"));
            model.primary_key = model.primary_key.or_else(|| options.idents("primary_key"));
            Ok(())
        } else if name == "model" {
            ModelOptions::from_meta(&attr.meta).and_then(|options| {
                model.krate = options.krate.map(|krate| krate.parse()).transpose()?;
                Ok(())
            })
        } else {
            Ok(())
        };
        model.errors.extend(read.err());
    }
    Ok(model)
}

/// The associations that are declared on a field.
fn misplaced(field: &syn::Field) -> impl Iterator<Item = Error> + '_ {
    field.attrs.iter().filter_map(|attr| {
        let kind = association::Kind::of(attr.path().get_ident()?)?;
        Some(
            Error::custom(format!("`{kind}` stands above the struct, not on a field"))
                .with_span(attr.path()),
        )
    })
}

fn field(field: &syn::Field) -> Option<Field> {
    let ident = field.ident.clone()?;
    let mut column = ident.clone();
    for attr in field.attrs.iter().filter(|attr| diesel::is_diesel(attr)) {
        let options = diesel::options(attr);
        if options.has("embed") || options.has("select_expression") {
            return None;
        }
        if let Some(name) = options.path("column_name") {
            column = name.get_ident()?.clone();
        }
    }
    column.set_span(column.span().resolved_at(Span::call_site()));
    Some(Field {
        ident,
        ty: field.ty.clone(),
        column,
    })
}
