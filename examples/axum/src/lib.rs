//! People with their licenses, birthplaces and liked toots, over HTTP.
//!
//! | request | statements |
//! |---|---|
//! | `GET /` | a page with the people, and a diagram of the tables |
//! | `GET /people?after=0` | the next twenty people: six statements |
//! | `GET /people/1` | one of them |
//! | `POST /people` | a new person with a license and likes, in one transaction |
//! | `PUT /people/1/likes/2` | likes a toot, once however often it is sent: two statements |
//! | `DELETE /people/1/likes/2` | likes it no more |

pub mod database;
mod error;
pub mod models;
mod page;
pub mod schema;
pub mod statements;

pub use crate::database::Database;
use crate::error::Error;
use crate::models::{NewPerson, Person, Profile};
use crate::schema::{driving_licenses, people};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::{get, put};
use axum::{Json, Router};
use diesel::prelude::{ExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use orm_core::prelude::*;
use serde::Deserialize;

/// What every handler needs.
#[derive(Clone)]
pub struct Service {
    /// The connections.
    pub database: Database,
}

/// How many people are shown at once.
const PAGE: i64 = 20;

/// Every route.
pub fn router(database: Database) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/people", get(list).post(create))
        .route("/people/{id}", get(show))
        .route("/people/{id}/likes/{toot}", put(like).delete(unlike))
        .layer(axum::middleware::from_fn(statements::trace))
        .with_state(Service { database })
}

/// Where a page of people begins.
#[derive(Debug, Default, Deserialize)]
struct After {
    /// The key of the last person of the page before.
    #[serde(default)]
    after: i32,
}

async fn profiles(service: &Service, after: i32) -> Result<Vec<Profile>, Error> {
    let page = people::table
        .filter(people::id.gt(after))
        .order(people::id)
        .limit(PAGE);
    Ok(on!(service, |conn| page.load_as::<Profile>(conn).await?))
}

async fn index(
    State(service): State<Service>,
    Query(page): Query<After>,
) -> Result<Html<String>, Error> {
    let people = profiles(&service, page.after).await?;
    Ok(Html(page::html(&people)))
}

async fn list(
    State(service): State<Service>,
    Query(page): Query<After>,
) -> Result<Json<Vec<Profile>>, Error> {
    Ok(Json(profiles(&service, page.after).await?))
}

async fn show(State(service): State<Service>, Path(id): Path<i32>) -> Result<Json<Profile>, Error> {
    let one = people::table.find(id);
    let profile = on!(service, |conn| one.load_one_as::<Profile>(conn).await?);
    Ok(Json(profile))
}

async fn create(
    State(service): State<Service>,
    Json(new): Json<NewPerson>,
) -> Result<(StatusCode, Json<Person>), Error> {
    let person = (
        people::name.eq(new.name),
        people::birthplace_id.eq(new.birthplace_id),
    );
    let likes = Person::LIKED_TOOTS.link(new.likes);
    let created = if let Some(number) = new.license {
        let license = Person::DRIVING_LICENSE.new_row(driving_licenses::number.eq(number));
        let tree = Person::new_tree(person, (likes, license));
        on!(service, |conn| tree.create(conn).await?).0
    } else {
        let tree = Person::new_tree(person, likes);
        on!(service, |conn| tree.create(conn).await?).0
    };
    Ok((StatusCode::CREATED, Json(created)))
}

async fn like(
    State(service): State<Service>,
    Path((id, toot)): Path<(i32, i32)>,
) -> Result<StatusCode, Error> {
    on!(service, |conn| {
        let person = people::table.find(id).select(Person::as_select());
        let person: Person = person.first(conn).await?;
        person.add_liked_toot(toot, conn).await?;
    });
    Ok(StatusCode::NO_CONTENT)
}

async fn unlike(
    State(service): State<Service>,
    Path((id, toot)): Path<(i32, i32)>,
) -> Result<StatusCode, Error> {
    on!(service, |conn| {
        let person = people::table.find(id).select(Person::as_select());
        let person: Person = person.first(conn).await?;
        person.remove_liked_toot(toot, conn).await?;
    });
    Ok(StatusCode::NO_CONTENT)
}
