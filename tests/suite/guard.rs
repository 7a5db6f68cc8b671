//! Watching any kind of connection.

use super::prelude::*;
use super::support::{person, sample};
use orm_core::guard::watch;
use orm_tests::models::Person;
use orm_tests::schema::people;

#[test]
fn an_association_read_for_each_row_is_named() {
    let conn = &mut *sample();
    let everybody: Vec<_> = [1, 2, 3, 1, 2, 3].map(|id| person(id, conn)).into();

    let tree = watch(conn);
    people::table
        .include(Person::TOOTS)
        .load(conn)
        .run()
        .unwrap();
    assert_eq!(tree.queries().count(), 2);
    assert_eq!(tree.queries().repeated(), []);

    let each = watch(conn);
    for person in &everybody {
        person.toots(conn).run().unwrap();
    }
    assert_eq!(tree.queries().count(), 2, "it is watched no more");
    let queries = each.queries();
    let repeated = queries.repeated();
    assert_eq!(
        (queries.count(), repeated.len(), repeated[0].count),
        (6, 1, 6)
    );
    let message = repeated[0].to_string();
    assert!(
        message.contains("load it with them: `.include(Person::TOOTS)`"),
        "{message}"
    );
    drop(each);
    person(1, conn);
}
