//! What one may write by hand.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Integer};

/// The database that a form is for.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "servers"),
    allow(dead_code, reason = "only SQLite is compared without the servers")
)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
    Mysql,
}

/// A condition and the name of its form.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) sql: String,
}

/// Whether a parent has such a row, or has none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Has {
    Any,
    None,
}

impl Has {
    fn not(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::None => "NOT ",
        }
    }
}

/// People by their toots where `predicate` holds.
fn people(name: [&'static str; 2], has: Has, from: &str, predicate: &str) -> [Form; 2] {
    let not = has.not();
    let exists = format!(
        "{not}EXISTS (SELECT 1 FROM {from} WHERE toots.person_id = people.id AND {predicate})"
    );
    let list = format!("people.id {not}IN (SELECT toots.person_id FROM {from} WHERE {predicate})");
    let [name_of_exists, name_of_list] = name;
    [
        Form {
            name: name_of_exists,
            sql: exists,
        },
        Form {
            name: name_of_list,
            sql: list,
        },
    ]
}

/// People by their toots whose `flag` is set.
pub(crate) fn one_level(_: Engine, has: Has, flag: &str) -> Vec<Form> {
    people(["EXISTS", "IN"], has, "toots", &format!("toots.{flag} = ?")).into()
}

/// People by their toots that have a reply whose `flag` is set.
pub(crate) fn two_levels(_: Engine, has: Has, flag: &str) -> Vec<Form> {
    let replies = format!("replies.{flag} = ?");
    let list = format!("toots.id IN (SELECT replies.toot_id FROM replies WHERE {replies})");
    let exists =
        format!("EXISTS (SELECT 1 FROM replies WHERE replies.toot_id = toots.id AND {replies})");
    let join = "toots JOIN replies ON replies.toot_id = toots.id";
    let [exists_exists, _] = people(["EXISTS in EXISTS", ""], has, "toots", &exists);
    let mut forms = vec![exists_exists];
    forms.extend(people(["IN in EXISTS", "IN in IN"], has, "toots", &list));
    forms.extend(people(
        ["EXISTS of a join", "IN of a join"],
        has,
        join,
        &replies,
    ));
    forms
}

/// Projects by their tasks whose `flag` is set.
pub(crate) fn composite(engine: Engine, has: Has, flag: &str) -> Vec<Form> {
    let not = has.not();
    let exists = format!(
        "{not}EXISTS (SELECT 1 FROM tasks WHERE tasks.tenant_id = projects.tenant_id
         AND tasks.project_id = projects.id AND tasks.{flag} = ?)"
    );
    let keys = format!(
        "SELECT tasks.tenant_id, tasks.project_id FROM tasks
         WHERE tasks.{flag} = ? AND tasks.project_id IS NOT NULL"
    );
    let key = "(projects.tenant_id, projects.id)";
    let list = if engine == Engine::Sqlite && has == Has::None {
        // A bare `NOT IN` reads all keys for each project that is not among them.
        Form {
            name: "IN .. IS NOT TRUE",
            sql: format!("({key} IN ({keys}) IS NOT TRUE)"),
        }
    } else {
        Form {
            name: "IN",
            sql: format!("{key} {not}IN ({keys})"),
        }
    };
    let exists = Form {
        name: "EXISTS",
        sql: exists,
    };
    vec![exists, list]
}

/// A condition as text, with the number 1 bound to each `?` as ours binds it.
/// Diesel prepares its statement once.
pub(crate) struct ByHand<'a>(pub(crate) &'a str);

impl Expression for ByHand<'_> {
    type SqlType = Bool;
}

impl QueryId for ByHand<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<G> ValidGrouping<G> for ByHand<'_> {
    type IsAggregate = is_aggregate::No;
}

impl<From> AppearsOnTable<From> for ByHand<'_> {}

impl<From> SelectableExpression<From> for ByHand<'_> {}

impl<DB> QueryFragment<DB> for ByHand<'_>
where
    DB: Backend + HasSqlType<Integer>,
    i32: ToSql<Integer, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (index, part) in self.0.split('?').enumerate() {
            if index > 0 {
                out.push_bind_param::<Integer, _>(&1)?;
            }
            out.push_sql(part);
        }
        Ok(())
    }
}
