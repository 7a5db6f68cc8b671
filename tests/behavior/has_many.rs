use crate::support::{person, sends, toot};
use diesel::prelude::*;
use orm_tests::database::sample;
use orm_tests::models::{Post, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{posts, toots};

fn bodies(toots: &[Toot]) -> Vec<&str> {
    toots.iter().map(|toot| toot.body.as_str()).collect()
}

#[test]
fn getter() {
    let mut conn = sample();
    let (ada, cleo) = (person(1, &mut conn), person(3, &mut conn));

    let found = sends(
        &mut conn,
        &["FROM toots WHERE toots.author_id = ? ORDER BY toots.id -- binds: [Some(1)]"],
        |conn| ada.toots(conn),
    );

    assert_eq!(bodies(&found), ["hello", "rust"]);
    assert_eq!(cleo.toots(&mut conn), Ok(vec![]));
}

#[test]
fn getter_with_default_key() {
    let mut conn = sample();
    let first: Post = posts::table
        .find(1)
        .select(Post::as_select())
        .get_result(&mut conn)
        .unwrap();

    let comments = first.comments(&mut conn).unwrap();

    assert_eq!(comments.len(), 2);
    assert!(comments.iter().all(|comment| comment.post_id == 1));
    assert_eq!(comments[0].post(&mut conn), Ok(first));
}

#[test]
fn query_composes() {
    let mut conn = sample();
    let ada = person(1, &mut conn);
    let query = || ada.toots_query();

    let ordered = query().order(toots::id.desc()).limit(1).offset(0);
    assert_eq!(bodies(&ordered.load(&mut conn).unwrap()), ["rust"]);
    let filtered = query()
        .filter(toots::body.like("h%"))
        .select(Toot::as_select());
    assert_eq!(bodies(&filtered.load(&mut conn).unwrap()), ["hello"]);
    assert_eq!(query().count().get_result::<i64>(&mut conn), Ok(2));
    let deleted = diesel::delete(query().filter(toots::body.eq("nothing"))).execute(&mut conn);
    assert_eq!(deleted, Ok(0));
    let boxed = query().into_boxed().filter(toots::id.gt(1));
    assert_eq!(bodies(&boxed.load(&mut conn).unwrap()), ["rust"]);
}

#[test]
fn count() {
    let mut conn = sample();
    let (ada, cleo) = (person(1, &mut conn), person(3, &mut conn));

    let count = sends(
        &mut conn,
        &["SELECT COUNT(*) FROM toots WHERE toots.author_id = ? -- binds: [Some(1)]"],
        |conn| ada.count_toots(conn),
    );

    assert_eq!(count, 2);
    assert_eq!(cleo.count_toots(&mut conn), Ok(0));
}

#[test]
fn has_one_row() {
    let mut conn = sample();
    let ada = person(1, &mut conn);
    let (hello, diesel) = (toot(1, &mut conn), toot(3, &mut conn));

    let has = sends(
        &mut conn,
        &[
            "SELECT DISTINCT toots.id FROM toots WHERE (toots.author_id = ? AND toots.id = ?) \
           -- binds: [Some(1), Some(1)]",
        ],
        |conn| ada.has_toot(&hello, conn),
    );

    assert!(has);
    assert_eq!(ada.has_toot(1, &mut conn), Ok(true));
    assert_eq!(ada.has_toot(std::rc::Rc::new(2), &mut conn), Ok(true));
    assert_eq!(
        ada.has_toot(&diesel, &mut conn),
        Ok(false),
        "a toot of somebody else"
    );
    assert_eq!(
        ada.has_toot(99, &mut conn),
        Ok(false),
        "a toot that is not there"
    );
}

#[test]
fn better_has_counts_distinct_rows() {
    let mut conn = sample();
    let ada = person(1, &mut conn);
    let all = ada.toots(&mut conn).unwrap();

    let has = sends(
        &mut conn,
        &[
            "SELECT DISTINCT toots.id FROM toots WHERE (toots.author_id = ? AND (toots.id) IN \
           (SELECT value AS k0 FROM json_each(?))) -- binds: [Some(1), \"[1,2]\"]",
        ],
        |conn| ada.has_toots([1, 2, 1], conn),
    );

    assert!(has);
    assert_eq!(
        ada.has_toots([1, 2, 1, 1], &mut conn),
        Ok(true),
        "repetitions do not matter"
    );
    assert_eq!(
        ada.has_toots(vec![1, 2, 3], &mut conn),
        Ok(false),
        "one of somebody else"
    );
    assert_eq!(ada.has_toots(&all, &mut conn), Ok(true));
    assert_eq!(
        ada.has_toots(all.iter().map(|toot| toot.id), &mut conn),
        Ok(true)
    );
    assert_eq!(ada.has_toots([2, 2], &mut conn), Ok(true));
}

#[test]
fn better_has_no_rows_is_true_without_a_statement() {
    let mut conn = sample();
    let cleo = person(3, &mut conn);

    let (has, sent) = record(&mut conn, |conn| cleo.has_toots([0_i32; 0], conn));

    assert_eq!(has, Ok(true));
    assert_eq!(sent.count(), 0);
}

#[test]
fn has_many_more_rows_than_sqlite_takes_binds() {
    let mut conn = sample();
    let ada = person(1, &mut conn);

    let (has, sent) = record(&mut conn, |conn| ada.has_toots(1..=100_000, conn));

    assert_eq!(has, Ok(false));
    assert_eq!(sent.count(), 1);
}

#[test]
fn of_itself() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));

    let reports = sends(
        &mut conn,
        &["FROM people WHERE people.boss_id = ? ORDER BY people.id -- binds: [Some(1)]"],
        |conn| ada.reports(conn),
    );

    assert_eq!(reports, std::slice::from_ref(&bob));
    assert_eq!(bob.reports(&mut conn), Ok(vec![]));
    assert_eq!(ada.has_report(&bob, &mut conn), Ok(true));
    assert_eq!(bob.has_report(&ada, &mut conn), Ok(false));
}

#[test]
fn two_associations_to_one_target() {
    let mut conn = sample();
    let (rome, oslo) = (
        crate::support::city(1, &mut conn),
        crate::support::city(2, &mut conn),
    );

    assert_eq!(rome.count_natives(&mut conn), Ok(2));
    assert_eq!(rome.count_residents(&mut conn), Ok(0));
    assert_eq!(oslo.count_natives(&mut conn), Ok(1));
    assert_eq!(oslo.residents(&mut conn).unwrap()[0].name, "Ada");
}
