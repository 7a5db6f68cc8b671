//! Types of the database and the enums that hold them.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Integer, Text};
use diesel::sqlite::{Sqlite, SqliteValue};
use std::io::Write;

/// An enum of PostgreSQL, a text of SQLite.
#[derive(Debug, Clone, Copy, diesel::QueryId, diesel::SqlType)]
#[diesel(postgres_type(name = "version_state"), sqlite_type(name = "Text"))]
pub struct VersionStateSql;

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, diesel::AsExpression, diesel::FromSqlRow)]
#[diesel(sql_type = VersionStateSql)]
pub enum VersionState {
    Uploaded,
    Published,
    Quarantined,
}

impl VersionState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Published => "published",
            Self::Quarantined => "quarantined",
        }
    }

    fn parse(state: &str) -> deserialize::Result<Self> {
        match state {
            "uploaded" => Ok(Self::Uploaded),
            "published" => Ok(Self::Published),
            "quarantined" => Ok(Self::Quarantined),
            other => Err(format!("`{other}` is no state of a version").into()),
        }
    }
}

impl ToSql<VersionStateSql, Pg> for VersionState {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.as_str().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<VersionStateSql, Pg> for VersionState {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Self::parse(std::str::from_utf8(value.as_bytes())?)
    }
}

impl ToSql<VersionStateSql, Sqlite> for VersionState {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.as_str());
        Ok(IsNull::No)
    }
}

impl FromSql<VersionStateSql, Sqlite> for VersionState {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Self::parse(&<String as FromSql<Text, Sqlite>>::from_sql(value)?)
    }
}

/// Who owns a crate: a part of the primary key of `crate_owners`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, diesel::AsExpression, diesel::FromSqlRow)]
#[diesel(sql_type = Integer)]
#[repr(i32)]
pub enum OwnerKind {
    User = 0,
    Team = 1,
}

impl<DB> ToSql<Integer, DB> for OwnerKind
where
    DB: Backend,
    i32: ToSql<Integer, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        match self {
            Self::User => 0.to_sql(out),
            Self::Team => 1.to_sql(out),
        }
    }
}

impl<DB> FromSql<Integer, DB> for OwnerKind
where
    DB: Backend,
    i32: FromSql<Integer, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        match i32::from_sql(value)? {
            0 => Ok(Self::User),
            1 => Ok(Self::Team),
            other => Err(format!("{other} is no kind of owner").into()),
        }
    }
}

/// What a dependency is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, diesel::AsExpression, diesel::FromSqlRow)]
#[diesel(sql_type = Integer)]
pub enum DependencyKind {
    Normal,
    Build,
    Dev,
}

impl<DB> ToSql<Integer, DB> for DependencyKind
where
    DB: Backend,
    i32: ToSql<Integer, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        match self {
            Self::Normal => 0.to_sql(out),
            Self::Build => 1.to_sql(out),
            Self::Dev => 2.to_sql(out),
        }
    }
}

impl<DB> FromSql<Integer, DB> for DependencyKind
where
    DB: Backend,
    i32: FromSql<Integer, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        match i32::from_sql(value)? {
            0 => Ok(Self::Normal),
            1 => Ok(Self::Build),
            2 => Ok(Self::Dev),
            other => Err(format!("{other} is no kind of dependency").into()),
        }
    }
}
