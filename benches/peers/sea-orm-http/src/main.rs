//! The page of people of `examples/axum`, written with SeaORM: `sea-orm-http URL PORT`.

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectOptions, Database, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

mod people {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "people")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub name: String,
        pub birthplace_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::cities::Entity",
            from = "Column::BirthplaceId",
            to = "super::cities::Column::Id"
        )]
        Birthplace,
        #[sea_orm(has_one = "super::driving_licenses::Entity")]
        License,
    }
    impl Related<super::cities::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Birthplace.def()
        }
    }
    impl Related<super::driving_licenses::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::License.def()
        }
    }
    impl Related<super::toots::Entity> for Entity {
        fn to() -> RelationDef {
            super::liked_toots::Relation::Toot.def()
        }
        fn via() -> Option<RelationDef> {
            Some(super::liked_toots::Relation::Person.def().rev())
        }
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod cities {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cities")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub name: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod driving_licenses {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "driving_licenses")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub number: String,
        pub owner_id: Option<i32>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::people::Entity",
            from = "Column::OwnerId",
            to = "super::people::Column::Id"
        )]
        Owner,
    }
    impl Related<super::people::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Owner.def()
        }
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod toots {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "toots")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub body: String,
        pub author_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::people::Entity",
            from = "Column::AuthorId",
            to = "super::people::Column::Id"
        )]
        Author,
    }
    impl Related<super::people::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Author.def()
        }
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod liked_toots {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "liked_toots")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub toot_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::people::Entity",
            from = "Column::PersonId",
            to = "super::people::Column::Id"
        )]
        Person,
        #[sea_orm(
            belongs_to = "super::toots::Entity",
            from = "Column::TootId",
            to = "super::toots::Column::Id"
        )]
        Toot,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Serialize)]
struct Named {
    id: i32,
    name: String,
}

#[derive(Serialize)]
struct License {
    id: i32,
    number: String,
}

#[derive(Serialize)]
struct LikedToot {
    id: i32,
    body: String,
    author: Named,
}

#[derive(Serialize)]
struct Profile {
    id: i32,
    name: String,
    driving_license: Option<License>,
    birthplace: Named,
    liked_toots: Vec<LikedToot>,
}

#[derive(Deserialize)]
struct After {
    after: i32,
}

async fn list(
    State(db): State<DatabaseConnection>,
    Query(page): Query<After>,
) -> Json<Vec<Profile>> {
    let people = people::Entity::find()
        .filter(people::Column::Id.gt(page.after))
        .order_by_asc(people::Column::Id)
        .limit(20)
        .all(&db)
        .await
        .unwrap();
    let licenses = people.load_one(driving_licenses::Entity, &db).await.unwrap();
    let births = people.load_one(cities::Entity, &db).await.unwrap();
    let liked = people
        .load_many_to_many(
            toots::Entity::find().order_by_asc(toots::Column::Id),
            liked_toots::Entity,
            &db,
        )
        .await
        .unwrap();
    let all: Vec<toots::Model> = liked.iter().flatten().cloned().collect();
    let mut authors = all.load_one(people::Entity, &db).await.unwrap().into_iter();
    let rows = people.into_iter().zip(licenses).zip(births).zip(liked);
    let profiles = rows.map(|(((person, license), city), liked)| Profile {
        id: person.id,
        name: person.name,
        driving_license: license.map(|license| License {
            id: license.id,
            number: license.number,
        }),
        birthplace: city
            .map(|city| Named {
                id: city.id,
                name: city.name,
            })
            .unwrap(),
        liked_toots: liked
            .into_iter()
            .map(|toot| {
                let author = authors.next().flatten().unwrap();
                LikedToot {
                    id: toot.id,
                    body: toot.body,
                    author: Named {
                        id: author.id,
                        name: author.name,
                    },
                }
            })
            .collect(),
    });
    Json(profiles.collect())
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("a URL");
    let port: u16 = arguments.next().expect("a port").parse().expect("a number");
    let url = if url.starts_with("postgres") { url } else { format!("sqlite://{url}") };
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).max_connections(8);
    let db = Database::connect(options).await.expect("the database answers");
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
    let router = Router::new().route("/people", get(list)).with_state(db);
    axum::serve(listener, router).await.expect("it serves");
}
