use crate::support::{person, sends};
use diesel::prelude::*;
use orm_tests::database::sample;
use orm_tests::schema::driving_licenses;

#[test]
fn getter() {
    let conn = &mut sample();
    let (ada, cleo) = (person(1, conn), person(3, conn));
    let license = sends(
        conn,
        &["SELECT `driving_licenses`.`id`, `driving_licenses`.`number`, `driving_licenses`.`owner_id` FROM `driving_licenses` WHERE `driving_licenses`.`owner_id` = ? ORDER BY `driving_licenses`.`id` -- binds: [1]"],
        |conn| ada.driving_license(conn),
    );
    assert_eq!(license.map(|license| license.number), Some("A-1".to_owned()));
    assert_eq!(cleo.driving_license(conn), Ok(None));
}
