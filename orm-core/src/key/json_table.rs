//! Many keys for MySQL, which takes 65,535 binds at most and no arrays.
//!
//! Integers are read from JSON. A text out of `JSON_TABLE` has a collation of its own,
//! which may not be that of the column: texts and blobs are literals in the
//! statement, which are compared as binds are.

use diesel::QueryResult;
use diesel::mysql::{Mysql, MysqlType};
use diesel::query_builder::bind_collector::RawBytesBindCollector;
use diesel::query_builder::{AstPass, BindCollector};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Text};

/// The most keys for which the text of a statement is kept, one for each number.
pub(super) const KEPT: usize = 16;

/// The most keys that are bound one by one.
pub(super) const FEW: usize = 100;

/// So few keys fit into a statement, whatever their types.
pub(super) const FIT: usize = 1000;

/// The most bytes that the keys of a statement take: what a server takes by default
/// is 16 MiB on MariaDB and 64 MiB on MySQL.
const MOST_BYTES: usize = 12 << 20;

/// The most keys of one statement that are bound one by one.
const MOST_BINDS: usize = 60_000;

/// How many keys travel.
#[derive(Debug)]
pub(super) enum ManyKeys {
    /// As JSON, in one bind.
    Json(JsonKeys),
    /// As literals: `(1, X'00'), (2, X'01')`.
    Literals(String),
    /// One by one, since a type has no literals here.
    Binds,
}

/// A list of keys in the making.
#[derive(Default)]
pub(super) struct JsonTable {
    /// The integers of each column; `None` if there is another type.
    columns: Option<Vec<Vec<i64>>>,
    others: bool,
}

/// The literals of a list of keys in the making: those of each column, `None` if a
/// type has none.
#[derive(Default)]
pub(super) struct Literals {
    columns: Vec<Vec<String>>,
    others: bool,
}

impl Literals {
    /// Adds the next column's values.
    pub(super) fn push_column<ST, K>(&mut self, parts: &[K]) -> QueryResult<()>
    where
        Mysql: HasSqlType<ST>,
        K: ToSql<ST, Mysql>,
    {
        let mut binds = RawBytesBindCollector::<Mysql>::default();
        for part in parts {
            binds.push_bound_value::<ST, K>(part, &mut ())?;
        }
        let ty = <Mysql as HasSqlType<ST>>::metadata(&mut ());
        let literals = binds
            .binds
            .iter()
            .map(|bytes| literal(ty, bytes.as_deref()?));
        match literals.collect::<Option<_>>() {
            Some(literals) => self.columns.push(literals),
            None => self.others = true,
        }
        Ok(())
    }

    /// The keys, each with `before` in front of it and, where they are `numbered`,
    /// its number at its end, from 1 on; `None` if a type has no literals.
    pub(super) fn finish(self, before: &str, numbered: bool) -> Option<String> {
        if self.others {
            return None;
        }
        let mut list = String::new();
        for row in 0..self.columns.first()?.len() {
            list.push_str(if row > 0 { ", " } else { "" });
            list.push_str(before);
            for (index, column) in self.columns.iter().enumerate() {
                list.push_str(if index > 0 { ", " } else { "(" });
                list.push_str(&column[row]);
            }
            if numbered {
                list.push_str(", ");
                list.push_str(&(row + 1).to_string());
            }
            list.push(')');
        }
        Some(list)
    }
}

/// How large a list of keys is in a statement.
#[derive(Default)]
pub(super) struct Sizes {
    /// The bytes of each key.
    keys: Vec<usize>,
    columns: usize,
    /// Whether a type has no literals, so that the keys are bound one by one.
    bound: bool,
}

impl Sizes {
    /// Adds the next column's values.
    pub(super) fn push_column<ST, K>(&mut self, parts: &[K]) -> QueryResult<()>
    where
        Mysql: HasSqlType<ST>,
        K: ToSql<ST, Mysql>,
    {
        let ty = <Mysql as HasSqlType<ST>>::metadata(&mut ());
        self.keys.resize(parts.len(), 0);
        for (part, size) in parts.iter().zip(&mut self.keys) {
            let mut binds = RawBytesBindCollector::<Mysql>::default();
            binds.push_bound_value::<ST, K>(part, &mut ())?;
            let bytes = binds.binds.first().and_then(Option::as_deref);
            let literal = bytes.and_then(|bytes| literal(ty, bytes));
            *size += 4 + literal.as_ref().map_or(64, String::len);
            self.bound |= literal.is_none();
        }
        self.columns += 1;
        Ok(())
    }

    /// Where each part but the first starts.
    pub(super) fn cuts(self) -> Vec<usize> {
        let most_keys = if self.bound {
            MOST_BINDS / self.columns.max(1)
        } else {
            usize::MAX
        };
        let mut cuts = Vec::new();
        let (mut start, mut total) = (0, 0);
        for (place, size) in self.keys.into_iter().enumerate() {
            if place > start && (total + size > MOST_BYTES || place - start == most_keys) {
                cuts.push(place);
                (start, total) = (place, 0);
            }
            total += size;
        }
        cuts
    }
}

/// The literal of a value that is bound so.
fn literal(ty: MysqlType, bytes: &[u8]) -> Option<String> {
    let introducer = match ty {
        MysqlType::String => "_utf8mb4 X'",
        MysqlType::Blob => "X'",
        MysqlType::UnsignedLongLong => {
            return Some(u64::from_ne_bytes(bytes.try_into().ok()?).to_string());
        }
        _ => return integer(ty, bytes).map(|integer| integer.to_string()),
    };
    let mut literal = String::with_capacity(introducer.len() + 2 * bytes.len() + 1);
    literal.push_str(introducer);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            literal.push(char::from_digit(digit.into(), 16)?);
        }
    }
    literal.push('\'');
    Some(literal)
}

/// A list of keys, to be read by `JSON_TABLE`: the text, and how many columns.
#[derive(Debug)]
pub(super) struct JsonKeys {
    json: String,
    columns: usize,
}

impl JsonTable {
    /// Adds the next column's values.
    pub(super) fn push_column<ST, K>(&mut self, parts: &[K]) -> QueryResult<()>
    where
        Mysql: HasSqlType<ST>,
        K: ToSql<ST, Mysql>,
    {
        let mut binds = RawBytesBindCollector::<Mysql>::default();
        for part in parts {
            binds.push_bound_value::<ST, K>(part, &mut ())?;
        }
        let ty = <Mysql as HasSqlType<ST>>::metadata(&mut ());
        let integers = binds
            .binds
            .iter()
            .map(|bytes| integer(ty, bytes.as_deref()?));
        match integers.collect::<Option<_>>() {
            Some(integers) => self.columns.get_or_insert_default().push(integers),
            None => self.others = true,
        }
        Ok(())
    }

    /// The keys, if all are integers.
    pub(super) fn finish(self) -> Option<JsonKeys> {
        let columns = self.columns.filter(|_| !self.others)?;
        // In the order of an index, its pages are each read once.
        let mut order: Vec<_> = (0..columns.first()?.len()).collect();
        order.sort_unstable_by(|&a, &b| {
            let key = |row: usize| columns.iter().map(move |column| column[row]);
            key(a).cmp(key(b))
        });
        let mut json = String::from("[");
        for (place, row) in order.into_iter().enumerate() {
            json.push_str(if place > 0 { ",[" } else { "[" });
            for (index, column) in columns.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                json.push_str(&column[row].to_string());
            }
            json.push(']');
        }
        json.push(']');
        Some(JsonKeys {
            json,
            columns: columns.len(),
        })
    }
}

/// The integer that is bound, if it is one.
fn integer(ty: MysqlType, bytes: &[u8]) -> Option<i64> {
    Some(match ty {
        MysqlType::Tiny => i8::from_ne_bytes(bytes.try_into().ok()?).into(),
        MysqlType::Short => i16::from_ne_bytes(bytes.try_into().ok()?).into(),
        MysqlType::Long => i32::from_ne_bytes(bytes.try_into().ok()?).into(),
        MysqlType::LongLong => i64::from_ne_bytes(bytes.try_into().ok()?),
        MysqlType::UnsignedTiny => u8::from_ne_bytes(bytes.try_into().ok()?).into(),
        MysqlType::UnsignedShort => u16::from_ne_bytes(bytes.try_into().ok()?).into(),
        MysqlType::UnsignedLong => u32::from_ne_bytes(bytes.try_into().ok()?).into(),
        MysqlType::UnsignedLongLong => {
            u64::from_ne_bytes(bytes.try_into().ok()?).try_into().ok()?
        }
        _ => return None,
    })
}

impl JsonKeys {
    /// Writes `SELECT .. FROM JSON_TABLE(?, ..)` with its bind.
    pub(super) fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
        let names = |definition: &dyn Fn(usize) -> String| {
            (0..self.columns)
                .map(definition)
                .collect::<Vec<_>>()
                .join(", ")
        };
        out.push_sql(&format!(
            "SELECT {} FROM JSON_TABLE(",
            names(&|index| format!("k{index}"))
        ));
        out.push_bind_param::<Text, _>(&self.json)?;
        out.push_sql(&format!(
            ", '$[*]' COLUMNS ({})) AS orm_keys",
            names(&|index| format!("k{index} BIGINT PATH '$[{index}]'"))
        ));
        Ok(())
    }
}
