//! `#[has_many(Toot, name = posts, foreign_key = author_id)]` and its like.

use super::mark::Mark;
use super::{KeyColumns, Scope, ungrouped};
use darling::ast::NestedMeta;
use darling::{Error, FromMeta, Result};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::fmt;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Ident, Meta, Path, PathArguments, Token};

/// Which of the four attributes it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    HasOne,
    HasMany,
    BelongsTo,
    BelongsToMany,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::HasOne,
        Self::HasMany,
        Self::BelongsTo,
        Self::BelongsToMany,
    ];

    /// The kind of the attribute `name`, if it is one.
    pub(super) fn of(name: &Ident) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| name == kind.name())
    }

    /// The attribute's name.
    fn name(self) -> &'static str {
        match self {
            Self::HasOne => "has_one",
            Self::HasMany => "has_many",
            Self::BelongsTo => "belongs_to_one",
            Self::BelongsToMany => "belongs_to_many",
        }
    }

    /// The options that it takes, as `Options` names them.
    fn options(self) -> &'static [&'static str] {
        match self {
            Self::HasOne => &[
                "name",
                "table",
                "foreign_key",
                "source_key",
                "scope",
                "on_delete",
                "orphans",
                "only",
                "except",
                "doc",
            ],
            Self::HasMany => &[
                "name",
                "singular",
                "table",
                "foreign_key",
                "source_key",
                "scope",
                "on_delete",
                "orphans",
                "only",
                "except",
                "doc",
            ],
            Self::BelongsTo => &[
                "name",
                "table",
                "foreign_key",
                "target_key",
                "optional",
                "scope",
                "only",
                "except",
                "doc",
            ],
            Self::BelongsToMany => &[
                "name",
                "singular",
                "through",
                "table",
                "foreign_key",
                "other_key",
                "source_key",
                "target_key",
                "scope",
                "through_scope",
                "on_delete",
                "only",
                "except",
                "doc",
            ],
        }
    }

    /// Whether it yields any number of rows.
    pub(crate) fn is_many(self) -> bool {
        matches!(self, Self::HasMany | Self::BelongsToMany)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#[{}(..)]", self.name())
    }
}

/// One attribute that declares an association, as written.
pub(crate) struct Association {
    pub(crate) kind: Kind,
    pub(crate) target: Path,
    pub(crate) options: Options,
}

/// What stands after the target.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct Options {
    /// The name of the association and of its methods.
    pub(crate) name: Option<Name>,
    /// The form of the name for one row.
    pub(crate) singular: Option<Name>,
    /// The table of the columns that are named without one: the target's, or the junction's.
    pub(crate) table: Option<Table>,
    /// The columns that refer to this end.
    pub(crate) foreign_key: Option<KeyColumns>,
    /// The junction's columns that refer to the target.
    pub(crate) other_key: Option<KeyColumns>,
    /// The columns of the source that are referred to.
    pub(crate) source_key: Option<KeyColumns>,
    /// The columns of the target that are referred to.
    pub(crate) target_key: Option<KeyColumns>,
    /// The junction: its model or its table.
    pub(crate) through: Option<TypePath>,
    /// The columns of the target, of a `belongs_to` of the source, that have
    /// given values.
    pub(crate) scope: Option<Scope>,
    /// The columns of the junction that have given values.
    pub(crate) through_scope: Option<Scope>,
    /// What becomes of the rows when their source is destroyed.
    pub(crate) on_delete: Option<OnDelete>,
    /// What becomes of rows that are unlinked.
    pub(crate) orphans: Option<Orphans>,
    /// The row may be missing, whatever the key.
    pub(crate) optional: Mark,
    /// The methods that are written, and no others.
    pub(crate) only: Option<Methods>,
    /// The methods that are left out.
    pub(crate) except: Option<Methods>,
    /// What the documentation says first.
    pub(crate) doc: Option<String>,
}

/// Names of methods: `except(add_toot, create_toot)`.
#[derive(Clone)]
pub(crate) struct Methods(pub(crate) Vec<Ident>);

impl FromMeta for Methods {
    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        let name = |item: &NestedMeta| match item {
            NestedMeta::Meta(Meta::Path(path)) => path.get_ident().cloned(),
            _ => None,
        };
        let names = items.iter().map(|item| {
            name(item).ok_or_else(|| {
                Error::custom("expected the name of a method, such as `add_toot`").with_span(item)
            })
        });
        Ok(Self(names.collect::<Result<_>>()?))
    }
}

/// What becomes of rows when their source is destroyed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnDelete {
    Cascade,
    Nullify,
    Restrict,
}

impl FromMeta for OnDelete {
    fn from_expr(expr: &Expr) -> Result<Self> {
        let name = match ungrouped(expr) {
            Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
            _ => None,
        };
        match name.as_deref() {
            Some("cascade") => Ok(Self::Cascade),
            Some("nullify") => Ok(Self::Nullify),
            Some("restrict") => Ok(Self::Restrict),
            _ => Err(Error::custom("expected `cascade`, `nullify` or `restrict`").with_span(expr)),
        }
    }
}

/// What becomes of rows that are unlinked: they are deleted.
#[derive(Clone, Copy)]
pub(crate) struct Orphans;

impl FromMeta for Orphans {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match ungrouped(expr) {
            Expr::Path(path) if path.path.is_ident("delete") => Ok(Self),
            _ => Err(Error::custom(
                "expected `delete`: rows that are unlinked are deleted; without the option they stay",
            )
            .with_span(expr)),
        }
    }
}

/// A name: an identifier without quotes.
#[derive(Clone)]
pub(crate) struct Name(pub(crate) Ident);

impl FromMeta for Name {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match ungrouped(expr) {
            Expr::Path(path) => path.path.get_ident().cloned().map(Self),
            _ => None,
        }
        .ok_or_else(|| {
            Error::custom("expected a name without quotes, such as `liked_toots`").with_span(expr)
        })
    }
}

/// The path of a model or a table.
#[derive(Clone)]
pub(crate) struct TypePath(pub(crate) Path);

impl FromMeta for TypePath {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match ungrouped(expr) {
            Expr::Path(path) if path.qself.is_none() => Ok(Self(path.path.clone())),
            _ => Err(Error::custom(
                "expected the junction's model or table, such as `through = LikedToot`",
            )
            .with_span(expr)),
        }
    }
}

/// The path of a table: `film_actor`, `schema::film_actor` or `schema::film_actor::table`.
#[derive(Clone)]
pub(crate) struct Table(pub(crate) Path);

impl FromMeta for Table {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match ungrouped(expr) {
            Expr::Path(path) if path.qself.is_none() => Ok(Self(path.path.clone())),
            _ => {
                Err(Error::custom("expected a table, such as `table = film_actor`").with_span(expr))
            }
        }
    }
}

/// The path of a model: `Toot`, not `Vec<Toot>`.
fn plain(path: Path, kind: Kind) -> Result<Path> {
    let generic = path
        .segments
        .iter()
        .find(|segment| !segment.arguments.is_none());
    let Some(segment) = generic else {
        return Ok(path);
    };
    let inner = match &segment.arguments {
        PathArguments::AngleBracketed(inner) => inner.args.to_token_stream().to_string(),
        _ => "Target".to_owned(),
    };
    Err(Error::custom(format!(
        "name the model alone, `{inner}`; how many there are follows from `{kind}`"
    ))
    .with_span(&path))
}

/// Diesel 1's attribute, which its derives still take: what only ours can mean is told so.
pub(super) fn diesel_belongs_to(attr: &Attribute) -> Result<()> {
    let Ok(list) = attr.meta.require_list() else {
        return Ok(());
    };
    // what does not parse is Diesel's to refuse
    let options = NestedMeta::parse_meta_list(list.tokens.clone()).unwrap_or_default();
    let ours = options.iter().skip(1).find_map(|option| match option {
        NestedMeta::Meta(Meta::NameValue(pair))
            if pair.path.is_ident("foreign_key") && !matches!(pair.value, Expr::Tuple(_)) =>
        {
            None
        }
        NestedMeta::Meta(option) => option.path().get_ident(),
        NestedMeta::Lit(_) => None,
    });
    let Some(option) = ours else {
        return Ok(());
    };
    Err(Error::custom(format!(
        "`#[belongs_to(..)]` is Diesel's own, which has no `{option}`; \
         write `#[belongs_to_one({})]`",
        list.tokens
    ))
    .with_span(attr.path()))
}

/// Reads one attribute.
pub(super) fn association(kind: Kind, attr: &Attribute) -> Result<Association> {
    let usage = || {
        format!(
            "name the target's type first: `#[{}(Target, ..)]`",
            kind.name()
        )
    };
    let Meta::List(list) = &attr.meta else {
        return Err(Error::custom(usage()).with_span(&attr.meta));
    };
    if list.tokens.is_empty() {
        return Err(Error::custom(usage()).with_span(list));
    }
    let (target, rest) = list.parse_args_with(|input: ParseStream<'_>| {
        let target = input.fork().parse::<syn::TypePath>().ok();
        let target = target.filter(|_| {
            let ahead = input.fork();
            ahead.parse::<syn::Type>().is_ok() && (ahead.is_empty() || ahead.peek(Token![,]))
        });
        let Some(target) = target else {
            return Err(input.error(usage()));
        };
        input.parse::<syn::Type>()?;
        input.parse::<Option<Token![,]>>()?;
        Ok((target, input.parse::<TokenStream>()?))
    })?;
    let target = plain(target.path, kind)?;
    let mut arguments = NestedMeta::parse_meta_list(rest)?;

    let mut errors = Error::accumulator();
    arguments.retain(|argument| errors.handle(belongs_to_kind(kind, argument)).is_some());
    let options = errors.handle(Options::from_list(&arguments));
    errors.finish_with(Association {
        kind,
        target,
        options: options.unwrap_or_default(),
    })
}

/// An option that another kind has, but not this one.
fn belongs_to_kind(kind: Kind, argument: &NestedMeta) -> Result<()> {
    let NestedMeta::Meta(meta) = argument else {
        return Ok(());
    };
    let Some(option) = meta.path().get_ident() else {
        return Ok(());
    };
    let has = |kind: &Kind| kind.options().iter().any(|name| option == name);
    if has(&kind) {
        return has_form(option, meta);
    }
    if !Kind::ALL.iter().any(has) {
        return Ok(());
    }
    let others: Vec<_> = Kind::ALL
        .iter()
        .filter(|kind| has(kind))
        .map(|kind| format!("`{kind}`"))
        .collect();
    Err(Error::custom(format!(
        "`{option}` is an option of {}, not of `{kind}`; its options are {}",
        others.join(" and "),
        kind.options()
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", "),
    ))
    .with_span(&option.span()))
}

/// A scope is a list, `optional` stands alone, every other option has a value.
fn has_form(option: &Ident, meta: &Meta) -> Result<()> {
    if option == "optional" {
        return Mark::from_meta(meta).map(drop);
    }
    let items = match option.to_string().as_str() {
        "scope" | "through_scope" => Some("column = value"),
        "only" | "except" => Some("method"),
        _ => None,
    };
    match (meta, items) {
        (Meta::List(_), Some(_)) | (Meta::NameValue(_), None) => Ok(()),
        (_, Some(items)) => Err(Error::custom(format!(
            "`{option}` is a list; write `{option}({items}, ..)`"
        ))
        .with_span(meta)),
        (_, None) => Err(
            Error::custom(format!("`{option}` has a value; write `{option} = ..`")).with_span(meta),
        ),
    }
}
