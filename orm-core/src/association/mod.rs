//! Associations as zero-sized values that know how to select target rows by
//! source key.
//!
//! All four kinds are the same read; a kind is only a description of which
//! columns meet. The derive names the kind and its columns, everything else
//! follows here.

mod belongs_to;
mod belongs_to_many;
mod has_many;
mod has_one;
mod info;
mod proof;
mod scope;
mod shared;
mod slot;

pub use self::belongs_to::BelongsTo;
pub use self::belongs_to_many::{
    BelongsToMany, HasJunction, InOneQuery, Junction, JunctionKeys, NoPrimaryKeyNames,
    PrimaryKeyNames,
};
pub use self::has_many::HasMany;
pub use self::has_one::HasOne;
pub use self::info::{
    AssociationInfo, AssociationKind, JunctionInfo, OnDeleteAction, Orphans, leads_elsewhere,
};
pub use self::proof::{Checked, Gives, Is, Never, Proof, Proven, Unchecked};
pub use self::scope::{
    IntegerOf, IntegerType, IsNone, MaybeOption, Null, NullOf, NullableColumn, Scope, ScopeAs,
    ScopeColumns, ScopeEq, ScopeOf, Scoped, SourceScope, Unscoped, ValueOf, ValueType, Within,
};
pub use self::shared::{is_shared, is_unlinked};
pub use self::slot::{Many, Maybe, One, Slot};

use crate::key::{Columns, Key, Keyed};
use crate::model::Model;

/// An association declared on a model, as a zero-sized value.
///
/// `#[derive(Model)]` implements it for the type of each associated constant,
/// such as `Person::TOOTS`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an association",
    note = "associations are the constants that `#[derive(Model)]` declares, such as `Person::TOOTS`"
)]
pub trait Association: Copy + Default + Send + Sync + 'static {
    /// The name that the getter has.
    const NAME: &'static str;

    /// The model that declares the association.
    type Source: Model + Keyed<Self::SourceKey>;

    /// The model that it leads to.
    type Target: Model + Keyed<Self::TargetKey>;

    /// The columns of the source that the target is found by.
    type SourceKey: Columns;

    /// The columns of the target that name a row of it: its primary key, or
    /// what the option `target_key` says.
    type TargetKey: Columns;

    /// Which of the four kinds it is, with its columns.
    type Kind: Kind<Self::Source, Self::Target, SourceKey = Self::SourceKey>;

    /// What the target's table is called in a join with the source's:
    /// [`Plain`](crate::query::Plain), or of a self-reference
    /// [`Aliased`](crate::query::Aliased).
    type JoinedAs;

    /// What becomes of the rows when their source is destroyed; `None` leaves it
    /// to the database.
    const ON_DELETE: Option<OnDeleteAction> = None;

    /// What becomes of rows that are unlinked, of a `has_one` or `has_many`.
    const ORPHANS: Option<Orphans> = None;
}

/// An association whose rows can be unlinked, or not: `May` is a [`Proof`] of it.
#[doc(hidden)]
pub trait Unlinking {
    /// The proof.
    type May;
}

/// What `unset_`, `remove_` and `set_` need of an association: its rows can be
/// unlinked and stay.
///
/// The connection has it, whichever it is, so that a method that lacks it is
/// mistaken where it is called.
#[diagnostic::on_unimplemented(
    message = "the rows of `{A}` cannot be unlinked: their foreign key cannot be NULL",
    label = "this would have to delete rows",
    note = "call the `destroy_` form to delete them",
    note = "or declare the association with `orphans = delete`: then unlinking deletes"
)]
pub trait Unlinks<A> {}

#[diagnostic::do_not_recommend]
impl<C, A: Unlinking<May: Holding>> Unlinks<A> for C {}

/// A [`Proof`] that holds.
#[doc(hidden)]
pub trait Holding {}

impl Holding for Proof<true> {}

/// One of the four kinds of association, with its columns: where the target
/// rows come from, and which columns meet.
pub trait Kind<S, T> {
    /// Which kind it is.
    const KIND: AssociationKind;

    /// The number of statements that loading its rows for many sources takes.
    const QUERIES: usize = 1;

    /// The junction table and its columns, for the kind that has one.
    const JUNCTION: Option<JunctionInfo> = None;

    /// The columns of its scope: of the target, or of a `belongs_to` of the
    /// source.
    const SCOPE: &'static [&'static str];

    /// How its rows are loaded for many sources.
    type Fetch;

    /// How its links are written.
    type Write;

    /// What the source gets: one row, perhaps one, or many.
    type Slot: Slot;

    /// The columns of the source that the target is found by.
    type SourceKey: Columns;

    /// What is read: the target's table, or the junction joined to it, within
    /// the scope.
    type From;

    /// The columns of [`Kind::From`] that equal the source's key.
    type KeyColumns: Columns;

    /// The rows that are the links: the target's own, or the junction's, within
    /// the scope.
    type Links;

    /// The table of these rows.
    type LinkTable: diesel::Table + Default;

    /// The columns of [`Kind::Links`] that name the target row.
    type LinkColumns: Columns;

    /// The columns that rows are ordered by: the target's primary key.
    type Order: Columns;

    /// The target's rows within the scope.
    type Targets;

    /// The scope on the target's rows.
    type TargetScope: Scope;

    /// The scope on the rows that are the links.
    type LinkScope: Scope;

    /// The scope on the source's rows: of a `belongs_to`, whose foreign key is
    /// there.
    type SourceScope: Scope + SourceScope<S>;

    /// A value of [`Kind::From`].
    fn from() -> Self::From;

    /// The columns of the junction's primary key, where it is made of the two keys and the
    /// scope: then the database keeps each pair unique by it.
    #[must_use]
    fn pair_key() -> Option<&'static [&'static str]> {
        None
    }

    /// A value of [`Kind::Links`].
    fn links() -> Self::Links;

    /// A value of [`Kind::Targets`].
    fn targets() -> Self::Targets;
}

/// The kind of an association.
pub type KindOf<A> = <A as Association>::Kind;

macro_rules! of_kind {
    ($($(#[$doc:meta])* $name:ident = $item:ident;)+) => {$(
        $(#[$doc])*
        pub type $name<A> = <<A as Association>::Kind as Kind<
            <A as Association>::Source,
            <A as Association>::Target,
        >>::$item;
    )+};
}

of_kind! {
    /// Whether an association yields one row, perhaps one, or many.
    SlotOf = Slot;
    /// How the rows of an association are loaded for many sources.
    FetchOf = Fetch;
    /// What an association reads from.
    FromOf = From;
    /// The columns of what is read that equal the source's key.
    KeyColumnsOf = KeyColumns;
    /// How the links of an association are written.
    WriteOf = Write;
    /// The rows that are the links.
    LinksOf = Links;
    /// The table of the rows that are the links.
    LinkTableOf = LinkTable;
    /// The target's rows within the scope.
    TargetsOf = Targets;
    /// The scope on the target's rows.
    TargetScopeOf = TargetScope;
    /// The scope on the rows that are the links.
    LinkScopeOf = LinkScope;
    /// The scope on the source's rows.
    SourceScopeOf = SourceScope;
    /// The columns of the links that name a target row.
    LinkColumnsOf = LinkColumns;
    /// The columns that rows are ordered by.
    OrderOf = Order;
}

/// The columns of the source that an association starts at.
pub type SourceKeyColumns<A> = <A as Association>::SourceKey;

/// The columns of the target that name a row of it.
pub type TargetKeyColumns<A> = <A as Association>::TargetKey;

/// The value of the source's key.
pub type SourceKeyOf<A> = <<A as Association>::Source as Keyed<SourceKeyColumns<A>>>::Key;

/// The source's key, borrowed from a row.
pub type SourceKeyRef<'k, A> = <SourceKeyOf<A> as Key>::Ref<'k>;

/// The value of the target's key.
pub type TargetKeyOf<A> = <<A as Association>::Target as Keyed<TargetKeyColumns<A>>>::Key;

/// What the getter of an association yields for the row type `T`.
pub type Loaded<A, T> = <SlotOf<A> as Slot>::Of<T>;

/// The table of the source.
pub type SourceTable<A> = <<A as Association>::Source as Model>::Table;

/// The table of the target.
pub type TargetTable<A> = <<A as Association>::Target as Model>::Table;

/// The key of a source, if it is in the scope of `A`; else NULL.
pub(crate) fn source_key<A: Association>(source: &A::Source) -> SourceKeyRef<'_, A> {
    if <SourceScopeOf<A> as SourceScope<A::Source>>::holds(source) {
        Keyed::<SourceKeyColumns<A>>::key(source)
    } else {
        SourceKeyOf::<A>::null()
    }
}
