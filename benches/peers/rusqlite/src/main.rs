//! SQL written by hand on rusqlite: whole tables are read in the order of their keys,
//! and put together by vectors instead of maps.

use peers_common::{PERSONS, PRAGMAS, Peer, Result, Sum, pages, persons, serve, toots_for};
use rusqlite::{Connection, OptionalExtension, params};

#[derive(Clone)]
#[allow(dead_code, reason = "a row has all of its columns")]
struct Person {
    id: i32,
    name: String,
    city_id: i32,
}

#[derive(Clone)]
#[allow(dead_code, reason = "a row has all of its columns")]
struct City {
    id: i32,
    name: String,
}

#[allow(dead_code, reason = "a row has all of its columns")]
struct License {
    id: i32,
    number: String,
    person_id: i32,
}

#[derive(Clone)]
#[allow(dead_code, reason = "a row has all of its columns")]
struct Toot {
    id: i32,
    body: String,
    person_id: i32,
}

type Wide = (Person, Option<License>, City, Vec<Toot>, Vec<Toot>);

struct Raw {
    conn: Connection,
    people: i32,
    persons: Vec<Person>,
}

fn person(row: &rusqlite::Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person { id: row.get(0)?, name: row.get(1)?, city_id: row.get(2)? })
}

fn city(row: &rusqlite::Row<'_>) -> rusqlite::Result<City> {
    Ok(City { id: row.get(0)?, name: row.get(1)? })
}

fn license(row: &rusqlite::Row<'_>) -> rusqlite::Result<License> {
    Ok(License { id: row.get(0)?, number: row.get(1)?, person_id: row.get(2)? })
}

fn toot(row: &rusqlite::Row<'_>) -> rusqlite::Result<Toot> {
    Ok(Toot { id: row.get(0)?, body: row.get(1)?, person_id: row.get(2)? })
}

fn all<T>(
    conn: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    read: fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Keys as JSON, one bind for any number.
fn keys(keys: impl Iterator<Item = i32>) -> String {
    let keys: Vec<_> = keys.map(|key| key.to_string()).collect();
    format!("[{}]", keys.join(","))
}

const AMONG: &str = "(SELECT value FROM json_each(?))";

impl Raw {
    /// What belongs to these people, in the order of their keys.
    fn wide_of(&self, people: Vec<Person>, whole: bool) -> Result<Vec<Wide>> {
        let conn = &self.conn;
        let ids = if whole { String::new() } else { keys(people.iter().map(|person| person.id)) };
        let select = |columns: &str, table: &str, key: &str, order: &str| {
            let condition =
                if whole { String::new() } else { format!("WHERE {key} IN {AMONG}") };
            format!("SELECT {columns} FROM {table} {condition} ORDER BY {order}")
        };
        let by_person = |columns, table, order| select(columns, table, "person_id", order);
        let parameters = || rusqlite::params_from_iter((!whole).then_some(&ids));

        let first = people.first().map_or(0, |person| person.id);
        let last = people.last().map_or(0, |person| person.id);
        let slot = |key: i32| usize::try_from(key - first).unwrap_or(usize::MAX);
        let width = usize::try_from(last - first + 1)?;

        let mut license_of: Vec<Option<License>> = (0..width).map(|_| None).collect();
        for row in all(conn, &by_person("id, number, person_id", "licenses", "person_id"), parameters(), license)? {
            let place = slot(row.person_id);
            license_of[place] = Some(row);
        }
        let mut cities: Vec<i32> = people.iter().map(|person| person.city_id).collect();
        cities.sort_unstable();
        cities.dedup();
        let sql = format!("SELECT id, name FROM cities WHERE id IN {AMONG} ORDER BY id");
        let cities = all(conn, &sql, [keys(cities.into_iter())], city)?;
        let mut toots_of: Vec<Vec<Toot>> = vec![Vec::new(); width];
        for row in all(conn, &by_person("id, body, person_id", "toots", "person_id, id"), parameters(), toot)? {
            toots_of[slot(row.person_id)].push(row);
        }
        let sql = by_person("person_id, toot_id", "likes", "person_id, toot_id");
        let pairs = all(conn, &sql, parameters(), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let liked = self.toots_by_key(pairs.iter().map(|&(_, toot): &(i32, i32)| toot))?;
        let mut liked_of: Vec<Vec<Toot>> = vec![Vec::new(); width];
        for (person, toot) in pairs {
            liked_of[slot(person)].push(liked[usize::try_from(toot)?].clone().ok_or("no toot")?);
        }
        people
            .into_iter()
            .map(|person| {
                let place = slot(person.id);
                let city = cities.binary_search_by_key(&person.city_id, |city| city.id);
                let city = cities[city.map_err(|_| "no city")?].clone();
                let (toots, liked) =
                    (std::mem::take(&mut toots_of[place]), std::mem::take(&mut liked_of[place]));
                Ok((person, license_of[place].take(), city, toots, liked))
            })
            .collect()
    }

    /// Toots by their keys, as a vector with a place for each.
    fn toots_by_key(&self, wanted: impl Iterator<Item = i32>) -> Result<Vec<Option<Toot>>> {
        let mut wanted: Vec<i32> = wanted.collect();
        wanted.sort_unstable();
        wanted.dedup();
        let most = usize::try_from(wanted.last().copied().unwrap_or(0))? + 1;
        let sql = format!("SELECT id, body, person_id FROM toots WHERE id IN {AMONG}");
        let mut by_key: Vec<Option<Toot>> = vec![None; most];
        for row in all(&self.conn, &sql, [keys(wanted.into_iter())], toot)? {
            let place = usize::try_from(row.id)?;
            by_key[place] = Some(row);
        }
        Ok(by_key)
    }
}

fn wide_sum(rows: &[Wide]) -> Sum {
    let mut sum = Sum::default();
    for (person, license, city, toots, liked) in rows {
        sum.text(&person.name);
        sum.text(&city.name);
        if let Some(license) = license {
            sum.text(&license.number);
        }
        toots.iter().chain(liked).for_each(|toot| sum.text(&toot.body));
    }
    sum
}

const PEOPLE: &str = "SELECT id, name, city_id FROM people";

impl Peer for Raw {
    fn lazy(&mut self) -> Result<Option<Sum>> {
        let mut sum = Sum::default();
        for person in &self.persons {
            let mut statement = self
                .conn
                .prepare_cached("SELECT id, number, person_id FROM licenses WHERE person_id = ?")?;
            if let Some(license) = statement.query_row([person.id], license).optional()? {
                sum.text(&license.number);
            }
            let mut statement =
                self.conn.prepare_cached("SELECT id, name FROM cities WHERE id = ?")?;
            sum.text(&statement.query_row([person.city_id], city)?.name);
            let sql = "SELECT id, body, person_id FROM toots WHERE person_id = ? ORDER BY id";
            for toot in all(&self.conn, sql, [person.id], toot)? {
                sum.text(&toot.body);
            }
        }
        Ok(Some(sum))
    }

    fn wide(&mut self) -> Result<Option<Sum>> {
        let people = all(&self.conn, &format!("{PEOPLE} ORDER BY id"), [], person)?;
        Ok(Some(wide_sum(&self.wide_of(people, true)?)))
    }

    fn deep(&mut self) -> Result<Option<Sum>> {
        let conn = &self.conn;
        let cities = all(conn, "SELECT id, name FROM cities ORDER BY id", [], city)?;
        let people = all(conn, &format!("{PEOPLE} ORDER BY id"), [], person)?;
        let toots = all(conn, "SELECT id, body, person_id FROM toots ORDER BY id", [], toot)?;
        let sql = "SELECT toot_id, person_id FROM likes ORDER BY toot_id, person_id";
        let pairs: Vec<(i32, i32)> = all(conn, sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let place = |key: i32| usize::try_from(key - 1).unwrap_or(usize::MAX);
        let mut likers_of: Vec<Vec<Person>> = vec![Vec::new(); toots.len()];
        for (toot, person) in pairs {
            likers_of[place(toot)].push(people[place(person)].clone());
        }
        let mut toots_of: Vec<Vec<(Toot, Vec<Person>)>> = vec![Vec::new(); people.len()];
        for toot in toots {
            let likers = std::mem::take(&mut likers_of[place(toot.id)]);
            toots_of[place(toot.person_id)].push((toot, likers));
        }
        let mut people_of: Vec<Vec<(Person, Vec<(Toot, Vec<Person>)>)>> =
            vec![Vec::new(); cities.len()];
        for person in people {
            let toots = std::mem::take(&mut toots_of[place(person.id)]);
            people_of[place(person.city_id)].push((person, toots));
        }
        let mut sum = Sum::default();
        for (city, people) in cities.iter().zip(&people_of) {
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
        let sql = format!("{PEOPLE} WHERE id > ? ORDER BY id");
        let people = all(&self.conn, &sql, [self.people / 2], person)?;
        Ok(Some(wide_sum(&self.wide_of(people, false)?)))
    }

    fn page(&mut self) -> Result<Option<Sum>> {
        let mut sum = Sum::default();
        for after in pages() {
            let sql = format!("{PEOPLE} WHERE id > ? ORDER BY id LIMIT 20");
            let people = all(&self.conn, &sql, [after], person)?;
            let page = wide_sum(&self.wide_of(people, false)?);
            sum.rows += page.rows;
            sum.text += page.text;
        }
        Ok(Some(sum))
    }

    fn top(&mut self) -> Result<Option<Sum>> {
        let people =
            all(&self.conn, &format!("{PEOPLE} WHERE id <= ? ORDER BY id"), [PERSONS], person)?;
        let sql = format!(
            "SELECT id, body, person_id FROM toots WHERE id IN (SELECT id FROM (
                SELECT id, ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY id DESC) AS place
                FROM toots WHERE person_id IN {AMONG}) WHERE place <= 3)
             ORDER BY id DESC"
        );
        let toots = all(&self.conn, &sql, [keys(people.iter().map(|person| person.id))], toot)?;
        let mut of: Vec<Vec<Toot>> = vec![Vec::new(); people.len()];
        for toot in toots {
            of[usize::try_from(toot.person_id - 1)?].push(toot);
        }
        let mut sum = Sum::default();
        of.iter().flatten().for_each(|toot| sum.number(toot.id.into()));
        Ok(Some(sum))
    }

    fn links(&mut self) -> Result<Option<Sum>> {
        let transaction = self.conn.transaction()?;
        let mut sum = Sum::default();
        for person in 1..=PERSONS {
            let toots = toots_for(person);
            let values = ["(?, ?)"; 10].join(", ");
            let sql = format!("INSERT INTO likes VALUES {values} ON CONFLICT DO NOTHING");
            let pairs = toots.iter().flat_map(|&toot| [person, toot]);
            transaction.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(pairs))?;
            let places = ["?"; 10].join(", ");
            let sql = format!(
                "SELECT COUNT(*) FROM likes WHERE person_id = ? AND toot_id IN ({places})"
            );
            let binds = std::iter::once(&person).chain(&toots);
            let linked: i64 = transaction
                .prepare_cached(&sql)?
                .query_row(rusqlite::params_from_iter(binds), |row| row.get(0))?;
            assert_eq!(linked, 10);
            let count: i64 = transaction
                .prepare_cached("SELECT COUNT(*) FROM likes WHERE person_id = ?")?
                .query_row([person], |row| row.get(0))?;
            let sql = "DELETE FROM likes WHERE person_id = ? AND toot_id IN (?, ?, ?, ?, ?)";
            let removed = transaction.prepare_cached(sql)?.execute(params![
                person, toots[0], toots[1], toots[2], toots[3], toots[4]
            ])?;
            sum.number(count);
            sum.number(i64::try_from(removed)?);
        }
        transaction.rollback()?;
        Ok(Some(sum))
    }
}

fn main() -> Result<()> {
    let file = std::env::args().nth(1).ok_or("the database is missing")?;
    let conn = Connection::open(file)?;
    conn.execute_batch(PRAGMAS)?;
    conn.set_prepared_statement_cache_capacity(100);
    let people: i32 = conn.query_row("SELECT COUNT(*) FROM people", [], |row| row.get(0))?;
    let mut in_hand = Vec::new();
    for key in persons(people) {
        in_hand.push(conn.query_row(&format!("{PEOPLE} WHERE id = ?"), [key], person)?);
    }
    serve(Raw { conn, people, persons: in_hand })
}
