//! Which types a driver takes for each other.
//!
//! Sources, by crate version read: sqlx-postgres 0.9 (`src/types/*.rs`: `Type::compatible`, and `Decode`, which the checked
//! macros call without asking for the type: integers take any width, text takes the bytes of any text-like type and of
//! enums); postgres-types 0.2 (`src/lib.rs`: `accepts` of `FromSql` and `ToSql`); diesel 2.3 (`src/pg/types/*.rs`: fixed
//! lengths are checked).

use crate::dialect::catalog::TypeKind;
use crate::query::{CallProfile, Driver, ResultCheck};
use crate::schema::{Schema, Type};

/// Types that share their form on the wire, by internal name: the type, what decoding alone takes for the same, what the
/// drivers' compatibility checks take for the same.
const CLASSES: &[(&str, &str, &str)] = &[
    ("bool", "bool", "bool"),
    ("bpchar", "text", "text"),
    ("bytea", "bytea", "bytea"),
    ("cidr", "inet", "cidr"),
    ("citext", "text", "text"),
    ("date", "date", "date"),
    ("float4", "float4", "float4"),
    ("float8", "float8", "float8"),
    ("inet", "inet", "inet"),
    ("int2", "integer", "int2"),
    ("int4", "integer", "int4"),
    ("int8", "integer", "int8"),
    ("interval", "interval", "interval"),
    ("json", "json", "json"),
    ("jsonb", "json", "json"),
    ("macaddr", "macaddr", "macaddr"),
    ("money", "money", "money"),
    ("name", "text", "text"),
    ("numeric", "numeric", "numeric"),
    ("oid", "oid", "oid"),
    ("text", "text", "text"),
    ("time", "time", "time"),
    ("timestamp", "timestamp", "timestamp"),
    ("timestamptz", "timestamp", "timestamptz"),
    ("timetz", "timetz", "timetz"),
    ("tsvector", "tsvector", "tsvector"),
    ("uuid", "uuid", "uuid"),
    ("varbit", "bit", "bit"),
    ("varchar", "text", "text"),
    ("xml", "text", "xml"),
];

/// How two types are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// Integers of any width, all text-like types and enums.
    Bytes,
    /// The bytes, and their number.
    Lengths,
    /// As the driver's own check compares.
    Checked,
}

/// Whether code that was made to read one type reads another: `None` where the call does not tell.
pub(crate) fn reads(call: &CallProfile, then: (&Schema, Type), now: (&Schema, Type)) -> Option<bool> {
    let comparison = match (call.checks_results?, call.driver) {
        (ResultCheck::Compatible, _) => Comparison::Checked,
        (ResultCheck::Decodes, Driver::Diesel) => Comparison::Lengths,
        (ResultCheck::Decodes, _) => Comparison::Bytes,
    };
    alike(comparison, then, now)
}

/// Whether a driver that does not declare parameter types takes the one that the server now infers: `None` where the
/// driver does not tell.
pub(crate) fn binds(call: &CallProfile, then: (&Schema, Type), now: (&Schema, Type)) -> Option<bool> {
    match call.driver {
        Driver::TokioPostgres => alike(Comparison::Checked, then, now),
        // Values carry their own types.
        Driver::Rusqlite => Some(true),
        _ => None,
    }
}

/// Whether drivers that ask take one type for the other: `None` where one of them is not known.
pub(crate) fn is_taken_for(then: (&Schema, Type), now: (&Schema, Type)) -> Option<bool> {
    alike(Comparison::Checked, then, now)
}

/// Whether two types are alike; `None` where one of them is not known, or does not tell what is stored.
fn alike(comparison: Comparison, then: (&Schema, Type), now: (&Schema, Type)) -> Option<bool> {
    if !now.0.dialect.typed_columns {
        return (then.1 == now.1).then_some(true);
    }
    let (mut then, mut now) = ((then.0, then.0.base_type(then.1).id), (now.0, now.0.base_type(now.1).id));
    // Arrays are read element by element; the bound guards against a wrong catalog.
    for _ in 0..8 {
        match (then.0.element_of(then.1), now.0.element_of(now.1)) {
            (Some(a), Some(b)) => {
                then.1 = then.0.base_type(Type::plain(a)).id;
                now.1 = now.0.base_type(Type::plain(b)).id;
            }
            (None, None) => break,
            _ => return Some(false),
        }
    }
    let (a, b) = (then.0.type_info(then.1)?, now.0.type_info(now.1)?);
    if then.1 == now.1 && a.name == b.name {
        return Some(true);
    }
    let enums = (a.kind == TypeKind::Enum, b.kind == TypeKind::Enum);
    let (a, b) = (class(comparison, &a.name), class(comparison, &b.name));
    match (enums, comparison) {
        // The bytes of an enum are its label.
        ((true, true), Comparison::Bytes) => Some(true),
        ((true, false), Comparison::Bytes) => Some(b == Some("text")),
        ((false, true), Comparison::Bytes) => Some(a == Some("text")),
        // Drivers know a type that is not in the table by its name.
        _ => Some(a.is_some() && a == b),
    }
}

fn class(comparison: Comparison, name: &str) -> Option<&'static str> {
    let at = CLASSES.binary_search_by(|(known, _, _)| (*known).cmp(name)).ok()?;
    let (own, decoded, checked) = *CLASSES.get(at)?;
    Some(match comparison {
        Comparison::Bytes => decoded,
        Comparison::Lengths if decoded == "integer" => own,
        Comparison::Lengths => decoded,
        Comparison::Checked => checked,
    })
}

#[cfg(test)]
mod tests {
    use super::CLASSES;

    #[test]
    fn the_table_is_sorted() {
        assert!(CLASSES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
