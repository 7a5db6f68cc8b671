//! Keys as JSON for MySQL, which takes 65,535 binds at most and no arrays.
//!
//! Only integers travel so: a text out of `JSON_TABLE` has a collation of its own,
//! which may not be that of the column.

use diesel::QueryResult;
use diesel::mysql::{Mysql, MysqlType};
use diesel::query_builder::bind_collector::RawBytesBindCollector;
use diesel::query_builder::{AstPass, BindCollector};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Text};

/// The most keys that are bound one by one.
pub(super) const FEW: usize = 100;

/// A list of keys in the making.
#[derive(Default)]
pub(super) struct JsonTable {
    /// The integers of each column; `None` if there is another type.
    columns: Option<Vec<Vec<i64>>>,
    others: bool,
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
