//! SQLite behind diesel-async: a blocking connection, whose calls run on threads
//! where they may block.

use super::{Executor, blocking};
use diesel::connection::Instrumentation;
use diesel::result::Error;
use diesel::{QueryResult, SqliteConnection};
use diesel_async::AsyncConnection;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use std::cell::Cell;
use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

type Wrapper = SyncConnectionWrapper<SqliteConnection>;

thread_local! {
    /// Whether this thread is ending an operation that was dropped.
    static DROPPED: Cell<bool> = const { Cell::new(false) };
}

impl super::Enrolled for Wrapper {}

#[diagnostic::do_not_recommend]
impl Executor for Wrapper {
    type Backend = diesel::sqlite::Sqlite;
    type Shared = Infallible;
    type Return<'a, T: Send + 'a> = Pin<Box<dyn Future<Output = QueryResult<T>> + Send + 'a>>;

    async fn begin_read(&mut self) -> QueryResult<bool> {
        Ok(false)
    }

    async fn end_read(&mut self, _: bool) -> QueryResult<()> {
        Ok(())
    }

    async fn begin(&mut self) -> QueryResult<()> {
        self.not_broken()?;
        self.spawn_blocking(blocking::begin).await
    }

    async fn commit(&mut self) -> QueryResult<()> {
        if let Err(dropped) = self.not_broken() {
            self.rollback().await?;
            return Err(dropped);
        }
        self.spawn_blocking(blocking::commit).await
    }

    async fn rollback(&mut self) -> QueryResult<()> {
        self.spawn_blocking(blocking::rollback).await
    }

    fn abandon(&mut self) {
        // the thread runs whether or not anybody awaits it
        drop(self.spawn_blocking(|conn| {
            blocking::abandon(conn);
            Ok(())
        }));
    }

    fn not_broken(&mut self) -> QueryResult<()> {
        if DROPPED.get() {
            Err(Error::RollbackTransaction)
        } else {
            Ok(())
        }
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        AsyncConnection::set_instrumentation(self, instrumentation);
    }

    fn finish<'a, T: Send + 'a>(
        operation: impl Future<Output = QueryResult<T>> + Send + 'a,
    ) -> Self::Return<'a, T> {
        Box::pin(Whole {
            operation: Box::pin(operation),
            running: false,
        })
    }
}

crate::async_connection!(@load [] Wrapper);
crate::async_connection!(@execute [] Wrapper);

/// An operation that does not end in its middle.
///
/// A thread that was given a statement runs it, although nobody awaits it any
/// more: perhaps after the transaction around it has been undone. So where an
/// operation is dropped, its statement is waited for, and its transaction undone.
struct Whole<'a, T> {
    operation: Pin<Box<dyn Future<Output = QueryResult<T>> + Send + 'a>>,
    /// It was polled and has not ended.
    running: bool,
}

impl<T> Future for Whole<'_, T> {
    type Output = QueryResult<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<QueryResult<T>> {
        let polled = self.operation.as_mut().poll(context);
        self.running = polled.is_pending();
        polled
    }
}

impl<T> Drop for Whole<'_, T> {
    fn drop(&mut self) {
        if self.running {
            DROPPED.set(true);
            wait(self.operation.as_mut());
            DROPPED.set(false);
        }
    }
}

/// Blocks until the operation has ended; the threads that work for it do not need
/// this one.
fn wait<T>(operation: impl Future<Output = T>) {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    // The task that drops the operation may have used up its turn, after which
    // tokio lets nothing in it be ready.
    let mut operation = pin!(tokio::task::unconstrained(operation));
    while operation
        .as_mut()
        .poll(&mut Context::from_waker(&waker))
        .is_pending()
    {
        thread::park();
    }
}
