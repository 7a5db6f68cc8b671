//! Keys as JSON, the one bind by which SQLite takes a list.
//!
//! Integers and texts travel in the JSON as they are. It cannot carry blobs,
//! and SQLite cuts a JSON text short at a NUL; such values travel in one blob
//! beside it, and the JSON says where each one starts and how long it is.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, BindCollector, MoveableBindCollector};
use diesel::result::Error;
use diesel::serialize::ToSql;
use diesel::sql_types::{Binary, HasSqlType, Text};
use diesel::sqlite::{Sqlite, SqliteType};
use serde_json::Value;
use std::any::Any;
use std::fmt::Debug;

/// So few keys are not worth sorting.
const FEW: usize = 64;

/// A list of keys, ready to be bound.
#[derive(Debug)]
pub(super) struct JsonKeys {
    /// `[1, 2]`, or `[[1, "a"], [2, "b"]]` for composite keys.
    json: String,
    /// How each column travels.
    columns: Vec<Carrier>,
}

/// How the values of one column travel.
#[derive(Debug)]
enum Carrier {
    /// In the JSON.
    Json,
    /// Those that the JSON cannot carry in this blob, as `CAST` says.
    Beside { blob: Vec<u8>, cast: &'static str },
}

/// One bound value, as SQLite sees it.
enum Bound {
    Integer(i64),
    Text(String),
    Binary(Vec<u8>),
}

/// A list of keys in the making: a list of values for each column.
#[derive(Default)]
pub(super) struct Encoder {
    values: Vec<Vec<Value>>,
    columns: Vec<Carrier>,
}

impl Encoder {
    /// Adds the next column's values.
    pub(super) fn push_column<ST, K>(&mut self, parts: &[K]) -> QueryResult<()>
    where
        Sqlite: HasSqlType<ST>,
        K: ToSql<ST, Sqlite> + 'static,
    {
        let mut carrier = match <Sqlite as HasSqlType<ST>>::metadata(&mut ()) {
            SqliteType::Binary => Carrier::Beside {
                blob: Vec::new(),
                cast: "BLOB",
            },
            SqliteType::Text => Carrier::Beside {
                blob: Vec::new(),
                cast: "TEXT",
            },
            _ => Carrier::Json,
        };
        let values = parts
            .iter()
            .map(|part| carrier.carry(bound::<ST, K>(part)?))
            .collect::<QueryResult<_>>()?;
        self.values.push(values);
        self.columns.push(carrier);
        Ok(())
    }

    /// Puts the columns' values together to keys; `sorted` where their order does
    /// not matter.
    pub(super) fn finish(mut self, sorted: bool) -> JsonKeys {
        let keys = if self.values.len() == 1 {
            let mut keys = self.values.swap_remove(0);
            // SQLite puts the keys into an index and looks up one row after another: in
            // their order that takes two thirds of the time.
            if sorted && keys.len() > FEW && keys.iter().all(Value::is_i64) {
                keys.sort_unstable_by_key(Value::as_i64);
            }
            keys
        } else {
            let mut columns: Vec<_> = self.values.into_iter().map(Vec::into_iter).collect();
            let mut keys = Vec::new();
            while let Some(key) = columns
                .iter_mut()
                .map(Iterator::next)
                .collect::<Option<_>>()
            {
                keys.push(Value::Array(key));
            }
            keys
        };
        JsonKeys {
            json: Value::Array(keys).to_string(),
            columns: self.columns,
        }
    }
}

impl Carrier {
    fn carry(&mut self, value: Bound) -> QueryResult<Value> {
        let bytes = match (value, &self) {
            (Bound::Integer(value), _) => return Ok(value.into()),
            (Bound::Text(value), _) if !value.contains('\0') => return Ok(value.into()),
            (Bound::Text(value), _) => value.into_bytes(),
            (Bound::Binary(value), _) => value,
        };
        match self {
            Self::Beside { blob, .. } => {
                let start = blob.len() + 1;
                blob.extend_from_slice(&bytes);
                Ok(vec![start, bytes.len()].into())
            }
            Self::Json => Err(unsupported("a value that is not of the column's type")),
        }
    }
}

impl JsonKeys {
    /// Whether the values of this column are texts.
    pub(super) fn are_texts(&self, index: usize) -> bool {
        matches!(
            self.columns.get(index),
            Some(Carrier::Beside { cast: "TEXT", .. })
        )
    }

    /// Writes `SELECT .. FROM json_each(?)` with its binds; the columns are
    /// called `k0`, `k1` and so on, and where the keys are `numbered` their
    /// number `n` comes last, from 1 on.
    pub(super) fn walk<'b>(
        &'b self,
        out: &mut AstPass<'_, 'b, Sqlite>,
        numbered: bool,
    ) -> QueryResult<()> {
        out.push_sql("SELECT ");
        for (index, carrier) in self.columns.iter().enumerate() {
            if index > 0 {
                out.push_sql(", ");
            }
            // `json_each` yields a plain key as `value`, a composite one as the
            // array `value`.
            let (value, kind) = if self.columns.len() == 1 {
                ("value".to_owned(), "type".to_owned())
            } else {
                (
                    format!("json_extract(value, '$[{index}]')"),
                    format!("json_type(value, '$[{index}]')"),
                )
            };
            match carrier {
                // The plus makes an expression of the column: SQLite then compares the
                // value as it compares a bind, by the type of the other side.
                Carrier::Json if self.columns.len() == 1 => out.push_sql("+value"),
                Carrier::Json => out.push_sql(&value),
                Carrier::Beside { blob, cast } => {
                    out.push_sql(&format!("CASE {kind} WHEN 'array' THEN CAST(substr("));
                    out.push_bind_param::<Binary, _>(blob)?;
                    out.push_sql(&format!(
                        ", json_extract({value}, '$[0]'), json_extract({value}, '$[1]')) AS {cast}) \
                         ELSE {value} END"
                    ));
                }
            }
            out.push_sql(&format!(" AS k{index}"));
        }
        out.push_sql(if numbered {
            ", key + 1 AS n FROM json_each("
        } else {
            " FROM json_each("
        });
        out.push_bind_param::<Text, _>(&self.json)?;
        out.push_sql(")");
        Ok(())
    }
}

/// The value that `part` binds.
///
/// The usual types are read directly. Any other type, such as an identifier
/// type of the user's, says what it binds through its own `ToSql`. Diesel lets
/// nobody read such a value but shows it through `Debug`; a form that is not
/// known here is an error, never a guess.
fn bound<ST, K>(part: &K) -> QueryResult<Bound>
where
    Sqlite: HasSqlType<ST>,
    K: ToSql<ST, Sqlite> + 'static,
{
    let any: &dyn Any = part;
    if let Some(value) = any.downcast_ref::<i32>() {
        return Ok(Bound::Integer(i64::from(*value)));
    }
    if let Some(value) = any.downcast_ref::<i64>() {
        return Ok(Bound::Integer(*value));
    }
    if let Some(value) = any.downcast_ref::<String>() {
        return Ok(Bound::Text(value.clone()));
    }
    if let Some(value) = any.downcast_ref::<Vec<u8>>() {
        return Ok(Bound::Binary(value.clone()));
    }
    let mut collector = <Sqlite as diesel::backend::Backend>::BindCollector::default();
    collector.push_bound_value::<ST, K>(part, &mut ())?;
    let mut shown: Vec<Box<dyn Debug>> = Vec::new();
    push_debug_binds(&collector, &mut shown);
    match shown.as_slice() {
        [value] => parse_shown(&format!("{value:?}")),
        _ => Err(unsupported(
            "a key part that does not bind exactly one value",
        )),
    }
}

fn push_debug_binds<C: MoveableBindCollector<Sqlite>>(
    collector: &C,
    shown: &mut Vec<Box<dyn Debug>>,
) {
    C::push_debug_binds(&collector.moveable(), shown);
}

/// Reads `I32(7)`, `I64(7)`, `String("a")` or `Binary([1, 2])`.
fn parse_shown(shown: &str) -> QueryResult<Bound> {
    let parsed = shown
        .strip_suffix(')')
        .and_then(|shown| shown.split_once('('))
        .and_then(|(kind, value)| match kind {
            "I32" | "I64" => value.parse().ok().map(Bound::Integer),
            "String" => unescape(value).map(Bound::Text),
            "Binary" => serde_json::from_str(value).ok().map(Bound::Binary),
            _ => None,
        });
    parsed.ok_or_else(|| unsupported(shown))
}

/// Reads a string as `Debug` writes it.
fn unescape(shown: &str) -> Option<String> {
    let mut chars = shown.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut text = String::new();
    while let Some(char) = chars.next() {
        text.push(match char {
            '\\' => match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'u' => {
                    let hex: String = chars.by_ref().skip(1).take_while(|&c| c != '}').collect();
                    u32::from_str_radix(&hex, 16)
                        .ok()
                        .and_then(char::from_u32)?
                }
                quoted @ ('\\' | '"' | '\'') => quoted,
                _ => return None,
            },
            plain => plain,
        });
    }
    Some(text)
}

fn unsupported(what: &str) -> Error {
    Error::QueryBuilderError(
        format!("{what} cannot be part of a list of keys on SQLite; use an integer, text or blob")
            .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::{Bound, bound, parse_shown};
    use diesel::serialize::{self, IsNull, Output, ToSql};
    use diesel::sql_types::{BigInt, Binary, Double, Integer, SmallInt, Text};
    use diesel::sqlite::Sqlite;

    #[derive(Debug)]
    struct Custom<T>(T);

    macro_rules! delegate {
        ($($sql:ty: $value:ty),*) => {$(
            impl ToSql<$sql, Sqlite> for Custom<$value> {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(self.0.clone());
                    Ok(IsNull::No)
                }
            }
        )*};
    }
    delegate!(Integer: i32, BigInt: i64, Text: String, Binary: Vec<u8>, Double: f64);

    #[test]
    fn custom_types_are_read_as_what_they_bind() {
        assert!(matches!(
            bound::<Integer, _>(&Custom(-7)),
            Ok(Bound::Integer(-7))
        ));
        assert!(matches!(
            bound::<BigInt, _>(&Custom(i64::MIN)),
            Ok(Bound::Integer(i64::MIN))
        ));
        assert!(matches!(
            bound::<SmallInt, _>(&3_i16),
            Ok(Bound::Integer(3))
        ));
        for text in [
            "",
            "a",
            "\"quoted\\\"",
            "nul\0, tab\t, line\n\r",
            "é😀\u{7f}\u{200b}'",
        ] {
            let value = bound::<Text, _>(&Custom(text.to_owned()));
            assert!(
                matches!(value, Ok(Bound::Text(read)) if read == text),
                "{text:?}"
            );
        }
        for bytes in [vec![], vec![0], vec![255, 0, 10]] {
            let value = bound::<Binary, _>(&Custom(bytes.clone()));
            assert!(
                matches!(value, Ok(Bound::Binary(read)) if read == bytes),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        assert!(bound::<Double, _>(&Custom(1.5)).is_err());
        for shown in [
            "",
            "Null",
            "I32",
            "I32(x)",
            "String(a)",
            "String(\"\\q\")",
            "Later(1)",
        ] {
            assert!(parse_shown(shown).is_err(), "{shown}");
        }
    }
}
