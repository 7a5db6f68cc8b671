//! The tables, read from their text.

use super::tables::TABLES;
use std::sync::LazyLock;

/// A table's columns and constraints.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
    /// The primary key first.
    pub(super) unique: Vec<Vec<&'static str>>,
    /// Columns, and the table to whose primary key they lead.
    pub(super) foreign: Vec<(&'static str, &'static str)>,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) is_flag: bool,
    pub(super) nullable: bool,
    pub(super) default: Option<&'static str>,
}

pub(super) fn names(list: &'static str) -> Vec<&'static str> {
    list.split([',', ' ', '(', ')'])
        .filter(|name| !name.is_empty())
        .collect()
}

/// The parts between commas that are not in brackets.
fn parts(columns: &'static str) -> Vec<&'static str> {
    let (mut depth, mut start, mut all) = (0, 0, vec![]);
    for (place, letter) in columns.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                all.push(columns[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    all.push(columns[start..].trim());
    all
}

/// A literal of SQL as the test shows values: no quotes, and 0 or 1 of a flag.
pub(super) fn plain(literal: &'static str) -> Option<&'static str> {
    match literal {
        "NULL" => None,
        "FALSE" => Some("0"),
        "TRUE" => Some("1"),
        other => Some(other.trim_matches('\'')),
    }
}

fn after(text: &'static str, word: &str) -> Option<&'static str> {
    text.split_once(word)
        .and_then(|(_, rest)| rest.split_whitespace().next())
}

impl Table {
    fn read(name: &'static str, columns: &'static str) -> Self {
        let mut table = Self {
            name,
            columns: vec![],
            unique: vec![],
            foreign: vec![],
        };
        for part in parts(columns) {
            if let Some(key) = part.strip_prefix("PRIMARY KEY ") {
                table.unique.insert(0, names(key));
            } else if let Some(key) = part.strip_prefix("UNIQUE ") {
                table.unique.push(names(key));
            } else {
                let name = names(part)[0];
                if part.contains("PRIMARY KEY") {
                    table.unique.insert(0, vec![name]);
                }
                if let Some(target) = after(part, "REFERENCES ") {
                    table.foreign.push((name, target));
                }
                table.columns.push(Column {
                    name,
                    is_flag: part.contains("BOOLEAN"),
                    nullable: !part.contains("NOT NULL") && !part.contains("PRIMARY KEY"),
                    default: after(part, "DEFAULT ").and_then(plain),
                });
            }
        }
        table
    }

    pub(super) fn key(&self) -> &[&'static str] {
        &self.unique[0]
    }

    /// Where a column stands among those that are shown.
    pub(super) fn column(&self, name: &str) -> usize {
        self.shown().position(|column| column.name == name).unwrap()
    }

    pub(super) fn is_nullable(&self, name: &str) -> bool {
        self.shown()
            .any(|column| column.name == name && column.nullable)
    }

    /// The columns that the test looks at. The number of a link is the
    /// database's affair.
    pub(super) fn shown(&self) -> impl Iterator<Item = &Column> {
        self.columns
            .iter()
            .filter(|column| (self.name, column.name) != ("marks", "id"))
    }
}

pub(super) static SCHEMA: LazyLock<Vec<Table>> = LazyLock::new(|| {
    TABLES
        .iter()
        .map(|(name, columns)| Table::read(name, columns))
        .collect()
});

pub(super) fn table(name: &str) -> &'static Table {
    SCHEMA.iter().find(|table| table.name == name).unwrap()
}

/// The tables as one text.
pub(super) fn create_tables() -> String {
    let tables = TABLES.map(|(name, columns)| format!("CREATE TABLE {name} ({columns});"));
    tables.concat()
}
