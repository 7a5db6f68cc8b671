//! `#[derive(Include)]`: a struct whose fields name associations.

use super::association::{Name, TypePath};
use super::mark::Mark;
use super::ungrouped;
use darling::ast::{Data, Fields, NestedMeta, Style};
use darling::util::Ignored;
use darling::{Error, FromDeriveInput, FromField, FromMeta, Result};
use syn::{DeriveInput, Expr, ExprLit, Ident, Lit, LitStr, Meta, Path, Type, Visibility};

/// A struct with `#[derive(Include)]`, as written.
pub(crate) struct Shape {
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) model: Path,
    pub(crate) krate: Option<Path>,
    pub(crate) parts: Vec<Part>,
}

/// `#[include(Person)]`, `#[include(Person, crate = "..")]`
#[derive(FromDeriveInput)]
#[darling(forward_attrs(include))]
struct Input {
    vis: Visibility,
    ident: Ident,
    generics: syn::Generics,
    attrs: Vec<syn::Attribute>,
    data: Data<Ignored, Part>,
}

/// A field, as written.
#[derive(FromField)]
#[darling(forward_attrs(include))]
pub(crate) struct Part {
    ident: Option<Ident>,
    pub(crate) ty: Type,
    attrs: Vec<syn::Attribute>,
}

/// `#[include(..)]` on a field.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct PartOptions {
    /// The field holds the model's own row.
    pub(crate) row: Mark,
    /// The association, where the field has another name.
    pub(crate) association: Option<Name>,
    /// The field holds pairs of a junction row and a target.
    pub(crate) through: Mark,
    /// Only the rows for which this Diesel expression holds.
    pub(crate) filter: Option<Expression>,
    /// Only the rows whose junction row is one for which this holds.
    pub(crate) filter_through: Option<Expression>,
    /// Rows without a row of this field are dropped.
    pub(crate) required: Mark,
    /// The order of the rows.
    pub(crate) order: Option<Expression>,
    /// At most so many rows of each parent, in the order.
    pub(crate) limit: Option<Expression>,
    /// The limited rows after so many others.
    pub(crate) offset: Option<Expression>,
    /// The field holds the number of rows of this association.
    pub(crate) count: Option<Name>,
    /// The field holds whether this association has rows.
    pub(crate) exists: Option<Name>,
    /// The field holds the sum of this column.
    pub(crate) sum: Option<TypePath>,
    /// The field holds the least value of this column.
    pub(crate) min: Option<TypePath>,
    /// The field holds the greatest value of this column.
    pub(crate) max: Option<TypePath>,
    /// The field holds the average of this column.
    pub(crate) avg: Option<TypePath>,
}

/// A Rust expression: darling would read one out of quotes.
pub(crate) struct Expression(pub(crate) Expr);

impl FromMeta for Expression {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match ungrouped(expr) {
            Expr::Lit(ExprLit {
                lit: Lit::Str(_), ..
            }) => Err(Error::custom(
                "an expression is written without quotes, such as `toots::body.like(\"%rust%\")`",
            )
            .with_span(expr)),
            _ => Ok(Self(expr.clone())),
        }
    }
}

impl Part {
    /// The field's name.
    pub(crate) fn ident(&self) -> Result<&Ident> {
        self.ident
            .as_ref()
            .ok_or_else(|| Error::custom("a shape's fields must be named"))
    }

    /// What `#[include(..)]` says.
    pub(crate) fn options(&self) -> Result<PartOptions> {
        match self.attrs.first() {
            Some(attr) if matches!(attr.meta, Meta::List(_)) => PartOptions::from_meta(&attr.meta),
            Some(attr) => Err(Error::custom(
                "say what the field holds: `#[include(row)]` for the row of the model itself, \
                 `#[include(association = ..)]` for an association of another name",
            )
            .with_span(attr)),
            None => Ok(PartOptions::default()),
        }
    }
}

/// Reads the struct.
pub(crate) fn shape(input: &DeriveInput) -> Result<Shape> {
    let input = Input::from_derive_input(input)?;
    if !input.generics.params.is_empty() {
        return Err(
            Error::custom("a shape cannot be generic; write a struct without parameters")
                .with_span(&input.generics),
        );
    }
    let Data::Struct(Fields {
        style: Style::Struct,
        fields: parts,
        ..
    }) = input.data
    else {
        return Err(Error::custom("a shape is a struct with named fields").with_span(&input.ident));
    };
    let usage = || {
        Error::custom("a shape names its model; write `#[include(Model)]` on the struct")
            .with_span(&input.ident)
    };
    let attr = input.attrs.first().ok_or_else(usage)?;
    let mut arguments = NestedMeta::parse_meta_list(attr.meta.require_list()?.tokens.clone())?;
    let model = match arguments.first() {
        Some(NestedMeta::Meta(Meta::Path(model))) => model.clone(),
        _ => return Err(usage()),
    };
    arguments.remove(0);
    let options = ShapeOptions::from_list(&arguments)?;
    Ok(Shape {
        vis: input.vis,
        ident: input.ident,
        model,
        krate: options.krate.map(|krate| krate.parse()).transpose()?,
        parts,
    })
}

/// What stands after the model.
#[derive(Default, FromMeta)]
#[darling(default)]
struct ShapeOptions {
    /// Where `orm_core` is, for crates that re-export it.
    #[darling(rename = "crate")]
    krate: Option<LitStr>,
}
