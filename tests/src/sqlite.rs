//! SQLite in process as the judge of cases whose dialect it is.

use std::collections::HashSet;

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, ffi, params_from_iter};

use crate::case::{Case, Outcomes};
use crate::catalog::Cells;
use crate::judge::Probe;
use crate::replay::Migration;
use crate::{Result, failure};

/// Asks the engine what happens to each query on each state of the rollout.
///
/// # Errors
///
/// When a migration of the baseline fails.
pub fn ask_sqlite(case: &Case) -> Result<Outcomes> {
    let connection = Connection::open_in_memory()?;
    let (applied, pending) = case.rollout();
    for migration in applied {
        apply(&connection, migration).map_err(|error| failure(format!("{}: {error}", migration.file)))?;
    }
    let mut outcomes = Outcomes::new();
    let mut version = applied.last().map(|last| last.version.clone()).unwrap_or_default();
    add_state(&connection, case, &version, &mut outcomes)?;
    for migration in pending {
        version.clone_from(&migration.version);
        if apply(&connection, migration).is_err() {
            outcomes.insert(("migration".to_owned(), version), "fails".to_owned());
            break;
        }
        add_state(&connection, case, &version, &mut outcomes)?;
    }
    Ok(outcomes)
}

/// The tables, columns and indexes of a database, in the paths that the Postgres cells use.
///
/// # Errors
///
/// What the engine says.
pub fn sqlite_cells(connection: &Connection) -> Result<Cells> {
    let mut cells = Cells::new();
    for query in [RELATIONS, COLUMNS, POSITIONS, KEYS, FOREIGN_KEYS, INDEXES, TRIGGERS] {
        let mut statement = connection.prepare(query)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            cells.insert(row.get(0)?, row.get::<_, Option<String>>(1)?.unwrap_or_default());
        }
    }
    Ok(cells)
}

/// The cells of every state, from the first migration on.
///
/// # Errors
///
/// When a migration fails.
pub fn sqlite_states(migrations: &[Migration]) -> Result<Vec<Cells>> {
    let connection = Connection::open_in_memory()?;
    let mut states = Vec::new();
    for migration in migrations {
        apply(&connection, migration).map_err(|error| failure(format!("{}: {error}", migration.file)))?;
        states.push(sqlite_cells(&connection)?);
    }
    Ok(states)
}

const RELATIONS: &str = "
    SELECT 'relation main.' || name || ': kind', type FROM pragma_table_list
    WHERE schema = 'main' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND type IN ('table', 'view')";

const COLUMNS: &str = "
    SELECT 'column main.' || t.name || '.' || c.name || fact.key,
        CASE fact.key WHEN ': nullable' THEN CASE WHEN c.\"notnull\" THEN 'false' ELSE 'true' END
            WHEN ': default' THEN CASE WHEN COALESCE(upper(c.dflt_value), 'NULL') = 'NULL' THEN 'false' ELSE 'true' END
            WHEN ': type' THEN upper(c.type)
            ELSE CASE WHEN c.hidden IN (2, 3) THEN 'true' ELSE 'false' END END
    FROM pragma_table_list t, pragma_table_xinfo(t.name) c,
        (SELECT ': nullable' AS key UNION SELECT ': default' UNION SELECT ': generated' UNION SELECT ': type') fact
    WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.type = 'table'";

const POSITIONS: &str = "
    SELECT 'column main.' || t.name || ' position ' || (c.cid + 1), c.name
    FROM pragma_table_list t, pragma_table_xinfo(t.name) c
    WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.type IN ('table', 'view')";

/// A unique constraint that repeats the primary key adds nothing to it.
const KEYS: &str = "
    SELECT 'constraint main.' || table_name || ' primary key', group_concat(name, ', ')
    FROM (SELECT t.name AS table_name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c
        WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.type = 'table' AND c.pk > 0
        ORDER BY t.name, c.pk)
    GROUP BY table_name
    UNION ALL SELECT 'constraint main.' || t.name || ' unique (' ||
        (SELECT group_concat(name, ', ') FROM pragma_index_info(i.name)) || ')', ''
    FROM pragma_table_list t, pragma_index_list(t.name) i
    WHERE t.schema = 'main' AND t.type = 'table' AND i.origin = 'u'
        AND (SELECT group_concat(name, ', ') FROM pragma_index_info(i.name)) IS NOT (SELECT group_concat(name, ', ') FROM
            (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk))";

const FOREIGN_KEYS: &str = "
    SELECT format('constraint main.%s foreign key (%s) to %s (%s)', table_name, group_concat(child, ', '), lower(parent),
        group_concat(COALESCE(key, (SELECT group_concat(name, ', ') FROM
            (SELECT name FROM pragma_table_info(parent) WHERE pk > 0 ORDER BY pk))), ', ')), lower(actions)
    FROM (SELECT t.name AS table_name, f.id, f.\"table\" AS parent, f.\"from\" AS child, f.\"to\" AS key,
            f.on_delete || ', ' || f.on_update AS actions
        FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
        WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.type = 'table'
        ORDER BY t.name, f.id, f.seq)
    GROUP BY table_name, id";

const INDEXES: &str = "
    SELECT 'index main.' || t.name || ' ' || i.name || fact.key,
        CASE fact.key WHEN ': unique' THEN CASE WHEN i.\"unique\" THEN 'true' ELSE 'false' END
            WHEN ': predicate' THEN CASE WHEN i.partial THEN 'true' ELSE 'false' END
            ELSE (SELECT group_concat(COALESCE(name, '(expression)'), ', ') FROM pragma_index_info(i.name)) END
    FROM pragma_table_list t, pragma_index_list(t.name) i,
        (SELECT ': unique' AS key UNION SELECT ': predicate' UNION SELECT ': keys') fact
    WHERE t.schema = 'main' AND t.type = 'table' AND i.origin = 'c'";

const TRIGGERS: &str = "
    SELECT 'trigger main.' || (SELECT t.name FROM pragma_table_list t WHERE t.schema = 'main'
        AND lower(t.name) = lower(m.tbl_name)) || ' ' || name, '' FROM sqlite_master m WHERE type = 'trigger'";

fn apply(connection: &Connection, migration: &Migration) -> rusqlite::Result<()> {
    let text =
        if migration.transaction { format!("BEGIN;\n{}\n;COMMIT;", migration.sql) } else { migration.sql.clone() };
    connection.execute_batch(&text).inspect_err(|_| {
        // Outside a transaction there is nothing to roll back.
        let _ = connection.execute_batch("ROLLBACK");
    })
}

fn add_state(connection: &Connection, case: &Case, version: &str, outcomes: &mut Outcomes) -> Result<()> {
    connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN;")?;
    fill(connection)?;
    for query in &case.queries {
        connection.execute_batch("SAVEPOINT judge")?;
        if let Err(outcome) = run(connection, &query.probe) {
            outcomes.insert((query.name.clone(), version.to_owned()), outcome);
        }
        connection.execute_batch("ROLLBACK TO judge; RELEASE judge")?;
    }
    connection.execute_batch("ROLLBACK")?;
    Ok(())
}

/// A row in each table that takes one.
fn fill(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
            AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
    )?;
    let tables: HashSet<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for table in tables {
        let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
        let columns: Vec<String> = statement.query_map([&table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let names: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
        let values = vec!["1"; columns.len()].join(", ");
        // A table that refuses the row stays empty: its queries are judged without one.
        let _ =
            connection.execute(&format!("INSERT INTO {} ({}) VALUES ({values})", quoted(&table), names.join(", ")), []);
    }
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Says at which stage a query fails; what only the values decide is `depends`.
fn run(connection: &Connection, probe: &Probe) -> std::result::Result<(), String> {
    let mut statement = connection.prepare(&probe.sql).map_err(|_| "parse".to_owned())?;
    let values: Vec<Value> = match &probe.arguments {
        Some(values) => values.iter().map(|value| value.clone().map_or(Value::Null, Value::Text)).collect(),
        None => vec![Value::Integer(2); statement.parameter_count()],
    };
    let mut rows = statement.query(params_from_iter(values)).map_err(|error| outcome(&error))?;
    loop {
        match rows.next() {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(()),
            Err(error) => return Err(outcome(&error)),
        }
    }
}

fn outcome(error: &rusqlite::Error) -> String {
    match error.sqlite_error() {
        Some(error) if error.extended_code == ffi::SQLITE_CONSTRAINT_NOTNULL => "execute not-null".to_owned(),
        Some(error) if error.code == ErrorCode::ConstraintViolation => "depends".to_owned(),
        Some(error) if error.code == ErrorCode::TypeMismatch => "depends".to_owned(),
        _ => "execute".to_owned(),
    }
}
