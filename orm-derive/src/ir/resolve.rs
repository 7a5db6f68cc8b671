//! From what the user wrote to what it means: names, tables and keys.

use super::names::{self, plural, singular, snake_case};
use super::{Association, End, Junction, Key, Kind, Methods, Model, Through};
use crate::parse::{self, Field, KeyColumns, Options, Scope};
use darling::Error;
use darling::error::Accumulator;
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Ident, Path, PathSegment, parse_quote};

/// Decides everything that the user left open. Associations that cannot be
/// understood are left out, with an error.
pub(crate) fn model(declared: parse::Model, errors: &mut Accumulator) -> Model {
    for error in declared.errors {
        errors.push(error);
    }

    let ident = declared.ident;
    let table = declared
        .table
        .unwrap_or_else(|| names::ident(&names::diesel_table(&ident), ident.span()).into());
    let primary_key = declared
        .primary_key
        .unwrap_or_else(|| vec![Ident::new("id", ident.span())])
        .into_iter()
        .map(|column| child(&table, column))
        .collect();

    let mut model = Model {
        krate: declared.krate.unwrap_or_else(|| parse_quote!(::orm_core)),
        vis: declared.vis,
        ident,
        table,
        primary_key,
        fields: declared.fields,
        associations: Vec::new(),
    };
    for association in declared.associations {
        let resolved = resolve(&model, association);
        model.associations.extend(errors.handle(resolved));
    }
    model
}

fn resolve(model: &Model, declared: parse::Association) -> darling::Result<Association> {
    let parse::Association {
        kind,
        mut target,
        options,
    } = declared;
    let span = target.span();
    if target.is_ident("Self") {
        target = model.ident.clone().into();
    }
    let target_name = type_name(&target);
    let (name, singular) = association_names(kind, &target_name, &options, span)?;
    let constant = Ident::new(&names::word(&name).to_uppercase(), name.span());

    let source = Side::of(&model.ident.clone().into(), &model.table);
    let table = options.table.map(|table| module(table.0));
    let of_target = table.clone().filter(|_| kind != parse::Kind::BelongsToMany);
    let other = Side::of(
        &target,
        &of_target.unwrap_or_else(|| sibling_table(&target)),
    );
    let scope = options.scope.map(|scope| match kind {
        parse::Kind::BelongsTo => source.scope(scope),
        _ => other.scope(scope),
    });
    let kind = match kind {
        parse::Kind::HasOne => Kind::HasOne {
            foreign_key: other.key(options.foreign_key, &[source.default_key()], span),
            source_key: source.key_or_primary(options.source_key, End::Source),
        },
        parse::Kind::HasMany => Kind::HasMany {
            foreign_key: other.key(options.foreign_key, &[source.default_key()], span),
            source_key: source.key_or_primary(options.source_key, End::Source),
        },
        parse::Kind::BelongsTo => {
            let default = format!("{}_id", names::word(&name));
            let foreign_key = source.key(options.foreign_key, &[default], span);
            Kind::BelongsTo {
                nullable: is_nullable(model, &foreign_key),
                optional: options.optional.is_present(),
                foreign_key,
                target_key: other.key_or_primary(options.target_key, End::Target),
            }
        }
        parse::Kind::BelongsToMany => {
            let Some(through) = options.through else {
                return Err(Error::custom(format!(
                    "`#[belongs_to_many(..)]` needs its junction; write \
                     `#[belongs_to_many({target_name}, through = Junction)]` with the junction's \
                     model or table"
                ))
                .with_span(&span));
            };
            let (junction, between) = junction(through.0, table);
            Kind::BelongsToMany(Box::new(Through {
                junction,
                foreign_key: between.key(
                    options.foreign_key,
                    &[source.default_key()],
                    between.span(),
                ),
                other_key: between.key(options.other_key, &[other.default_key()], between.span()),
                source_key: source.key_or_primary(options.source_key, End::Source),
                target_key: other.key_or_primary(options.target_key, End::Target),
                scope: options.through_scope.map(|scope| between.scope(scope)),
            }))
        }
    };
    let methods = match (options.only, options.except) {
        (None, None) => Methods::All,
        (Some(only), None) => Methods::Only(only.0),
        (None, Some(except)) => Methods::Except(except.0),
        (Some(_), Some(_)) => {
            return Err(Error::custom(
                "`only(..)` says already which methods there are; leave out `except(..)`",
            )
            .with_span(&span));
        }
    };
    Ok(Association {
        is_self_reference: target.is_ident(&model.ident),
        name,
        singular,
        constant,
        target,
        kind,
        scope,
        on_delete: options.on_delete,
        orphans: options.orphans.is_some(),
        methods,
        doc: options.doc,
        span,
    })
}

/// The association's name and its singular.
fn association_names(
    kind: parse::Kind,
    target: &str,
    options: &Options,
    span: Span,
) -> darling::Result<(Ident, Ident)> {
    let target = snake_case(target);
    let name = match &options.name {
        Some(name) => name.0.clone(),
        None if kind.is_many() => names::ident(&plural(&target), span),
        None => names::ident(&target, span),
    };
    let one = match (&options.singular, &options.name) {
        (Some(one), _) => one.0.clone(),
        (None, None) => names::ident(&target, span),
        (None, Some(_)) if kind.is_many() => {
            names::ident(&singular(&name.unraw().to_string()), name.span())
        }
        (None, Some(_)) => name.clone(),
    };
    let snake = |ident: &Ident| {
        let name = ident.unraw().to_string();
        if name == name.to_lowercase() {
            Ok(())
        } else {
            Err(Error::custom(format!(
                "the name of an association is in snake case; write `{}`",
                snake_case(&name)
            ))
            .with_span(&ident.span()))
        }
    };
    snake(&name)?;
    snake(&one)?;
    Ok((name, one))
}

/// One of the tables that an association touches: its type and its table, by
/// which columns without a path are found.
struct Side {
    model: Path,
    table: Path,
}

impl Side {
    fn of(model: &Path, table: &Path) -> Self {
        Self {
            model: model.clone(),
            table: table.clone(),
        }
    }

    fn span(&self) -> Span {
        self.model.span()
    }

    /// The foreign key that refers to this side by default: `person_id`.
    fn default_key(&self) -> String {
        format!("{}_id", snake_case(&type_name(&self.model)))
    }

    /// The columns as written, else the default ones, of this side's table.
    fn key(&self, written: Option<KeyColumns>, default: &[String], span: Span) -> Key {
        match written {
            Some(columns) => self.columns(columns),
            None => Key::Columns {
                paths: default
                    .iter()
                    .map(|column| child(&respanned(&self.table, span), names::ident(column, span)))
                    .collect(),
                span,
            },
        }
    }

    /// The columns as written, else the primary key of this side's model.
    fn key_or_primary(&self, written: Option<KeyColumns>, end: End) -> Key {
        match written {
            Some(columns) => self.columns(columns),
            None => Key::Primary(end),
        }
    }

    /// The scope as written, with the columns of this side's table.
    fn scope(&self, mut scope: Scope) -> Scope {
        for column in &mut scope.0 {
            column.path = self.column(column.path.clone());
        }
        scope
    }

    /// The column as written, of this side's table where it has no path.
    fn column(&self, path: Path) -> Path {
        match path.get_ident() {
            Some(column) => child(&respanned(&self.table, column.span()), column.clone()),
            None => path,
        }
    }

    fn columns(&self, columns: KeyColumns) -> Key {
        let paths = columns
            .paths
            .into_iter()
            .map(|path| self.column(path))
            .collect();
        Key::Columns {
            paths,
            span: columns.span,
        }
    }
}

/// `through = LikedToot` names a model, `through = liked_toots` or
/// `through = schema::liked_toots::table` a table: types are written in camel
/// case and modules are not.
fn junction(through: Path, table: Option<Path>) -> (Junction, Side) {
    let last = type_name(&through);
    if last.starts_with(char::is_uppercase) {
        let side = Side::of(&through, &table.unwrap_or_else(|| sibling_table(&through)));
        return (Junction::Model(through), side);
    }
    let table = module(through);
    let side = Side::of(&table, &table);
    (Junction::Table(table), side)
}

/// The module of a table, which may be named by its type: `liked_toots::table`.
fn module(mut table: Path) -> Path {
    if type_name(&table) == "table" && table.segments.len() > 1 {
        table.segments.pop();
        table.segments.pop_punct();
    }
    table
}

/// The table that the plural of the type names, in scope.
fn sibling_table(model: &Path) -> Path {
    names::ident(&plural(&snake_case(&type_name(model))), model.span()).into()
}

fn type_name(path: &Path) -> String {
    path.segments
        .last()
        .map(|last| last.ident.unraw().to_string())
        .unwrap_or_default()
}

/// `table::column`
fn child(table: &Path, column: Ident) -> Path {
    let mut path = table.clone();
    path.segments.push(PathSegment::from(column));
    path
}

/// The same path, at the place of what the user wrote it for.
fn respanned(path: &Path, span: Span) -> Path {
    let mut path = path.clone();
    for segment in &mut path.segments {
        segment.ident.set_span(span);
    }
    path
}

/// Whether one of the fields that hold these columns is an `Option`.
fn is_nullable(model: &Model, key: &Key) -> bool {
    key.names().is_some_and(|names| {
        model
            .fields
            .iter()
            .filter(|field| names.iter().any(|name| field.column == name))
            .any(Field::is_option)
    })
}
