//! Many values of each type, numbered: those of one number meet in joins and conditions.

use std::collections::HashMap;

use postgres::Client;

/// What is needed of the types of a state.
#[derive(Debug, Default)]
pub(super) struct Kinds(HashMap<u32, Kind>);

#[derive(Debug)]
struct Kind {
    /// Schema-qualified.
    name: String,
    /// Of the type below domains.
    plain: String,
    /// Of an array.
    element: Option<u32>,
    labels: Vec<String>,
    is_domain: bool,
}

impl Kinds {
    /// Asks the server.
    pub(super) fn load(client: &mut Client) -> Result<Kinds, postgres::Error> {
        let kind = |row: &postgres::Row| Kind {
            name: row.get(1),
            plain: row.get(2),
            element: row.get(3),
            labels: row.get(4),
            is_domain: row.get(5),
        };
        Ok(Kinds(client.query(TYPES, &[])?.iter().map(|row| (row.get(0), kind(row))).collect()))
    }

    /// The type as a cast names it.
    pub(super) fn name(&self, ty: u32) -> String {
        self.0.get(&ty).map_or_else(|| "text".to_owned(), |kind| kind.name.clone())
    }

    /// A value as text; `None` where the first row's has to do.
    pub(super) fn text(&self, ty: u32, number: usize, extreme: bool) -> Option<String> {
        let kind = self.0.get(&ty)?;
        if !kind.labels.is_empty() {
            return kind.labels.get(number % kind.labels.len()).cloned();
        }
        if let Some(element) = kind.element {
            if extreme {
                return Some(if number.is_multiple_of(2) { "{}".to_owned() } else { "{NULL}".to_owned() });
            }
            let one = self.text(element, number, false)?;
            return Some(format!("{{{}}}", quoted(&one)));
        }
        if extreme
            && !kind.is_domain
            && let Some(text) = end(&kind.plain, number)
        {
            return Some(text.to_owned());
        }
        plain(&kind.plain, number)
    }

    /// A parameter's value: of an array, all values of its element, so that it meets many rows.
    pub(super) fn parameter(&self, ty: u32, number: usize) -> Option<String> {
        let element = self.0.get(&ty)?.element;
        let Some(element) = element else { return self.text(ty, number, false) };
        let texts: Vec<String> = (0..super::fill::ROWS)
            .filter_map(|number| self.text(element, number, false))
            .map(|text| quoted(&text))
            .collect();
        (!texts.is_empty()).then(|| format!("{{{}}}", texts.join(",")))
    }

    /// Whether values of the type are arrays.
    pub(super) fn is_array(&self, ty: u32) -> bool {
        self.0.get(&ty).is_some_and(|kind| kind.element.is_some())
    }
}

/// A value in the middle of a type. The first row's, of number 0, is the sample that the judge uses everywhere.
fn plain(name: &str, number: usize) -> Option<String> {
    let next = number + 1;
    Some(match name {
        "bool" => if number.is_multiple_of(2) { "t" } else { "f" }.to_owned(),
        "int2" | "int4" | "int8" | "oid" | "numeric" | "float4" | "float8" | "money" | "text" | "varchar"
        | "bpchar" | "name" | "citext" => next.to_string(),
        "uuid" => format!("00000000-0000-0000-0000-{next:012}"),
        "timestamptz" | "timestamp" => format!("2020-01-{next:02} 00:00:00+00"),
        "date" => format!("2020-01-{next:02}"),
        "time" | "timetz" => format!("00:00:{next:02}+00"),
        "interval" => format!("{next} days"),
        "inet" => format!("127.0.0.{next}"),
        "bytea" => format!("\\x{next:02}"),
        "json" | "jsonb" => match number % 3 {
            0 => "{}".to_owned(),
            1 => "{\"a\": 1, \"name\": \"x\"}".to_owned(),
            _ => "[1, {\"a\": 2}]".to_owned(),
        },
        _ => return None,
    })
}

/// A value at the end of a type.
fn end(name: &str, number: usize) -> Option<&'static str> {
    let odd = !number.is_multiple_of(2);
    Some(match name {
        "timestamptz" | "timestamp" | "date" => {
            if odd {
                "infinity"
            } else {
                "-infinity"
            }
        }
        "json" | "jsonb" => {
            if odd {
                "null"
            } else {
                "{\"a\": null}"
            }
        }
        "text" | "varchar" => "",
        "float4" | "float8" | "numeric" if odd => "NaN",
        "int2" | "int4" | "int8" | "float4" | "float8" | "numeric" => "0",
        "bytea" => "\\x",
        _ => return None,
    })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A literal of SQL.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

const TYPES: &str = "
    WITH RECURSIVE below (oid, base) AS (
        SELECT oid, oid FROM pg_catalog.pg_type WHERE typtype <> 'd'
        UNION ALL SELECT t.oid, b.base FROM pg_catalog.pg_type t JOIN below b ON b.oid = t.typbasetype WHERE t.typtype = 'd'
    )
    SELECT t.oid, format('%I.%I', n.nspname, t.typname), b.typname::text,
        CASE WHEN b.typcategory = 'A' AND b.typelem <> 0 THEN b.typelem END,
        ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = b.oid ORDER BY enumsortorder),
        t.oid <> b.oid
    FROM pg_catalog.pg_type t JOIN below ON below.oid = t.oid JOIN pg_catalog.pg_type b ON b.oid = below.base
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace";
