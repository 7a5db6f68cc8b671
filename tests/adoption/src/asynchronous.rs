//! What the service asks of PostgreSQL, through shared connections.

use crate::models::{
    ApiToken, Comment, Crate, Keyword, NewVersion, PublicUser, User, Version, VersionDownload,
};
use crate::schema::*;
use chrono::NaiveDate;
use diesel::pg::upsert::excluded;
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

pub async fn find_crate(name: &str, mut conn: &AsyncPgConnection) -> QueryResult<Crate> {
    Crate::query()
        .filter(crates::name.eq(name))
        .first(&mut conn)
        .await
}

pub async fn versions_of(krate: &Crate, mut conn: &AsyncPgConnection) -> QueryResult<Vec<Version>> {
    Version::belonging_to(krate)
        .select(Version::as_select())
        .order(versions::id.desc())
        .load(&mut conn)
        .await
}

pub async fn keywords_of(krate: &Crate, mut conn: &AsyncPgConnection) -> QueryResult<Vec<Keyword>> {
    keywords::table
        .inner_join(crates_keywords::table)
        .filter(crates_keywords::crate_id.eq(krate.id))
        .select(Keyword::as_select())
        .load(&mut conn)
        .await
}

pub async fn public_user(login: &str, mut conn: &AsyncPgConnection) -> QueryResult<PublicUser> {
    PublicUser::query()
        .filter(users::gh_login.eq(login))
        .first(&mut conn)
        .await
}

/// Two statements that are in flight together.
pub async fn dashboard(
    user: &User,
    conn: &AsyncPgConnection,
) -> QueryResult<(Vec<ApiToken>, Vec<Comment>)> {
    let tokens = async {
        let mut conn = conn;
        ApiToken::belonging_to(user)
            .select(ApiToken::as_select())
            .load(&mut conn)
            .await
    };
    let comments = async {
        let mut conn = conn;
        Comment::belonging_to(user)
            .select(Comment::as_select())
            .load(&mut conn)
            .await
    };
    let (tokens, comments) = (tokens.await?, comments.await?);
    Ok((tokens, comments))
}

pub async fn bump_downloads(
    version_id: i32,
    date: NaiveDate,
    mut conn: &AsyncPgConnection,
) -> QueryResult<usize> {
    diesel::insert_into(version_downloads::table)
        .values(VersionDownload {
            version_id,
            count: 1,
            date,
        })
        .on_conflict((version_downloads::version_id, version_downloads::date))
        .do_update()
        .set(version_downloads::downloads.eq(excluded(version_downloads::downloads)))
        .execute(&mut conn)
        .await
}

/// What takes a transaction takes the connection for itself.
pub async fn publish(new: &NewVersion<'_>, conn: &mut AsyncPgConnection) -> QueryResult<Version> {
    conn.transaction(async |conn| {
        let version = diesel::insert_into(versions::table)
            .values(new)
            .returning(Version::as_returning())
            .get_result(conn)
            .await?;
        diesel::insert_into(default_versions::table)
            .values((
                default_versions::crate_id.eq(version.crate_id),
                default_versions::version_id.eq(version.id),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        Ok(version)
    })
    .await
}
