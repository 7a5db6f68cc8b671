//! A row, or its key: how a user names a row of the target.

use super::{Key, Keyed};
use crate::association::{Association, TargetKeyColumns, TargetKeyOf};
use std::borrow::Borrow;
use std::collections::HashSet;
use std::marker::PhantomData;

/// Something that names a row of the target of `A`: a reference to the row, or
/// its key by value or by reference.
///
/// `Form` tells the forms apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a row of the target of `{A}` nor its key",
    label = "expected a reference to a target row, or its key"
)]
pub trait Reference<A: Association, Form> {
    /// The key of the row; `None` where a part of it is NULL, which names no
    /// row.
    fn target_key(self) -> Option<TargetKeyOf<A>>;
}

/// The form of a [`Reference`] that is a row.
#[derive(Debug)]
pub struct ByRow;

/// The form of a [`Reference`] that is a key.
#[derive(Debug)]
pub struct ByKey;

/// The form of a [`Reference`] that is a `&str` naming a key of type `String`.
#[derive(Debug)]
pub struct ByText;

#[diagnostic::do_not_recommend]
impl<A: Association> Reference<A, ByRow> for &A::Target {
    fn target_key(self) -> Option<TargetKeyOf<A>> {
        Key::from_ref(Keyed::<TargetKeyColumns<A>>::key(self))
    }
}

#[diagnostic::do_not_recommend]
impl<A: Association, K> Reference<A, ByKey> for K
where
    K: Borrow<<TargetKeyOf<A> as Key>::Plain>,
{
    fn target_key(self) -> Option<TargetKeyOf<A>> {
        Some(Key::from_plain(self.borrow().clone()))
    }
}

#[diagnostic::do_not_recommend]
impl<A: Association> Reference<A, ByText> for &str
where
    TargetKeyOf<A>: Key<Plain = String>,
{
    fn target_key(self) -> Option<TargetKeyOf<A>> {
        Some(Key::from_plain(self.to_owned()))
    }
}

/// A row of the target of `A`, or none: a [`Reference`], or an `Option` of one.
///
/// `Form` tells the forms apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a row of the target of `{A}` nor its key, nor an `Option` of one",
    label = "expected a reference to a target row, its key, or an `Option` of these"
)]
pub trait MaybeReference<A: Association, Form> {
    /// `None` for no row; the key of the row, or `None` where a part of it is
    /// NULL.
    fn maybe_key(self) -> Option<Option<TargetKeyOf<A>>>;
}

/// The form of a [`MaybeReference`] that is an `Option`.
#[derive(Debug)]
pub struct Optional<Form>(PhantomData<Form>);

#[diagnostic::do_not_recommend]
impl<A: Association, R: Reference<A, Form>, Form> MaybeReference<A, OneTarget<Form>> for R {
    fn maybe_key(self) -> Option<Option<TargetKeyOf<A>>> {
        Some(self.target_key())
    }
}

#[diagnostic::do_not_recommend]
impl<A, R, Form> MaybeReference<A, Optional<Form>> for Option<R>
where
    A: Association,
    R: Reference<A, Form>,
{
    fn maybe_key(self) -> Option<Option<TargetKeyOf<A>>> {
        self.map(Reference::target_key)
    }
}

/// One row of the target of `A`, or any number of them.
///
/// `Form` tells the forms apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` names no rows of the target of `{A}`",
    label = "expected target rows or their keys"
)]
pub trait Targets<A: Association, Form> {
    /// The distinct keys of the rows, in their first order; `None` if one of them has a NULL part and
    /// so names no row.
    fn target_keys(self) -> Option<Vec<TargetKeyOf<A>>>;
}

/// The form of [`Targets`] that is one [`Reference`].
#[derive(Debug)]
pub struct OneTarget<Form>(PhantomData<Form>);

/// The form of [`Targets`] that is an iterator of [`Reference`]s.
#[derive(Debug)]
pub struct ManyTargets<Form>(PhantomData<Form>);

#[diagnostic::do_not_recommend]
impl<A: Association, R: Reference<A, Form>, Form> Targets<A, OneTarget<Form>> for R {
    fn target_keys(self) -> Option<Vec<TargetKeyOf<A>>> {
        self.target_key().map(|key| vec![key])
    }
}

#[diagnostic::do_not_recommend]
impl<A, I, Form> Targets<A, ManyTargets<Form>> for I
where
    A: Association,
    I: IntoIterator<Item: Reference<A, Form>>,
{
    fn target_keys(self) -> Option<Vec<TargetKeyOf<A>>> {
        let mut keys: Vec<_> = self
            .into_iter()
            .map(Reference::target_key)
            .collect::<Option<_>>()?;
        let mut seen = HashSet::with_capacity(keys.len());
        keys.retain(|key| seen.insert(key.clone()));
        Some(keys)
    }
}
