//! What a connection sends: every statement, and which ones it prepares.

use crate::connection::TestConnection;
use diesel::connection::InstrumentationEvent;
use std::sync::{Arc, Mutex, PoisonError};

/// The statements that were sent while something ran.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Each statement with its binds, without transaction control.
    pub statements: Vec<String>,
    /// The statements that were put into the connection's cache, which happens
    /// when a cacheable statement is prepared.
    pub cached: Vec<String>,
    /// The number of transactions and savepoints begun.
    pub transactions: usize,
}

impl Sent {
    /// The number of statements, transaction control not counted.
    #[must_use]
    pub fn count(&self) -> usize {
        self.statements.len()
    }
}

/// Runs `work` and returns what it sent, beside its result.
pub fn record<C: TestConnection, T>(conn: &mut C, work: impl FnOnce(&mut C) -> T) -> (T, Sent) {
    let sent = Arc::new(Mutex::new(Sent::default()));
    let log = Arc::clone(&sent);
    conn.watch(move |event: InstrumentationEvent<'_>| {
        let mut sent = log.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                let query = query.to_string();
                let control = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];
                if !control.iter().any(|word| query.starts_with(word)) {
                    sent.statements.push(query);
                }
            }
            InstrumentationEvent::CacheQuery { sql, .. } => sent.cached.push(sql.to_owned()),
            InstrumentationEvent::BeginTransaction { .. } => sent.transactions += 1,
            _ => {}
        }
    });
    let result = work(conn);
    conn.watch(|_: InstrumentationEvent<'_>| {});
    let sent = sent.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (result, sent)
}
