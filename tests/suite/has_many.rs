use super::prelude::*;
use super::support::sample;
use super::support::{one_of, person, sends, toot};
use orm_tests::models::{Post, Toot};
use orm_tests::recorder::record;
use orm_tests::schema::{posts, toots};

fn bodies(toots: &[Toot]) -> Vec<&str> {
    toots.iter().map(|toot| toot.body.as_str()).collect()
}

#[test]
fn getter() {
    let conn = &mut *sample();
    let (ada, cleo) = (person(1, conn), person(3, conn));

    let found = sends(
        conn,
        &["FROM toots WHERE toots.author_id = ? ORDER BY toots.id -- binds: [1]"],
        |conn| ada.toots(conn).run(),
    );

    assert_eq!(bodies(&found), ["hello", "rust"]);
    assert_eq!(cleo.toots(conn).run(), Ok(vec![]));
}

#[test]
fn getter_with_default_key() {
    let conn = &mut *sample();
    let first: Post = posts::table
        .find(1)
        .select(Post::as_select())
        .get_result(conn)
        .run()
        .unwrap();

    let comments = first.comments(conn).run().unwrap();

    assert_eq!(comments.len(), 2);
    assert!(comments.iter().all(|comment| comment.post_id == 1));
    assert_eq!(comments[0].post(conn).run(), Ok(first));
}

#[test]
fn query_composes() {
    let conn = &mut *sample();
    let ada = person(1, conn);
    let query = || ada.toots_query();

    let ordered = query().order(toots::id.desc()).limit(1).offset(0);
    assert_eq!(bodies(&ordered.load(conn).run().unwrap()), ["rust"]);
    let filtered = query()
        .filter(toots::body.like("h%"))
        .select(Toot::as_select());
    assert_eq!(bodies(&filtered.load(conn).run().unwrap()), ["hello"]);
    assert_eq!(query().count().get_result::<i64>(conn).run(), Ok(2));
    let deleted = diesel::delete(query().filter(toots::body.eq("nothing")))
        .execute(conn)
        .run();
    assert_eq!(deleted, Ok(0));
    let boxed = query().into_boxed().filter(toots::id.gt(1));
    assert_eq!(bodies(&boxed.load(conn).run().unwrap()), ["rust"]);
}

#[test]
fn count() {
    let conn = &mut *sample();
    let (ada, cleo) = (person(1, conn), person(3, conn));

    let count = sends(
        conn,
        &["SELECT COUNT(*) FROM toots WHERE toots.author_id = ? -- binds: [1]"],
        |conn| ada.count_toots(conn).run(),
    );

    assert_eq!(count, 2);
    assert_eq!(cleo.count_toots(conn).run(), Ok(0));
}

#[test]
fn has_one_row() {
    let conn = &mut *sample();
    let ada = person(1, conn);
    let (hello, diesel) = (toot(1, conn), toot(3, conn));

    let has = sends(
        conn,
        &[
            "SELECT DISTINCT toots.id FROM toots WHERE (toots.author_id = ? AND toots.id = ?) \
           -- binds: [1, 1]",
        ],
        |conn| ada.has_toot(&hello, conn).run(),
    );

    assert!(has);
    assert_eq!(ada.has_toot(1, conn).run(), Ok(true));
    assert_eq!(ada.has_toot(std::rc::Rc::new(2), conn).run(), Ok(true));
    assert_eq!(
        ada.has_toot(&diesel, conn).run(),
        Ok(false),
        "a toot of somebody else"
    );
    assert_eq!(
        ada.has_toot(99, conn).run(),
        Ok(false),
        "a toot that is not there"
    );
}

#[test]
fn better_has_counts_distinct_rows() {
    let conn = &mut *sample();
    let ada = person(1, conn);
    let all = ada.toots(conn).run().unwrap();

    let (keys, binds) = one_of("toots.id", &[1, 2]);
    let has = sends(
        conn,
        &[&format!(
            "SELECT DISTINCT toots.id FROM toots WHERE (toots.author_id = ? AND {keys}) \
             -- binds: [1, {binds}]",
        )],
        |conn| ada.has_toots([1, 2, 1], conn).run(),
    );

    assert!(has);
    assert_eq!(
        ada.has_toots([1, 2, 1, 1], conn).run(),
        Ok(true),
        "repetitions do not matter"
    );
    assert_eq!(
        ada.has_toots(vec![1, 2, 3], conn).run(),
        Ok(false),
        "one of somebody else"
    );
    assert_eq!(ada.has_toots(&all, conn).run(), Ok(true));
    assert_eq!(
        ada.has_toots(all.iter().map(|toot| toot.id), conn).run(),
        Ok(true)
    );
    assert_eq!(ada.has_toots([2, 2], conn).run(), Ok(true));
}

#[test]
fn better_has_no_rows_is_true_without_a_statement() {
    let conn = &mut *sample();
    let cleo = person(3, conn);

    let (has, sent) = record(conn, |conn| cleo.has_toots([0_i32; 0], conn).run());

    assert_eq!(has, Ok(true));
    assert_eq!(sent.count(), 0);
}

#[test]
fn has_many_more_rows_than_sqlite_takes_binds() {
    let conn = &mut *sample();
    let ada = person(1, conn);

    let (has, sent) = record(conn, |conn| ada.has_toots(1..=100_000, conn).run());

    assert_eq!(has, Ok(false));
    assert_eq!(sent.count(), 1);
}

#[test]
fn of_itself() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));

    let reports = sends(
        conn,
        &["FROM people WHERE people.boss_id = ? ORDER BY people.id -- binds: [1]"],
        |conn| ada.reports(conn).run(),
    );

    assert_eq!(reports, std::slice::from_ref(&bob));
    assert_eq!(bob.reports(conn).run(), Ok(vec![]));
    assert_eq!(ada.has_report(&bob, conn).run(), Ok(true));
    assert_eq!(bob.has_report(&ada, conn).run(), Ok(false));
}

#[test]
fn two_associations_to_one_target() {
    let conn = &mut *sample();
    let (rome, oslo) = (super::support::city(1, conn), super::support::city(2, conn));

    assert_eq!(rome.count_natives(conn).run(), Ok(2));
    assert_eq!(rome.count_residents(conn).run(), Ok(0));
    assert_eq!(oslo.count_natives(conn).run(), Ok(1));
    assert_eq!(oslo.residents(conn).run().unwrap()[0].name, "Ada");
}
