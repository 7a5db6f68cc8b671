//! Keys of every type that an engine has: getters, trees of more keys than are
//! bound one by one, and writes.

use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::*;
use orm_core::prelude::*;
use orm_tests::database::{mysql_url, postgres_url};

/// Tests one key type on one engine: `key` makes the key of a number.
macro_rules! key_type {
    ($name:ident: $connection:ty, $url:expr, $sql:ty, $column:literal, $key:ty, $make:expr $(, $setup:expr)?) => {
        mod $name {
            use super::*;

            diesel::table! { use super::*; nodes (id) { id -> $sql, } }
            diesel::table! {
                use super::*;
                leaves (id) { id -> $sql, node_id -> Nullable<$sql>, }
            }
            diesel::table! {
                use super::*;
                links (node_id, leaf_id) { node_id -> $sql, leaf_id -> $sql, }
            }
            diesel::allow_tables_to_appear_in_same_query!(nodes, leaves, links);

            #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
            #[diesel(table_name = nodes)]
            #[has_many(Leaf, foreign_key = leaves::node_id)]
            #[belongs_to_many(
                Leaf,
                name = linked,
                singular = link,
                through = links,
                foreign_key = node_id,
                other_key = leaf_id,
            )]
            struct Node {
                id: $key,
            }

            #[derive(Model, Queryable, Selectable, Debug, Clone, PartialEq)]
            #[diesel(table_name = leaves)]
            #[belongs_to_one(Node, foreign_key = leaves::node_id)]
            struct Leaf {
                id: $key,
                node_id: Option<$key>,
            }

            #[test]
            fn works() {
                let key: fn(u32) -> $key = $make;
                let conn = &mut <$connection>::establish(&$url).unwrap();
                let tables = "
                    CREATE TEMPORARY TABLE nodes (id KEY_TYPE PRIMARY KEY);
                    CREATE TEMPORARY TABLE leaves (id KEY_TYPE PRIMARY KEY, node_id KEY_TYPE);
                    CREATE TEMPORARY TABLE links (
                        node_id KEY_TYPE NOT NULL, leaf_id KEY_TYPE NOT NULL,
                        PRIMARY KEY (node_id, leaf_id));";
                $(conn.batch_execute(&$setup).unwrap();)?
                conn.batch_execute(&tables.replace("KEY_TYPE", $column)).unwrap();
                let ids: Vec<_> = (1..=120).map(|number| nodes::id.eq(key(number))).collect();
                diesel::insert_into(nodes::table).values(&ids).execute(conn).unwrap();

                let (one, two) = (Node { id: key(1) }, Node { id: key(2) });
                for number in 1..=4 {
                    let leaf = one.create_leaf(leaves::id.eq(key(number)), conn).unwrap();
                    assert_eq!(leaf, Leaf { id: key(number), node_id: Some(key(1)) });
                }
                assert_eq!(one.leaves(conn).unwrap().len(), 4);
                assert_eq!(two.add_leaves([key(1), key(2)], conn), Ok(()));
                assert_eq!(two.has_leaves([key(1), key(2)], conn), Ok(true));
                assert_eq!(two.set_leaves([key(2), key(3)], conn), Ok(()));
                assert_eq!(two.remove_leaf(key(3), conn), Ok(1));
                assert_eq!(one.add_linked([key(1), key(2), key(1)], conn), Ok(()));
                assert_eq!(one.add_link(key(2), conn), Ok(()));
                assert_eq!(one.count_linked(conn), Ok(2));
                let mut leaf = Leaf { id: key(4), node_id: Some(key(1)) };
                assert_eq!(leaf.set_node(&two, conn), Ok(()));
                assert_eq!(leaf.node(conn), Ok(Some(two.clone())));

                let tree = (Node::LEAVES.include(Leaf::NODE), Node::LINKED, Node::LEAVES.counted());
                let rows = nodes::table.filter(nodes::id.ne(key(119))).include(tree);
                let rows = rows.load(conn).unwrap();
                assert_eq!(rows.len(), 119);
                for (node, leaves, linked, count) in rows {
                    assert!(leaves.iter().all(|(_, of)| of.as_ref() == Some(&node)));
                    assert_eq!(node.leaves(conn).unwrap().len(), leaves.len());
                    assert_eq!(count, i64::try_from(leaves.len()).unwrap());
                    assert_eq!(node.linked(conn), Ok(linked));
                }
            }
        }
    };
}

fn text(number: u32) -> String {
    format!("'key' {number} 😀")
}

key_type! { postgres_small: PgConnection, postgres_url(), SmallInt, "SMALLINT", i16, |n| i16::try_from(n).unwrap() }
key_type! { postgres_big: PgConnection, postgres_url(), BigInt, "BIGINT", i64, |n| i64::from(n) << 40 }
key_type! { postgres_text: PgConnection, postgres_url(), Text, "TEXT", String, text }
key_type! {
    postgres_bytes: PgConnection, postgres_url(), Binary, "BYTEA", Vec<u8>,
    |n| n.to_be_bytes().to_vec()
}
key_type! {
    postgres_uuid: PgConnection, postgres_url(), Uuid, "UUID", uuid::Uuid,
    |n| uuid::Uuid::from_u128(u128::from(n) << 64)
}
key_type! {
    postgres_timestamp: PgConnection, postgres_url(), Timestamp, "TIMESTAMP", std::time::SystemTime,
    |n| std::time::UNIX_EPOCH + std::time::Duration::from_secs(n.into())
}
key_type! {
    postgres_domain: PgConnection, postgres_url(), Integer, "number", i32, |n| i32::try_from(n).unwrap(),
    "CREATE DOMAIN pg_temp.number AS INTEGER CHECK (VALUE > 0)"
}

/// The type `label` of PostgreSQL.
#[derive(SqlType, QueryId)]
#[diesel(postgres_type(name = "label"))]
#[allow(unreachable_pub, reason = "Diesel's tables are public")]
pub struct LabelType;

/// One of many labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = LabelType)]
struct Label(String);

impl Label {
    fn new(number: u32) -> Self {
        Self(format!("label {number}"))
    }

    fn all() -> String {
        let labels: Vec<_> = (1..=120)
            .map(|number| format!("'{}'", Self::new(number).0))
            .collect();
        format!("CREATE TYPE pg_temp.label AS ENUM ({})", labels.join(", "))
    }
}

impl ToSql<LabelType, Pg> for Label {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Text, Pg>::to_sql(&self.0, out)
    }
}

impl FromSql<LabelType, Pg> for Label {
    fn from_sql(label: PgValue<'_>) -> deserialize::Result<Self> {
        FromSql::<Text, Pg>::from_sql(label).map(Self)
    }
}

key_type! { postgres_enum: PgConnection, postgres_url(), LabelType, "label", Label, Label::new, Label::all() }
key_type! { mysql_small: MysqlConnection, mysql_url(), SmallInt, "SMALLINT", i16, |n| i16::try_from(n).unwrap() }
key_type! { mysql_big: MysqlConnection, mysql_url(), BigInt, "BIGINT", i64, |n| i64::from(n) << 40 }
key_type! {
    mysql_unsigned: MysqlConnection, mysql_url(), Unsigned<Integer>, "INTEGER UNSIGNED", u32,
    |n| n + (1 << 31)
}
key_type! {
    mysql_unsigned_big: MysqlConnection, mysql_url(), Unsigned<BigInt>, "BIGINT UNSIGNED", u64,
    |n| u64::from(n) + (1 << 63)
}
key_type! { mysql_text: MysqlConnection, mysql_url(), Text, "VARCHAR(40)", String, text }
key_type! {
    mysql_bytes: MysqlConnection, mysql_url(), Binary, "VARBINARY(16)", Vec<u8>,
    |n| n.to_be_bytes().to_vec()
}
