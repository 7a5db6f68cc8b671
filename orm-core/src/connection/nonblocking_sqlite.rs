//! SQLite behind diesel-async: a blocking connection, whose calls run on threads
//! where they may block.
//!
//! A thread that was given a statement runs it to its end, although nobody awaits it
//! any more. Whoever drops an operation must not send anything else before that end,
//! and waits for it a moment. A statement that takes longer, because another
//! connection has the database locked, is left to a thread: until it has ended, there
//! is a [broken connection](broken) in place of the connection, which pools throw away
//! and Diesel's own calls fail on; the next operation of this crate waits for the
//! connection itself and puts it back.

use super::{Exclusive, Execute, Executor, Load, blocking};
use crate::guard::{Reading, accessor};
use diesel::backend::Backend;
use diesel::connection::{
    AnsiTransactionManager, Connection, Instrumentation, InstrumentationEvent, LoadConnection,
    SimpleConnection, TransactionManager,
};
use diesel::deserialize::FromSqlRow;
use diesel::expression::QueryMetadata;
use diesel::query_builder::{
    AsQuery, CollectedQuery, MoveableBindCollector, QueryBuilder, QueryFragment, QueryId,
};
use diesel::query_dsl::CompatibleType;
use diesel::result::Error;
use diesel::row::IntoOwnedRow;
use diesel::sqlite::{Sqlite, SqliteQueryBuilder};
use diesel::{QueryResult, SqliteConnection};
use diesel_async::AsyncConnection;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

type Wrapper = SyncConnectionWrapper<SqliteConnection>;

/// How long the one who drops an operation waits for its statement.
const PATIENCE: Duration = Duration::from_millis(10);

impl super::Enrolled for Wrapper {}

#[diagnostic::do_not_recommend]
impl Executor for Wrapper {
    type Backend = Sqlite;
    type Shared = Infallible;
    type Return<'a, T: Send + 'a> = Pin<Box<dyn Future<Output = QueryResult<T>> + Send + 'a>>;

    async fn begin_read(&mut self) -> QueryResult<bool> {
        Ok(false)
    }

    async fn end_read(&mut self, _: bool) -> QueryResult<()> {
        Ok(())
    }

    fn abandon(&mut self) {
        if let Some(left) = left(self) {
            left.open += 1;
            return;
        }
        let task = start(self, blocking::rollback);
        // which waits for it
        drop(Running {
            conn: self,
            task: Some(task),
            begins: Begins::No,
        });
    }

    fn finish<'a, T: Send + 'a>(
        operation: impl Future<Output = QueryResult<T>> + Send + 'a,
    ) -> Self::Return<'a, T> {
        Box::pin(operation)
    }
}

#[diagnostic::do_not_recommend]
impl Exclusive for Wrapper {
    async fn begin(&mut self) -> QueryResult<()> {
        run(self, Begins::Yes, blocking::begin).await
    }

    async fn commit(&mut self) -> QueryResult<()> {
        run(self, Begins::No, blocking::commit).await
    }

    async fn rollback(&mut self) -> QueryResult<()> {
        run(self, Begins::No, blocking::rollback).await
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        match left(self) {
            Some(left) => left.instrumentation = Some(Box::new(instrumentation)),
            None => AsyncConnection::set_instrumentation(self, instrumentation),
        }
    }
}

// What diesel-async does, which hides the thread that runs the statement.
#[diagnostic::do_not_recommend]
impl<'q, Q, T, ST> Load<'q, Q, T> for Wrapper
where
    Q: AsQuery<Query: QueryFragment<Sqlite> + QueryId + Send + 'q> + Send + 'q,
    Q::SqlType: CompatibleType<T, Sqlite, SqlType = ST>,
    T: FromSqlRow<ST, Sqlite> + Send + 'static,
    Sqlite: QueryMetadata<Q::SqlType>,
    ST: 'static,
{
    async fn load(&mut self, query: Q) -> QueryResult<Vec<T>> {
        let query = collected(&query.as_query())?;
        let rows = run(self, Begins::No, move |conn| rows(conn, &query, usize::MAX)).await?;
        rows.iter().map(decoded).collect()
    }

    async fn load_beside(shared: &Infallible, _: Q) -> QueryResult<Vec<T>> {
        match *shared {}
    }

    async fn load_first(&mut self, query: Q) -> QueryResult<Option<T>> {
        let query = collected(&query.as_query())?;
        let rows = run(self, Begins::No, move |conn| rows(conn, &query, 1)).await?;
        rows.first().map(decoded).transpose()
    }
}

#[diagnostic::do_not_recommend]
impl<'q, Q> Execute<'q, Q> for Wrapper
where
    Q: QueryFragment<Sqlite> + QueryId + Send + 'q,
{
    async fn execute(&mut self, query: Q) -> QueryResult<usize> {
        let query = collected(&query)?;
        let execute = move |conn: &mut SqliteConnection| conn.execute_returning_count(&query);
        run(self, Begins::No, execute).await
    }
}

type Collected = CollectedQuery<
    <<Sqlite as Backend>::BindCollector<'static> as MoveableBindCollector<Sqlite>>::BindData,
>;
type Row = <<SqliteConnection as LoadConnection>::Row<'static, 'static> as IntoOwnedRow<
    'static,
    Sqlite,
>>::OwnedRow;

/// A statement with its values, as it can be sent to another thread.
fn collected<Q: QueryFragment<Sqlite>>(query: &Q) -> QueryResult<Collected> {
    let mut binds = <Sqlite as Backend>::BindCollector::default();
    query.collect_binds(&mut binds, &mut (), &Sqlite)?;
    let mut sql = SqliteQueryBuilder::default();
    query.to_sql(&mut sql, &Sqlite)?;
    let cached = query.is_safe_to_cache_prepared(&Sqlite)?;
    Ok(CollectedQuery::new(sql.finish(), cached, binds.moveable()))
}

/// At most this many rows.
fn rows(conn: &mut SqliteConnection, query: &Collected, most: usize) -> QueryResult<Vec<Row>> {
    let mut names = None;
    LoadConnection::load(conn, query)?
        .take(most)
        .map(|row| Ok(row?.into_owned(&mut names)))
        .collect()
}

fn decoded<T: FromSqlRow<ST, Sqlite>, ST>(row: &Row) -> QueryResult<T> {
    T::build_from_row(row).map_err(Error::DeserializationError)
}

/// What a thread makes of the work it was given.
type Task<R> = Pin<Box<dyn Future<Output = QueryResult<thread::Result<QueryResult<R>>>> + Send>>;

/// Whether work that succeeds leaves a transaction open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    Yes,
    No,
}

/// Gives work to a thread, which does it whether or not anybody awaits it.
fn start<R: Send + 'static>(
    conn: &mut Wrapper,
    work: impl FnOnce(&mut SqliteConnection) -> QueryResult<R> + Send + 'static,
) -> Task<R> {
    let accessor = accessor();
    // A panic goes on where the work is awaited. It must not poison the connection,
    // on which diesel-async panics then.
    conn.spawn_blocking(move |conn| {
        let _reading = accessor.map(Reading::resume);
        Ok(catch_unwind(AssertUnwindSafe(|| work(conn))))
    })
}

/// Runs work on a thread where it may block, to its end.
async fn run<R: Send + 'static>(
    conn: &mut Wrapper,
    begins: Begins,
    work: impl FnOnce(&mut SqliteConnection) -> QueryResult<R> + Send + 'static,
) -> QueryResult<R> {
    let open = recovered(conn).await?;
    let task = start(conn, move |conn| {
        for _ in 0..open {
            blocking::abandon(conn);
        }
        AnsiTransactionManager::transaction_manager_status_mut(conn).transaction_depth()?;
        work(conn)
    });
    let mut running = Running {
        conn,
        task: Some(task),
        begins,
    };
    let ended = poll_fn(|context| match &mut running.task {
        Some(task) => task.as_mut().poll(context),
        None => Poll::Pending,
    });
    let ended = ended.await;
    running.task = None;
    ended?.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Work that a thread does and that somebody awaits.
struct Running<'c, R: 'static> {
    conn: &'c mut Wrapper,
    /// None if it has ended.
    task: Option<Task<R>>,
    begins: Begins,
}

impl<R: 'static> Drop for Running<'_, R> {
    fn drop(&mut self) {
        let Some(mut task) = self.task.take() else {
            return;
        };
        let begins = self.begins;
        let to_undo = move |ended| begins == Begins::Yes && matches!(ended, Ok(Ok(Ok(_))));
        if let Some(ended) = wait(task.as_mut(), Some(PATIENCE)) {
            if ended.is_err() {
                // The runtime has gone, and nothing can be undone.
                super::set_broken(self.conn);
            }
            if to_undo(ended) {
                self.conn.abandon();
            }
            return;
        }
        let (sender, conn) = oneshot::channel();
        let Some(broken) = broken(Left {
            conn,
            open: 0,
            instrumentation: None,
        }) else {
            if wait(task, None).is_some_and(to_undo) {
                self.conn.abandon();
            }
            return;
        };
        let mut conn = mem::replace(self.conn, broken);
        let finish = move || {
            if wait(task, None).is_some_and(to_undo) {
                wait(start(&mut conn, blocking::rollback), None);
            }
            // If nobody is there to take it, it is closed.
            let _ = sender.send(conn);
        };
        // Where no thread can be had, the connection is lost, and says that it is broken.
        let _ = thread::Builder::new().spawn(finish);
    }
}

/// A connection whose statement has not ended, in the connection that stands in its
/// place.
struct Left {
    conn: oneshot::Receiver<Wrapper>,
    /// How many of its transactions and savepoints are to be undone.
    open: usize,
    /// What it is to be watched by, if that was said meanwhile.
    instrumentation: Option<Box<dyn Instrumentation>>,
}

impl Instrumentation for Left {
    fn on_connection_event(&mut self, _: InstrumentationEvent<'_>) {}
}

/// What stands in place of a connection whose statement has not ended: an empty
/// database, in which nothing can be written, and in no transaction.
fn broken(left: Left) -> Option<Wrapper> {
    let mut conn = SqliteConnection::establish(":memory:").ok()?;
    conn.batch_execute("PRAGMA query_only = ON").ok()?;
    AnsiTransactionManager::transaction_manager_status_mut(&mut conn).set_in_error();
    Connection::set_instrumentation(&mut conn, left);
    Some(Wrapper::new(conn))
}

fn left(conn: &mut Wrapper) -> Option<&mut Left> {
    AsyncConnection::instrumentation(conn).downcast_mut()
}

/// Puts back the connection, if a broken one stands in its place. Returns how many of
/// its transactions and savepoints are to be undone.
async fn recovered(conn: &mut Wrapper) -> QueryResult<usize> {
    let ended = poll_fn(|context| match left(conn) {
        Some(left) => Pin::new(&mut left.conn)
            .poll(context)
            .map(|conn| Some((conn, left.open, left.instrumentation.take()))),
        None => Poll::Ready(None),
    });
    let Some((ended, open, instrumentation)) = ended.await else {
        return Ok(0);
    };
    if let Ok(whole) = ended {
        *conn = whole;
        if let Some(instrumentation) = instrumentation {
            AsyncConnection::set_instrumentation(conn, instrumentation);
        }
        Ok(open)
    } else {
        // It is lost, and is not asked for again.
        AsyncConnection::set_instrumentation(conn, |_: InstrumentationEvent<'_>| {});
        Err(Error::BrokenTransactionManager)
    }
}

/// Blocks until the operation has ended, or so long; the threads that work for it do
/// not need this one.
fn wait<T>(operation: impl Future<Output = T>, at_most: Option<Duration>) -> Option<T> {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let started = Instant::now();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    // The task that drops the operation may have used up its turn, after which
    // tokio lets nothing in it be ready.
    let mut operation = pin!(tokio::task::unconstrained(operation));
    loop {
        if let Poll::Ready(output) = operation.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
        match at_most.map(|most| most.checked_sub(started.elapsed())) {
            Some(None) => return None,
            Some(Some(left)) => thread::park_timeout(left),
            None => thread::park(),
        }
    }
}
