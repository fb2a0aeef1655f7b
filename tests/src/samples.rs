//! One sample value per type, so that a sample parameter meets the sample rows.

use std::collections::HashMap;

use postgres::Client;
use postgres::types::{Format, IsNull, ToSql, Type, private::BytesMut};

/// What `pg_type` says about each type of a state.
#[derive(Debug, Default)]
pub struct TypeFacts(HashMap<u32, TypeFact>);

#[derive(Debug)]
struct TypeFact {
    name: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Plain,
    Array(u32),
    Domain(u32),
    Enum(Option<String>),
    Range(u32),
    Multirange(u32),
    Composite(Vec<u32>),
}

impl TypeFacts {
    /// Asks the server for all types that it has now.
    ///
    /// # Errors
    ///
    /// What the driver says.
    pub fn load(client: &mut Client) -> Result<TypeFacts, postgres::Error> {
        let rows = client.query(TYPES, &[])?;
        Ok(TypeFacts(rows.iter().map(|row| (row.get("oid"), fact(row))).collect()))
    }

    /// The sample of a type in text form.
    #[must_use]
    pub fn sample(&self, oid: u32, typmod: i32) -> String {
        self.nested(oid, typmod, 8)
    }

    /// The sample of a type that the server names in a message.
    #[must_use]
    pub fn sample_of(&self, name: &str) -> Option<String> {
        let plain = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
        let plain = match plain {
            "integer" => "int4",
            "bigint" => "int8",
            "boolean" => "bool",
            "timestamp with time zone" => "timestamptz",
            "timestamp without time zone" => "timestamp",
            other => other,
        };
        let oid = self.0.iter().filter(|(_, fact)| fact.name == plain).map(|(oid, _)| *oid).max()?;
        Some(self.sample(oid, -1))
    }

    fn nested(&self, oid: u32, typmod: i32, depth: u32) -> String {
        let Some(fact) = self.0.get(&oid) else { return "1".to_owned() };
        if depth == 0 {
            return String::new();
        }
        match &fact.kind {
            Kind::Plain => plain(&fact.name, typmod),
            Kind::Array(element) => {
                format!("{{{}}}", element_text(&self.nested(*element, typmod, depth - 1)))
            }
            Kind::Domain(base) => self.nested(*base, typmod, depth - 1),
            Kind::Enum(label) => label.clone().unwrap_or_default(),
            Kind::Range(bound) => format!("[{},]", element_text(&self.nested(*bound, -1, depth - 1))),
            Kind::Multirange(range) => format!("{{{}}}", self.nested(*range, -1, depth - 1)),
            Kind::Composite(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|field| element_text(&self.nested(*field, -1, depth - 1))).collect();
                format!("({})", fields.join(","))
            }
        }
    }
}

/// A parameter value in text form, whatever type the server expects.
#[derive(Clone, Debug)]
pub struct TextValue(pub Option<String>);

impl ToSql for TextValue {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let Some(text) = &self.0 else { return Ok(IsNull::Yes) };
        out.extend_from_slice(text.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql(ty, out)
    }
}

const TYPES: &str = "
    SELECT t.oid, t.typname::text AS name, t.typtype::text AS kind, t.typcategory::text AS category,
        t.typelem, t.typbasetype,
        (SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid
            ORDER BY e.enumsortorder LIMIT 1) AS label,
        (SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid) AS bound,
        (SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE to_jsonb(r) ->> 'rngmultitypid' = t.oid::text) AS range,
        CASE WHEN t.typtype = 'c' THEN ARRAY(SELECT a.atttypid FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) END AS fields
    FROM pg_catalog.pg_type t";

fn fact(row: &postgres::Row) -> TypeFact {
    let kind: String = row.get("kind");
    let category: String = row.get("category");
    let kind = match kind.as_str() {
        "d" => Kind::Domain(row.get("typbasetype")),
        "e" => Kind::Enum(row.get("label")),
        "r" => row.get::<_, Option<u32>>("bound").map_or(Kind::Plain, Kind::Range),
        "m" => row.get::<_, Option<u32>>("range").map_or(Kind::Plain, Kind::Multirange),
        "c" => Kind::Composite(row.get::<_, Option<Vec<u32>>>("fields").unwrap_or_default()),
        _ if category == "A" && row.get::<_, u32>("typelem") != 0 => Kind::Array(row.get("typelem")),
        _ => Kind::Plain,
    };
    TypeFact { name: row.get("name"), kind }
}

/// `1` is read by most types, text and numbers alike, so that casts between them succeed as well.
fn plain(name: &str, typmod: i32) -> String {
    let text = match name {
        "uuid" => "00000000-0000-0000-0000-000000000001",
        "timestamptz" | "timestamp" => "2020-01-01 00:00:00+00",
        "date" => "2020-01-01",
        "time" | "timetz" => "00:00:01+00",
        "json" | "jsonb" => "{}",
        "inet" | "cidr" => "127.0.0.1",
        "macaddr" => "08:00:2b:01:02:03",
        "macaddr8" => "08:00:2b:01:02:03:04:05",
        "hstore" => "1=>1",
        "xml" => "<a/>",
        "point" => "(1,1)",
        "line" => "{1,1,1}",
        "lseg" | "box" => "((2,2),(1,1))",
        "path" | "polygon" => "((1,1))",
        "circle" => "<(1,1),1>",
        "pg_lsn" => "0/1",
        "tid" => "(0,1)",
        "jsonpath" => "$",
        "aclitem" => "postgres=r/postgres",
        "regclass" => "pg_class",
        "regtype" => "int4",
        "cube" => "(1)",
        "txid_snapshot" | "pg_snapshot" => "1:1:",
        "bit" => return "1".repeat(usize::try_from(typmod).unwrap_or(1).max(1)),
        "numeric" if only_fraction(typmod) => "0",
        "bool" => "t",
        _ => "1",
    };
    text.to_owned()
}

/// `numeric(p, p)` holds nothing above one.
fn only_fraction(typmod: i32) -> bool {
    let modifier = typmod - 4;
    typmod >= 4 && (modifier >> 16) & 0xffff == modifier & 0x7ff
}

fn element_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
