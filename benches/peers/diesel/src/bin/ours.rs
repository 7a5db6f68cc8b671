//! Associations.

use diesel::prelude::*;
use orm_core::prelude::*;
use peer_diesel::*;
use peers_common::{PERSONS, Peer, Result, Sum, pages, persons, serve, toots_for};

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = cities)]
#[has_many(Person)]
struct City {
    id: i32,
    name: String,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = people)]
#[belongs_to(City)]
#[has_one(License)]
#[has_many(Toot)]
#[belongs_to_many(Toot, name = liked_toots, through = likes)]
struct Person {
    id: i32,
    name: String,
    city_id: i32,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = licenses)]
#[allow(dead_code, reason = "a row has all of its columns")]
struct License {
    id: i32,
    number: String,
    person_id: i32,
}

#[derive(Model, Queryable, Selectable, Clone)]
#[diesel(table_name = toots)]
#[belongs_to_many(Person, name = likers, through = likes)]
#[allow(dead_code, reason = "a row has all of its columns")]
struct Toot {
    id: i32,
    body: String,
    person_id: i32,
}

type Wide = (Person, Option<License>, City, Vec<Toot>, Vec<Toot>);

fn wide_sum(sum: &mut Sum, rows: &[Wide]) {
    for (person, license, city, toots, liked) in rows {
        sum.text(&person.name);
        sum.text(&city.name);
        if let Some(license) = license {
            sum.text(&license.number);
        }
        toots.iter().chain(liked).for_each(|toot| sum.text(&toot.body));
    }
}

struct Associations {
    conn: Conn,
    people: i32,
    persons: Vec<Person>,
}

/// The tree of the wide loads.
macro_rules! wide {
    () => {
        (Person::LICENSE, Person::CITY, Person::TOOTS, Person::LIKED_TOOTS)
    };
}

impl Peer for Associations {
    fn lazy(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let mut sum = Sum::default();
        for person in &self.persons {
            if let Some(license) = person.license(conn)? {
                sum.text(&license.number);
            }
            sum.text(&person.city(conn)?.name);
            for toot in person.toots(conn)? {
                sum.text(&toot.body);
            }
        }
        Ok(Some(sum))
    }

    fn wide(&mut self) -> Result<Option<Sum>> {
        let mut sum = Sum::default();
        let rows = people::table.order(people::id).include(wide!()).load(&mut self.conn)?;
        wide_sum(&mut sum, &rows);
        Ok(Some(sum))
    }

    fn deep(&mut self) -> Result<Option<Sum>> {
        let tree = City::PEOPLE.include(Person::TOOTS.include(Toot::LIKERS));
        let rows = cities::table.order(cities::id).include(tree).load(&mut self.conn)?;
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
        Ok(Some(sum))
    }

    fn half(&mut self) -> Result<Option<Sum>> {
        let mut sum = Sum::default();
        let people = people::table.filter(people::id.gt(self.people / 2)).order(people::id);
        let rows = people.include(wide!()).load(&mut self.conn)?;
        wide_sum(&mut sum, &rows);
        Ok(Some(sum))
    }

    fn page(&mut self) -> Result<Option<Sum>> {
        let mut sum = Sum::default();
        for after in pages() {
            let people = people::table.filter(people::id.gt(after)).order(people::id).limit(20);
            wide_sum(&mut sum, &people.include(wide!()).load(&mut self.conn)?);
        }
        Ok(Some(sum))
    }

    fn top(&mut self) -> Result<Option<Sum>> {
        let rows = people::table
            .filter(people::id.le(PERSONS))
            .order(people::id)
            .include(Person::TOOTS.order(toots::id.desc()).limit(3))
            .load(&mut self.conn)?;
        let mut sum = Sum::default();
        for (_, toots) in &rows {
            toots.iter().for_each(|toot| sum.number(toot.id.into()));
        }
        Ok(Some(sum))
    }

    fn links(&mut self) -> Result<Option<Sum>> {
        undone(&mut self.conn, |conn| {
            let mut sum = Sum::default();
            for id in 1..=PERSONS {
                let person = Person { id, name: String::new(), city_id: 1 };
                let toots = toots_for(id);
                person.add_liked_toots(&toots, conn)?;
                assert!(person.has_liked_toots(&toots, conn)?);
                sum.number(person.count_liked_toots(conn)?);
                let removed = person.remove_liked_toots(&toots[..5], conn)?;
                sum.number(i64::try_from(removed).unwrap_or_default());
            }
            Ok(sum)
        })
    }
}

fn main() -> Result<()> {
    let mut conn = connect()?;
    let people = count_people(&mut conn)?;
    let by_key = |key: i32| people::table.find(key).select(Person::as_select());
    let persons = persons(people)
        .map(|key| by_key(key).get_result(&mut conn))
        .collect::<QueryResult<_>>()?;
    serve(Associations { conn, people, persons })
}
