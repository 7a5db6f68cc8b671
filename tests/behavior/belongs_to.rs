use crate::support::{city, person, sends};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error;
use orm_tests::database::sample;
use orm_tests::models::DrivingLicense;
use orm_tests::recorder::record;
use orm_tests::schema::{cities, driving_licenses};

#[test]
fn getter_over_a_key_that_is_not_null() {
    let mut conn = sample();
    let (ada, cleo) = (person(1, &mut conn), person(3, &mut conn));
    let (rome, oslo) = (city(1, &mut conn), city(2, &mut conn));

    let birthplace = sends(
        &mut conn,
        &["FROM cities WHERE cities.id = ? ORDER BY cities.id -- binds: [Some(1)]"],
        |conn| ada.birthplace(conn),
    );

    assert_eq!(birthplace, rome);
    assert_eq!(cleo.birthplace(&mut conn), Ok(oslo));
}

#[test]
fn getter_over_a_nullable_key() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));
    let oslo = city(2, &mut conn);

    let residence = sends(
        &mut conn,
        &["FROM cities WHERE cities.id = ? ORDER BY cities.id -- binds: [Some(2)]"],
        |conn| ada.residence(conn),
    );
    let (nowhere, sent) = record(&mut conn, |conn| bob.residence(conn));

    assert_eq!(residence, Some(oslo));
    assert_eq!(nowhere, Ok(None));
    assert_eq!(sent.count(), 0, "NULL refers to nothing and asks nothing");
}

#[test]
fn a_dangling_key_is_not_found() {
    let mut conn = sample();
    let ada = person(1, &mut conn);
    conn.batch_execute("PRAGMA foreign_keys = OFF; DELETE FROM cities")
        .unwrap();

    assert_eq!(ada.birthplace(&mut conn), Err(Error::NotFound));
    assert_eq!(
        ada.residence(&mut conn),
        Ok(None),
        "a nullable key may lead nowhere"
    );
}

#[test]
fn query_composes() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));

    let name = ada
        .birthplace_query()
        .select(cities::name)
        .get_result::<String>(&mut conn);
    assert_eq!(name, Ok("Rome".to_owned()));
    assert_eq!(
        ada.residence_query().count().get_result::<i64>(&mut conn),
        Ok(1)
    );
    assert_eq!(
        bob.residence_query().count().get_result::<i64>(&mut conn),
        Ok(0)
    );
}

#[test]
fn of_itself() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));

    assert_eq!(bob.boss(&mut conn), Ok(Some(ada.clone())));
    assert_eq!(bob.predecessor(&mut conn), Ok(Some(ada.clone())));
    assert_eq!(ada.boss(&mut conn), Ok(None));
}

#[test]
fn the_other_end_of_has_one() {
    let mut conn = sample();
    let licenses = driving_licenses::table
        .order(driving_licenses::id)
        .select(DrivingLicense::as_select())
        .load(&mut conn)
        .unwrap();

    let owners: Vec<_> = licenses
        .iter()
        .map(|license| license.owner(&mut conn).unwrap())
        .collect();

    let names: Vec<_> = owners
        .iter()
        .map(|owner| owner.as_ref().map(|owner| &*owner.name))
        .collect();
    assert_eq!(names, [Some("Ada"), Some("Bob"), None]);
}
