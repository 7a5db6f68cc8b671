//! Toasty on SQLite, with its includes.

use peers_common::{PERSONS, Peer, Result, Sum, pages, persons, serve, toots_for};
use toasty::{Db, Deferred};

#[derive(Debug, toasty::Model)]
#[table = "cities"]
struct City {
    #[key]
    id: i32,
    name: String,
    #[has_many]
    people: Deferred<Vec<Person>>,
}

#[derive(Debug, toasty::Model)]
#[table = "people"]
struct Person {
    #[key]
    id: i32,
    name: String,
    #[index]
    city_id: i32,
    #[belongs_to(key = city_id, references = id)]
    city: Deferred<City>,
    #[has_one]
    license: Deferred<Option<License>>,
    #[has_many]
    toots: Deferred<Vec<Toot>>,
    #[has_many]
    likes: Deferred<Vec<Like>>,
    #[has_many(via = likes.toot)]
    liked_toots: Deferred<Vec<Toot>>,
}

#[derive(Debug, toasty::Model)]
#[table = "licenses"]
struct License {
    #[key]
    id: i32,
    number: String,
    #[unique]
    person_id: i32,
    #[belongs_to(key = person_id, references = id)]
    person: Deferred<Person>,
}

#[derive(Debug, toasty::Model)]
#[table = "toots"]
struct Toot {
    #[key]
    id: i32,
    body: String,
    #[index]
    person_id: i32,
    #[belongs_to(key = person_id, references = id)]
    person: Deferred<Person>,
    #[has_many]
    likes: Deferred<Vec<Like>>,
    #[has_many(via = likes.person)]
    likers: Deferred<Vec<Person>>,
}

#[derive(Debug, toasty::Model)]
#[table = "likes"]
#[key(person_id, toot_id)]
struct Like {
    #[index]
    person_id: i32,
    #[belongs_to(key = person_id, references = id)]
    person: Deferred<Person>,
    #[index]
    toot_id: i32,
    #[belongs_to(key = toot_id, references = id)]
    toot: Deferred<Toot>,
}

fn wide_sum(sum: &mut Sum, people: &[Person]) {
    for person in people {
        sum.text(&person.name);
        sum.text(&person.city.get().name);
        if let Some(license) = person.license.get() {
            sum.text(&license.number);
        }
        let toots = person.toots.get().iter().chain(person.liked_toots.get());
        toots.for_each(|toot| sum.text(&toot.body));
    }
}

/// A query of people with all four.
macro_rules! wide {
    ($query:expr) => {
        $query
            .order_by(Person::fields().id().asc())
            .include(Person::fields().city())
            .include(Person::fields().license())
            .include(Person::fields().toots())
            .include(Person::fields().liked_toots())
    };
}

struct Toasty {
    people: i32,
    persons: Vec<Person>,
    db: Db,
    runtime: tokio::runtime::Runtime,
}

impl Peer for Toasty {
    fn lazy(&mut self) -> Result<Option<Sum>> {
        let (db, persons) = (&mut self.db, &self.persons);
        self.runtime.block_on(async {
            let mut sum = Sum::default();
            for person in persons {
                if let Some(license) = person.license().exec(db).await? {
                    sum.text(&license.number);
                }
                sum.text(&person.city().exec(db).await?.name);
                for toot in person.toots().exec(db).await? {
                    sum.text(&toot.body);
                }
            }
            Ok(Some(sum))
        })
    }

    fn wide(&mut self) -> Result<Option<Sum>> {
        let db = &mut self.db;
        self.runtime.block_on(async {
            let people = wide!(Person::all()).exec(db).await?;
            let mut sum = Sum::default();
            wide_sum(&mut sum, &people);
            Ok(Some(sum))
        })
    }

    fn deep(&mut self) -> Result<Option<Sum>> {
        let db = &mut self.db;
        self.runtime.block_on(async {
            let cities = City::all()
                .order_by(City::fields().id().asc())
                .include(City::fields().people().toots().likers())
                .exec(db)
                .await?;
            let mut sum = Sum::default();
            for city in &cities {
                sum.text(&city.name);
                for person in city.people.get() {
                    sum.text(&person.name);
                    for toot in person.toots.get() {
                        sum.text(&toot.body);
                        toot.likers.get().iter().for_each(|liker| sum.text(&liker.name));
                    }
                }
            }
            Ok(Some(sum))
        })
    }

    fn half(&mut self) -> Result<Option<Sum>> {
        let (db, half) = (&mut self.db, self.people / 2);
        self.runtime.block_on(async {
            let people = Person::filter(Person::fields().id().gt(half));
            let people = wide!(people).exec(db).await?;
            let mut sum = Sum::default();
            wide_sum(&mut sum, &people);
            Ok(Some(sum))
        })
    }

    fn page(&mut self) -> Result<Option<Sum>> {
        let db = &mut self.db;
        self.runtime.block_on(async {
            let mut sum = Sum::default();
            for after in pages() {
                let people = Person::filter(Person::fields().id().gt(after));
                let people = wide!(people).limit(20).exec(db).await?;
                wide_sum(&mut sum, &people);
            }
            Ok(Some(sum))
        })
    }

    /// There is no limit for each parent: all are loaded, and cut.
    fn top(&mut self) -> Result<Option<Sum>> {
        let db = &mut self.db;
        self.runtime.block_on(async {
            let people = Person::filter(Person::fields().id().le(PERSONS))
                .order_by(Person::fields().id().asc())
                .include(Person::fields().toots())
                .exec(db)
                .await?;
            let mut sum = Sum::default();
            for person in &people {
                let mut keys: Vec<_> = person.toots.get().iter().map(|toot| toot.id).collect();
                keys.sort_unstable_by(|a, b| b.cmp(a));
                keys.into_iter().take(3).for_each(|key| sum.number(key.into()));
            }
            Ok(Some(sum))
        })
    }

    fn links(&mut self) -> Result<Option<Sum>> {
        let db = &mut self.db;
        self.runtime.block_on(async {
            let mut sum = Sum::default();
            let mut transaction = db.transaction().await?;
            for person in 1..=PERSONS {
                let toots = toots_for(person);
                for &toot in &toots {
                    Like::upsert_by_person_id_and_toot_id(person, toot)
                        .or_ignore()
                        .exec(&mut transaction)
                        .await?;
                }
                let of_person = || Like::filter(Like::fields().person_id().eq(person));
                let among = Like::fields().toot_id().in_list(toots.clone());
                let linked = of_person().filter(among).count().exec(&mut transaction).await?;
                assert_eq!(linked, 10);
                let count = of_person().count().exec(&mut transaction).await?;
                let among = Like::fields().toot_id().in_list(toots[..5].to_vec());
                of_person().filter(among).delete().exec(&mut transaction).await?;
                sum.number(i64::try_from(count)?);
                sum.number(5);
            }
            transaction.rollback().await?;
            Ok(Some(sum))
        })
    }
}

async fn connect(file: &str) -> Result<(Db, i32, Vec<Person>)> {
    let mut db = Db::builder()
        .models(toasty::models!(City, Person, License, Toot, Like))
        .max_pool_size(1)
        .connect(&format!("sqlite:{file}"))
        .await?;
    let people = i32::try_from(Person::all().count().exec(&mut db).await?)?;
    let mut in_hand = Vec::new();
    for key in persons(people) {
        in_hand.push(Person::get_by_id(&mut db, &key).await?);
    }
    Ok((db, people, in_hand))
}

fn main() -> Result<()> {
    let file = std::env::args().nth(1).ok_or("the database is missing")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (db, people, persons) = runtime.block_on(connect(&file))?;
    serve(Toasty { people, persons, db, runtime })
}
