//! Blocking and asynchronous connections read the same from random rows. It is
//! included for each engine, whose connections are `Blocking` and `Asynchronous` of
//! the module around it.

use super::{Asynchronous, Blocking};
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::asynchronous::wait;
use orm_tests::connection::TestConnection;
use orm_tests::database::{Isolated, Place, tables_without_references};
use orm_tests::models::{City, LikedToot, Person, Toot};
use orm_tests::random::Random;
use orm_tests::schema::*;

/// A key up to `last`, or now and then none.
fn key(random: &mut Random, last: u64) -> String {
    match random.below(4) {
        0 => "NULL".to_owned(),
        _ => (random.below(last) + 1).to_string(),
    }
}

/// Rows of every table, of which some refer to rows that are not there.
fn rows(seed: u64) -> String {
    let random = &mut Random::new(seed);
    let mut sql = vec![];
    for id in 1..=10 {
        sql.push(format!("INSERT INTO cities VALUES ({id}, 'city')"));
    }
    for id in 1..=60 {
        let (born, lives) = (random.below(10) + 1, key(random, 12));
        let (boss, before) = (key(random, 70), key(random, 70));
        sql.push(format!(
            "INSERT INTO people VALUES ({id}, 'p{id}', {born}, {lives}, {boss}, {before})"
        ));
        let owner = key(random, 60);
        sql.push(format!(
            "INSERT INTO driving_licenses VALUES ({id}, 'n', {owner})"
        ));
        let (body, author) = (random.below(5), random.below(60) + 1);
        sql.push(format!(
            "INSERT INTO toots VALUES ({id}, 't{body}', {author})"
        ));
    }
    for id in 1..=60 {
        let first = random.below(50);
        for toot in first..first + random.below(6) {
            let (toot, since) = (toot + 1, random.below(9));
            sql.push(format!(
                "INSERT INTO liked_toots VALUES ({id}, {toot}, '{since}')"
            ));
        }
    }
    sql.join(";")
}

/// The same call on both connections yields the same.
macro_rules! agree {
    ($blocking:expr, $asynchronous:expr, |$conn:ident| $call:expr) => {{
        let blocking = {
            let $conn: &mut Blocking = $blocking;
            $call
        };
        let asynchronous = {
            let $conn: &mut Asynchronous = $asynchronous;
            wait($call)
        };
        assert_eq!(blocking, asynchronous);
        blocking
    }};
}

#[test]
fn on_random_rows() {
    for seed in 1..=5 {
        let place = Place::shared(Blocking::ENGINE);
        let tables = [&*tables_without_references(), &rows(seed)].concat();
        let database = Isolated::<Blocking>::new(place, &tables);
        let (a, b) = (
            &mut database.another(),
            &mut Asynchronous::open(&database.url()),
        );

        let wide = || {
            (
                Person::DRIVING_LICENSE,
                Person::RESIDENCE,
                Person::LIKED_TOOTS.include((Toot::AUTHOR, Toot::LIKERS.counted())),
                Person::TOOTS
                    .order(toots::body.desc())
                    .limit(2)
                    .include(Toot::LIKERS),
                Person::BOSS.include(Person::BOSS),
                Person::REPORTS.filter(people::id.gt(20)),
            )
        };
        let rows = agree!(a, b, |conn| people::table
            .order(people::id)
            .include(wide())
            .load(conn));
        assert_eq!(rows.map(|rows| rows.len()), Ok(60));
        let some = || {
            people::table
                .filter(people::id.lt(40))
                .order(people::id.desc())
                .limit(15)
        };
        agree!(a, b, |conn| some().include(wide()).load(conn)).unwrap();
        agree!(a, b, |conn| {
            let links = Person::LIKED_TOOTS
                .filter_through(liked_toots::liked_at.ne("3"))
                .with_through::<LikedToot>();
            let successor = Person::SUCCESSOR.required();
            some()
                .include((links, successor, Person::TOOTS.existing()))
                .load(conn)
        })
        .unwrap();
        agree!(a, b, |conn| {
            let natives = City::NATIVES.include((Person::LIKED_TOOTS, Person::SUCCESSOR));
            cities::table
                .order(cities::id)
                .include((natives, City::RESIDENTS))
                .load(conn)
        })
        .unwrap();
        for id in 1..=60 {
            let person: Person = people::table
                .find(id)
                .select(Person::as_select())
                .first(a)
                .unwrap();
            agree!(a, b, |conn| person.driving_license(conn)).unwrap();
            agree!(a, b, |conn| person.residence(conn)).unwrap();
            agree!(a, b, |conn| person.birthplace(conn)).unwrap();
            agree!(a, b, |conn| person.toots(conn)).unwrap();
            agree!(a, b, |conn| person.liked_toots_with_through(conn)).unwrap();
            agree!(a, b, |conn| person.count_reports(conn)).unwrap();
            agree!(a, b, |conn| person.has_liked_toots([id, id + 1], conn)).unwrap();
        }
    }
}
