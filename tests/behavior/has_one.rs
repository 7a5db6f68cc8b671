use crate::support::{person, sends};
use diesel::prelude::*;
use orm_tests::database::sample;
use orm_tests::schema::driving_licenses;

#[test]
fn getter() {
    let mut conn = sample();
    let (ada, bob, cleo) = (
        person(1, &mut conn),
        person(2, &mut conn),
        person(3, &mut conn),
    );

    let license = sends(
        &mut conn,
        &["FROM driving_licenses WHERE driving_licenses.owner_id = ? \
           ORDER BY driving_licenses.id -- binds: [Some(1)]"],
        |conn| ada.driving_license(conn),
    );

    assert_eq!(license.unwrap().number, "A-1");
    assert_eq!(
        bob.driving_license(&mut conn).unwrap().unwrap().number,
        "B-2"
    );
    assert_eq!(cleo.driving_license(&mut conn), Ok(None));
}

#[test]
fn of_two_rows_by_mistake_the_lowest_key_is_the_one() {
    let mut conn = sample();
    let ada = person(1, &mut conn);
    diesel::insert_into(driving_licenses::table)
        .values((
            driving_licenses::id.eq(-5),
            driving_licenses::number.eq("A-0"),
            driving_licenses::owner_id.eq(1),
        ))
        .execute(&mut conn)
        .unwrap();

    assert_eq!(ada.driving_license(&mut conn).unwrap().unwrap().id, -5);
}

#[test]
fn query_composes() {
    let mut conn = sample();
    let ada = person(1, &mut conn);
    let query = || ada.driving_license_query();

    assert_eq!(query().count().get_result::<i64>(&mut conn), Ok(1));
    let numbers = query()
        .select(driving_licenses::number)
        .load::<String>(&mut conn);
    assert_eq!(numbers, Ok(vec!["A-1".to_owned()]));
    let other = query().filter(driving_licenses::number.ne("A-1"));
    assert_eq!(other.count().get_result::<i64>(&mut conn), Ok(0));
}

#[test]
fn of_itself() {
    let mut conn = sample();
    let (ada, bob) = (person(1, &mut conn), person(2, &mut conn));

    let successor = sends(
        &mut conn,
        &["FROM people WHERE people.predecessor_id = ? ORDER BY people.id -- binds: [Some(1)]"],
        |conn| ada.successor(conn),
    );

    assert_eq!(successor, Some(bob.clone()));
    assert_eq!(bob.successor(&mut conn), Ok(None));
}
