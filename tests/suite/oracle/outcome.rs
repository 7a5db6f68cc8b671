//! What the result of a step must look like.

use super::ENGINE;
use super::associations::{Kind, association};
use super::catalog::table;
use super::state::{Reason, State, parts, pick, same};
use super::steps::{Branch, Call, Op, Step};
use diesel::result::{DatabaseErrorKind, Error};
use orm_tests::connection::Engine;

pub(super) fn reason(error: &Error) -> Option<Reason> {
    match error {
        Error::NotFound => Some(Reason::NotFound),
        Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => Some(Reason::ForeignKey),
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Some(Reason::Unique),
        Error::DatabaseError(DatabaseErrorKind::NotNullViolation, _) => Some(Reason::NotNull),
        // several statements sent together: Diesel gives their errors no kind on MySQL
        Error::DatabaseError(DatabaseErrorKind::Unknown, information)
            if information
                .message()
                .contains("a foreign key constraint fails") =>
        {
            Some(Reason::ForeignKey)
        }
        _ => None,
    }
}

/// The names of the rows that a step creates, in the order in which they come.
pub(super) fn names(step: &Step) -> Option<Vec<String>> {
    match step {
        Step::Call(Call {
            op: Op::Create(values) | Op::CreateWith(values, _),
            ..
        }) => Some(vec![values.name.clone()]),
        Step::Call(_) => Some(vec![]),
        Step::Trees(_, roots) => {
            let names = roots.iter().flat_map(|(root, branch)| {
                let below: Vec<_> = match branch {
                    Branch::New(rows) => rows.iter().map(|row| row.name.clone()).collect(),
                    Branch::NewWith(rows) => rows.iter().map(|row| row.0.name.clone()).collect(),
                    _ => vec![],
                };
                std::iter::once(root.name.clone()).chain(below)
            });
            Some(names.collect())
        }
        _ => None,
    }
}

/// Whether a new row has a key that rows refer to which no constraint has held to their
/// own: they are the new row's as well, and what is created beside them may be refused.
pub(super) fn is_adopting(state: &State, step: &Step) -> bool {
    let Step::Trees(on, roots) = step else {
        return false;
    };
    let a = association(on);
    let holder = table(a.junction.as_ref().map_or(a.target, |(links, ..)| links));
    let refers = |key: &str| {
        let mut rows = state.rows(holder.name).iter();
        rows.any(|row| same(&pick(holder, row, &a.there), &parts(key)))
    };
    let mut keys = roots.iter().filter_map(|(root, _)| root.id.as_deref());
    a.kind != Kind::BelongsTo && keys.any(refers)
}

/// Whether rows with a key and rows without one are created together, which may be
/// refused where the database does not say which is which.
pub(super) fn is_guess(step: &Step) -> bool {
    let Step::Trees(_, roots) = step else {
        return false;
    };
    let is_mixed = |mut ids: Vec<bool>| {
        ids.sort_unstable();
        ids.dedup();
        ids.len() > 1
    };
    let below = roots.iter().flat_map(|(_, branch)| match branch {
        Branch::New(rows) => rows.iter().map(|row| row.id.is_some()).collect(),
        Branch::NewWith(rows) => rows.iter().map(|row| row.0.id.is_some()).collect(),
        _ => vec![],
    });
    ENGINE == Engine::Mysql
        && (is_mixed(below.collect())
            || is_mixed(roots.iter().map(|(root, _)| root.id.is_some()).collect()))
}
