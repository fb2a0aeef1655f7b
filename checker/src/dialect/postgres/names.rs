//! Identifiers, and SQL spellings of types.

use super::grammar::keywords;
use crate::dialect::keywords::{Reserved, lower_case};

/// `NAMEDATALEN` - 1.
pub(super) const MAX_IDENTIFIER_BYTES: usize = 63;

/// ASCII letters to lower case, as in the databases of a multi-byte encoding, then cut.
pub(super) fn fold(identifier: &str) -> String {
    lower_case(cut(identifier))
}

/// Only cut.
pub(super) fn fold_quoted(identifier: &str) -> String {
    cut(identifier).to_owned()
}

/// As the server's `quote_identifier`: unquoted only if it is all lower case and no keyword but an
/// unreserved one.
pub(super) fn quote(identifier: &str) -> String {
    let mut bytes = identifier.bytes();
    let plain = bytes.next().is_some_and(|b| matches!(b, b'a'..=b'z' | b'_'))
        && bytes.all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if plain && !is_reserved(identifier) {
        identifier.to_owned()
    } else {
        format!("\"{}\"", identifier.replace('"', "\"\""))
    }
}

/// Whether a word in lower case is a keyword other than an unreserved one.
fn is_reserved(word: &str) -> bool {
    keywords().get(word).is_some_and(|reserved| reserved != Reserved::No)
}

fn cut(identifier: &str) -> &str {
    if identifier.len() <= MAX_IDENTIFIER_BYTES {
        return identifier;
    }
    let mut end = MAX_IDENTIFIER_BYTES;
    while !identifier.is_char_boundary(end) {
        end -= 1;
    }
    &identifier[..end]
}

/// Postgres source: `gram.y`, `SimpleTypename`.
pub(super) fn type_name<'a>(spelling: &'a str, words: &mut Vec<String>) -> &'a str {
    let one = |words: &mut Vec<String>| {
        if words.is_empty() {
            words.push("1".to_owned());
        }
    };
    match spelling {
        "bit" => {
            one(words);
            "bit"
        }
        "char" | "character" | "nchar" | "national char" | "national character" => {
            one(words);
            "bpchar"
        }
        "char varying"
        | "character varying"
        | "nchar varying"
        | "national char varying"
        | "national character varying" => "varchar",
        "bit varying" => "varbit",
        "boolean" => "bool",
        "dec" | "decimal" => "numeric",
        "double precision" => "float8",
        "float" => float(words),
        "int" | "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "real" => "float4",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        other => other,
    }
}

/// `float(24)` is chosen by its bits. A number out of range stays and is refused as a modifier.
fn float(words: &mut Vec<String>) -> &'static str {
    let bits = match &words[..] {
        [] => 53,
        [bits] => bits.trim().parse().unwrap_or(0),
        _ => 0,
    };
    if (1..=53).contains(&bits) {
        words.clear();
    }
    if (1..=24).contains(&bits) { "float4" } else { "float8" }
}

/// Added to some modifiers: the size of a value's header (`VARHDRSZ`).
pub(super) const HEADER: i32 = 4;

/// Postgres source: the types' `typmodin` functions.
pub(super) fn type_modifier(name: &str, numbers: &[i64], fields: Option<&str>) -> Result<i32, String> {
    let within = |n: i64, low: i64, high: i64, what: &str| match i32::try_from(n) {
        Ok(value) if (low..=high).contains(&n) => Ok(value),
        _ if n < low => Err(format!("{what} for type {name} must be at least {low}")),
        _ => Err(format!("{what} for type {name} cannot exceed {high}")),
    };
    match (name, numbers) {
        ("interval", _) => interval_modifier(fields.unwrap_or_default().trim(), numbers),
        (_, []) => Ok(-1),
        ("varchar" | "bpchar", [n]) => Ok(within(*n, 1, 10_485_760, "length")? + HEADER),
        ("bit" | "varbit", [n]) => within(*n, 1, 83_886_080, "length"),
        ("time" | "timetz" | "timestamp" | "timestamptz", [n]) => precision(name, *n),
        ("numeric", [precision]) => Ok((within(*precision, 1, 1000, "precision")? << 16) + HEADER),
        ("numeric", [precision, scale]) => {
            let precision = within(*precision, 1, 1000, "precision")?;
            let scale = within(*scale, -1000, 1000, "scale")?;
            Ok((precision << 16 | scale & 0x7ff) + HEADER)
        }
        // Types of extensions store the number that they are given, as far as is known.
        (_, [n]) => i32::try_from(*n).map_err(|_| format!("invalid type modifier for type {name}")),
        _ => Err(format!("invalid type modifier for type {name}")),
    }
}

/// Seconds precision; more than 6 digits are taken as 6, with a warning.
fn precision(name: &str, digits: i64) -> Result<i32, String> {
    match digits {
        0..=6 => Ok(digits as i32),
        7.. => Ok(6),
        _ => Err(format!("precision of type {name} must not be negative")),
    }
}

const MONTH: i32 = 1 << 1;
const YEAR: i32 = 1 << 2;
const DAY: i32 = 1 << 3;
const HOUR: i32 = 1 << 10;
const MINUTE: i32 = 1 << 11;
const SECOND: i32 = 1 << 12;
const FULL_RANGE: i32 = 0x7fff;
const FULL_PRECISION: i32 = 0xffff;

/// The fields that an interval type can name, and the mask that its modifier holds. Postgres source:
/// `datetime.h` and `timestamp.h`.
const INTERVAL_FIELDS: [(&str, i32); 14] = [
    ("", FULL_RANGE),
    ("year", YEAR),
    ("month", MONTH),
    ("day", DAY),
    ("hour", HOUR),
    ("minute", MINUTE),
    ("second", SECOND),
    ("year to month", YEAR | MONTH),
    ("day to hour", DAY | HOUR),
    ("day to minute", DAY | HOUR | MINUTE),
    ("day to second", DAY | HOUR | MINUTE | SECOND),
    ("hour to minute", HOUR | MINUTE),
    ("hour to second", HOUR | MINUTE | SECOND),
    ("minute to second", MINUTE | SECOND),
];

fn interval_modifier(fields: &str, numbers: &[i64]) -> Result<i32, String> {
    let known = INTERVAL_FIELDS.iter().find(|(words, _)| words.eq_ignore_ascii_case(fields));
    match (known, numbers) {
        (Some((_, FULL_RANGE)), []) => Ok(-1),
        (Some((_, mask)), []) => Ok(mask << 16 | FULL_PRECISION),
        (Some((words, mask)), [n]) if words.is_empty() || words.ends_with("second") => {
            Ok(mask << 16 | precision("interval", *n)?)
        }
        _ => Err("invalid type modifier for type interval".to_owned()),
    }
}

/// The fields and the precision, if not full, that the modifier of an interval type holds.
pub(super) fn interval_parts(modifier: i32) -> (&'static str, Option<i32>) {
    let mask = modifier >> 16 & FULL_RANGE;
    let fields = INTERVAL_FIELDS.iter().find(|(_, fields)| *fields == mask).map_or("", |(words, _)| words);
    let precision = modifier & FULL_PRECISION;
    (fields, (precision != FULL_PRECISION).then_some(precision))
}
