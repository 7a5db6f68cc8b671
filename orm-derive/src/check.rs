//! The third stage: the rules that one struct can break by itself. Rules
//! between types are traits in `orm-core`, asserted by the expansion.

use crate::ir::{Association, Junction, Key, Kind, Model};
use crate::parse::{Field, OnDelete};
use darling::Error;
use darling::error::Accumulator;
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// Applies every rule. An association that breaks one is reported and left
/// out, so that nothing else is reported for it.
pub(crate) fn model(model: &mut Model, errors: &mut Accumulator) {
    let rules = [
        unique_name,
        not_a_field,
        own_columns_are_fields,
        scope_of_source_is_fields,
        none_of_source_is_an_option,
        scope_beside_keys,
        links_are_not_nullified,
        same_length,
        distinct_ends,
    ];
    let associations = std::mem::take(&mut model.associations);
    for association in associations {
        let broken: Vec<_> = rules
            .iter()
            .filter_map(|rule| rule(model, &association).err())
            .collect();
        if broken.is_empty() {
            model.associations.push(association);
        }
        for error in broken {
            errors.push(error);
        }
    }
}

fn error(span: Span, message: impl std::fmt::Display) -> Error {
    Error::custom(message).with_span(&span)
}

/// No two associations of a model have one name, or one singular, of which
/// their methods are made.
fn unique_name(model: &Model, association: &Association) -> darling::Result<()> {
    let forms = |association: &Association| {
        let mut forms = vec![association.name.clone()];
        forms.extend(
            (association.singular != association.name).then(|| association.singular.clone()),
        );
        forms
    };
    for form in forms(association) {
        for earlier in &model.associations {
            if form == earlier.name && form == association.name {
                return Err(error(
                    form.span(),
                    format!(
                        "two associations are named `{form}`; give this one another name with \
                         `name = ..`"
                    ),
                ));
            }
            if forms(earlier).contains(&form) {
                return Err(error(
                    form.span(),
                    format!(
                        "`create_{form}` would be of `{}` and of `{}`; give one of them another name \
                         with `name = ..`, or `singular = ..`",
                        earlier.name, association.name
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// No association has the name of a field: `person.city` and `person.city(..)`
/// would be two things.
fn not_a_field(model: &Model, association: &Association) -> darling::Result<()> {
    let name = &association.name;
    if model.fields.iter().any(|field| field.ident == *name) {
        return Err(error(
            name.span(),
            format!(
                "the association `{name}` has the name of a field; give it another name with \
                 `name = ..`"
            ),
        ));
    }
    Ok(())
}

/// A key that is read from this struct has a field for each of its columns.
fn own_columns_are_fields(model: &Model, association: &Association) -> darling::Result<()> {
    let option = match &association.kind {
        Kind::BelongsTo { .. } => "foreign_key",
        _ => "source_key",
    };
    let (paths, span) = match association.own_key() {
        Key::Columns { paths, span } => (paths, *span),
        Key::Primary(_) => (&model.primary_key, association.span),
    };
    match paths.iter().find_map(|path| missing(model, path)) {
        Some(column) => Err(error(
            span,
            format!(
                "`{}` has no field for the column `{column}`; add the field or name another column \
                 with `{option} = ..`",
                model.ident
            ),
        )),
        None => Ok(()),
    }
}

/// The name of the column, if no field holds it.
fn missing<'p>(model: &Model, column: &'p syn::Path) -> Option<&'p syn::Ident> {
    let column = &column.segments.last()?.ident;
    let holds = |field: &Field| field.column.unraw() == column.unraw();
    (!model.fields.iter().any(holds)).then_some(column)
}

/// The scope of a `belongs_to` is of this struct's own columns, which are read
/// from it.
fn scope_of_source_is_fields(model: &Model, association: &Association) -> darling::Result<()> {
    let (Kind::BelongsTo { .. }, Some(scope)) = (&association.kind, &association.scope) else {
        return Ok(());
    };
    match scope
        .0
        .iter()
        .find_map(|column| missing(model, &column.path))
    {
        Some(column) => Err(error(
            column.span(),
            format!(
                "`{}` has no field for the column `{column}`; the scope of a `belongs_to` is of \
                 columns beside the foreign key: add the field",
                model.ident
            ),
        )),
        None => Ok(()),
    }
}

/// A `None` in the scope of a `belongs_to` is read from a field that can be.
fn none_of_source_is_an_option(model: &Model, association: &Association) -> darling::Result<()> {
    let (Kind::BelongsTo { .. }, Some(scope)) = (&association.kind, &association.scope) else {
        return Ok(());
    };
    for column in scope.0.iter().filter(|column| column.is_none()) {
        let name = column.path.segments.last().map(|last| last.ident.unraw());
        let mut fields = model.fields.iter();
        let field = fields.find(|field| Some(field.column.unraw()) == name);
        if let Some(field) = field.filter(|field| !field.is_option()) {
            return Err(error(
                column.value.span(),
                format!(
                    "the field `{}` is no `Option`, so that it is never `None`; remove it from the scope",
                    field.ident
                ),
            ));
        }
    }
    Ok(())
}

/// The links of a junction are rows, which are deleted.
fn links_are_not_nullified(_: &Model, association: &Association) -> darling::Result<()> {
    match (&association.kind, association.on_delete) {
        (Kind::BelongsToMany(_), Some(OnDelete::Nullify)) => Err(error(
            association.name.span(),
            format!(
                "the links of `{}` are rows of the junction; write `on_delete = cascade` to delete \
                 them",
                association.name
            ),
        )),
        _ => Ok(()),
    }
}

/// A column has one value: it is in a key or in a scope.
fn scope_beside_keys(_: &Model, association: &Association) -> darling::Result<()> {
    let (foreign_key, scope) = match &association.kind {
        Kind::HasOne { foreign_key, .. }
        | Kind::HasMany { foreign_key, .. }
        | Kind::BelongsTo { foreign_key, .. } => (foreign_key.names(), &association.scope),
        Kind::BelongsToMany(through) => {
            let keys = [&through.foreign_key, &through.other_key].map(Key::names);
            (
                Some(keys.into_iter().flatten().flatten().collect()),
                &through.scope,
            )
        }
    };
    let keys = foreign_key.unwrap_or_default();
    for column in scope.iter().flat_map(|scope| &scope.0) {
        if let Some(last) = column.path.segments.last()
            && keys.iter().any(|key| last.ident == key)
        {
            return Err(error(
                last.ident.span(),
                format!(
                    "`{}` is in the key of `{}`, which gives it its value; remove it from the scope",
                    last.ident, association.name
                ),
            ));
        }
    }
    Ok(())
}

/// The two ends of a composite key have as many columns, where both are
/// written. The rest is for the types.
fn same_length(_: &Model, association: &Association) -> darling::Result<()> {
    let ends: Vec<(&Key, &Key)> = match &association.kind {
        Kind::HasOne {
            foreign_key,
            source_key,
        }
        | Kind::HasMany {
            foreign_key,
            source_key,
        } => {
            vec![(foreign_key, source_key)]
        }
        Kind::BelongsTo {
            foreign_key,
            target_key,
            ..
        } => vec![(foreign_key, target_key)],
        Kind::BelongsToMany(through) => vec![
            (&through.foreign_key, &through.source_key),
            (&through.other_key, &through.target_key),
        ],
    };
    for end in ends {
        if let (Key::Columns { paths: a, span }, Key::Columns { paths: b, .. }) = end
            && a.len() != b.len()
        {
            return Err(error(
                *span,
                format!(
                    "this key has {} and the key it refers to has {}; give both as many",
                    columns(a.len()),
                    columns(b.len())
                ),
            ));
        }
    }
    Ok(())
}

fn columns(count: usize) -> String {
    if count == 1 {
        "1 column".to_owned()
    } else {
        format!("{count} columns")
    }
}

/// The two keys of a junction are different columns, which a self-reference has
/// to say.
fn distinct_ends(_: &Model, association: &Association) -> darling::Result<()> {
    let Kind::BelongsToMany(through) = &association.kind else {
        return Ok(());
    };
    let (ours, theirs) = (through.foreign_key.names(), through.other_key.names());
    if ours.is_some() && ours == theirs {
        let table = match &through.junction {
            Junction::Model(path) | Junction::Table(path) => path
                .segments
                .last()
                .map(|last| last.ident.to_string())
                .unwrap_or_default(),
        };
        return Err(error(
            association.span,
            format!(
                "both ends of `{}` would be `{}` of `{table}`; name the two columns with \
                 `foreign_key = ..` and `other_key = ..`",
                association.name,
                ours.unwrap_or_default().join(", ")
            ),
        ));
    }
    Ok(())
}
