//! The form of a release file, read without a derive: build scripts read release files, and a derive takes longer to build than
//! all that is read here.

use serde_json::Value;

use super::{DatabaseEntry, DescribedEntry, Document, Line, Recorded, UnresolvedLine};
use crate::query::{Driver, MappedParts, MappedType};

/// A value of a certain form. What is wrong is said in lower case, without a full stop.
pub(super) trait Form: Sized {
    fn read(value: &Value) -> Result<Self, String>;
}

/// A field that must be there, unless its form takes `null`.
fn field<T: Form>(object: &Value, name: &str) -> Result<T, String> {
    match object.get(name) {
        Some(value) => T::read(value).map_err(|wrong| format!("{wrong} in `{name}`")),
        None => T::read(&Value::Null).map_err(|_| format!("missing field `{name}`")),
    }
}

/// A field that may be left out.
fn field_or<T: Form>(object: &Value, name: &str, or: T) -> Result<T, String> {
    if object.get(name).is_some() { field(object, name) } else { Ok(or) }
}

fn expected<T>(what: &str) -> Result<T, String> {
    Err(format!("expected {what}"))
}

impl Form for String {
    fn read(value: &Value) -> Result<String, String> {
        value.as_str().map_or_else(|| expected("a string"), |text| Ok(text.to_owned()))
    }
}

impl Form for bool {
    fn read(value: &Value) -> Result<bool, String> {
        value.as_bool().map_or_else(|| expected("true or false"), Ok)
    }
}

impl Form for usize {
    fn read(value: &Value) -> Result<usize, String> {
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        number.map_or_else(|| expected("a number"), Ok)
    }
}

impl<T: Form> Form for Option<T> {
    fn read(value: &Value) -> Result<Option<T>, String> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }
}

impl<T: Form> Form for Vec<T> {
    fn read(value: &Value) -> Result<Vec<T>, String> {
        let Some(values) = value.as_array() else { return expected("a list") };
        values.iter().map(T::read).collect()
    }
}

/// A list of so many values, each of its own form.
macro_rules! rows {
    ($($length:literal: $($part:ident)*;)*) => {
        $(
            impl<$($part: Form),*> Form for ($($part,)*) {
                fn read(value: &Value) -> Result<Self, String> {
                    let Some(values) = value.as_array().filter(|values| values.len() == $length) else {
                        return expected(concat!("a list of ", $length));
                    };
                    let mut values = values.iter();
                    Ok(($($part::read(values.next().unwrap_or(&Value::Null))?,)*))
                }
            }
        )*
    };
}

rows! {
    2: A B;
    3: A B C;
    4: A B C D;
}

impl Form for Document {
    fn read(value: &Value) -> Result<Document, String> {
        Ok(Document {
            format: field(value, "format")?,
            databases: field_or(value, "databases", Vec::new())?,
            queries: field_or(value, "queries", Vec::new())?,
            types: field_or(value, "types", Vec::new())?,
            unresolved: field_or(value, "unresolved", Vec::new())?,
        })
    }
}

impl Form for DatabaseEntry {
    fn read(value: &Value) -> Result<DatabaseEntry, String> {
        let head = Recorded {
            name: field(value, "name")?,
            dialect: field(value, "dialect")?,
            layout: field(value, "layout")?,
            migrates_at_start: field(value, "migrates_at_start")?,
            ignores_unknown: field(value, "ignores_unknown")?,
            migrations: Vec::new(),
        };
        Ok(DatabaseEntry { head, migrations: field(value, "migrations")? })
    }
}

impl Form for Line {
    fn read(value: &Value) -> Result<Line, String> {
        Ok(Line {
            file: field(value, "file")?,
            sql: field(value, "sql")?,
            call: field(value, "call")?,
            package: field(value, "package")?,
            database: field(value, "database")?,
            since: field(value, "since")?,
            until: field(value, "until")?,
            flag: field(value, "flag")?,
            holes: field_or(value, "holes", Vec::new())?,
            reads_names: field(value, "reads_names")?,
            reads_positions: field(value, "reads_positions")?,
            described: field(value, "described")?,
            listed_only: field_or(value, "listed_only", false)?,
        })
    }
}

impl Form for DescribedEntry {
    fn read(value: &Value) -> Result<DescribedEntry, String> {
        Ok(DescribedEntry {
            product: field(value, "product")?,
            columns: field(value, "columns")?,
            parameters: field(value, "parameters")?,
        })
    }
}

impl Form for UnresolvedLine {
    fn read(value: &Value) -> Result<UnresolvedLine, String> {
        Ok(UnresolvedLine {
            file: field(value, "file")?,
            call: field(value, "call")?,
            package: field(value, "package")?,
            reason: field(value, "reason")?,
        })
    }
}

impl Form for MappedType {
    fn read(value: &Value) -> Result<MappedType, String> {
        Ok(MappedType {
            name: field::<String>(value, "name")?.into(),
            driver: field_or(value, "driver", Driver::first_to_map())?,
            parts: field(value, "parts")?,
            reads: field(value, "reads")?,
            writes: field(value, "writes")?,
        })
    }
}

impl Form for MappedParts {
    fn read(value: &Value) -> Result<MappedParts, String> {
        match (value.get("Labels"), value.get("Fields")) {
            (Some(labels), None) => Form::read(labels).map(MappedParts::Labels),
            (None, Some(fields)) => Form::read(fields).map(MappedParts::Fields),
            _ => expected("`Labels` or `Fields`"),
        }
    }
}

impl Form for Driver {
    fn read(value: &Value) -> Result<Driver, String> {
        Ok(match value.as_str() {
            Some("sqlx") => Driver::Sqlx,
            Some("tokio-postgres") => Driver::TokioPostgres,
            Some("diesel") => Driver::Diesel,
            Some("rusqlite") => Driver::Rusqlite,
            Some("sea-orm") => Driver::SeaOrm,
            Some("other") => Driver::Other,
            _ => return expected("a driver"),
        })
    }
}
