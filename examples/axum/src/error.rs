//! What goes wrong, as HTTP says it.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_async::pooled_connection::deadpool::PoolError;

/// An error of the database or of the pool.
#[derive(Debug)]
pub(crate) enum Error {
    /// Of a call.
    Database(DieselError),
    /// Of the pool.
    Pool(PoolError),
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        Self::Database(error)
    }
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Self::Database(DieselError::NotFound) => {
                (StatusCode::NOT_FOUND, "there is no such row").into_response()
            }
            Self::Database(DieselError::DatabaseError(
                DatabaseErrorKind::ForeignKeyViolation,
                _,
            )) => (StatusCode::CONFLICT, "it refers to a row that is not there").into_response(),
            Self::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                (StatusCode::CONFLICT, "there is one already").into_response()
            }
            Self::Database(error) => broken(&error),
            Self::Pool(error) => broken(&error),
        }
    }
}

fn broken(error: &dyn std::error::Error) -> Response {
    tracing::error!("{error}");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
