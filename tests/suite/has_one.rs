use super::prelude::*;
use super::support::sample;
use super::support::{person, sends};
use orm_tests::schema::driving_licenses;

#[test]
fn getter() {
    let conn = &mut *sample();
    let (ada, bob, cleo) = (person(1, conn), person(2, conn), person(3, conn));

    let license = sends(
        conn,
        &["FROM driving_licenses WHERE driving_licenses.owner_id = ? \
           ORDER BY driving_licenses.id -- binds: [1]"],
        |conn| ada.driving_license(conn).run(),
    );

    assert_eq!(license.unwrap().number, "A-1");
    assert_eq!(
        bob.driving_license(conn).run().unwrap().unwrap().number,
        "B-2"
    );
    assert_eq!(cleo.driving_license(conn).run(), Ok(None));
}

#[test]
fn of_two_rows_by_mistake_the_lowest_key_is_the_one() {
    let conn = &mut *sample();
    let ada = person(1, conn);
    diesel::insert_into(driving_licenses::table)
        .values((
            driving_licenses::id.eq(-5),
            driving_licenses::number.eq("A-0"),
            driving_licenses::owner_id.eq(1),
        ))
        .execute(conn)
        .run()
        .unwrap();

    assert_eq!(ada.driving_license(conn).run().unwrap().unwrap().id, -5);
}

#[test]
fn query_composes() {
    let conn = &mut *sample();
    let ada = person(1, conn);
    let query = || ada.driving_license_query();

    assert_eq!(query().count().get_result::<i64>(conn).run(), Ok(1));
    let numbers = query()
        .select(driving_licenses::number)
        .load::<String>(conn)
        .run();
    assert_eq!(numbers, Ok(vec!["A-1".to_owned()]));
    let other = query().filter(driving_licenses::number.ne("A-1"));
    assert_eq!(other.count().get_result::<i64>(conn).run(), Ok(0));
}

#[test]
fn of_itself() {
    let conn = &mut *sample();
    let (ada, bob) = (person(1, conn), person(2, conn));

    let successor = sends(
        conn,
        &["FROM people WHERE people.predecessor_id = ? ORDER BY people.id -- binds: [1]"],
        |conn| ada.successor(conn).run(),
    );

    assert_eq!(successor, Some(bob.clone()));
    assert_eq!(bob.successor(conn).run(), Ok(None));
}
