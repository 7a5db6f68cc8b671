use super::Conn;
use super::prelude::*;
use super::support::sample;
use super::support::{city, person, sends};
use diesel::result::Error;
use orm_tests::connection::TestConnection;
use orm_tests::database::sample_without_foreign_keys;
use orm_tests::models::DrivingLicense;
use orm_tests::recorder::record;
use orm_tests::schema::{cities, driving_licenses};

#[test]
fn getter_over_a_key_that_is_not_null() {
    let conn = &mut *sample();
    let (ada, cleo) = (person(1, conn), person(3, conn));
    let (rome, oslo) = (city(1, conn), city(2, conn));

    let birthplace = sends(
        conn,
        &["FROM cities WHERE cities.id = ? ORDER BY cities.id -- binds: [1]"],
        |conn| ada.birthplace(conn).run(),
    );

    assert_eq!(birthplace, rome);
    assert_eq!(cleo.birthplace(conn).run(), Ok(oslo));
}

#[test]
fn getter_over_a_nullable_key() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));
    let oslo = city(2, conn);

    let residence = sends(
        conn,
        &["FROM cities WHERE cities.id = ? ORDER BY cities.id -- binds: [2]"],
        |conn| ada.residence(conn).run(),
    );
    let (nowhere, sent) = record(conn, |conn| bob.residence(conn).run());

    assert_eq!(residence, Some(oslo));
    assert_eq!(nowhere, Ok(None));
    assert_eq!(sent.count(), 0, "NULL refers to nothing and asks nothing");
}

#[test]
fn a_dangling_key_is_not_found() {
    let conn = &mut *sample_without_foreign_keys::<Conn>();
    let ada = person(1, conn);
    conn.batch("DELETE FROM cities");

    assert_eq!(ada.birthplace(conn).run(), Err(Error::NotFound));
    assert_eq!(
        ada.residence(conn).run(),
        Ok(None),
        "a nullable key may lead nowhere"
    );
}

#[test]
fn query_composes() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));

    let name = ada
        .birthplace_query()
        .select(cities::name)
        .get_result::<String>(conn)
        .run();
    assert_eq!(name, Ok("Rome".to_owned()));
    assert_eq!(
        ada.residence_query().count().get_result::<i64>(conn).run(),
        Ok(1)
    );
    assert_eq!(
        bob.residence_query().count().get_result::<i64>(conn).run(),
        Ok(0)
    );
}

#[test]
fn of_itself() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));

    assert_eq!(bob.boss(conn).run(), Ok(Some(ada.clone())));
    assert_eq!(bob.predecessor(conn).run(), Ok(Some(ada.clone())));
    assert_eq!(ada.boss(conn).run(), Ok(None));
}

#[test]
fn the_other_end_of_has_one() {
    let conn = &mut *sample();
    let licenses = driving_licenses::table
        .order(driving_licenses::id)
        .select(DrivingLicense::as_select())
        .load(conn)
        .run()
        .unwrap();

    let owners: Vec<_> = licenses
        .iter()
        .map(|license| license.owner(conn).run().unwrap())
        .collect();

    let names: Vec<_> = owners
        .iter()
        .map(|owner| owner.as_ref().map(|owner| &*owner.name))
        .collect();
    assert_eq!(names, [Some("Ada"), Some("Bob"), None]);
}
