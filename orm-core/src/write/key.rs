//! Links that are the source's own key: of a `belongs_to`.

use super::statement::{SetLink, SetNull, Update, WithShared, unlinked};
use crate::association::{
    Association, Scope, SourceKeyColumns, SourceKeyOf, SourceScope, SourceScopeOf, SourceTable,
    TargetKeyColumns, TargetKeyOf,
};
use crate::connection::{Enrolled, Exclusive, Execute, Executor};
use crate::error::null_key;
use crate::key::{EqAll, Key, Keyed, MaybeReference};
use crate::model::Model;
use diesel::QueryResult;
use diesel::result::Error;
use std::future::Future;

type PrimaryKey<A> = <<A as Association>::Source as Model>::PrimaryKey;
type RowKey<A> = <<A as Association>::Source as Keyed<PrimaryKey<A>>>::Key;
/// `primary key = ?`
type IsRow<A> = <PrimaryKey<A> as EqAll<<RowKey<A> as Key>::Owned>>::Output;
/// `foreign key = ?`
type KeyIs<A> = <SourceKeyColumns<A> as EqAll<<SourceKeyOf<A> as Key>::Owned>>::Output;
type SetKey<A> = Update<
    SourceTable<A>,
    SetLink<PrimaryKey<A>, (KeyIs<A>, <SourceScopeOf<A> as Scope>::Condition)>,
    WithShared<IsRow<A>, PrimaryKey<A>, TargetKeyColumns<A>, KeyIs<A>>,
>;
type UnsetKey<A> = Update<
    SourceTable<A>,
    SetNull<
        SourceKeyColumns<A>,
        PrimaryKey<A>,
        TargetKeyColumns<A>,
        <SourceScopeOf<A> as Scope>::Condition,
    >,
    IsRow<A>,
>;

/// The key of a target, read as the same Rust types as that of the source.
#[diagnostic::on_unimplemented(
    message = "the key is of the type `{Self}` in the target and of the type `{K}` in the source",
    note = "declare the fields of both keys with the same types, so that one can be assigned to the other"
)]
pub trait SameKey<K> {
    /// The key.
    fn same(self) -> K;
}

#[diagnostic::do_not_recommend]
impl<K> SameKey<K> for K {
    fn same(self) -> K {
        self
    }
}

/// A connection through which the key of the `belongs_to` association `A` can be
/// written.
///
/// It follows from the model and the connection; there is nothing to implement
/// by hand.
#[diagnostic::on_unimplemented(
    message = "the key of `{A}` cannot be written through `{Self}`",
    note = "the source must have fields for its primary key, and the keys of both ends must have the same Rust types; a shared `&AsyncPgConnection` only reads: pass `&mut AsyncPgConnection`"
)]
pub trait WriteKey<'q, A: Association>: Exclusive {
    /// Writes the key in the database: one statement, also where the value in memory is
    /// the same, which may be out of date. No key unsets only that of this association:
    /// of a row out of its scope nothing changes.
    ///
    /// # Errors
    /// `NotFound` if the source is not there, or if it shares a column with the key that
    /// has another value; else what the database reports.
    fn write_key(
        &mut self,
        source: &A::Source,
        key: Option<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<()>> + Send;

    /// Changes the key in the row.
    fn follow(source: &mut A::Source, key: Option<TargetKeyOf<A>>);
}

#[diagnostic::do_not_recommend]
impl<'q, A, C> WriteKey<'q, A> for C
where
    C: Enrolled + Exclusive,
    A: WriteKeyBy<'q, C>,
{
    fn write_key(
        &mut self,
        source: &A::Source,
        key: Option<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<()>> + Send {
        A::write_key_by(source, key, self)
    }

    fn follow(source: &mut A::Source, key: Option<TargetKeyOf<A>>) {
        A::follow_by(source, key);
    }
}

/// An association whose key can be written through `C`, see [`WriteKey`].
pub trait WriteKeyBy<'q, C: Executor>: Association {
    /// As [`WriteKey::write_key`].
    ///
    /// # Errors
    /// As [`WriteKey::write_key`].
    fn write_key_by(
        source: &Self::Source,
        key: Option<TargetKeyOf<Self>>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<()>> + Send;

    /// As [`WriteKey::follow`].
    fn follow_by(source: &mut Self::Source, key: Option<TargetKeyOf<Self>>);
}

#[diagnostic::do_not_recommend]
impl<'q, A, C> WriteKeyBy<'q, C> for A
where
    A: Association,
    A::Source: Keyed<PrimaryKey<A>>,
    TargetKeyOf<A>: SameKey<SourceKeyOf<A>>,
    PrimaryKey<A>: EqAll<<RowKey<A> as Key>::Owned>,
    SourceKeyColumns<A>: EqAll<<SourceKeyOf<A> as Key>::Owned>,
    SetKey<A>: Send,
    UnsetKey<A>: Send,
    C: Executor + Execute<'q, SetKey<A>> + Execute<'q, UnsetKey<A>>,
{
    async fn write_key_by(
        source: &A::Source,
        key: Option<TargetKeyOf<A>>,
        conn: &mut C,
    ) -> QueryResult<()> {
        let row =
            RowKey::<A>::from_ref(Keyed::<PrimaryKey<A>>::key(source)).ok_or_else(null_key::<A>)?;
        let row = PrimaryKey::<A>::default().eq_all(row.into_owned());
        let written = match key {
            Some(key) => {
                let key: SourceKeyOf<A> = key.same();
                let is =
                    |key: SourceKeyOf<A>| SourceKeyColumns::<A>::default().eq_all(key.into_owned());
                let set = SetLink::new((is(key.clone()), SourceScopeOf::<A>::condition()));
                let row = WithShared::new(row, is(key));
                conn.execute(Update::new(set, row)).await?
            }
            None if unset_columns::<A>().is_empty() => return Err(null_key::<A>()),
            None => {
                let unset = SetNull::within(SourceScopeOf::<A>::condition());
                conn.execute(Update::new(unset, row)).await?
            }
        };
        if written == 0 {
            return Err(Error::NotFound);
        }
        Ok(())
    }

    fn follow_by(source: &mut A::Source, key: Option<TargetKeyOf<A>>) {
        match key {
            Some(key) => {
                <SourceScopeOf<A> as SourceScope<A::Source>>::enter(source);
                Keyed::<SourceKeyColumns<A>>::set_key(source, key.same());
            }
            // with other values there the key is that of another association
            None if !<SourceScopeOf<A> as SourceScope<A::Source>>::holds(source) => {}
            None => Keyed::<SourceKeyColumns<A>>::unset_key(source, &unset_columns::<A>()),
        }
    }
}

/// The columns of the key of `A` that belonging to nothing sets to NULL.
fn unset_columns<A: Association>() -> Vec<&'static str> {
    unlinked::<SourceKeyColumns<A>, PrimaryKey<A>, TargetKeyColumns<A>>().collect()
}

/// Lets `source` belong to `target`, or to nothing: one statement.
pub fn set_key<'q, A, T, Form, C>(
    source: &'q mut A::Source,
    target: T,
    conn: &'q mut C,
) -> C::Return<'q, ()>
where
    A: Association,
    T: MaybeReference<A, Form>,
    C: WriteKey<'q, A>,
{
    let target = target.maybe_key();
    C::finish(async move {
        let key = match target {
            Some(key) => Some(key.ok_or_else(null_key::<A>)?),
            None => None,
        };
        conn.write_key(source, key.clone()).await?;
        C::follow(source, key);
        Ok(())
    })
}

/// Lets `source` belong to nothing: one statement.
pub fn unset_key<'q, A, C>(source: &'q mut A::Source, conn: &'q mut C) -> C::Return<'q, ()>
where
    A: Association,
    C: WriteKey<'q, A>,
{
    C::finish(async move {
        conn.write_key(source, None).await?;
        C::follow(source, None);
        Ok(())
    })
}
