//! Diesel by hand and tuned: one row without `LIMIT`, one statement for each level with
//! distinct keys, a junction in two, hash maps.

use diesel::prelude::*;
use peer_diesel::*;
use peers_common::{PERSONS, Peer, Result, Sum, pages, persons, serve, toots_for};
use std::collections::{HashMap, HashSet};

#[derive(Queryable, Selectable, Clone)]
#[diesel(table_name = cities)]
struct City {
    id: i32,
    name: String,
}

#[derive(Queryable, Selectable, Clone)]
#[diesel(table_name = people)]
struct Person {
    id: i32,
    name: String,
    city_id: i32,
}

#[derive(Queryable, Selectable, Clone)]
#[diesel(table_name = licenses)]
#[allow(dead_code, reason = "a row has all of its columns")]
struct License {
    id: i32,
    number: String,
    person_id: i32,
}

#[derive(Queryable, QueryableByName, Selectable, Clone)]
#[diesel(table_name = toots)]
struct Toot {
    id: i32,
    body: String,
    person_id: i32,
}

type Wide = (Person, Option<License>, City, Vec<Toot>, Vec<Toot>);

struct Tuned {
    conn: Conn,
    people: i32,
    persons: Vec<Person>,
}

fn distinct(keys: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut seen = HashSet::new();
    keys.filter(|&key| seen.insert(key)).collect()
}

fn toots_of(people: &[Person], conn: &mut Conn) -> QueryResult<HashMap<i32, Vec<Toot>>> {
    let keys: Vec<_> = people.iter().map(|person| person.id).collect();
    let rows: Vec<Toot> = toots::table
        .filter(toots::person_id.eq_any(&keys))
        .order(toots::id)
        .select(Toot::as_select())
        .load(conn)?;
    let mut of: HashMap<i32, Vec<Toot>> = HashMap::with_capacity(keys.len());
    for toot in rows {
        of.entry(toot.person_id).or_default().push(toot);
    }
    Ok(of)
}

fn wide_of(people: Vec<Person>, conn: &mut Conn) -> QueryResult<Vec<Wide>> {
    let keys: Vec<_> = people.iter().map(|person| person.id).collect();
    let mut license_of: HashMap<i32, License> = licenses::table
        .filter(licenses::person_id.eq_any(&keys))
        .select(License::as_select())
        .load(conn)?
        .into_iter()
        .map(|license| (license.person_id, license))
        .collect();
    let city_of: HashMap<i32, City> = cities::table
        .filter(cities::id.eq_any(distinct(people.iter().map(|person| person.city_id))))
        .select(City::as_select())
        .load(conn)?
        .into_iter()
        .map(|city| (city.id, city))
        .collect();
    let mut toots_of = toots_of(&people, conn)?;
    let pairs: Vec<(i32, i32)> = likes::table
        .filter(likes::person_id.eq_any(&keys))
        .order((likes::person_id, likes::toot_id))
        .select((likes::person_id, likes::toot_id))
        .load(conn)?;
    let liked_toot: HashMap<i32, Toot> = toots::table
        .filter(toots::id.eq_any(distinct(pairs.iter().map(|&(_, toot)| toot))))
        .select(Toot::as_select())
        .load(conn)?
        .into_iter()
        .map(|toot| (toot.id, toot))
        .collect();
    let mut liked_of: HashMap<i32, Vec<Toot>> = HashMap::with_capacity(keys.len());
    for (person, toot) in pairs {
        liked_of.entry(person).or_default().push(liked_toot[&toot].clone());
    }
    Ok(people
        .into_iter()
        .map(|person| {
            let license = license_of.remove(&person.id);
            let city = city_of[&person.city_id].clone();
            let toots = toots_of.remove(&person.id).unwrap_or_default();
            let liked = liked_of.remove(&person.id).unwrap_or_default();
            (person, license, city, toots, liked)
        })
        .collect())
}

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

impl Peer for Tuned {
    fn lazy(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let mut sum = Sum::default();
        for person in &self.persons {
            let license = licenses::table
                .filter(licenses::person_id.eq(person.id))
                .select(License::as_select())
                .get_result(conn)
                .optional()?;
            if let Some(license) = license {
                sum.text(&license.number);
            }
            let city = cities::table
                .filter(cities::id.eq(person.city_id))
                .select(City::as_select())
                .get_result(conn)?;
            sum.text(&city.name);
            let toots = toots::table
                .filter(toots::person_id.eq(person.id))
                .order(toots::id)
                .select(Toot::as_select())
                .load(conn)?;
            toots.iter().for_each(|toot| sum.text(&toot.body));
        }
        Ok(Some(sum))
    }

    fn wide(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let people =
            people::table.order(people::id).select(Person::as_select()).load(conn)?;
        let mut sum = Sum::default();
        wide_sum(&mut sum, &wide_of(people, conn)?);
        Ok(Some(sum))
    }

    fn deep(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let cities: Vec<City> =
            cities::table.order(cities::id).select(City::as_select()).load(conn)?;
        let people: Vec<Person> = people::table
            .filter(people::city_id.eq_any(cities.iter().map(|city| city.id)))
            .order(people::id)
            .select(Person::as_select())
            .load(conn)?;
        let mut toots_of = toots_of(&people, conn)?;
        let toot_keys: Vec<_> = toots_of.values().flatten().map(|toot| toot.id).collect();
        let pairs: Vec<(i32, i32)> = likes::table
            .filter(likes::toot_id.eq_any(toot_keys))
            .order((likes::toot_id, likes::person_id))
            .select((likes::toot_id, likes::person_id))
            .load(conn)?;
        let liker: HashMap<i32, Person> = people::table
            .filter(people::id.eq_any(distinct(pairs.iter().map(|&(_, person)| person))))
            .select(Person::as_select())
            .load(conn)?
            .into_iter()
            .map(|person| (person.id, person))
            .collect();
        let mut likers_of: HashMap<i32, Vec<Person>> = HashMap::new();
        for (toot, person) in pairs {
            likers_of.entry(toot).or_default().push(liker[&person].clone());
        }
        let mut people_of: HashMap<i32, Vec<(Person, Vec<(Toot, Vec<Person>)>)>> = HashMap::new();
        for person in people {
            let toots = toots_of.remove(&person.id).unwrap_or_default();
            let toots = toots
                .into_iter()
                .map(|toot| {
                    let likers = likers_of.remove(&toot.id).unwrap_or_default();
                    (toot, likers)
                })
                .collect();
            people_of.entry(person.city_id).or_default().push((person, toots));
        }
        let rows: Vec<_> = cities
            .into_iter()
            .map(|city| {
                let people = people_of.remove(&city.id).unwrap_or_default();
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
        Ok(Some(sum))
    }

    fn half(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let people = people::table
            .filter(people::id.gt(self.people / 2))
            .order(people::id)
            .select(Person::as_select())
            .load(conn)?;
        let mut sum = Sum::default();
        wide_sum(&mut sum, &wide_of(people, conn)?);
        Ok(Some(sum))
    }

    fn page(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let mut sum = Sum::default();
        for after in pages() {
            let people = people::table
                .filter(people::id.gt(after))
                .order(people::id)
                .limit(20)
                .select(Person::as_select())
                .load(conn)?;
            wide_sum(&mut sum, &wide_of(people, conn)?);
        }
        Ok(Some(sum))
    }

    fn top(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let people: Vec<Person> = people::table
            .filter(people::id.le(PERSONS))
            .order(people::id)
            .select(Person::as_select())
            .load(conn)?;
        let keys: Vec<_> = people.iter().map(|person| person.id.to_string()).collect();
        let latest: Vec<Toot> = diesel::sql_query(format!(
            "SELECT id, body, person_id FROM (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY id DESC) AS place
                FROM toots WHERE person_id IN ({})) AS ranked
             WHERE place <= 3 ORDER BY id DESC",
            keys.join(", ")
        ))
        .load(conn)?;
        let mut of: HashMap<i32, Vec<Toot>> = HashMap::new();
        for toot in latest {
            of.entry(toot.person_id).or_default().push(toot);
        }
        let rows: Vec<_> = people
            .into_iter()
            .map(|person| {
                let toots = of.remove(&person.id).unwrap_or_default();
                (person, toots)
            })
            .collect();
        let mut sum = Sum::default();
        for (_, toots) in &rows {
            toots.iter().for_each(|toot| sum.number(toot.id.into()));
        }
        Ok(Some(sum))
    }

    fn links(&mut self) -> Result<Option<Sum>> {
        undone(&mut self.conn, |conn| {
            let mut sum = Sum::default();
            for person in 1..=PERSONS {
                let toots = toots_for(person);
                let rows: Vec<_> = toots
                    .iter()
                    .map(|toot| (likes::person_id.eq(person), likes::toot_id.eq(toot)))
                    .collect();
                diesel::insert_into(likes::table)
                    .values(rows)
                    .on_conflict_do_nothing()
                    .execute(conn)?;
                let linked: i64 = likes::table
                    .filter(likes::person_id.eq(person))
                    .filter(likes::toot_id.eq_any(&toots))
                    .count()
                    .get_result(conn)?;
                assert_eq!(linked, 10);
                let count: i64 =
                    likes::table.filter(likes::person_id.eq(person)).count().get_result(conn)?;
                let removed = likes::table
                    .filter(likes::person_id.eq(person))
                    .filter(likes::toot_id.eq_any(&toots[..5]));
                sum.number(count);
                let removed = diesel::delete(removed).execute(conn)?;
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
    serve(Tuned { conn, people, persons })
}
