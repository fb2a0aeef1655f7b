//! Types as the server prints them.

use super::names::{HEADER, interval_parts, quote};
use super::types;
use crate::dialect::{Catalog, Subscript, TypeId, UserType, UserTypes};

/// How deep arrays over arrays are followed, which only a wrong callback can build.
const MAX_DEPTH: usize = 8;

/// As `format_type(id, modifier)`. Postgres source: `format_type.c`.
pub(super) fn format_type(catalog: &Catalog, id: TypeId, modifier: i32, user: &UserTypes<'_>) -> String {
    format_nested(catalog, id, modifier, user, MAX_DEPTH)
}

fn format_nested(catalog: &Catalog, id: TypeId, modifier: i32, user: &UserTypes<'_>, depth: usize) -> String {
    if !id.is_sure() || depth == 0 {
        return "???".to_owned();
    }
    let array = |element| format!("{}[]", format_nested(catalog, element, modifier, user, depth - 1));
    let Some(ty) = catalog.type_by_id(id) else {
        return match user(id) {
            Some(UserType::Named(name)) => with_number(&name, modifier),
            Some(UserType::ArrayOf(element)) => array(element),
            None => "???".to_owned(),
        };
    };
    match ty.element {
        // `int2vector` and `oidvector` are arrays with a name of their own, and have arrays over them.
        Some(element) if ty.subscript == Subscript::Array && ty.array.is_none() => return array(element),
        _ => {}
    }
    if let Some(text) = format_special(id, modifier) {
        return text;
    }
    let name = quote(&ty.name);
    let name = if ty.schema == "pg_catalog" { name } else { format!("{}.{name}", quote(&ty.schema)) };
    with_number(&name, modifier)
}

/// The types for which SQL has words of its own.
fn format_special(id: TypeId, modifier: i32) -> Option<String> {
    let text = match id {
        types::BIT if modifier >= 0 => with_number("bit", modifier),
        types::BIT => "\"bit\"".to_owned(),
        types::BOOL => "boolean".to_owned(),
        types::BPCHAR if modifier > HEADER => with_number("character", modifier - HEADER),
        types::BPCHAR if modifier >= 0 => "character".to_owned(),
        types::BPCHAR => "bpchar".to_owned(),
        types::CHAR => with_number("\"char\"", modifier),
        // A keyword from version 16 on, and printed without quotes all the same.
        types::JSON => with_number("json", modifier),
        types::FLOAT4 => "real".to_owned(),
        types::FLOAT8 => "double precision".to_owned(),
        types::INT2 => "smallint".to_owned(),
        types::INT4 => "integer".to_owned(),
        types::INT8 => "bigint".to_owned(),
        types::NUMERIC if modifier >= HEADER => {
            let packed = modifier - HEADER;
            let scale = ((packed & 0x7ff) ^ 1024) - 1024;
            format!("numeric({},{scale})", packed >> 16 & 0xffff)
        }
        types::NUMERIC => "numeric".to_owned(),
        types::INTERVAL if modifier >= 0 => {
            let (fields, precision) = interval_parts(modifier);
            let words = if fields.is_empty() { "interval".to_owned() } else { format!("interval {fields}") };
            with_number(&words, precision.unwrap_or(-1))
        }
        types::INTERVAL => "interval".to_owned(),
        types::TIME => with_number("time", modifier) + " without time zone",
        types::TIMETZ => with_number("time", modifier) + " with time zone",
        types::TIMESTAMP => with_number("timestamp", modifier) + " without time zone",
        types::TIMESTAMPTZ => with_number("timestamp", modifier) + " with time zone",
        types::VARBIT => with_number("bit varying", modifier),
        types::VARCHAR if modifier > HEADER => with_number("character varying", modifier - HEADER),
        types::VARCHAR => "character varying".to_owned(),
        _ => return None,
    };
    Some(text)
}

/// A name with a number in parentheses, if it is not negative.
fn with_number(name: &str, number: i32) -> String {
    if number < 0 { name.to_owned() } else { format!("{name}({number})") }
}
