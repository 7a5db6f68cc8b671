//! SeaORM 2 with its loader. `../sea-orm-sync` takes this program without `async`.

use peers_common::{PERSONS, PRAGMAS, Peer, Result, Sum, pages, persons, serve, toots_for};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseTransaction, LoaderTrait, QueryOrder,
    QuerySelect, Set, TransactionTrait,
};

mod city {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cities")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub name: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::person::Entity")]
        People,
    }
    impl Related<super::person::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::People.def()
        }
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod person {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "people")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub name: String,
        pub city_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::city::Entity",
            from = "Column::CityId",
            to = "super::city::Column::Id"
        )]
        City,
        #[sea_orm(has_one = "super::license::Entity")]
        License,
        #[sea_orm(has_many = "super::toot::Entity")]
        Toots,
    }
    impl Related<super::city::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::City.def()
        }
    }
    impl Related<super::license::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::License.def()
        }
    }
    impl Related<super::toot::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Toots.def()
        }
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// The table of people again: an entity is related to another in one way.
mod liker {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "people")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub name: String,
        pub city_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl Related<super::toot::Entity> for Entity {
        fn to() -> RelationDef {
            super::like::Relation::Toot.def()
        }
        fn via() -> Option<RelationDef> {
            Some(super::like::Relation::Person.def().rev())
        }
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod license {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "licenses")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub number: String,
        pub person_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::person::Entity",
            from = "Column::PersonId",
            to = "super::person::Column::Id"
        )]
        Person,
    }
    impl Related<super::person::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Person.def()
        }
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod toot {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "toots")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub body: String,
        pub person_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::person::Entity",
            from = "Column::PersonId",
            to = "super::person::Column::Id"
        )]
        Person,
    }
    impl Related<super::person::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Person.def()
        }
    }
    impl Related<super::liker::Entity> for Entity {
        fn to() -> RelationDef {
            super::like::Relation::Person.def()
        }
        fn via() -> Option<RelationDef> {
            Some(super::like::Relation::Toot.def().rev())
        }
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod like {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "likes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub toot_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::liker::Entity",
            from = "Column::PersonId",
            to = "super::liker::Column::Id"
        )]
        Person,
        #[sea_orm(
            belongs_to = "super::toot::Entity",
            from = "Column::TootId",
            to = "super::toot::Column::Id"
        )]
        Toot,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

type Wide = (
    person::Model,
    Option<license::Model>,
    Option<city::Model>,
    Vec<toot::Model>,
    Vec<toot::Model>,
);

async fn wide_of(people: Vec<person::Model>, db: &DatabaseTransaction) -> Result<Vec<Wide>> {
    let licenses = people.load_one(license::Entity, db).await?;
    let cities = people.load_one(city::Entity, db).await?;
    let by_key = || toot::Entity::find().order_by_asc(toot::Column::Id);
    let toots = people.load_many(by_key(), db).await?;
    let likers: Vec<liker::Model> = people
        .iter()
        .map(|person| liker::Model {
            id: person.id,
            name: person.name.clone(),
            city_id: person.city_id,
        })
        .collect();
    let liked = likers.load_many_to_many(by_key(), like::Entity, db).await?;
    Ok(people
        .into_iter()
        .zip(licenses)
        .zip(cities)
        .zip(toots)
        .zip(liked)
        .map(|((((person, license), city), toots), liked)| (person, license, city, toots, liked))
        .collect())
}

fn wide_sum(sum: &mut Sum, rows: &[Wide]) {
    for (person, license, city, toots, liked) in rows {
        sum.text(&person.name);
        if let Some(city) = city {
            sum.text(&city.name);
        }
        if let Some(license) = license {
            sum.text(&license.number);
        }
        toots.iter().chain(liked).for_each(|toot| sum.text(&toot.body));
    }
}

async fn lazy(persons: &[person::Model], db: &DatabaseTransaction) -> Result<Sum> {
    let mut sum = Sum::default();
    for person in persons {
        if let Some(license) = person.find_related(license::Entity).one(db).await? {
            sum.text(&license.number);
        }
        if let Some(city) = person.find_related(city::Entity).one(db).await? {
            sum.text(&city.name);
        }
        let toots = person.find_related(toot::Entity).order_by_asc(toot::Column::Id);
        for toot in toots.all(db).await? {
            sum.text(&toot.body);
        }
    }
    Ok(sum)
}

async fn wide(after: i32, db: &DatabaseTransaction) -> Result<Sum> {
    let people = person::Entity::find()
        .filter(person::Column::Id.gt(after))
        .order_by_asc(person::Column::Id)
        .all(db)
        .await?;
    let mut sum = Sum::default();
    wide_sum(&mut sum, &wide_of(people, db).await?);
    Ok(sum)
}

async fn deep(db: &DatabaseTransaction) -> Result<Sum> {
    let cities = city::Entity::find().order_by_asc(city::Column::Id).all(db).await?;
    let people = person::Entity::find().order_by_asc(person::Column::Id);
    let people = cities.load_many(people, db).await?;
    let flat: Vec<person::Model> = people.iter().flatten().cloned().collect();
    let toots = toot::Entity::find().order_by_asc(toot::Column::Id);
    let toots = flat.load_many(toots, db).await?;
    let flat: Vec<toot::Model> = toots.iter().flatten().cloned().collect();
    let likers = flat.load_many_to_many(liker::Entity, like::Entity, db).await?;
    let mut likers = likers.into_iter();
    let mut toots = toots.into_iter();
    let rows: Vec<_> = cities
        .into_iter()
        .zip(people)
        .map(|(city, people)| {
            let people: Vec<_> = people
                .into_iter()
                .map(|person| {
                    let toots = toots.next().unwrap_or_default().into_iter();
                    let toots: Vec<_> = toots
                        .map(|toot| (toot, likers.next().unwrap_or_default()))
                        .collect();
                    (person, toots)
                })
                .collect();
            (city, people)
        })
        .collect();
    let mut sum = Sum::default();
    for (city, people) in &rows {
        sum.text(&city.name);
        for (person, toots) in people {
            sum.text(&person.name);
            for (toot, likers) in toots {
                sum.text(&toot.body);
                likers.iter().for_each(|liker| sum.text(&liker.name));
            }
        }
    }
    Ok(sum)
}

async fn page(db: &DatabaseTransaction) -> Result<Sum> {
    let mut sum = Sum::default();
    for after in pages() {
        let people = person::Entity::find()
            .filter(person::Column::Id.gt(after))
            .order_by_asc(person::Column::Id)
            .limit(20)
            .all(db)
            .await?;
        wide_sum(&mut sum, &wide_of(people, db).await?);
    }
    Ok(sum)
}

/// There is no limit for each parent: all are loaded, and cut.
async fn top(db: &DatabaseTransaction) -> Result<Sum> {
    let people = person::Entity::find()
        .filter(person::Column::Id.lte(PERSONS))
        .order_by_asc(person::Column::Id)
        .all(db)
        .await?;
    let toots = people.load_many(toot::Entity::find().order_by_desc(toot::Column::Id), db).await?;
    let mut sum = Sum::default();
    for toots in &toots {
        toots.iter().take(3).for_each(|toot| sum.number(toot.id.into()));
    }
    Ok(sum)
}

async fn links(db: &DatabaseTransaction) -> Result<Sum> {
    let mut sum = Sum::default();
    for person in 1..=PERSONS {
        let toots = toots_for(person);
        let rows = toots
            .iter()
            .map(|&toot| like::ActiveModel { person_id: Set(person), toot_id: Set(toot) });
        let keys = [like::Column::PersonId, like::Column::TootId];
        like::Entity::insert_many(rows)
            .on_conflict(OnConflict::columns(keys).do_nothing_on(keys).to_owned())
            .exec_without_returning(db)
            .await?;
        let of_person = || like::Entity::find().filter(like::Column::PersonId.eq(person));
        let linked = of_person().filter(like::Column::TootId.is_in(toots.clone()));
        assert_eq!(linked.count(db).await?, 10);
        let count = of_person().count(db).await?;
        let removed = like::Entity::delete_many()
            .filter(like::Column::PersonId.eq(person))
            .filter(like::Column::TootId.is_in(toots[..5].to_vec()))
            .exec(db)
            .await?;
        sum.number(i64::try_from(count)?);
        sum.number(i64::try_from(removed.rows_affected)?);
    }
    Ok(sum)
}

struct SeaOrm {
    people: i32,
    persons: Vec<person::Model>,
    db: DatabaseConnection,
    runtime: Runtime,
}

/// Each workload is in one transaction, which is then undone: the pool would else lend
/// the connection anew for each statement.
macro_rules! in_transaction {
    ($self:ident, |$db:ident| $work:expr) => {
        $self.runtime.block_on(async {
            let transaction = $self.db.begin().await?;
            let $db = &transaction;
            let sum = $work.await?;
            transaction.rollback().await?;
            Ok(Some(sum))
        })
    };
}

impl Peer for SeaOrm {
    fn lazy(&mut self) -> Result<Option<Sum>> {
        in_transaction!(self, |db| lazy(&self.persons, db))
    }

    fn wide(&mut self) -> Result<Option<Sum>> {
        in_transaction!(self, |db| wide(0, db))
    }

    fn deep(&mut self) -> Result<Option<Sum>> {
        in_transaction!(self, |db| deep(db))
    }

    fn half(&mut self) -> Result<Option<Sum>> {
        in_transaction!(self, |db| wide(self.people / 2, db))
    }

    fn page(&mut self) -> Result<Option<Sum>> {
        in_transaction!(self, |db| page(db))
    }

    fn top(&mut self) -> Result<Option<Sum>> {
        in_transaction!(self, |db| top(db))
    }

    fn links(&mut self) -> Result<Option<Sum>> {
        in_transaction!(self, |db| links(db))
    }
}

async fn connect(url: &str) -> Result<(DatabaseConnection, i32, Vec<person::Model>)> {
    let is_file = !url.starts_with("postgres");
    let url = if is_file { format!("sqlite://{url}") } else { url.to_owned() };
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).min_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    if is_file {
        db.execute_unprepared(PRAGMAS).await?;
    }
    let people = i32::try_from(person::Entity::find().count(&db).await?)?;
    let mut in_hand = Vec::new();
    for key in persons(people) {
        in_hand.extend(person::Entity::find_by_id(key).one(&db).await?);
    }
    Ok((db, people, in_hand))
}

type Runtime = tokio::runtime::Runtime;

fn main() -> Result<()> {
    let url = std::env::args().nth(1).ok_or("the database is missing")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (db, people, persons) = runtime.block_on(connect(&url))?;
    serve(SeaOrm { people, persons, db, runtime })
}
