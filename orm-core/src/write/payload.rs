//! Links with values for the junction's other columns.

use super::create::{only, target_key};
use super::insert::{Insert, NewRow};
use super::key_of;
use super::links::{LinkKind, OfSource, ROUNDS, WriteLinks, may_meet, of_source};
use super::pairs::{InsertPairs, TargetIs, by_names, is_other_row};
use super::statement::{
    Current, Existing, Given, MatchGiven, NewColumns, UpdateGiven, WithTargetInScope, payload_names,
};
use crate::association::{
    Association, Checked, HasJunction, Junction, KeyColumnsOf, LinkColumnsOf, LinkTableOf, Never,
    Scope, SourceKeyOf, SourceKeyRef, TargetKeyOf, Unchecked,
};
use crate::connection::{Enrolled, Exclusive, Execute, Executor, HasDialect, Load, Transaction};
use crate::error::null_key;
use crate::key::{Columns, EqAll, Key, Reference, sort};
use crate::query::Has;
use diesel::query_builder::ValuesClause;
use diesel::result::Error;
use diesel::{Insertable, QueryResult, Table};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::future::Future;

/// Values for columns of the junction's table `J` beside its keys: anything that
/// derives Diesel's `Insertable` for the table, a reference to it, or an assignment such
/// as `liked_toots::liked_at.eq("2026-01-01")`.
///
/// Values of the keys and of the columns of the scope are left out of it: they are those
/// of the association.
#[diagnostic::on_unimplemented(
    message = "these are no values for the other columns of the junction `{J}`",
    label = "expected a reference to a struct that derives `Insertable` for the junction's table"
)]
pub trait Payload<J: Table>: Clone + Send {
    /// The values of a new row.
    type Values: Send;

    /// The values of a new row.
    fn into_values(self) -> ValuesClause<Self::Values, J>;
}

#[diagnostic::do_not_recommend]
impl<P, J, V> Payload<J> for P
where
    J: Table,
    P: Insertable<J, Values = ValuesClause<V, J>> + Clone + Send,
    V: Send,
{
    type Values = V;

    fn into_values(self) -> ValuesClause<V, J> {
        self.values()
    }
}

/// A [`Payload`] of the junction `J`: a model, or the type that stands for a
/// table.
#[diagnostic::on_unimplemented(
    message = "these are no values for the other columns of the junction `{J}`",
    label = "expected a reference to a struct that derives `Insertable` for the junction's table"
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
/// Links of one source as they are given.
type GivenPairs<A, P> = Given<LinkTableOf<A>, TargetIs<A>, ValuesOf<A, P>>;
type Match<'k, A, P> = Current<
    MatchGiven<
        LinkTableOf<A>,
        LinkColumnsOf<A>,
        TargetIs<A>,
        ValuesOf<A, P>,
        WithTargetInScope<A, OfSource<'k, A>>,
    >,
>;
type Change<'k, A, P> = UpdateGiven<LinkTableOf<A>, TargetIs<A>, ValuesOf<A, P>, OfSource<'k, A>>;
type Matched<A> = (<TargetKeyOf<A> as Key>::Owned, Option<i64>, Option<bool>);

/// A connection through which the links of the association `A` can be written
/// with the payload `P`.
///
/// It follows from the model and the connection; there is nothing to implement
/// by hand.
#[diagnostic::on_unimplemented(
    message = "the links of `{A}` cannot be written with these values through `{Self}`",
    note = "the association must have a junction, and the values must be of types that this database can bind; a shared `&AsyncPgConnection` only reads: pass `&mut AsyncPgConnection`"
)]
pub trait WritePayload<'k, A: Association, P>: WriteLinks<'k, A> {
    /// Compares the links of this source with these pairs of distinct targets; `others`
    /// asks for links to other targets too.
    ///
    /// # Errors
    /// What the database reports.
    fn compare(
        &mut self,
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
        others: bool,
    ) -> impl Future<Output = QueryResult<Compared<TargetKeyOf<A>>>> + Send;

    /// Gives the links to these targets their payloads, and returns how many there are.
    ///
    /// # Errors
    /// What the database reports.
    fn change(
        &mut self,
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
    ) -> impl Future<Output = QueryResult<usize>> + Send;

    /// Links those of these targets that are there, or that were `created` just now, and
    /// returns how many are linked with their payload then, as far as the database
    /// counts them.
    ///
    /// # Errors
    /// What the database reports.
    fn link_with(
        &mut self,
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
        how: Linking,
    ) -> impl Future<Output = QueryResult<usize>> + Send;

    /// Whether all of these targets are linked.
    ///
    /// # Errors
    /// What the database reports.
    fn are_linked(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<bool>> + Send;
}

/// How the links of a source compare with pairs.
#[derive(Debug)]
pub struct Compared<K> {
    /// The targets that are linked and are in no pair.
    others: Vec<K>,
    /// Of each pair whether it is linked, and with its payload.
    pairs: Vec<Linked>,
}

/// How pairs are linked that were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linking {
    /// The targets that are there; a pair that is linked meanwhile gets its payload.
    Existing,
    /// Targets that were created just now.
    Created,
    /// Every target, so that the database says what forbids a link.
    Strictly,
}

/// How a pair is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Linked {
    Not,
    WithOtherValues,
    AsGiven,
}

#[diagnostic::do_not_recommend]
impl<'k, A, P, C> WritePayload<'k, A, P> for C
where
    C: Enrolled + Exclusive + WriteLinks<'k, A>,
    A: WritePayloadBy<'k, P, C>,
{
    fn compare(
        &mut self,
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
        others: bool,
    ) -> impl Future<Output = QueryResult<Compared<TargetKeyOf<A>>>> + Send {
        A::compare_by(key, pairs, others, self)
    }

    fn change(
        &mut self,
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        A::change_by(key, pairs, self)
    }

    fn link_with(
        &mut self,
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
        how: Linking,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        A::link_with_by(key, pairs, how, self)
    }

    fn are_linked(
        &mut self,
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
    ) -> impl Future<Output = QueryResult<bool>> + Send {
        A::are_linked_by(key, targets, self)
    }
}

/// An association whose links can be written with the payload `P` through `C`,
/// see [`WritePayload`].
pub trait WritePayloadBy<'k, P, C: Executor>: Association {
    /// As [`WritePayload::compare`].
    ///
    /// # Errors
    /// As [`WritePayload::compare`].
    fn compare_by(
        key: SourceKeyRef<'k, Self>,
        pairs: Vec<(TargetKeyOf<Self>, P)>,
        others: bool,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<Compared<TargetKeyOf<Self>>>> + Send;

    /// As [`WritePayload::change`].
    ///
    /// # Errors
    /// As [`WritePayload::change`].
    fn change_by(
        key: SourceKeyRef<'k, Self>,
        pairs: Vec<(TargetKeyOf<Self>, P)>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<usize>> + Send;

    /// As [`WritePayload::link_with`].
    ///
    /// # Errors
    /// As [`WritePayload::link_with`].
    fn link_with_by(
        key: SourceKeyRef<'k, Self>,
        pairs: Vec<(TargetKeyOf<Self>, P)>,
        how: Linking,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<usize>> + Send;

    /// As [`WritePayload::are_linked`].
    ///
    /// # Errors
    /// As [`WritePayload::are_linked`].
    fn are_linked_by(
        key: SourceKeyRef<'k, Self>,
        targets: Vec<TargetKeyOf<Self>>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<bool>> + Send;
}

/// Pairs with the columns that their payloads have values for, and with their places
/// among all, as many together as a statement takes.
type Parts<A, P> = Vec<(Vec<usize>, GivenPairs<A, P>)>;

fn parts<A, P, DB>(pairs: Vec<(TargetKeyOf<A>, P)>) -> QueryResult<Parts<A, P>>
where
    A: Association,
    DB: HasDialect,
    P: Payload<LinkTableOf<A>>,
    ValuesOf<A, P>: NewColumns<DB>,
    LinkColumnsOf<A>: EqAll<<TargetKeyOf<A> as Key>::Owned>,
{
    let own = 1 + LinkColumnsOf::<A>::NAMES.len();
    let rows = pairs.into_iter().enumerate();
    let rows = rows.map(|(place, (target, payload))| (place, target, payload.into_values()));
    let parts = by_names(rows.collect(), own, |(_, _, values)| {
        payload_names::<A, _, DB>(values)
    })?;
    let parts = parts.into_iter().map(|(names, rows)| {
        let places = rows.iter().map(|(place, ..)| *place).collect();
        let rows = rows.into_iter().map(|(_, target, values)| {
            let target = LinkColumnsOf::<A>::default().eq_all(target.into_owned());
            (target, values)
        });
        (places, Given::new(rows.collect(), names))
    });
    Ok(parts.collect())
}

#[diagnostic::do_not_recommend]
impl<'k, A, P, C> WritePayloadBy<'k, P, C> for A
where
    A: Association<Kind: HasJunction>,
    P: Payload<LinkTableOf<A>>,
    ValuesOf<A, P>: NewColumns<C::Backend>,
    KeyColumnsOf<A>: EqAll<SourceKeyRef<'k, A>>,
    LinkColumnsOf<A>: EqAll<<TargetKeyOf<A> as Key>::Owned, Output: Send>,
    GivenPairs<A, P>: Send,
    Match<'k, A, P>: Send,
    Change<'k, A, P>: Send,
    C: Load<'k, Match<'k, A, P>, Matched<A>>
        + Execute<'k, Change<'k, A, P>>
        + InsertPairs<'k, A, ValuesOf<A, P>>
        + Has<'k, A>,
    C::Backend: HasDialect,
{
    async fn compare_by(
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
        others: bool,
        conn: &mut C,
    ) -> QueryResult<Compared<TargetKeyOf<A>>> {
        let mut compared = vec![Linked::Not; pairs.len()];
        let mut alone = HashSet::new();
        let mut named = HashSet::new();
        for (places, given) in parts::<A, P, C::Backend>(pairs)? {
            let condition = WithTargetInScope::there(of_source::<A>(key));
            let query = Current(MatchGiven::new(given, condition, others));
            for (target, number, same) in conn.load(query).await? {
                let place = number
                    .and_then(|number| usize::try_from(number).ok())
                    .and_then(|number| places.get(number));
                let Some(target) = TargetKeyOf::<A>::from_owned(target) else {
                    continue;
                };
                let Some(&place) = place else {
                    alone.insert(target);
                    continue;
                };
                named.insert(target);
                let linked = if same == Some(true) {
                    Linked::AsGiven
                } else {
                    Linked::WithOtherValues
                };
                // of several rows of one pair each must have the values
                if compared[place] != Linked::WithOtherValues {
                    compared[place] = linked;
                }
            }
        }
        Ok(Compared {
            others: alone.difference(&named).cloned().collect(),
            pairs: compared,
        })
    }

    async fn change_by(
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
        conn: &mut C,
    ) -> QueryResult<usize> {
        let mut changed = 0;
        for (_, given) in parts::<A, P, C::Backend>(pairs)? {
            changed += conn
                .execute(UpdateGiven::new(given, of_source::<A>(key)))
                .await?;
        }
        Ok(changed)
    }

    async fn link_with_by(
        key: SourceKeyRef<'k, A>,
        pairs: Vec<(TargetKeyOf<A>, P)>,
        how: Linking,
        conn: &mut C,
    ) -> QueryResult<usize> {
        let source = SourceKeyOf::<A>::from_ref(key).ok_or_else(null_key::<A>)?;
        let pairs = pairs.into_iter();
        let pairs = pairs.map(|(target, payload)| (source.clone(), target, payload.into_values()));
        let pairs = pairs.collect();
        let linked = match how {
            Linking::Existing => conn.link_pairs(pairs, Existing::Update).await,
            Linking::Created => conn.insert_pairs(pairs, Existing::Update).await,
            Linking::Strictly => conn.insert_pairs(pairs, Existing::Refuse).await,
        };
        match linked {
            // which constraint it was is told when the rows are inserted strictly
            Err(error) if is_other_row(&error) => Ok(0),
            linked => linked,
        }
    }

    fn are_linked_by(
        key: SourceKeyRef<'k, A>,
        targets: Vec<TargetKeyOf<A>>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<bool>> + Send {
        conn.has_all(key, targets)
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

/// Links these targets with their payloads: changes links that have other values, and
/// inserts what is not linked; `only` removes the links to other targets.
///
/// It ends when the database says that every pair is linked as given. So a pair that
/// another connection links meanwhile gets its payload, and a row that something else
/// than the pair forbids is that constraint's error.
async fn write_pairs<'k, A, P, C>(
    key: SourceKeyRef<'k, A>,
    pairs: Vec<(TargetKeyOf<A>, P)>,
    only: bool,
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
    for round in 0..ROUNDS {
        let compared = conn.compare(key, pairs.clone(), only).await?;
        let mut done = true;
        if !compared.others.is_empty() {
            let expected = compared.others.len();
            done &= C::By::unlink(conn, key, compared.others).await? >= expected;
        }
        let changed = linked_as(&pairs, &compared.pairs, Linked::WithOtherValues);
        let added = linked_as(&pairs, &compared.pairs, Linked::Not);
        if !changed.is_empty() {
            let expected = changed.len();
            done &= conn.change(key, changed).await? >= expected;
        }
        if !added.is_empty() {
            let targets: Vec<_> = added.iter().map(|(target, _)| target.clone()).collect();
            C::By::check(conn, &targets).await?;
            let how = if round == 0 {
                Linking::Existing
            } else {
                Linking::Strictly
            };
            // MySQL counts a row that it changes twice
            done &= conn.link_with(key, added, how).await? == targets.len();
        }
        if done && round == 0 {
            return Ok(());
        }
        if done {
            // Without a foreign key the database takes a target that is not there.
            let targets = pairs.into_iter().map(|(target, _)| target).collect();
            let are_linked = conn.are_linked(key, targets).await?;
            return are_linked.then_some(()).ok_or(Error::NotFound);
        }
    }
    Err(Error::NotFound)
}

/// The pairs that are linked so, in the order in which they are written.
fn linked_as<K: Key, P: Clone>(
    pairs: &[(K, P)],
    compared: &[Linked],
    linked: Linked,
) -> Vec<(K, P)> {
    let found = pairs.iter().zip(compared);
    let found = found.filter(|(_, other)| **other == linked);
    let mut found: Vec<_> = found.map(|(pair, _)| pair.clone()).collect();
    sort(&mut found, |(target, _)| target);
    found
}

/// Links `target` to `source` with `payload`: one statement if it is linked so, else two.
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
        let key = key_of::<A>(source)?;
        let pairs = vec![(target?, payload)];
        let mut transaction = Transaction::begin(conn).await?;
        let written = write_pairs::<A, _, C>(key, pairs, false, transaction.conn()).await;
        transaction.end(written).await
    })
}

/// Links targets to `source`, each with its payload: one statement to see which are linked
/// so, and at most one each to change others and to insert the rest, or one for each set
/// of columns that the payloads have values for.
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
        let written = write_pairs::<A, _, C>(key, pairs, false, transaction.conn()).await;
        transaction.end(written).await
    })
}

/// Links exactly these targets to `source`, each with its payload: as
/// [`add_all_with`], and one statement to unlink what else is linked. On PostgreSQL and
/// MySQL the source is locked first.
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
            C::By::lock(conn, key).await?;
            if pairs.is_empty() {
                return C::By::unlink_all(conn, key).await.map(|_| ());
            }
            write_pairs::<A, _, C>(key, pairs, true, conn).await
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
            let pair = (target_key::<A>(&target)?, payload);
            if !may_meet::<A>(key, &pair.0) {
                return Err(Error::NotFound);
            }
            let pairs = vec![pair];
            if conn.link_with(key, pairs.clone(), Linking::Created).await? == 0 {
                write_pairs::<A, _, C>(key, pairs, false, conn).await?;
            }
            Ok(target)
        }
        .await;
        transaction.end(created).await
    })
}
