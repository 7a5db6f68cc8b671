//! How many statements each request sends: logged, and in the header
//! `x-statements`.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use diesel::connection::InstrumentationEvent;
use diesel_async::AsyncConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

tokio::task_local! {
    /// The statements of the request that this task answers.
    static SENT: Arc<AtomicUsize>;
}

/// Counts the statements of this connection for the request.
pub fn count(conn: &mut impl AsyncConnection) {
    let Ok(sent) = SENT.try_with(Arc::clone) else {
        return;
    };
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let control = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];
            let query = query.to_string();
            if !control.iter().any(|word| query.starts_with(word)) {
                sent.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
}

/// Answers a request, and says how many statements it took.
pub async fn trace(request: Request, next: Next) -> Response {
    let line = format!("{} {}", request.method(), request.uri());
    let sent = Arc::new(AtomicUsize::new(0));
    let mut response = SENT.scope(Arc::clone(&sent), next.run(request)).await;
    let statements = sent.load(Ordering::Relaxed);
    let status = response.status().as_u16();
    tracing::info!(statements, status, "{line}");
    response
        .headers_mut()
        .insert("x-statements", HeaderValue::from(statements));
    response
}
