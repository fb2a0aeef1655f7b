//! A notebook: `notes FILE add TEXT`, `notes FILE list`, `notes FILE find WORD`.

use rusqlite::{Connection, params};
use schemacheck::sql;

/// The migrations in order; how many of them are applied stands in the file itself.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/1_notes.sql")];

const ADD: &str = sql!("INSERT INTO notes (body) VALUES (?1)");
const LIST: &str = sql!("SELECT id, body FROM notes ORDER BY id");
const FIND: &str = sql!("SELECT id, body FROM notes WHERE body LIKE '%' || ?1 || '%'");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [file, command @ ..] = arguments.as_slice() else { return Err("usage: notes FILE add|list|find".into()) };
    let notes = open(file)?;
    match command {
        ["add", text] => println!("{} added", notes.execute(ADD, params![text])?),
        ["list"] => print(&notes, LIST, params![])?,
        ["find", word] => print(&notes, FIND, params![word])?,
        _ => return Err("usage: notes FILE add TEXT | list | find WORD".into()),
    }
    Ok(())
}

fn open(file: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    let applied: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (at, migration) in MIGRATIONS.iter().enumerate().skip(applied as usize) {
        connection.execute_batch(&format!("BEGIN; {migration} PRAGMA user_version = {}; COMMIT;", at + 1))?;
    }
    Ok(connection)
}

fn print(notes: &Connection, sql: &str, parameters: &[&dyn rusqlite::ToSql]) -> rusqlite::Result<()> {
    let mut statement = notes.prepare(sql)?;
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        println!("{}  {}", row.get::<_, i64>(0)?, row.get::<_, String>(1)?);
    }
    Ok(())
}
