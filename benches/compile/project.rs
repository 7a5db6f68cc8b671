//! A crate of a hundred models with three hundred associations, as source text.
//!
//! 75 models are entities, in a ring: each belongs to the next one, has many and
//! has one of others. 25 are junctions between entities.

use std::fmt::Write as _;

const ENTITIES: usize = 75;
const JUNCTIONS: usize = 25;
pub(crate) const ASSOCIATIONS: usize = 3 * ENTITIES + JUNCTIONS + 2 * JUNCTIONS;

/// What the models of a project derive.
#[derive(Clone, Copy)]
pub(crate) enum Derives {
    /// Diesel's alone, with its own `Associations`.
    Diesel,
    /// Ours beside them.
    Associated,
}

/// The files of a crate, by their paths in `src`.
pub(crate) fn files(derives: Derives) -> Vec<(String, String)> {
    let mut files = vec![
        ("lib.rs".to_owned(), LIB.to_owned()),
        ("schema.rs".to_owned(), schema()),
    ];
    let mut modules = String::new();
    for number in 0..ENTITIES {
        let _ = writeln!(modules, "mod node{number};\npub use node{number}::*;");
        files.push((format!("models/node{number}.rs"), entity(number, derives)));
    }
    for number in 0..JUNCTIONS {
        let _ = writeln!(modules, "mod edge{number};\npub use edge{number}::*;");
        files.push((format!("models/edge{number}.rs"), junction(number, derives)));
    }
    files.push(("models/mod.rs".to_owned(), modules));
    files.push(("bin/idle.rs".to_owned(), IDLE.to_owned()));
    files.push(("bin/reading.rs".to_owned(), reading(derives)));
    files
}

/// A program that links the models and reads nothing.
const IDLE: &str = "fn main() {}\n";

/// A program that reads each association once, by its getter or by hand.
fn reading(derives: Derives) -> String {
    let package = match derives {
        Derives::Diesel => "plain",
        Derives::Associated => "associated",
    };
    let mut functions = String::new();
    let mut calls = String::new();
    for number in 0..ENTITIES {
        let _ = writeln!(calls, "    sum += node{number}(conn).unwrap();");
        let body = match derives {
            Derives::Associated => by_getters(number),
            Derives::Diesel => by_hand(number),
        };
        let _ = writeln!(
            functions,
            "#[inline(never)]
fn node{number}(conn: &mut SqliteConnection) -> QueryResult<usize> {{
    let node: Node{number} = node{number}s::table.select(Node{number}::as_select()).get_result(conn)?;
{body}    Ok(sum)
}}"
        );
    }
    format!(
        "#![allow(unused_imports)]
use diesel::prelude::*;
use {package}::models::*;
use {package}::schema::*;

{functions}
fn main() {{
    let conn = &mut SqliteConnection::establish(\":memory:\").unwrap();
    let mut sum = 0;
{calls}    println!(\"{{sum}}\");
}}
"
    )
}

fn by_getters(number: usize) -> String {
    let mut body = "    let mut sum = node.children(conn)?.len();
    sum += usize::from(node.parent(conn)?.id > 0);
    sum += usize::from(node.assistant(conn)?.is_some());
"
    .to_owned();
    if number.is_multiple_of(3) {
        body.push_str("    sum += node.friends(conn)?.len();\n");
    }
    body
}

fn by_hand(number: usize) -> String {
    let at = |step: usize| (number + step) % ENTITIES;
    let (parent, child, led) = (at(1), at(ENTITIES - 1), at(ENTITIES - 2));
    let mut body = format!(
        "    let children: Vec<Node{child}> = node{child}s::table
        .filter(node{child}s::parent_id.eq(node.id))
        .order(node{child}s::id)
        .select(Node{child}::as_select())
        .load(conn)?;
    let mut sum = children.len();
    let parent: Node{parent} = node{parent}s::table
        .filter(node{parent}s::id.eq(node.parent_id))
        .select(Node{parent}::as_select())
        .get_result(conn)?;
    sum += usize::from(parent.id > 0);
    let assistant: Option<Node{led}> = node{led}s::table
        .filter(node{led}s::leader_id.eq(node.id))
        .order(node{led}s::id)
        .select(Node{led}::as_select())
        .get_result(conn)
        .optional()?;
    sum += usize::from(assistant.is_some());
"
    );
    if number.is_multiple_of(3) {
        let (junction, other) = (number / 3, parent);
        let _ = writeln!(
            body,
            "    let friends: Vec<Node{other}> = edge{junction}s::table
        .inner_join(node{other}s::table.on(node{other}s::id.eq(edge{junction}s::node{other}_id)))
        .filter(edge{junction}s::node{number}_id.eq(node.id))
        .order(edge{junction}s::node{other}_id)
        .select(Node{other}::as_select())
        .load(conn)?;
    sum += friends.len();"
        );
    }
    body
}

const LIB: &str = "pub mod models;\npub mod schema;\n";

/// What `diesel print-schema` writes of such tables.
fn schema() -> String {
    let mut schema = String::new();
    for number in 0..ENTITIES {
        let _ = writeln!(
            schema,
            "diesel::table! {{
    node{number}s (id) {{
        id -> Integer,
        name -> Text,
        note -> Nullable<Text>,
        created_at -> BigInt,
        parent_id -> Integer,
        leader_id -> Nullable<Integer>,
    }}
}}"
        );
    }
    for number in 0..JUNCTIONS {
        let (left, right) = ends(number);
        let _ = writeln!(
            schema,
            "diesel::table! {{
    edge{number}s (node{left}_id, node{right}_id) {{
        node{left}_id -> Integer,
        node{right}_id -> Integer,
    }}
}}"
        );
    }
    schema.push_str("diesel::allow_tables_to_appear_in_same_query!(\n");
    for number in 0..ENTITIES {
        let _ = writeln!(schema, "    node{number}s,");
    }
    for number in 0..JUNCTIONS {
        let _ = writeln!(schema, "    edge{number}s,");
    }
    schema.push_str(");\n");
    schema
}

fn ends(junction: usize) -> (usize, usize) {
    (3 * junction, 3 * junction + 1)
}

fn entity(number: usize, derives: Derives) -> String {
    let at = |step: usize| (number + step) % ENTITIES;
    let (parent, child, led) = (at(1), at(ENTITIES - 1), at(ENTITIES - 2));
    let mut attributes = String::new();
    let mut derive_list =
        "Queryable, Selectable, Identifiable, Insertable, AsChangeset, Debug, Clone".to_owned();
    match derives {
        Derives::Diesel => {
            derive_list.push_str(", Associations");
            let _ = writeln!(
                attributes,
                "#[diesel(belongs_to(Node{parent}, foreign_key = parent_id))]"
            );
        }
        Derives::Associated => {
            derive_list.push_str(", Model");
            let _ = writeln!(attributes, "#[belongs_to_one(Node{parent}, name = parent)]");
            let _ = writeln!(
                attributes,
                "#[has_many(Node{child}, name = children, foreign_key = parent_id)]"
            );
            let _ = writeln!(
                attributes,
                "#[has_one(Node{led}, name = assistant, foreign_key = leader_id)]"
            );
            if number.is_multiple_of(3) {
                let (junction, other) = (number / 3, at(1));
                let _ = writeln!(
                    attributes,
                    "#[belongs_to_many(Node{other}, name = friends, through = Edge{junction})]"
                );
            }
        }
    }
    format!(
        "{imports}
/// A node of the graph.
#[derive({derive_list})]
#[diesel(table_name = node{number}s)]
{attributes}pub struct Node{number} {{
    pub id: i32,
    pub name: String,
    pub note: Option<String>,
    pub created_at: i64,
    pub parent_id: i32,
    pub leader_id: Option<i32>,
}}

impl Node{number} {{
    /// A number that the measurement changes.
    pub fn version(&self) -> i64 {{
        self.created_at + 1
    }}
}}
",
        imports = imports(derives)
    )
}

fn junction(number: usize, derives: Derives) -> String {
    let (left, right) = ends(number);
    let mut derive_list =
        "Queryable, Selectable, Identifiable, Insertable, Debug, Clone".to_owned();
    let mut attributes = String::new();
    for end in [left, right] {
        let _ = match derives {
            Derives::Diesel => writeln!(attributes, "#[diesel(belongs_to(Node{end}))]"),
            Derives::Associated => writeln!(attributes, "#[belongs_to_one(Node{end})]"),
        };
    }
    derive_list.push_str(match derives {
        Derives::Diesel => ", Associations",
        Derives::Associated => ", Model",
    });
    format!(
        "{imports}
/// An edge of the graph.
#[derive({derive_list})]
#[diesel(table_name = edge{number}s)]
#[diesel(primary_key(node{left}_id, node{right}_id))]
{attributes}pub struct Edge{number} {{
    pub node{left}_id: i32,
    pub node{right}_id: i32,
}}
",
        imports = imports(derives)
    )
}

fn imports(derives: Derives) -> &'static str {
    match derives {
        Derives::Diesel => "use super::*;\nuse crate::schema::*;\nuse diesel::prelude::*;\n",
        Derives::Associated => {
            "use super::*;\nuse crate::schema::*;\nuse diesel::prelude::*;\nuse orm_core::prelude::*;\n"
        }
    }
}
