//! Eager loading by hand and by associations, on the connection `Conn` of the
//! module around this one: the same on every engine.

use super::Conn;
use diesel::prelude::*;
use orm_benches::*;
use orm_core::prelude::*;
use std::collections::{HashMap, HashSet};

pub(crate) type Wide = (Person, Option<License>, City, Vec<Toot>, Vec<Toot>);
type Deep = (City, Vec<(Person, Vec<(Toot, Vec<Person>)>)>);

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

pub(crate) fn wide_by_hand(people: Vec<Person>, conn: &mut Conn) -> QueryResult<Vec<Wide>> {
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
    let liked_toot = liked(&pairs, conn)?;
    let mut liked_of: HashMap<i32, Vec<Toot>> = HashMap::with_capacity(keys.len());
    for (person, toot) in pairs {
        liked_of
            .entry(person)
            .or_default()
            .push(liked_toot[&toot].clone());
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

fn liked(pairs: &[(i32, i32)], conn: &mut Conn) -> QueryResult<HashMap<i32, Toot>> {
    let keys = distinct(pairs.iter().map(|&(_, toot)| toot));
    let rows: Vec<Toot> = toots::table
        .filter(toots::id.eq_any(keys))
        .select(Toot::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|toot| (toot.id, toot)).collect())
}

fn deep_by_hand(conn: &mut Conn) -> QueryResult<Vec<Deep>> {
    let cities: Vec<City> = cities::table
        .order(cities::id)
        .select(City::as_select())
        .load(conn)?;
    let keys: Vec<_> = cities.iter().map(|city| city.id).collect();
    let people: Vec<Person> = people::table
        .filter(people::city_id.eq_any(keys))
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
    let likers: HashMap<i32, Person> = people::table
        .filter(people::id.eq_any(distinct(pairs.iter().map(|&(_, person)| person))))
        .select(Person::as_select())
        .load(conn)?
        .into_iter()
        .map(|person| (person.id, person))
        .collect();
    let mut likers_of: HashMap<i32, Vec<Person>> = HashMap::new();
    for (toot, person) in pairs {
        likers_of
            .entry(toot)
            .or_default()
            .push(likers[&person].clone());
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
        people_of
            .entry(person.city_id)
            .or_default()
            .push((person, toots));
    }
    Ok(cities
        .into_iter()
        .map(|city| {
            let people = people_of.remove(&city.id).unwrap_or_default();
            (city, people)
        })
        .collect())
}

fn wide_sum(rows: &[Wide]) -> usize {
    rows.iter()
        .map(|(person, license, city, toots, liked)| {
            let license = license.as_ref().map_or(0, |license| license.number.len());
            let texts: usize = toots.iter().chain(liked).map(|toot| toot.body.len()).sum();
            person.name.len() + license + city.name.len() + texts
        })
        .sum()
}

fn deep_sum(rows: &[Deep]) -> usize {
    let people = rows.iter().flat_map(|(_, people)| people);
    let toots = people.flat_map(|(_, toots)| toots);
    toots
        .map(|(toot, likers)| toot.body.len() + likers.len())
        .sum()
}

/// Prints the ratios to hand-tuned Diesel.
pub(crate) fn compare_all(conn: &mut Conn) -> QueryResult<()> {
    let tree = (
        Person::LICENSE,
        Person::CITY,
        Person::TOOTS,
        Person::LIKED_TOOTS,
    );
    let people = || people::table.order(people::id);

    compare(
        "wide, whole tables",
        conn,
        |conn| {
            let people = people().select(Person::as_select()).load(conn)?;
            Ok(wide_sum(&wide_by_hand(people, conn)?))
        },
        |conn| Ok(wide_sum(&people().include(tree).load(conn)?)),
    )?;
    compare(
        "three levels, whole tables",
        conn,
        |conn| Ok(deep_sum(&deep_by_hand(conn)?)),
        |conn| {
            let tree = City::PEOPLE.include(Person::TOOTS.include(Toot::LIKERS));
            Ok(deep_sum(
                &cities::table.order(cities::id).include(tree).load(conn)?,
            ))
        },
    )?;
    compare(
        "wide, half of the parents",
        conn,
        |conn| {
            let people = people()
                .filter(people::id.gt(5000))
                .select(Person::as_select())
                .load(conn)?;
            Ok(wide_sum(&wide_by_hand(people, conn)?))
        },
        |conn| {
            Ok(wide_sum(
                &people()
                    .filter(people::id.gt(5000))
                    .include(tree)
                    .load(conn)?,
            ))
        },
    )?;
    compare(
        "page of 20 parents, 4 includes",
        conn,
        |conn| {
            let mut sum = 0;
            for page in 0..50 {
                let people = people()
                    .filter(people::id.gt(page * 200))
                    .limit(20)
                    .select(Person::as_select())
                    .load(conn)?;
                sum += wide_sum(&wide_by_hand(people, conn)?);
            }
            Ok(sum)
        },
        |conn| {
            let mut sum = 0;
            for page in 0..50 {
                let query = people().filter(people::id.gt(page * 200)).limit(20);
                sum += wide_sum(&query.include(tree).load(conn)?);
            }
            Ok(sum)
        },
    )
}
