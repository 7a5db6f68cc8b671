//! How the branches of a tree are written down.

use super::NewNode;
use crate::association::{Association, LinkTableOf, Many, Maybe, One, SlotOf, TargetKeyOf};
use crate::key::Reference;
use crate::model::Model;
use crate::write::create::only;
use crate::write::payload::Payload;
use crate::write::statement::NoValues;
use diesel::QueryResult;
use diesel::query_builder::ValuesClause;
use std::marker::PhantomData;

/// A branch of a tree: new rows of the association `A` with the values `V`, their
/// branches `B`, and of a junction the values `P` of each link. `R` says whether there may
/// be none where one is named.
pub struct NewRows<A: Association, V, B, P, R = Always> {
    pub(super) rows: Vec<NewTarget<A, V, B, P>>,
    presence: PhantomData<fn() -> R>,
}

impl<A: Association, V, B, P, R> NewRows<A, V, B, P, R> {
    fn new(rows: Vec<NewTarget<A, V, B, P>>) -> Self {
        Self {
            rows,
            presence: PhantomData,
        }
    }

    /// The same rows, whatever the parent gets of them.
    pub(super) fn required(self) -> NewRows<A, V, B, P> {
        NewRows::new(self.rows)
    }
}

/// Whether a branch that names one row has it.
pub trait Presence {
    /// What one parent gets.
    type Of<S: NewSlot, R: Send>: Send;

    /// What one parent gets.
    ///
    /// # Errors
    /// `NotFound` where there must be a row and is none.
    fn of<S: NewSlot, R: Send>(rows: Vec<R>) -> QueryResult<Self::Of<S, R>>;
}

/// The row is given.
#[derive(Debug)]
pub struct Always;

/// The row is given as an `Option`.
#[derive(Debug)]
pub struct Sometimes;

impl Presence for Always {
    type Of<S: NewSlot, R: Send> = S::Of<R>;

    fn of<S: NewSlot, R: Send>(rows: Vec<R>) -> QueryResult<S::Of<R>> {
        S::of(rows)
    }
}

impl Presence for Sometimes {
    type Of<S: NewSlot, R: Send> = Option<R>;

    fn of<S: NewSlot, R: Send>(rows: Vec<R>) -> QueryResult<Option<R>> {
        Ok(rows.into_iter().next())
    }
}

pub(super) type NewTarget<A, V, B, P> = (
    ValuesClause<V, <<A as Association>::Target as Model>::Table>,
    B,
    P,
);

/// A branch of a tree: rows of the association `A` that are there, and of a
/// junction the values `P` of each link.
pub struct Linked<A: Association, P> {
    pub(super) rows: Vec<(Option<TargetKeyOf<A>>, P)>,
}

/// An association that yields at most one row.
#[diagnostic::on_unimplemented(
    message = "this association yields any number of rows",
    note = "say `.new_rows([..])`"
)]
pub trait SingleSlot {}

#[diagnostic::do_not_recommend]
impl SingleSlot for One {}
#[diagnostic::do_not_recommend]
impl SingleSlot for Maybe {}

/// An association that yields any number of rows.
#[diagnostic::on_unimplemented(
    message = "this association yields at most one row",
    note = "say `.new_row(..)`"
)]
pub trait ManySlot {}

#[diagnostic::do_not_recommend]
impl ManySlot for Many {}

/// The branches of a tree of new rows.
pub trait Grow: Association {
    /// A row to be created with its parent: of a `has_one` or `belongs_to`. Given an
    /// `Option`, `None` creates no row, and the parent gets an `Option`.
    fn new_row<N, Form>(
        self,
        row: N,
    ) -> NewRows<Self, N::Values, N::Branches, NoValues, N::Presence>
    where
        SlotOf<Self>: SingleSlot,
        N: NewNode<Self::Target, Form>,
    {
        let row = row.into_parts().into_iter();
        NewRows::new(
            row.map(|(values, branches)| (values, branches, NoValues))
                .collect(),
        )
    }

    /// Rows to be created with their parent: of a `has_many` or
    /// `belongs_to_many`.
    fn new_rows<I, Form>(
        self,
        rows: I,
    ) -> NewRows<
        Self,
        <I::Item as NewNode<Self::Target, Form>>::Values,
        <I::Item as NewNode<Self::Target, Form>>::Branches,
        NoValues,
    >
    where
        SlotOf<Self>: ManySlot,
        I: IntoIterator<Item: NewNode<Self::Target, Form>>,
    {
        let rows = rows.into_iter().filter_map(NewNode::into_parts);
        NewRows::new(
            rows.map(|(values, branches)| (values, branches, NoValues))
                .collect(),
        )
    }

    /// As [`new_rows`](Grow::new_rows) of a `belongs_to_many`, each with values
    /// for the junction's other columns.
    fn new_rows_with<I, N, Form, P>(
        self,
        rows: I,
    ) -> NewRows<Self, N::Values, N::Branches, ValuesClause<P::Values, LinkTableOf<Self>>>
    where
        I: IntoIterator<Item = (N, P)>,
        N: NewNode<Self::Target, Form>,
        P: Payload<LinkTableOf<Self>>,
    {
        let rows = rows.into_iter().filter_map(|(row, payload)| {
            let (values, branches) = row.into_parts()?;
            Some((values, branches, payload.into_values()))
        });
        NewRows::new(rows.collect())
    }

    /// Existing rows that are linked to their parent: rows or keys. Repetitions are one
    /// link. Of a `has_one` or a `belongs_to` it is one row at most; `link(None::<City>)`
    /// links none.
    fn link<I: IntoIterator<Item: Reference<Self, Form>>, Form>(
        self,
        rows: I,
    ) -> Linked<Self, NoValues> {
        let rows = rows.into_iter().map(|row| (row.target_key(), NoValues));
        Linked {
            rows: rows.collect(),
        }
    }

    /// As [`link`](Grow::link) of a `belongs_to_many`, each with values
    /// for the junction's other columns.
    fn link_with<I, R, Form, P>(
        self,
        rows: I,
    ) -> Linked<Self, ValuesClause<P::Values, LinkTableOf<Self>>>
    where
        I: IntoIterator<Item = (R, P)>,
        R: Reference<Self, Form>,
        P: Payload<LinkTableOf<Self>>,
    {
        let rows = rows
            .into_iter()
            .map(|(row, payload)| (row.target_key(), payload.into_values()));
        Linked {
            rows: rows.collect(),
        }
    }
}

impl<A: Association> Grow for A {}

/// What one parent gets of the rows that were created for it.
pub trait NewSlot {
    /// The rows, or the one row.
    type Of<R: Send>: Send;

    /// The rows, or the one row.
    ///
    /// # Errors
    /// `NotFound` where there must be a row and is none.
    fn of<R: Send>(rows: Vec<R>) -> QueryResult<Self::Of<R>>;
}

impl NewSlot for Many {
    type Of<R: Send> = Vec<R>;

    fn of<R: Send>(rows: Vec<R>) -> QueryResult<Vec<R>> {
        Ok(rows)
    }
}

impl NewSlot for Maybe {
    type Of<R: Send> = R;

    fn of<R: Send>(rows: Vec<R>) -> QueryResult<R> {
        only(rows)
    }
}

impl NewSlot for One {
    type Of<R: Send> = R;

    fn of<R: Send>(rows: Vec<R>) -> QueryResult<R> {
        only(rows)
    }
}
