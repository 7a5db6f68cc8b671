//! What a test of asynchronous connections imports.
#![allow(clippy::expect_used, reason = "without a runtime a test has failed")]

pub use diesel::prelude::*;
// in place of Diesel's, which is for blocking connections
pub use diesel_async::RunQueryDsl;
pub use orm_core::prelude::*;

use std::future::poll_fn;
use std::sync::LazyLock;
use std::task::Poll;
use tokio::runtime::Runtime;

/// Runs a future to its end, where the tasks of the connections run as well.
///
/// # Panics
/// Without a runtime.
pub fn wait<F: Future>(future: F) -> F::Output {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime starts"));
    RUNTIME.block_on(future)
}

/// Polls an operation this often and drops it; whether it ended before.
pub async fn dropped_after(polls: usize, operation: impl Future) -> bool {
    let mut operation = Box::pin(operation);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        operation.as_mut().poll(context).map(|_| true)
    })
    .await
}

/// What a call returns is a future, which is awaited.
pub trait Run {
    /// The result.
    type Output;

    /// The result of the call.
    fn run(self) -> Self::Output;
}

impl<F: Future> Run for F {
    type Output = F::Output;

    fn run(self) -> Self::Output {
        wait(self)
    }
}
