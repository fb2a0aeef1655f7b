//! Lists of queries that need no reading of source code.

use schemacheck_checker::query::profiles;
use serde::{Deserialize, Serialize};

use crate::describe::{Declared, declared_by_sqlx};
use crate::{Result, failure};

/// A query and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListedQuery {
    /// The text as the driver sends it.
    pub sql: String,
    /// The file that it was found in.
    #[serde(default)]
    pub file: String,
    /// One-based; zero where the list does not say.
    #[serde(default)]
    pub line: u32,
    /// What the driver declares.
    #[serde(default)]
    pub declared: Declared,
    /// Whether the driver declares what its release's head infers.
    #[serde(default)]
    pub infers: bool,
    /// Whether the call sends its text anew each time: no prepared statement of it can go stale.
    #[serde(default)]
    pub forgets: bool,
}

/// The queries of a list as `cargo schemacheck queries --format json` prints it: `sql`, `file`, `line` and `call` of each.
///
/// # Errors
///
/// When the text is no such list.
pub fn from_list(text: &str) -> Result<Vec<ListedQuery>> {
    #[derive(Deserialize)]
    struct List {
        queries: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        sql: String,
        file: String,
        line: u32,
        #[serde(default)]
        call: String,
    }
    let list: List = serde_json::from_str(text).map_err(|error| failure(format!("list of queries: {error}")))?;
    let listed = |entry: Entry| ListedQuery {
        forgets: profiles::by_id(&entry.call).is_some_and(|call| call.keeps_statement == Some(false)),
        infers: ["sqlx::", "diesel::", "sea_orm::"].iter().any(|driver| entry.call.starts_with(driver)),
        sql: entry.sql,
        file: entry.file,
        line: entry.line,
        declared: Declared::Nothing,
    };
    Ok(list.queries.into_iter().map(listed).collect())
}

/// Whether a path is one of sqlx's offline data: a file of a `.sqlx` folder or the older single file.
#[must_use]
pub fn is_sqlx_data(path: &str) -> bool {
    let in_folder = path.starts_with(".sqlx/") || path.contains("/.sqlx/");
    in_folder && path.ends_with(".json") || path == "sqlx-data.json" || path.ends_with("/sqlx-data.json")
}

/// The Postgres queries of a `.sqlx/query-….json` or of a `sqlx-data.json`.
///
/// # Errors
///
/// When the text is no JSON.
pub fn from_sqlx_data(path: &str, text: &str) -> Result<Vec<ListedQuery>> {
    let data: serde_json::Value = serde_json::from_str(text).map_err(|error| failure(format!("{path}: {error}")))?;
    let name = data.get("db_name").or_else(|| data.get("db")).and_then(serde_json::Value::as_str);
    if name.is_some_and(|name| name != "PostgreSQL") {
        return Ok(Vec::new());
    }
    if data.get("query").is_some() {
        return Ok(listed(path, &data).into_iter().collect());
    }
    let members = data.as_object().into_iter().flatten();
    Ok(members.filter_map(|(_, member)| listed(path, member)).collect())
}

fn listed(path: &str, data: &serde_json::Value) -> Option<ListedQuery> {
    let sql = data.get("query")?.as_str()?.to_owned();
    let declared = data.get("describe").map_or(Declared::Nothing, declared_by_sqlx);
    Some(ListedQuery { sql, file: path.to_owned(), line: 0, declared, infers: false, forgets: false })
}

/// A query's text with each run of white space made one blank: how two lists of queries are matched.
#[must_use]
pub fn normalised(sql: &str) -> String {
    let words: Vec<&str> = sql.trim().trim_end_matches(';').split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_formats() {
        let one = r#"{"db_name":"PostgreSQL","query":"SELECT 1","describe":{"parameters":{"Left":["Varchar",
            "JsonArray",{"Custom":{"name":"mood[]","kind":{"Array":{"Custom":{"name":"mood","kind":"Simple"}}}}}]}}}"#;
        let queries = from_sqlx_data(".sqlx/query-1.json", one).unwrap();
        let names: Vec<_> = ["text", "jsonb[]", "mood[]"].iter().map(|name| Some((*name).to_owned())).collect();
        assert_eq!(queries[0].declared, Declared::Types(names));
        let many = r#"{"db":"PostgreSQL","a":{"query":"SELECT\n 1"},"b":{"query":"SELECT 2;"}}"#;
        let queries = from_sqlx_data("sqlx-data.json", many).unwrap();
        assert_eq!(queries.iter().map(|query| normalised(&query.sql)).collect::<Vec<_>>(), ["SELECT 1", "SELECT 2"]);
        assert!(from_sqlx_data("x", r#"{"db_name":"SQLite","query":"SELECT 1"}"#).unwrap().is_empty());
    }
}
