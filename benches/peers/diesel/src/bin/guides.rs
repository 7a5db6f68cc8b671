//! Diesel by hand in the way of its guides: `belonging_to`, `grouped_by` and `first`.

use diesel::prelude::*;
use peer_diesel::*;
use peers_common::{PERSONS, Peer, Result, Sum, pages, persons, serve, toots_for};

#[derive(Queryable, Selectable, Identifiable, Clone)]
#[diesel(table_name = cities)]
struct City {
    id: i32,
    name: String,
}

#[derive(Queryable, Selectable, Identifiable, Associations, Clone)]
#[diesel(table_name = people)]
#[diesel(belongs_to(City))]
struct Person {
    id: i32,
    name: String,
    city_id: i32,
}

#[derive(Queryable, Selectable, Identifiable, Associations, Clone)]
#[diesel(table_name = licenses)]
#[diesel(belongs_to(Person))]
struct License {
    id: i32,
    number: String,
    person_id: i32,
}

#[derive(Queryable, Selectable, Identifiable, Associations, Clone)]
#[diesel(table_name = toots)]
#[diesel(belongs_to(Person))]
struct Toot {
    id: i32,
    body: String,
    person_id: i32,
}

#[derive(Queryable, Selectable, Identifiable, Associations, Clone)]
#[diesel(table_name = likes, primary_key(person_id, toot_id))]
#[diesel(belongs_to(Person))]
#[diesel(belongs_to(Toot))]
struct Like {
    person_id: i32,
    toot_id: i32,
}

type Wide = (Person, Option<License>, City, Vec<Toot>, Vec<Toot>);

struct Guides {
    conn: Conn,
    people: i32,
    persons: Vec<Person>,
}

fn wide_of(people: Vec<(Person, City)>, conn: &mut Conn) -> QueryResult<Vec<Wide>> {
    let (people, cities): (Vec<_>, Vec<_>) = people.into_iter().unzip();
    let licenses = License::belonging_to(&people)
        .select(License::as_select())
        .load(conn)?
        .grouped_by(&people);
    let toots = Toot::belonging_to(&people)
        .order(toots::id)
        .select(Toot::as_select())
        .load(conn)?
        .grouped_by(&people);
    let liked: Vec<Vec<(Like, Toot)>> = Like::belonging_to(&people)
        .inner_join(toots::table)
        .order(likes::toot_id)
        .select((Like::as_select(), Toot::as_select()))
        .load(conn)?
        .grouped_by(&people);
    Ok(people
        .into_iter()
        .zip(cities)
        .zip(licenses)
        .zip(toots)
        .zip(liked)
        .map(|((((person, city), licenses), toots), liked)| {
            let liked = liked.into_iter().map(|(_, toot)| toot).collect();
            (person, licenses.into_iter().next(), city, toots, liked)
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

impl Peer for Guides {
    fn lazy(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let mut sum = Sum::default();
        for person in &self.persons {
            let license = License::belonging_to(person)
                .select(License::as_select())
                .first(conn)
                .optional()?;
            if let Some(license) = license {
                sum.text(&license.number);
            }
            let city =
                cities::table.find(person.city_id).select(City::as_select()).first(conn)?;
            sum.text(&city.name);
            let toots = Toot::belonging_to(person)
                .order(toots::id)
                .select(Toot::as_select())
                .load(conn)?;
            toots.iter().for_each(|toot| sum.text(&toot.body));
        }
        Ok(Some(sum))
    }

    fn wide(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let people = people::table
            .inner_join(cities::table.on(cities::id.eq(people::city_id)))
            .order(people::id)
            .select((Person::as_select(), City::as_select()))
            .load(conn)?;
        let mut sum = Sum::default();
        wide_sum(&mut sum, &wide_of(people, conn)?);
        Ok(Some(sum))
    }

    fn deep(&mut self) -> Result<Option<Sum>> {
        let conn = &mut self.conn;
        let cities: Vec<City> =
            cities::table.order(cities::id).select(City::as_select()).load(conn)?;
        let people = Person::belonging_to(&cities)
            .order(people::id)
            .select(Person::as_select())
            .load(conn)?;
        let toots = Toot::belonging_to(&people)
            .order(toots::id)
            .select(Toot::as_select())
            .load(conn)?;
        let likers: Vec<Vec<(Like, Person)>> = Like::belonging_to(&toots)
            .inner_join(people::table)
            .order(likes::person_id)
            .select((Like::as_select(), Person::as_select()))
            .load(conn)?
            .grouped_by(&toots);
        let toots: Vec<(Toot, Vec<Person>)> = toots
            .into_iter()
            .zip(likers)
            .map(|(toot, likers)| (toot, likers.into_iter().map(|(_, liker)| liker).collect()))
            .collect();
        let toots: Vec<Vec<(Toot, Vec<Person>)>> = toots.grouped_by(&people);
        let people: Vec<(Person, Vec<(Toot, Vec<Person>)>)> =
            people.into_iter().zip(toots).collect();
        let rows: Vec<_> = people.grouped_by(&cities);
        let mut sum = Sum::default();
        for (city, people) in cities.iter().zip(&rows) {
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
            .inner_join(cities::table.on(cities::id.eq(people::city_id)))
            .filter(people::id.gt(self.people / 2))
            .order(people::id)
            .select((Person::as_select(), City::as_select()))
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
                .inner_join(cities::table.on(cities::id.eq(people::city_id)))
                .filter(people::id.gt(after))
                .order(people::id)
                .limit(20)
                .select((Person::as_select(), City::as_select()))
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
        // The guides know no limit for each parent: all are loaded, and cut.
        let toots = Toot::belonging_to(&people)
            .order(toots::id.desc())
            .select(Toot::as_select())
            .load(conn)?
            .grouped_by(&people);
        let mut sum = Sum::default();
        for toots in &toots {
            toots.iter().take(3).for_each(|toot| sum.number(toot.id.into()));
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
                let linked: Vec<i32> = likes::table
                    .filter(likes::person_id.eq(person))
                    .filter(likes::toot_id.eq_any(&toots))
                    .select(likes::toot_id)
                    .load(conn)?;
                assert_eq!(linked.len(), 10);
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
        .map(|key| by_key(key).first(&mut conn))
        .collect::<QueryResult<_>>()?;
    serve(Guides { conn, people, persons })
}
