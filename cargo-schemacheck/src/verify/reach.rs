//! Statements that reach beyond the database they run in: to the whole cluster, to other databases, to the server's files and
//! programs.
//!
//! Words decide, not a parser: what is not understood is looked at too, and so are the bodies of routines and the strings in
//! them. A statement that is only put together while it runs is not seen.

use schemacheck_checker::dialect::postgres;
use schemacheck_checker::source::Span;
use schemacheck_checker::sql::{Lexeme, lexemes};

/// A statement that reaches beyond its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Its first word, or the body that holds it, in the text.
    pub span: Span,
    /// What it does, as SQL is spelled: `ALTER SYSTEM`.
    pub what: String,
}

/// How deep strings in strings are looked into.
const DEEPEST: usize = 4;

/// How many words of one statement are looked at from any of its words on.
const LONGEST: usize = 2000;

/// The statements of a text that reach beyond the database they run in.
#[must_use]
pub fn reaches(text: &str) -> Vec<Reach> {
    let mut found = Vec::new();
    script(text, DEEPEST, &mut |span, what| found.push(Reach { span, what }));
    found.dedup();
    found
}

/// Looks through a script: each of its statements at its beginning, calls anywhere, and the code that it defines or runs.
fn script(text: &str, depth: usize, found: &mut dyn FnMut(Span, String)) {
    let tokens = lexemes(text, &postgres::DIALECT);
    for statement in tokens.split(|(_, lexeme)| *lexeme == Lexeme::Mark(';')) {
        let words: Vec<&Lexeme> = statement.iter().map(|(_, lexeme)| lexeme).collect();
        let has_code = has_code(&words);
        for (at, (span, lexeme)) in statement.iter().enumerate() {
            let rest = words.get(at..).unwrap_or_default();
            // The body of a routine in SQL needs no quotes.
            let begun = if at == 0 || has_code { statement_at(rest) } else { None };
            if let Some(what) = begun.or_else(|| call_at(rest)) {
                found(*span, what);
            }
            if let (Lexeme::Text(body), true) = (lexeme, has_code) {
                code(body, depth, &mut |what| found(*span, what));
            }
        }
    }
}

/// Looks through code: a statement may begin at each of its words, and each of its strings may be a script to execute.
fn code(code: &str, depth: usize, found: &mut dyn FnMut(String)) {
    let tokens = lexemes(code, &postgres::DIALECT);
    let words: Vec<&Lexeme> = tokens.iter().map(|(_, lexeme)| lexeme).collect();
    for at in 0..words.len() {
        let rest = words.get(at..).unwrap_or_default();
        if let Some(what) = statement_at(rest).or_else(|| call_at(rest)) {
            found(what);
        }
        if let (Some(Lexeme::Text(text)), Some(depth)) = (rest.first(), depth.checked_sub(1)) {
            script(text, depth, &mut |_, what| found(what));
        }
    }
}

/// Whether strings in a statement are code: it runs a block, or defines a routine.
fn has_code(words: &[&Lexeme]) -> bool {
    let routine = |words: &[&Lexeme]| begins(words, "function") || begins(words, "procedure");
    begins(words, "do") || begins(words, "create") && (1..4).any(|at| routine(words.get(at..).unwrap_or_default()))
}

/// First words of statements that reach beyond their database, whatever follows.
const STATEMENTS: &[&str] = &[
    "create role",
    "alter role",
    "drop role",
    "create user mapping",
    "alter user mapping",
    "drop user mapping",
    "create user",
    "alter user",
    "drop user",
    "create group",
    "alter group",
    "drop group",
    "comment on role",
    "reassign owned",
    "drop owned",
    "create database",
    "alter database",
    "drop database",
    "comment on database",
    "create tablespace",
    "alter tablespace",
    "drop tablespace",
    "comment on tablespace",
    "alter system",
    "create subscription",
    "alter subscription",
    "drop subscription",
    "create server",
    "alter server",
    "drop server",
    "create foreign data wrapper",
    "alter foreign data wrapper",
    "import foreign schema",
    "create foreign table",
    "prepare transaction",
    "commit prepared",
    "rollback prepared",
];

/// Functions that read or write what is not in the database, or act on the whole server.
const FUNCTIONS: &[&str] = &[
    "lo_import",
    "lo_export",
    "pg_read_file",
    "pg_read_binary_file",
    "pg_file_write",
    "pg_file_rename",
    "pg_file_unlink",
    "pg_file_sync",
    "pg_ls_dir",
    "pg_reload_conf",
    "pg_rotate_logfile",
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_switch_wal",
    "pg_promote",
    "pg_create_restore_point",
    "pg_create_physical_replication_slot",
    "pg_create_logical_replication_slot",
    "pg_copy_physical_replication_slot",
    "pg_copy_logical_replication_slot",
    "pg_drop_replication_slot",
    "pg_replication_origin_create",
    "pg_replication_origin_drop",
    "pg_backup_start",
    "pg_start_backup",
];

/// Languages whose routines may do anything that the server's account may.
const UNTRUSTED: &[&str] = &["c", "plperlu", "plpython3u", "plpython2u", "plpythonu", "pltclu"];

/// What the statement that begins here does beyond its database.
fn statement_at(words: &[&Lexeme]) -> Option<String> {
    let listed = STATEMENTS.iter().find(|start| begins(words, start));
    if let Some(start) = listed {
        return Some(start.to_uppercase());
    }
    let Lexeme::Word(first) = words.first()? else { return None };
    match first.as_str() {
        "load" => matches!(words.get(1), Some(Lexeme::Text(_))).then(|| "LOAD".to_owned()),
        "grant" | "revoke" => granted(whole(words)).map(|what| format!("{} {what}", first.to_uppercase())),
        "copy" => copied(whole(words)).map(str::to_owned),
        "security" if begins(words, "security label") => labelled(whole(words)),
        "language" => untrusted(words),
        _ => None,
    }
}

/// The words of one statement, and not too many of them.
fn whole<'w, 'a>(words: &'w [&'a Lexeme]) -> &'w [&'a Lexeme] {
    let near = words.get(..words.len().min(LONGEST)).unwrap_or_default();
    let end = near.iter().position(|word| **word == Lexeme::Mark(';')).unwrap_or(near.len());
    near.get(..end).unwrap_or_default()
}

/// The call of a function that reaches beyond the database.
fn call_at(words: &[&Lexeme]) -> Option<String> {
    let (Lexeme::Word(name) | Lexeme::Quoted(name), Lexeme::Mark('(')) = (*words.first()?, *words.get(1)?) else {
        return None;
    };
    let reaches = FUNCTIONS.contains(&name.as_str()) || name == "dblink" || name.starts_with("dblink_");
    reaches.then(|| format!("{name}()"))
}

/// Membership in roles, which needs no `ON`, and rights on what is not in the database.
fn granted(words: &[&Lexeme]) -> Option<String> {
    let end = words.iter().position(|word| is(word, "to") || is(word, "from"));
    let on = words.iter().position(|word| is(word, "on"));
    let Some(on) = on.filter(|on| end.is_none_or(|end| *on < end)) else {
        return end.map(|_| "role".to_owned());
    };
    let object = words.get(on + 1..).unwrap_or_default();
    ["database", "tablespace", "parameter", "foreign server", "foreign data wrapper"]
        .iter()
        .find(|kind| begins(object, kind))
        .map(|kind| format!("ON {}", kind.to_uppercase()))
}

/// `COPY` to or from a program or a file of the server.
fn copied(words: &[&Lexeme]) -> Option<&'static str> {
    let mut depth = 0usize;
    for (at, word) in words.iter().enumerate() {
        match word {
            Lexeme::Mark('(') => depth += 1,
            Lexeme::Mark(')') => depth = depth.saturating_sub(1),
            _ if depth == 0 && (is(word, "from") || is(word, "to")) => match words.get(at + 1) {
                Some(Lexeme::Text(_)) => return Some("COPY with a file of the server"),
                Some(next) if is(next, "program") => return Some("COPY … PROGRAM"),
                _ => {}
            },
            _ => {}
        }
    }
    None
}

fn labelled(words: &[&Lexeme]) -> Option<String> {
    let on = words.iter().position(|word| is(word, "on"))?;
    let object = words.get(on + 1..)?;
    let kind = ["role", "database", "tablespace"].into_iter().find(|kind| begins(object, kind))?;
    Some(format!("SECURITY LABEL ON {}", kind.to_uppercase()))
}

fn untrusted(words: &[&Lexeme]) -> Option<String> {
    let (true, Lexeme::Word(name) | Lexeme::Quoted(name) | Lexeme::Text(name)) =
        (is(words.first()?, "language"), *words.get(1)?)
    else {
        return None;
    };
    let name = name.to_lowercase();
    UNTRUSTED.contains(&name.as_str()).then(|| format!("LANGUAGE {name}"))
}

fn begins(words: &[&Lexeme], start: &str) -> bool {
    let mut at = words.iter();
    start.split(' ').all(|expected| at.next().is_some_and(|word| is(word, expected)))
}

fn is(lexeme: &Lexeme, expected: &str) -> bool {
    matches!(lexeme, Lexeme::Word(word) if word == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        reaches(text).into_iter().map(|reach| reach.what).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_reaches_beyond_the_database() {
        for (text, expected) in [
            ("CREATE TABLE t (a int); create role app LOGIN", "CREATE ROLE"),
            ("/* ALTER SYSTEM */ ALTER SYSTEM SET work_mem = '1GB'", "ALTER SYSTEM"),
            ("ALTER DATABASE shop SET search_path = app", "ALTER DATABASE"),
            ("GRANT admins TO app", "GRANT role"),
            ("REVOKE ADMIN OPTION FOR admins FROM app", "REVOKE role"),
            ("GRANT CONNECT ON DATABASE shop TO app", "GRANT ON DATABASE"),
            ("COPY t FROM PROGRAM 'curl example.com'", "COPY … PROGRAM"),
            ("COPY (SELECT 1) TO '/tmp/x'", "COPY with a file of the server"),
            ("SELECT * FROM dblink('host=x', 'SELECT 1') AS t (a int)", "dblink()"),
            ("SELECT public.dblink_connect('x')", "dblink_connect()"),
            ("LOAD 'auto_explain'", "LOAD"),
            ("CREATE USER MAPPING FOR app SERVER s", "CREATE USER MAPPING"),
            ("CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw", "CREATE SERVER"),
            ("CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p", "CREATE SUBSCRIPTION"),
            ("DO $$ BEGIN IF true THEN CREATE ROLE app; END IF; END $$", "CREATE ROLE"),
            ("DO $$ BEGIN EXECUTE 'DROP ROLE ' || quote_ident('app'); END $$", "DROP ROLE"),
            (
                "CREATE FUNCTION f() RETURNS void AS $f$ BEGIN EXECUTE $x$COPY t TO '/x'$x$; END $f$ LANGUAGE plpgsql",
                "COPY with a file of the server",
            ),
            (
                "CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT pg_reload_conf(); END",
                "pg_reload_conf()",
            ),
            ("CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'return 1'", "LANGUAGE plpython3u"),
            ("CREATE FUNCTION f() RETURNS int AS 'lib', 'f' LANGUAGE C", "LANGUAGE c"),
            ("DO $$ BEGIN EXECUTE 'DO $x$ BEGIN DROP ROLE app; END $x$'; END $$", "DROP ROLE"),
            ("COMMENT ON DATABASE shop IS 'x'", "COMMENT ON DATABASE"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_stays_inside() {
        for text in [
            "-- CREATE ROLE app\nCREATE TABLE role (database text DEFAULT 'CREATE ROLE app')",
            "INSERT INTO notes VALUES ('ALTER SYSTEM'), ($$DROP DATABASE x$$)",
            "GRANT SELECT ON t TO app; GRANT USAGE ON SCHEMA s TO app; REVOKE ALL ON t FROM PUBLIC",
            "COPY t FROM STDIN; COPY (SELECT extract(year FROM '2020-01-01'::date)) TO STDOUT",
            "SELECT dblink FROM links; SELECT load FROM t",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; DO $$ BEGIN PERFORM 1; END $$",
            "ALTER TABLE t OWNER TO app; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app",
            "CREATE PUBLICATION p FOR ALL TABLES; CREATE EXTENSION dblink; SET ROLE app",
            "DO $$ BEGIN RAISE 'you cannot create user %', 1; END $$",
            "\u{0}'",
            "",
            "$$",
        ] {
            assert_eq!(said(text), "", "{text}");
        }
    }

    #[test]
    fn a_place_is_where_the_statement_begins() {
        let text = "SELECT 1;\n  DROP ROLE app";
        let found = reaches(text);
        assert_eq!(found.iter().map(|reach| reach.span.start).collect::<Vec<_>>(), [text.find("DROP").unwrap()]);
    }
}
