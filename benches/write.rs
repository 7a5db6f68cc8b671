//! Idempotent link writes against hand-tuned Diesel: for each of 1,000 people
//! ten likes are added, checked, counted, and five removed.

use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use orm_benches::*;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const PEOPLE: i32 = 1000;

fn toots_for(person: i32) -> Vec<i32> {
    (0..10)
        .map(|number| (person * 31 + number * 97) % 30_000 + 1)
        .collect()
}

fn by_hand(conn: &mut SqliteConnection) -> QueryResult<usize> {
    let mut sum = 0;
    for person in 1..=PEOPLE {
        let toots = toots_for(person);
        let rows: Vec<_> = toots
            .iter()
            .map(|toot| (likes::person_id.eq(person), likes::toot_id.eq(toot)))
            .collect();
        diesel::insert_or_ignore_into(likes::table)
            .values(rows)
            .execute(conn)?;
        let linked: i64 = likes::table
            .filter(likes::person_id.eq(person))
            .filter(likes::toot_id.eq_any(&toots))
            .count()
            .get_result(conn)?;
        assert_eq!(linked, 10);
        let count: i64 = likes::table
            .filter(likes::person_id.eq(person))
            .count()
            .get_result(conn)?;
        let removed = likes::table
            .filter(likes::person_id.eq(person))
            .filter(likes::toot_id.eq_any(&toots[..5]));
        sum += usize::try_from(count).unwrap_or(0) + diesel::delete(removed).execute(conn)?;
    }
    Ok(sum)
}

fn by_association(conn: &mut SqliteConnection) -> QueryResult<usize> {
    let mut sum = 0;
    for id in 1..=PEOPLE {
        let person = Person {
            id,
            name: String::new(),
            city_id: 1,
        };
        let toots = toots_for(id);
        person.add_liked_toots(&toots, conn)?;
        assert!(person.has_liked_toots(&toots, conn)?);
        let count = person.count_liked_toots(conn)?;
        let removed = person.remove_liked_toots(&toots[..5], conn)?;
        sum += usize::try_from(count).unwrap_or(0) + removed;
    }
    Ok(sum)
}

/// Runs the work and undoes it, so that every round begins with the same rows.
fn undone(
    conn: &mut SqliteConnection,
    work: impl Fn(&mut SqliteConnection) -> QueryResult<usize>,
) -> QueryResult<usize> {
    let mut sum = 0;
    let undone = conn.transaction(|conn| {
        sum = work(conn)?;
        Err::<(), _>(diesel::result::Error::RollbackTransaction)
    });
    match undone {
        Err(diesel::result::Error::RollbackTransaction) => Ok(sum),
        other => other.map(|()| sum),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let conn = &mut database()?;
    println!("{:32} ratio to hand-tuned Diesel", "link writes");
    compare(
        "add 10, check, count, remove 5",
        conn,
        |conn| undone(conn, by_hand),
        |conn| undone(conn, by_association),
    )?;
    let statements = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&statements);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    by_association(conn)?;
    println!(
        "{:32} {:5}",
        "statements",
        statements.load(Ordering::Relaxed)
    );
    Ok(())
}
