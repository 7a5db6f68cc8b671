//! An enum of connections: the same calls on each of its variants.

use diesel::prelude::*;
use orm_core::guard::watch_queries;
use orm_core::prelude::*;
use orm_tests::connection::TestConnection;
use orm_tests::database::{Isolated, shared_sample};
use orm_tests::models::{DrivingLicense, LikedToot, Person, Toot};
use orm_tests::schema::*;

#[derive(diesel::MultiConnection)]
pub(crate) enum AnyConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MysqlConnection),
}

orm_core::multi_connection!(AnyConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MysqlConnection),
});

fn ids(toots: &[Toot]) -> Vec<i32> {
    toots.iter().map(|toot| toot.id).collect()
}

fn reads_and_writes<C: TestConnection>(wrap: fn(C) -> AnyConnection, list: &str) {
    let database: Isolated<C> = shared_sample();
    let conn = &mut wrap(database.another());
    let people = people::table.order(people::id).select(Person::as_select());
    let people: Vec<Person> = people.load(conn).unwrap();
    let [ada, bob, cleo] = &people[..] else {
        unreachable!()
    };

    assert_eq!(ada.driving_license(conn).unwrap().unwrap().number, "A-1");
    assert_eq!(bob.boss(conn), Ok(Some(ada.clone())));
    assert_eq!(ids(&ada.toots(conn).unwrap()), [1, 2]);
    assert_eq!(ada.has_toots([1, 2], conn), Ok(true));
    assert_eq!(bob.has_liked_toots([1, 3], conn), Ok(false));
    assert_eq!(ada.add_liked_toots([1, 2, 3], conn), Ok(()));
    assert_eq!(ada.set_liked_toots([2, 3], conn), Ok(()));
    assert_eq!(cleo.add_reports([1, 2], conn), Ok(()));
    assert_eq!(ada.remove_liked_toot(2, conn), Ok(1));
    assert_eq!(cleo.set_driving_license(3, conn), Ok(()));

    let (early, late) = (
        liked_toots::liked_at.eq("early"),
        liked_toots::liked_at.eq("late"),
    );
    assert_eq!(
        cleo.add_liked_toots_with([(1, early), (2, late)], conn),
        Ok(())
    );
    assert_eq!(cleo.set_liked_toots_with([(2, early)], conn), Ok(()));
    let links = cleo.liked_toots_with_through(conn).unwrap();
    let links: Vec<_> = links
        .iter()
        .map(|(link, _)| (link.toot_id, &*link.liked_at))
        .collect();
    assert_eq!(links, [(2, "early")]);

    let tree = (
        Person::DRIVING_LICENSE,
        Person::LIKED_TOOTS.include(Toot::AUTHOR).required(),
        Person::LIKED_TOOTS.with_through::<LikedToot>(),
        Person::TOOTS.order(toots::id.desc()).limit(1),
        Person::REPORTS.counted(),
    );
    let query = people::table.filter(Person::BOSS.any(people::id.eq(3)));
    let query = query.order(people::id);
    let (rows, sent) = watch_queries(conn, |conn| query.include(tree).load(conn));
    let rows = rows.unwrap();
    // the engine's own list of keys
    assert!(sent.statements[1].contains(list), "{sent:?}");
    let (person, license, liked, links, latest, reports) = &rows[0];
    assert_eq!((person.id, person.boss_id), (1, Some(3)));
    let license: &Option<DrivingLicense> = license;
    assert_eq!(license.as_ref().unwrap().owner_id, Some(1));
    assert_eq!((liked[0].0.id, liked[0].1.id), (3, 2));
    assert_eq!(links[0].0.toot_id, 3);
    assert_eq!((ids(latest), *reports), (vec![2], 0));
    assert_eq!(rows[1].2.len(), 2);
}

#[test]
fn sqlite() {
    reads_and_writes(AnyConnection::Sqlite, "json_each(?)");
}

#[test]
fn postgres() {
    reads_and_writes(AnyConnection::Postgres, "= ANY($1)");
}

#[test]
fn mysql() {
    reads_and_writes(AnyConnection::Mysql, "IN ((?), (?))");
}
