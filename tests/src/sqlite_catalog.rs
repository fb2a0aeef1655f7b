//! The built-in objects of the SQLite in this process, as the lines of the checker's data files for it.
//!
//! SQLite does not say what its functions and operators return: they are called with samples, and what all
//! results have in common is taken.

use std::collections::BTreeSet;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::Result;

/// One data file: its name and its lines, sorted.
#[derive(Debug)]
pub struct DataFile {
    /// The name below `checker/src/dialect/sqlite/data/`.
    pub name: &'static str,
    /// The lines.
    pub lines: BTreeSet<String>,
}

/// All data files.
///
/// # Errors
///
/// When SQLite refuses one of the queries.
pub fn dump() -> Result<Vec<DataFile>> {
    let connection = Connection::open_in_memory()?;
    rusqlite::vtab::series::load_module(&connection)?;
    // Tables that exist once something uses them.
    connection.execute_batch(
        "CREATE TABLE a (b INTEGER PRIMARY KEY AUTOINCREMENT, c); CREATE INDEX d ON a (c);
         INSERT INTO a (c) VALUES (1); ANALYZE",
    )?;
    Ok(vec![
        DataFile { name: "functions.tsv", lines: functions(&connection)? },
        DataFile { name: "operators.tsv", lines: operators(&connection) },
        DataFile { name: "relations.tsv", lines: relations(&connection)? },
        DataFile { name: "named.tsv", lines: named(&connection)? },
    ])
}

/// SQL values that stand for what functions take.
const SAMPLES: [&str; 10] =
    ["1", "0", "-2", "2.5", "'abc'", "x'6162'", "'{\"a\":[1,2]}'", "'$.a'", "'$.a[0]'", "'2024-01-31'"];

/// Functions that must not be called: they reach outside, or write to the log.
const NOT_CALLED: [&str; 3] = ["load_extension", "sqlite_log", "fts3_tokenizer"];

fn functions(connection: &Connection) -> Result<BTreeSet<String>> {
    let mut lines = BTreeSet::new();
    let sql = "SELECT DISTINCT name, type, narg, flags & 0x800 <> 0 FROM pragma_function_list";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let (arguments, deterministic): (i64, bool) = (row.get(2)?, row.get(3)?);
        // The operators -> and ->> are functions too.
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        // -1 is any number of arguments; -3 is at least one, -4 at least two, and so on.
        let least = usize::try_from(if arguments < 0 { (-2 - arguments).max(0) } else { arguments })?;
        let variadic = arguments < 0;
        let kind = Kind::of(connection, &name, &kind, least);
        let tried = least..=if variadic { 3 } else { least };
        let seen = tried.fold(Seen::default(), |seen, count| match NOT_CALLED.contains(&&*name) {
            true => seen,
            false => seen.and(observe(connection, count, |values| kind.call(&name, &values.join(", ")))),
        });
        let flags = format!("{}{}{}", kind.letter(), if deterministic { 'i' } else { 'v' }, seen.strict_flag(&kind));
        // A variadic argument takes at least one value.
        let counts = if variadic && least == 0 { vec![(0, false), (1, true)] } else { vec![(least, variadic)] };
        for (count, variadic) in counts {
            let mut inputs = vec!["any"; count];
            if let Some(last) = inputs.last_mut().filter(|_| variadic) {
                *last = "any*any";
            }
            lines.insert(format!("{name}\t\t{flags}\t{}\t{}", inputs.join(" "), seen.result()));
        }
    }
    Ok(lines)
}

/// How a function is called.
enum Kind {
    Scalar,
    Aggregate,
    Window,
}

impl Kind {
    /// Aggregates and window functions are listed alike.
    fn of(connection: &Connection, name: &str, listed: &str, arguments: usize) -> Kind {
        if listed == "s" {
            return Kind::Scalar;
        }
        let sql = format!("SELECT {name}({})", vec!["1"; arguments].join(", "));
        match connection.prepare(&sql) {
            Err(error) if error.to_string().contains("misuse of window function") => Kind::Window,
            _ => Kind::Aggregate,
        }
    }

    fn letter(&self) -> char {
        match self {
            Kind::Scalar => 'f',
            Kind::Aggregate => 'a',
            Kind::Window => 'w',
        }
    }

    fn call(&self, name: &str, values: &str) -> String {
        match self {
            // These are written without parentheses.
            Kind::Scalar if name.starts_with("current_") => name.to_owned(),
            Kind::Scalar | Kind::Aggregate => format!("{name}({values})"),
            Kind::Window => format!("{name}({values}) OVER (ORDER BY 1)"),
        }
    }
}

/// What calls with samples gave.
#[derive(Default)]
struct Seen {
    types: BTreeSet<String>,
    /// Calls with a NULL among the arguments that gave NULL, and that gave a value.
    null_of_null: usize,
    value_of_null: usize,
}

impl Seen {
    fn and(mut self, other: Seen) -> Seen {
        self.types.extend(other.types);
        self.null_of_null += other.null_of_null;
        self.value_of_null += other.value_of_null;
        self
    }

    /// The name of the type that all results have.
    fn result(&self) -> &str {
        let types: Vec<&str> = self.types.iter().map(String::as_str).collect();
        match types[..] {
            [one] => one,
            ["integer", "real"] => "numeric",
            _ => "any",
        }
    }

    fn strict_flag(&self, kind: &Kind) -> &'static str {
        let strict = self.null_of_null > 0 && self.value_of_null == 0 && !self.types.is_empty();
        if strict && matches!(kind, Kind::Scalar) { "s" } else { "" }
    }
}

/// Evaluates an expression over all samples as values, and over those with one NULL.
fn observe(connection: &Connection, count: usize, expression: impl Fn(&[&str]) -> String) -> Seen {
    let mut seen = Seen::default();
    for values in combinations(count) {
        if let Some(ty) = type_of(connection, &expression(&values)).filter(|ty| ty != "null") {
            seen.types.insert(ty);
        }
        for position in 0..count {
            let mut values = values.clone();
            values[position] = "NULL";
            match type_of(connection, &expression(&values)).as_deref() {
                Some("null") => seen.null_of_null += 1,
                Some(_) => seen.value_of_null += 1,
                None => {}
            }
        }
    }
    seen
}

/// All rows of up to three samples; of more only those with the same sample throughout.
fn combinations(count: usize) -> Vec<Vec<&'static str>> {
    if count > 3 {
        return SAMPLES.iter().map(|sample| vec![*sample; count]).collect();
    }
    (0..count).fold(vec![Vec::new()], |rows, _| {
        let with = |row: &Vec<_>, sample| row.iter().copied().chain([sample]).collect();
        rows.iter().flat_map(|row| SAMPLES.iter().map(move |sample| with(row, *sample))).collect()
    })
}

/// The type of an expression's value; none if it fails.
fn type_of(connection: &Connection, expression: &str) -> Option<String> {
    connection.query_row(&format!("SELECT typeof({expression})"), [], |row| row.get(0)).ok()
}

fn operators(connection: &Connection) -> BTreeSet<String> {
    let infix =
        ["||", "->", "->>", "*", "/", "%", "+", "-", "&", "|", "<<", ">>", "<", ">", "<=", ">=", "=", "==", "<>", "!="];
    let infix = infix.map(|name| {
        let seen = observe(connection, 2, |values| format!("{} {name} {}", values[0], values[1]));
        format!("{name}\t\ti{}\tany\tany\t{}", seen.strict_flag(&Kind::Scalar), seen.result())
    });
    let prefix = ["-", "+", "~"].map(|name| {
        let seen = observe(connection, 1, |values| format!("{name} {}", values[0]));
        format!("{name}\t\ti{}\t\tany\t{}", seen.strict_flag(&Kind::Scalar), seen.result())
    });
    infix.into_iter().chain(prefix).collect()
}

fn relations(connection: &Connection) -> Result<BTreeSet<String>> {
    let mut lines = BTreeSet::new();
    let tables = [
        ("sqlite_master", "sqlite_master"),
        ("sqlite_schema", "sqlite_master"),
        ("temp.sqlite_master", "sqlite_temp_master"),
        ("temp.sqlite_schema", "sqlite_temp_master"),
        ("sqlite_temp_master", "sqlite_temp_master"),
        ("sqlite_temp_schema", "sqlite_temp_master"),
        ("sqlite_sequence", "sqlite_sequence"),
        ("sqlite_stat1", "sqlite_stat1"),
        ("sqlite_stat4", "sqlite_stat4"),
    ];
    for (key, table) in tables {
        let columns = columns(connection, table)?;
        lines.extend((!columns.is_empty()).then(|| format!("{key}\t\tr\t{columns}")));
    }
    let modules = texts(connection, "SELECT name FROM pragma_module_list WHERE name NOT LIKE 'pragma%'")?;
    let pragmas = texts(connection, "SELECT 'pragma_' || name FROM pragma_pragma_list")?;
    // These are not listed before their first use.
    let unlisted = ["json_each", "json_tree", "jsonb_each", "jsonb_tree"].map(str::to_owned);
    for name in modules.into_iter().chain(pragmas).chain(unlisted) {
        // Modules that need CREATE VIRTUAL TABLE, and pragmas without a result, have no table of their name.
        if let Ok(columns) = columns(connection, &name).as_deref()
            && !columns.is_empty()
        {
            lines.insert(format!("{name}\t\tt\t{columns}"));
        }
    }
    Ok(lines)
}

/// The columns of a table as the data file has them.
fn columns(connection: &Connection, table: &str) -> Result<String> {
    let mut statement = connection.prepare(&format!("PRAGMA table_xinfo(\"{table}\")"))?;
    let mut rows = statement.query([])?;
    let mut columns = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, declared): (String, String) = (row.get("name")?, row.get("type")?);
        let (not_null, key, hidden): (bool, i64, i64) = (row.get("notnull")?, row.get("pk")?, row.get("hidden")?);
        columns.push(format!(
            "{}{}{name}:{}{}",
            if key > 0 { "+" } else { "" },
            if hidden == 1 { "~" } else { "" },
            affinity(&declared),
            if not_null { "!" } else { "" },
        ));
    }
    Ok(columns.join(" "))
}

/// The columns of virtual tables declare no types and hold any value.
fn affinity(declared: &str) -> &'static str {
    match declared.to_ascii_uppercase().as_str() {
        "TEXT" => "text",
        "INT" | "INTEGER" => "integer",
        "REAL" => "real",
        "BLOB" => "blob",
        _ => "any",
    }
}

fn named(connection: &Connection) -> Result<BTreeSet<String>> {
    let sql = "SELECT 'collation', lower(name) FROM pragma_collation_list
               UNION SELECT 'module', name FROM pragma_module_list WHERE name NOT LIKE 'pragma%'";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok(format!("{}\t\t{}", text(row.get_ref(0)?), text(row.get_ref(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn texts(connection: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn text(value: ValueRef<'_>) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
