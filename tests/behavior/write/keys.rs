//! Writes over composite keys.

use super::{done, writes};
use crate::keys::composite::{Badge, Order, orders};
use crate::keys::{account, tenants};
use diesel::prelude::*;
use diesel::result::Error;
use orm_core::prelude::*;

/// better: composite keys work with all methods.
#[test]
fn better_composite_keys_of_has_one_and_has_many() {
    let mut conn = tenants();
    diesel::sql_query("DELETE FROM badges")
        .execute(&mut conn)
        .unwrap();
    diesel::sql_query("DELETE FROM orders")
        .execute(&mut conn)
        .unwrap();
    diesel::sql_query("INSERT INTO badges VALUES (1, NULL, NULL), (2, 2, 1)")
        .execute(&mut conn)
        .unwrap();
    let (ours, theirs) = (account(1, 1), account(2, 1));

    writes(
        &mut conn,
        Ok(()),
        2,
        &["badges: 1, NULL, NULL"],
        &["badges: 1, 1, 1"],
        |conn| ours.set_badge(1, conn),
    );
    writes(
        &mut conn,
        Ok(()),
        3,
        &["badges: 1, 1, 1", "badges: 2, 2, 1"],
        &["badges: 1, NULL, NULL", "badges: 2, 1, 1"],
        |conn| {
            ours.set_badge(
                &Badge {
                    id: 2,
                    tenant_id: None,
                    account_id: None,
                },
                conn,
            )
        },
    );
    let created = done(&mut conn, |conn| {
        theirs.create_order(orders::id.eq(5), conn)
    });
    assert_eq!(created.new, ["orders: 5, 2, 1"]);
    assert_eq!(
        created.result,
        Ok(Order {
            id: 5,
            tenant_id: 2,
            account_id: 1
        })
    );
    writes(
        &mut conn,
        Ok(()),
        1,
        &["orders: 5, 2, 1"],
        &["orders: 5, 1, 1"],
        |conn| ours.add_order(5, conn),
    );
    // neither column may be NULL
    writes(&mut conn, Ok(1), 1, &["orders: 5, 1, 1"], &[], |conn| {
        ours.remove_order(5, conn)
    });
}

/// Only the part of a key that may be NULL becomes NULL.
#[test]
fn better_composite_keys_that_may_be_null_in_part() {
    let mut conn = tenants();
    let mut report = account(1, 2);
    let boss = account(1, 1);
    diesel::sql_query("UPDATE accounts SET boss_id = NULL")
        .execute(&mut conn)
        .unwrap();
    report.boss_id = None;

    writes(
        &mut conn,
        Ok(()),
        1,
        &["accounts: 1, 2, NULL"],
        &["accounts: 1, 2, 1"],
        |conn| report.set_boss(&boss, conn),
    );
    assert_eq!((report.tenant_id, report.boss_id), (1, Some(1)));
    writes(
        &mut conn,
        Ok(1),
        1,
        &["accounts: 1, 2, 1"],
        &["accounts: 1, 2, NULL"],
        |conn| boss.remove_report((1, 2), conn),
    );
    writes(
        &mut conn,
        Ok(()),
        2,
        &["accounts: 1, 2, NULL"],
        &["accounts: 1, 2, 1"],
        |conn| boss.set_reports([(1, 2)], conn),
    );
    writes(
        &mut conn,
        Ok(()),
        1,
        &["accounts: 1, 2, 1"],
        &["accounts: 1, 2, NULL"],
        |conn| report.unset_boss(conn),
    );
    assert_eq!((report.tenant_id, report.boss_id), (1, None));
}

/// A junction column without a default is the payload's to give.
#[test]
fn what_the_payload_must_give_is_missed() {
    diesel::table! { posts (id) { id -> Integer, } }
    diesel::table! { tags (id) { id -> Integer, } }
    diesel::table! {
        taggings (post_id, tag_id) { post_id -> Integer, tag_id -> Integer, by -> Text, }
    }
    diesel::allow_tables_to_appear_in_same_query!(posts, tags, taggings);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[belongs_to_many(Tag, through = taggings)]
    struct Post {
        id: i32,
    }
    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    struct Tag {
        id: i32,
    }

    let mut conn = orm_tests::database::with_tables(
        "CREATE TABLE posts (id INTEGER PRIMARY KEY);
         CREATE TABLE tags (id INTEGER PRIMARY KEY);
         CREATE TABLE taggings (
             post_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, by TEXT NOT NULL,
             PRIMARY KEY (post_id, tag_id));
         INSERT INTO posts VALUES (1);
         INSERT INTO tags VALUES (1), (2);",
    );
    let post = Post { id: 1 };

    let missed = done(&mut conn, |conn| post.add_tags([1, 2], conn));
    assert!(matches!(
        missed.result,
        Err(Error::DatabaseError(
            diesel::result::DatabaseErrorKind::NotNullViolation,
            _
        ))
    ));
    assert_eq!((missed.gone, missed.new), (vec![], vec![]));
    let ada = taggings::by.eq("Ada");
    writes(
        &mut conn,
        Ok(()),
        2,
        &[],
        &["taggings: 1, 1, 'Ada'", "taggings: 1, 2, 'Ada'"],
        |conn| post.add_tags_with([1, 2].map(|tag| (tag, ada)), conn),
    );
    writes(&mut conn, Ok(()), 2, &[], &["tags: 3"], |conn| {
        conn.transaction(|conn| {
            diesel::sql_query("INSERT INTO tags VALUES (3)").execute(conn)?;
            post.set_tags([1, 2], conn)
        })
    });
}
