//! Guards against statements that a test did not expect: counting them, and
//! naming those that run once for each row.
//!
//! They watch a connection through Diesel's instrumentation, which they take over
//! while they watch; what was installed before is not restored. [`watch`] is for
//! connections of every kind, the functions that take the work for blocking ones.

use crate::association::Association;
use crate::connection::Exclusive;
use diesel::connection::{Connection, Instrumentation, InstrumentationEvent};
use std::any::type_name;
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How often one text may be sent before [`watch_queries`] finds it suspicious.
const TOLERATED: usize = 3;

/// How many guards watch a connection now.
static WATCHING: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// The association that this thread is reading for one source.
    static READING: Cell<Option<Accessor>> = const { Cell::new(None) };
}

/// An accessor of an association: the source's type and the association's name.
pub(crate) type Accessor = (&'static str, &'static str);

/// While it lives, statements of this thread are those of one accessor.
///
/// A future moves between threads and takes turns with others on one: it is set for
/// each poll, see [`reading`].
#[derive(Debug)]
pub(crate) struct Reading {
    /// What was read before.
    outer: Option<Accessor>,
}

impl Reading {
    /// The association `A` is being read for one source.
    fn of<A: Association>() -> Option<Self> {
        (WATCHING.load(Ordering::Relaxed) > 0)
            .then(|| Self::resume((type_name::<A::Source>(), A::NAME)))
    }

    /// As on the thread where this was the [`accessor`].
    pub(crate) fn resume(accessor: Accessor) -> Self {
        Self {
            outer: READING.replace(Some(accessor)),
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        READING.set(self.outer);
    }
}

/// The accessor whose statements this thread sends now.
#[cfg(feature = "async-sqlite")]
pub(crate) fn accessor() -> Option<Accessor> {
    READING.get()
}

/// Reads the association `A` for one source.
#[inline]
pub(crate) async fn reading<A: Association, T>(operation: impl Future<Output = T>) -> T {
    let mut operation = pin!(operation);
    poll_fn(|context| {
        let _reading = Reading::of::<A>();
        operation.as_mut().poll(context)
    })
    .await
}

/// The statements that were sent while something ran, transaction control not
/// counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queries {
    /// Each statement's text, in order.
    pub statements: Vec<String>,
    /// The accessor that sent each, if one did.
    accessors: Vec<Option<Accessor>>,
}

impl Queries {
    /// The number of statements.
    #[must_use]
    pub fn count(&self) -> usize {
        self.statements.len()
    }

    /// The statements that were sent again and again: the sign of an
    /// association that is read once for each row of a set.
    #[must_use]
    pub fn repeated(&self) -> Vec<Repeated> {
        let mut counts: HashMap<(&str, Option<Accessor>), usize> = HashMap::new();
        for (statement, &accessor) in self.statements.iter().zip(&self.accessors) {
            *counts.entry((statement, accessor)).or_default() += 1;
        }
        let mut repeated: Vec<_> = counts
            .into_iter()
            .filter(|&(_, count)| count > TOLERATED)
            .map(|((statement, accessor), count)| Repeated {
                statement: statement.to_owned(),
                count,
                accessor,
            })
            .collect();
        repeated.sort_by(|a, b| {
            b.count
                .cmp(&a.count)
                .then_with(|| a.statement.cmp(&b.statement))
        });
        repeated
    }
}

/// A statement that was sent again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// Its text.
    pub statement: String,
    /// How often it was sent.
    pub count: usize,
    accessor: Option<Accessor>,
}

impl fmt::Display for Repeated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            statement,
            count,
            accessor,
        } = self;
        let Some((model, name)) = accessor else {
            return write!(f, "sent {count} times: {statement}");
        };
        let model = model.rsplit("::").next().unwrap_or(model);
        write!(
            f,
            "the association `{name}` was read for {count} rows of `{model}`, one by one; load it \
             with them: `.include({model}::{})`\n  {statement}",
            name.to_uppercase()
        )
    }
}

/// Runs `work` and returns what it sent, beside its result.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::guard::watch_queries;
///
/// let mut conn = SqliteConnection::establish(":memory:")?;
/// let (_, queries) = watch_queries(&mut conn, |conn| {
///     for _ in 0..5 {
///         diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1"))
///             .get_result::<i32>(conn)?;
///     }
///     QueryResult::Ok(())
/// });
/// assert_eq!(queries.count(), 5);
/// assert_eq!(queries.repeated()[0].count, 5);
/// # Ok::<(), diesel::ConnectionError>(())
/// ```
pub fn watch_queries<C: Connection, T>(
    conn: &mut C,
    work: impl FnOnce(&mut C) -> T,
) -> (T, Queries) {
    let watch = Watch::new();
    conn.set_instrumentation(watch.instrumentation());
    let result = work(conn);
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    (result, watch.queries())
}

/// Watches a connection of any kind, until the watch is dropped or something else
/// watches the connection.
///
/// ```
/// use diesel::prelude::*;
/// use orm_core::guard::watch;
///
/// let conn = &mut SqliteConnection::establish(":memory:")?;
/// let watch = watch(conn);
/// diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1")).get_result::<i32>(conn)?;
/// assert_eq!(watch.queries().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn watch<C: Exclusive>(conn: &mut C) -> Watch {
    let watch = Watch::new();
    conn.set_instrumentation(watch.instrumentation());
    watch
}

/// What is sent through a connection, see [`watch`].
#[derive(Debug)]
pub struct Watch(Arc<Mutex<Queries>>);

impl Watch {
    fn new() -> Self {
        WATCHING.fetch_add(1, Ordering::Relaxed);
        Self(Arc::default())
    }

    /// What was sent so far.
    #[must_use]
    pub fn queries(&self) -> Queries {
        let queries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queries.clone()
    }

    fn instrumentation(&self) -> impl Instrumentation + use<> {
        let seen = Arc::downgrade(&self.0);
        move |event: InstrumentationEvent<'_>| {
            let (Some(seen), InstrumentationEvent::StartQuery { query, .. }) =
                (seen.upgrade(), event)
            else {
                return;
            };
            let query = query.to_string();
            let text = query.split(" -- binds: ").next().unwrap_or(&query);
            let control = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];
            if !control.iter().any(|word| text.starts_with(word)) {
                let mut queries = seen.lock().unwrap_or_else(PoisonError::into_inner);
                queries.statements.push(text.to_owned());
                queries.accessors.push(READING.get());
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        WATCHING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs `work` and returns how many statements it sent, beside its result.
pub fn count_queries<C: Connection, T>(conn: &mut C, work: impl FnOnce(&mut C) -> T) -> (T, usize) {
    let (result, queries) = watch_queries(conn, work);
    (result, queries.count())
}

/// Asserts how many statements a block sends through a connection, and yields
/// what the block yields. A failure lists the statements, and names those that
/// were sent once for each row of a set.
///
/// ```
/// use diesel::prelude::*;
///
/// let conn = &mut SqliteConnection::establish(":memory:")?;
/// let one = orm_core::assert_queries!(conn, 1, {
///     diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1")).get_result::<i32>(conn)
/// });
/// assert_eq!(one, Ok(1));
/// # Ok::<(), diesel::ConnectionError>(())
/// ```
#[macro_export]
macro_rules! assert_queries {
    ($conn:ident, $expected:expr, $block:block) => {{
        let (result, queries) = $crate::guard::watch_queries(&mut *$conn, |$conn| $block);
        let expected: usize = $expected;
        ::core::assert!(
            queries.count() == expected,
            "expected {expected} statements, sent {}:\n{}\n{}",
            queries.count(),
            queries.statements.join("\n"),
            queries
                .repeated()
                .iter()
                .map(::std::string::ToString::to_string)
                .collect::<::std::vec::Vec<_>>()
                .join("\n"),
        );
        result
    }};
}
