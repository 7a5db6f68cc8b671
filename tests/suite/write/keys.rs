//! Writes over composite keys.

use super::super::keys::composite::{Badge, Order, orders};
use super::super::keys::{account, tenants};
use super::prelude::*;
use super::support::{LOCK, with_tables};
use super::{done, writes};
use diesel::result::Error;
use orm_tests::connection::TestConnection;

/// better: composite keys work with all methods.
#[test]
fn better_composite_keys_of_has_one_and_has_many() {
    let conn = &mut *tenants();
    conn.batch("DELETE FROM badges");
    conn.batch("DELETE FROM orders");
    conn.batch("INSERT INTO badges VALUES (1, NULL, NULL), (2, 1, NULL), (3, 2, 1)");
    let (ours, theirs) = (account(1, 1), account(2, 1));

    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &["badges: 1, NULL, NULL"],
        &["badges: 1, 1, 1"],
        |conn| ours.set_badge(1, conn).run(),
    );
    writes(
        conn,
        Ok(()),
        3 + LOCK,
        &["badges: 1, 1, 1", "badges: 2, 1, NULL"],
        // it stays a badge of its tenant
        &["badges: 1, 1, NULL", "badges: 2, 1, 1"],
        |conn| {
            ours.set_badge(
                &Badge {
                    id: 2,
                    tenant_id: None,
                    account_id: None,
                },
                conn,
            )
            .run()
        },
    );
    // one of another tenant is not taken
    writes(conn, Err(Error::NotFound), 3 + LOCK, &[], &[], |conn| {
        ours.set_badge(3, conn).run()
    });
    let created = done(conn, |conn| {
        theirs.create_order(orders::id.eq(5), conn).run()
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
    writes(conn, Err(Error::NotFound), 1, &[], &[], |conn| {
        ours.add_order(5, conn).run()
    });
    // neither column may be NULL, so that it cannot be unlinked
    writes(conn, Ok(1), 1, &["orders: 5, 2, 1"], &[], |conn| {
        theirs.destroy_order(5, conn).run()
    });
}

/// Only the part of a key that may be NULL becomes NULL.
#[test]
fn better_composite_keys_that_may_be_null_in_part() {
    let conn = &mut *tenants();
    let mut report = account(1, 2);
    let boss = account(1, 1);
    conn.batch("UPDATE accounts SET boss_id = NULL");
    report.boss_id = None;

    writes(
        conn,
        Ok(()),
        1,
        &["accounts: 1, 2, NULL"],
        &["accounts: 1, 2, 1"],
        |conn| report.set_boss(&boss, conn).run(),
    );
    assert_eq!((report.tenant_id, report.boss_id), (1, Some(1)));
    writes(
        conn,
        Ok(1),
        1,
        &["accounts: 1, 2, 1"],
        &["accounts: 1, 2, NULL"],
        |conn| boss.remove_report((1, 2), conn).run(),
    );
    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &["accounts: 1, 2, NULL"],
        &["accounts: 1, 2, 1"],
        |conn| boss.set_reports([(1, 2)], conn).run(),
    );
    // MariaDB compares a row of columns with rows alone, of no keys too
    let nobody: [(i32, i32); 0] = [];
    writes(
        conn,
        Ok(()),
        2 + LOCK,
        &["accounts: 1, 2, 1"],
        &["accounts: 1, 2, NULL"],
        |conn| boss.set_reports(nobody, conn).run(),
    );
    writes(
        conn,
        Ok(()),
        1,
        &["accounts: 1, 2, NULL"],
        &["accounts: 1, 2, 1"],
        |conn| boss.add_report((1, 2), conn).run(),
    );
    writes(
        conn,
        Ok(()),
        1,
        &["accounts: 1, 2, 1"],
        &["accounts: 1, 2, NULL"],
        |conn| report.unset_boss(conn).run(),
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

    let conn = &mut *with_tables(
        "CREATE TABLE posts (id INTEGER PRIMARY KEY);
         CREATE TABLE tags (id INTEGER PRIMARY KEY);
         CREATE TABLE taggings (
             post_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, `by` TEXT NOT NULL,
             PRIMARY KEY (post_id, tag_id));
         INSERT INTO posts VALUES (1);
         INSERT INTO tags VALUES (1), (2);",
    );
    let post = Post { id: 1 };

    let missed = done(conn, |conn| post.add_tags([1, 2], conn).run());
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
        conn,
        Ok(()),
        2,
        &[],
        &["taggings: 1, 1, 'Ada'", "taggings: 1, 2, 'Ada'"],
        |conn| post.add_tags_with([1, 2].map(|tag| (tag, ada)), conn).run(),
    );
    writes(conn, Ok(()), 2 + LOCK, &[], &["tags: 3"], |conn| {
        conn.in_transaction(|conn| {
            diesel::sql_query("INSERT INTO tags VALUES (3)")
                .execute(conn)
                .run()?;
            post.set_tags([1, 2], conn).run()
        })
    });
}

/// better: what is in the row's own key is shared whatever the other end calls it, and what
/// has the other end's name beside it is not.
#[test]
fn better_a_shared_column_may_have_another_name_at_the_other_end() {
    diesel::table! { customers (area, number) { area -> Integer, number -> Integer, } }
    diesel::table! {
        parcels (tenant, id) { tenant -> Integer, id -> Integer, number -> Nullable<Integer>, }
    }
    diesel::allow_tables_to_appear_in_same_query!(customers, parcels);

    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = customers, primary_key(area, number))]
    #[has_many(Parcel, foreign_key = (tenant, number))]
    struct Customer {
        area: i32,
        number: i32,
    }
    #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
    #[diesel(table_name = parcels, primary_key(tenant, id))]
    struct Parcel {
        tenant: i32,
        id: i32,
        number: Option<i32>,
    }

    let conn = &mut *with_tables(
        "CREATE TABLE customers (area INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (area, number));
         CREATE TABLE parcels (
             tenant INTEGER NOT NULL, id INTEGER NOT NULL, number INTEGER, PRIMARY KEY (tenant, id));
         INSERT INTO customers VALUES (1, 7), (2, 7);
         INSERT INTO parcels VALUES (1, 1, 7), (1, 2, NULL), (2, 1, 7);",
    );
    let customer = Customer { area: 1, number: 7 };

    writes(
        conn,
        Ok(1),
        1,
        &["parcels: 1, 1, 7"],
        &["parcels: 1, 1, NULL"],
        |conn| customer.remove_parcel((1, 1), conn).run(),
    );
    writes(
        conn,
        Ok(()),
        1,
        &["parcels: 1, 2, NULL"],
        &["parcels: 1, 2, 7"],
        |conn| customer.add_parcel((1, 2), conn).run(),
    );
    // that of another tenant
    writes(conn, Err(Error::NotFound), 1, &[], &[], |conn| {
        customer.add_parcel((2, 1), conn).run()
    });
}
