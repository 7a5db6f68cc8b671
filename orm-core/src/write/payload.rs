//! Links with values for the junction's other columns.

use super::create::{only, target_key};
use super::insert::{Insert, NewRow};
use super::key_of;
use super::links::{LinkKind, OfSource, Targeted, WriteLinks, may_meet, of_source, targeted};
use super::pairs::InsertPairs;
use super::statement::{And, SetChanges, Update};
use crate::association::{
    Association, Checked, HasJunction, Junction, KeyColumnsOf, LinkTableOf, Never, Scope,
    SourceKeyOf, SourceKeyRef, TargetKeyOf, Unchecked,
};
use crate::connection::{Enrolled, Execute, Executor, Transaction};
use crate::error::null_key;
use crate::key::{EqAll, Key, Reference};
use diesel::query_builder::{AsChangeset, ValuesClause};
use diesel::result::Error;
use diesel::{Insertable, QueryResult, Table};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::future::Future;

/// Values for columns of the junction's table `J` beside its keys: anything that
/// derives Diesel's `Insertable` and `AsChangeset` for the table, a reference to
/// it, or an assignment such as `liked_toots::liked_at.eq("2026-01-01")`.
#[diagnostic::on_unimplemented(
    message = "these are no values for the other columns of the junction `{J}`",
    label = "expected a reference to a struct that derives `Insertable` and `AsChangeset` for the junction's table",
    note = "leave out the two keys and the columns of the scope"
)]
pub trait Payload<J: Table>: Clone + Send {
    /// The values of a new row.
    type Values: Send;

    /// The changes of a row that is there.
    type Changes: Send;

    /// The values of a new row.
    fn into_values(self) -> ValuesClause<Self::Values, J>;

    /// The changes of a row that is there.
    fn into_changes(self) -> Self::Changes;
}

#[diagnostic::do_not_recommend]
impl<P, J, V> Payload<J> for P
where
    J: Table,
    P: Insertable<J, Values = ValuesClause<V, J>>
        + AsChangeset<Target = J, Changeset: Send>
        + Clone
        + Send,
    V: Send,
{
    type Values = V;
    type Changes = P::Changeset;

    fn into_values(self) -> ValuesClause<V, J> {
        self.values()
    }

    fn into_changes(self) -> P::Changeset {
        self.as_changeset()
    }
}

/// A [`Payload`] of the junction `J`: a model, or the type that stands for a
/// table.
#[diagnostic::on_unimplemented(
    message = "these are no values for the other columns of the junction `{J}`",
    label = "expected a reference to a struct that derives `Insertable` and `AsChangeset` for the junction's table",
    note = "leave out the two keys and the columns of the scope"
)]
pub trait PayloadOf<J, M>: Clone + Send {
    /// The payload itself. What is none has none, and is mistaken once.
    type Itself: Clone + Send;

    /// The payload itself.
    fn itself(self) -> Self::Itself;
}

#[diagnostic::do_not_recommend]
impl<P, J: Junction> PayloadOf<J, Checked> for P
where
    P: Payload<J::Table>,
{
    type Itself = P;

    fn itself(self) -> P {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<P, J> PayloadOf<J, Unchecked> for P
where
    P: Never<J> + Clone + Send,
{
    type Itself = P;

    fn itself(self) -> P {
        self
    }
}

type ValuesOf<A, P> = ValuesClause<<P as Payload<LinkTableOf<A>>>::Values, LinkTableOf<A>>;
type Changed<'k, A, P> = Update<
    LinkTableOf<A>,
    SetChanges<<P as Payload<LinkTableOf<A>>>::Changes, KeyColumnsOf<A>>,
    And<OfSource<'k, A>, Targeted<A>>,
>;
/// A connection through which the links of the association `A` can be written
/// with the payload `P`.
///
/// It follows from the model and the connection; there is nothing to implement
/// by hand.
#[diagnostic::on_unimplemented(
    message = "the links of `{A}` cannot be written with these values through `{Self}`",
    note = "the association must have a junction, and the values must be of types that this database can bind"
)]
pub trait WritePayload<'k, A: Association, P>: WriteLinks<'k, A> {
    /// Changes the link to this target, and returns whether there is one.
    ///
    /// # Errors
    /// What the database reports.
    fn change(
        &mut self,
        key: SourceKeyRef<'k, A>,
        target: TargetKeyOf<A>,
        payload: P,
    ) -> impl Future<Output = QueryResult<bool>> + Send;

    /// Links these targets, and returns whether none was linked: one statement,
    /// or one for each set of columns that the payloads have values for.
    ///
    /// # Errors
    /// What the database reports.
    fn link_with(
        &mut self,
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
    ) -> impl Future<Output = QueryResult<bool>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, P, C> WritePayload<'k, A, P> for C
where
    C: Enrolled + WriteLinks<'k, A>,
    A: WritePayloadBy<'k, P, C>,
{
    fn change(
        &mut self,
        key: SourceKeyRef<'k, A>,
        target: TargetKeyOf<A>,
        payload: P,
    ) -> impl Future<Output = QueryResult<bool>> + Send {
        A::change_by(key, target, payload, self)
    }

    fn link_with(
        &mut self,
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
    ) -> impl Future<Output = QueryResult<bool>> + Send {
        A::link_with_by(key, pairs, self)
    }
}

/// An association whose links can be written with the payload `P` through `C`,
/// see [`WritePayload`].
pub trait WritePayloadBy<'k, P, C: Executor>: Association {
    /// As [`WritePayload::change`].
    ///
    /// # Errors
    /// As [`WritePayload::change`].
    fn change_by(
        key: SourceKeyRef<'k, Self>,
        target: TargetKeyOf<Self>,
        payload: P,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<bool>> + Send;

    /// As [`WritePayload::link_with`].
    ///
    /// # Errors
    /// As [`WritePayload::link_with`].
    fn link_with_by(
        key: SourceKeyRef<'k, Self>,
        pairs: Vec<(TargetKeyOf<Self>, P)>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<bool>> + Send;
}

#[diagnostic::do_not_recommend]
impl<'k, A, P, C> WritePayloadBy<'k, P, C> for A
where
    A: Association<Kind: HasJunction>,
    P: Payload<LinkTableOf<A>>,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    Changed<'k, A, P>: Send,
    C: Execute<'k, Changed<'k, A, P>> + InsertPairs<'k, A, ValuesOf<A, P>>,
{
    async fn change_by(
        key: SourceKeyRef<'k, A>,
        target: TargetKeyOf<A>,
        payload: P,
        conn: &mut C,
    ) -> QueryResult<bool> {
        let pair = And(of_source::<A>(key), targeted::<A>(vec![target]));
        let changed = Update::new(SetChanges::new(payload.into_changes()), pair);
        Ok(conn.execute(changed).await? > 0)
    }

    async fn link_with_by(
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
        conn: &mut C,
    ) -> QueryResult<bool> {
        let expected = pairs.len();
        let source = SourceKeyOf::<A>::from_ref(key).ok_or_else(null_key::<A>)?;
        let pairs = pairs.into_iter();
        let pairs = pairs.map(|(target, payload)| (source.clone(), target, payload.into_values()));
        Ok(conn.insert_pairs(pairs.collect()).await? == expected)
    }
}

/// The pairs of target and payload, each target once, with its last payload.
fn pairs_of<A, I, R, Form, P, J, M>(pairs: I) -> QueryResult<Vec<(TargetKeyOf<A>, P::Itself)>>
where
    A: Association,
    P: PayloadOf<J, M>,
    I: IntoIterator<Item = (R, P)>,
    R: Reference<A, Form>,
{
    let mut distinct: Vec<(TargetKeyOf<A>, P::Itself)> = Vec::new();
    let mut places: HashMap<_, usize> = HashMap::new();
    for (target, payload) in pairs {
        let target = target.target_key().ok_or_else(null_key::<A>)?;
        let payload = payload.itself();
        match places.entry(target.clone()) {
            Entry::Occupied(place) => distinct[*place.get()].1 = payload,
            Entry::Vacant(place) => {
                place.insert(distinct.len());
                distinct.push((target, payload));
            }
        }
    }
    Ok(distinct)
}

/// Links these targets with their payloads: changes the links that are among
/// `linked`, and inserts the others.
async fn write_pairs<'k, A, P, C>(
    key: SourceKeyRef<'k, A>,
    pairs: Vec<(TargetKeyOf<A>, P)>,
    linked: &HashSet<TargetKeyOf<A>>,
    conn: &mut C,
) -> QueryResult<()>
where
    A: Association,
    P: Clone + Send,
    C: WritePayload<'k, A, P>,
{
    if !pairs.iter().all(|(target, _)| may_meet::<A>(key, target)) {
        return Err(Error::NotFound);
    }
    let (changed, added): (Vec<_>, Vec<_>) = pairs
        .into_iter()
        .partition(|(target, _)| linked.contains(target));
    for (target, payload) in changed {
        conn.change(key, target, payload).await?;
    }
    if added.is_empty() || conn.link_with(key, added.clone()).await? {
        return Ok(());
    }
    // Another connection linked some of them just now.
    for (target, payload) in added {
        conn.change(key, target, payload).await?;
    }
    Ok(())
}

/// Links `target` to `source` with `payload`: one statement if it is linked,
/// else two.
pub fn add_with<'k, A, R, Form, P, J, M, C>(
    source: &'k A::Source,
    target: R,
    payload: P,
    conn: &'k mut C,
) -> C::Return<'k, ()>
where
    A: Association,
    R: Reference<A, Form>,
    P: PayloadOf<J, M, Itself: 'k>,
    C: WritePayload<'k, A, P::Itself>,
{
    let target = target.target_key().ok_or_else(null_key::<A>);
    let payload = payload.itself();
    C::finish(async move {
        let target = target?;
        let key = key_of::<A>(source)?;
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let written = async {
            if conn.change(key, target.clone(), payload.clone()).await? {
                return Ok(());
            }
            write_pairs::<A, _, C>(key, vec![(target, payload)], &HashSet::new(), conn).await
        }
        .await;
        transaction.end(written).await
    })
}

/// Links targets to `source`, each with its payload: one statement to see which
/// are linked, one for each that is, and one for all the others.
pub fn add_all_with<'k, A, I, R, Form, P, J, M, C>(
    source: &'k A::Source,
    pairs: I,
    conn: &'k mut C,
) -> C::Return<'k, ()>
where
    A: Association,
    I: IntoIterator<Item = (R, P)>,
    R: Reference<A, Form>,
    P: PayloadOf<J, M, Itself: 'k>,
    C: WritePayload<'k, A, P::Itself>,
{
    let pairs = pairs_of::<A, _, _, _, _, J, M>(pairs);
    C::finish(async move {
        let pairs = pairs?;
        let key = key_of::<A>(source)?;
        if pairs.is_empty() {
            return Ok(());
        }
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let written = async {
            let linked = C::By::linked(conn, key).await?.into_iter().collect();
            write_pairs::<A, _, C>(key, pairs, &linked, conn).await
        }
        .await;
        transaction.end(written).await
    })
}

/// Links exactly these targets to `source`, each with its payload: as
/// [`add_all_with`], and one statement to unlink what else is linked.
pub fn set_with<'k, A, I, R, Form, P, J, M, C>(
    source: &'k A::Source,
    pairs: I,
    conn: &'k mut C,
) -> C::Return<'k, ()>
where
    A: Association,
    I: IntoIterator<Item = (R, P)>,
    R: Reference<A, Form>,
    P: PayloadOf<J, M, Itself: 'k>,
    C: WritePayload<'k, A, P::Itself>,
{
    let pairs = pairs_of::<A, _, _, _, _, J, M>(pairs);
    C::finish(async move {
        let pairs = pairs?;
        let key = key_of::<A>(source)?;
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let written = async {
            let linked: HashSet<_> = C::By::linked(conn, key).await?.into_iter().collect();
            let mut removed: Vec<_> = linked.iter().cloned().collect();
            removed.retain(|key| pairs.iter().all(|(target, _)| target != key));
            if !removed.is_empty() {
                C::By::unlink(conn, key, removed).await?;
            }
            write_pairs::<A, _, C>(key, pairs, &linked, conn).await
        }
        .await;
        transaction.end(written).await
    })
}

/// Creates a target within its scope `S`, and links it to `source` with
/// `payload`: two statements.
pub fn create_with<'k, A, N, P, J, M, S, C>(
    source: &'k A::Source,
    new: N,
    payload: P,
    conn: &'k mut C,
) -> C::Return<'k, A::Target>
where
    A: Association,
    N: NewRow<A::Target, Values: 'k>,
    P: PayloadOf<J, M, Itself: 'k>,
    S: Scope,
    C: WritePayload<'k, A, P::Itself> + Insert<'k, A::Target, N::Values, S::Condition>,
{
    let (values, payload) = (new.into_values(), payload.itself());
    C::finish(async move {
        let key = key_of::<A>(source)?;
        let rows = vec![(values, S::condition())];
        let mut transaction = Transaction::begin(conn).await?;
        let conn = transaction.conn();
        let created = async {
            let target = only(conn.insert(rows).await?)?;
            conn.link_with(key, vec![(target_key::<A>(&target)?, payload)])
                .await?;
            Ok(target)
        }
        .await;
        transaction.end(created).await
    })
}
