//! What a branch is: one of the two of an association, none, or a tuple of them.

use crate::association::Unscoped;
use crate::connection::Executor;
use crate::model::Model;
use diesel::QueryResult;
use std::future::Future;

/// What a branch of new rows of the model `M` yields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a branch of a new `{M}`",
    label = "expected a branch of an association of `{M}`, or a tuple of them",
    note = "a branch is `{M}::ASSOCIATION.new_row(..)`, `.new_rows([..])` or `.link([..])`"
)]
pub trait BranchTypes<M>: Send {
    /// The columns that it adds to its parent's row.
    type Added: Send;
    /// What is left to be done once its parent is there.
    type Pending: Send;
    /// What one parent gets.
    type Output: Send;
    /// The parent with what it gets.
    type Row: Send;

    /// Puts a parent and what it gets together.
    fn row(parent: M, output: Self::Output) -> Self::Row;
}

/// A branch that can be created through the connection `C`, for many parents at
/// once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be created with a `{M}` through `{C}`",
    note = "the models must derive `Queryable` and `Selectable`, and this database must return what it inserts"
)]
pub trait Branch<'q, M, C>: BranchTypes<M> + Sized {
    /// What must be there before the parents.
    ///
    /// # Errors
    /// What the database reports.
    fn before(
        branches: Vec<Self>,
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<(Vec<Self::Added>, Vec<Self::Pending>)>> + Send;

    /// What can only be there after the parents.
    ///
    /// # Errors
    /// What the database reports.
    fn after(
        pending: Vec<Self::Pending>,
        parents: &[M],
        conn: &mut C,
    ) -> impl Future<Output = QueryResult<Vec<Self::Output>>> + Send;
}

#[diagnostic::do_not_recommend]
impl<M: Send> BranchTypes<M> for () {
    type Added = Unscoped;
    type Pending = ();
    type Output = ();
    type Row = M;

    fn row(parent: M, (): ()) -> M {
        parent
    }
}

#[diagnostic::do_not_recommend]
impl<M: Send + Sync, C: Executor> Branch<'_, M, C> for () {
    async fn before(branches: Vec<()>, _: &mut C) -> QueryResult<(Vec<Unscoped>, Vec<()>)> {
        Ok((vec![Unscoped; branches.len()], branches))
    }

    async fn after(pending: Vec<()>, _: &[M], _: &mut C) -> QueryResult<Vec<()>> {
        Ok(pending)
    }
}

/// A row, alone or at the front of what belongs to it.
pub trait HasTarget<T> {
    /// The row.
    fn target(&self) -> &T;
}

impl<T: Model> HasTarget<T> for T {
    fn target(&self) -> &T {
        self
    }
}

/// A tuple of branches is created one after another.
macro_rules! branches {
    (added $branch:ident) => { ($branch::Added, Unscoped) };
    (added $branch:ident $($rest:ident)+) => { ($branch::Added, branches!(added $($rest)+)) };
    (put $added:ident) => { ($added, Unscoped) };
    (put $added:ident $($rest:ident)+) => { ($added, branches!(put $($rest)+)) };
    ($(($($branch:ident $index:tt),+);)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<Parent: Send, $($branch: BranchTypes<Parent>),+> BranchTypes<Parent> for ($($branch,)+) {
            type Added = branches!(added $($branch)+);
            type Pending = ($($branch::Pending,)+);
            type Output = ($($branch::Output,)+);
            type Row = (Parent, $($branch::Output,)+);

            fn row(parent: Parent, output: Self::Output) -> Self::Row {
                (parent, $(output.$index,)+)
            }
        }

        #[allow(non_snake_case, reason = "the values are called as their types")]
        #[diagnostic::do_not_recommend]
        impl<'q, Parent, Conn, $($branch),+> Branch<'q, Parent, Conn> for ($($branch,)+)
        where
            Parent: Send + Sync,
            Conn: Executor,
            $($branch: Branch<'q, Parent, Conn>,)+
        {
            async fn before(
                branches: Vec<Self>,
                conn: &mut Conn,
            ) -> QueryResult<(Vec<Self::Added>, Vec<Self::Pending>)> {
                let count = branches.len();
                $(let mut $branch = Vec::with_capacity(count);)+
                for branch in branches {
                    $($branch.push(branch.$index);)+
                }
                $(
                    let (added, pending) = $branch::before($branch, conn).await?;
                    let mut $branch = added.into_iter().zip(pending);
                )+
                let (mut added, mut pending) =
                    (Vec::with_capacity(count), Vec::with_capacity(count));
                while let ($(Some($branch),)+) = ($($branch.next(),)+) {
                    pending.push(($($branch.1,)+));
                    $(let $branch = $branch.0;)+
                    added.push(branches!(put $($branch)+));
                }
                Ok((added, pending))
            }

            async fn after(
                pending: Vec<Self::Pending>,
                parents: &[Parent],
                conn: &mut Conn,
            ) -> QueryResult<Vec<Self::Output>> {
                let count = pending.len();
                $(let mut $branch = Vec::with_capacity(count);)+
                for pending in pending {
                    $($branch.push(pending.$index);)+
                }
                $(let mut $branch = $branch::after($branch, parents, conn).await?.into_iter();)+
                let mut outputs = Vec::with_capacity(count);
                while let ($(Some($branch),)+) = ($($branch.next(),)+) {
                    outputs.push(($($branch,)+));
                }
                Ok(outputs)
            }
        }

        impl<Parent, $($branch),+> HasTarget<Parent> for (Parent, $($branch,)+) {
            fn target(&self) -> &Parent {
                &self.0
            }
        }
    )+};
}

branches! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, D 2);
    (A 0, B 1, D 2, E 3);
    (A 0, B 1, D 2, E 3, F 4);
    (A 0, B 1, D 2, E 3, F 4, G 5);
    (A 0, B 1, D 2, E 3, F 4, G 5, H 6);
    (A 0, B 1, D 2, E 3, F 4, G 5, H 6, I 7);
}
