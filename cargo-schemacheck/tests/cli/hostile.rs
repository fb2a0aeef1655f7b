//! Input that nobody means: an error or an `unknown`, no panic, no hang, and nothing lost beside it.

use std::fs::File;

use crate::command::Ran;
use crate::project::{FIRST, Project, query};

/// Checks a project with a hostile file beside a migration that drops what the running release reads.
#[track_caller]
fn beside(path: &str, contents: impl AsRef<[u8]>) -> Ran {
    let (old, new) = (Project::small(), Project::small());
    new.write("migrations/3_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    new.write("src/users.rs", query("SELECT id FROM users"));
    new.write(path, contents);
    let ran = new.against(&old, &["--all"]);
    ran.keeps_quiet_of(&["panicked", "overflow", "bug of its own"])
}

/// The finding on the migration beside is there.
#[track_caller]
fn finds_the_drop(ran: Ran) -> Ran {
    ran.exits(1).says(&["still reads `users.name`, dropped here", "migrations/3_drop.sql:1:19"])
}

#[test]
fn invalid_utf8() {
    beside("migrations/2_bytes.sql", b"SELECT '\xff\xfe';")
        .exits(2)
        .says(&["migrations/2_bytes.sql", "not UTF-8 from byte 8"]);
    finds_the_drop(beside("src/bytes.rs", b"// \xff\nfn f() {}")).says(&["src/bytes.rs", "not UTF-8 from byte 3"]);
}

#[test]
fn a_byte_order_mark_and_carriage_returns() {
    let sql = "\u{feff}CREATE TABLE more (\r\n  id bigint\r\n);\r\nALTER TABLE more ADD COLUMN x int;\r\n";
    let ran = finds_the_drop(beside("migrations/2_more.sql", sql));
    ran.keeps_quiet_of(&["unparsed", "migration-fails"]);
    let (old, new) = (Project::small(), Project::small());
    old.write("src/users.rs", format!("\u{feff}{}", query("SELECT id,\n  name FROM users").replace('\n', "\r\n")));
    new.write("migrations/3_drop.sql", "\u{feff}ALTER TABLE users\r\n  DROP COLUMN name;\r\n");
    new.write("src/users.rs", query("SELECT id FROM users"));
    new.against(&old, &[]).exits(1).says(&["migrations/3_drop.sql:2:3", "src/users.rs:3:3"]);
}

#[test]
fn deep_nesting_in_sql() {
    const DEPTH: usize = 100_000;
    let (open, close) = ("(".repeat(DEPTH), ")".repeat(DEPTH));
    for sql in [
        format!("SELECT {open}1{close};"),
        format!("SELECT {open}1;"),
        format!("CREATE TABLE deep (id int DEFAULT {open}1{close});"),
        format!("CREATE TABLE deep (id int CHECK {open}id > 1{close});"),
        format!("CREATE VIEW deep AS SELECT {}1{close} AS x;", "(SELECT ".repeat(DEPTH)),
        format!("SELECT {}1;", "- ".repeat(DEPTH)),
        format!("SELECT {}true;", "NOT ".repeat(DEPTH)),
        format!("SELECT {}1{};", "CASE WHEN true THEN ".repeat(DEPTH), " END".repeat(DEPTH)),
        format!("SELECT 1{};", " + 1".repeat(DEPTH)),
        format!("SELECT 1{};", " UNION SELECT 1".repeat(DEPTH)),
        format!("DO $$ BEGIN {} {} END $$;", "BEGIN ".repeat(DEPTH), "END; ".repeat(DEPTH)),
        format!("{}{}", "/*".repeat(DEPTH), "*/".repeat(DEPTH)),
    ] {
        finds_the_drop(beside("migrations/2_deep.sql", &sql));
    }
}

#[test]
fn deep_nesting_in_rust() {
    const DEPTH: usize = 100_000;
    for (open, close) in
        [("(", ")"), ("{", "}"), ("[", "]"), ("-", ""), ("f(", ")"), ("if true {", "}"), ("a.b(|x| ", ")")]
    {
        let rust = format!("fn f() {{ {}1{}; }}", open.repeat(DEPTH), close.repeat(DEPTH));
        finds_the_drop(beside("src/deep.rs", rust));
    }
    finds_the_drop(beside("src/deep.rs", format!("type T = {}u8{};", "Vec<".repeat(DEPTH), ">".repeat(DEPTH))));
    finds_the_drop(beside("src/deep.rs", format!("{}{}", "mod m {".repeat(DEPTH), "}".repeat(DEPTH))));
}

#[test]
fn deep_nesting_in_a_query() {
    let deep = format!("SELECT {}name{} FROM users", "(".repeat(50_000), ")".repeat(50_000));
    let (old, new) = (Project::small(), Project::small());
    for project in [&old, &new] {
        project.write("src/users.rs", query(&deep));
    }
    new.write("migrations/3_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    let ran = new.against(&old, &[]);
    assert!(matches!(ran.status, Some(0 | 1)), "{ran}");
    ran.keeps_quiet_of(&["panicked"]).says(&["unparsed-query"]);
}

#[test]
fn a_huge_file() {
    let (old, new) = (Project::small(), Project::small());
    new.write("migrations/3_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    new.write("src/users.rs", query("SELECT id FROM users"));
    let sparse = |path: &str| File::create(new.join(path)).unwrap().set_len(1 << 30).unwrap();
    sparse("src/huge.rs");
    let ran = new.against(&old, &["--all"]);
    finds_the_drop(ran).says(&["src/huge.rs", "it has 1024 MB"]);
    sparse("migrations/2_huge.sql");
    new.against(&old, &[]).exits(2).says(&["migrations/2_huge.sql", "it has 1024 MB"]);
}

#[test]
fn zero_bytes_an_empty_file_no_final_newline_and_long_lines() {
    finds_the_drop(beside("migrations/2_zero.sql", "CREATE TABLE x (id int);\0\0SELECT\0 1;\n"));
    finds_the_drop(beside("src/zero.rs", "fn f() {}\0\0"));
    finds_the_drop(beside("migrations/2_empty.sql", ""));
    finds_the_drop(beside("src/empty.rs", ""));
    finds_the_drop(beside("migrations/2_end.sql", "ALTER TABLE users ADD COLUMN x int"));
    finds_the_drop(beside("migrations/2_comment.sql", "SELECT 1 -- no newline"));
    finds_the_drop(beside("migrations/2_open.sql", "SELECT 'no end"));
    finds_the_drop(beside("migrations/2_open.sql", "DO $x$ no end"));
    let wide =
        format!("CREATE TABLE wide ({});", (0..5_000).map(|n| format!("c{n} int")).collect::<Vec<_>>().join(", "));
    finds_the_drop(beside("migrations/2_wide.sql", wide));
    let broken = format!("CREATE TABLE wide (x int DEFAULT {}~~~;", "1 + ".repeat(12_500));
    finds_the_drop(beside("migrations/2_long.sql", broken));
    let (old, new) = (Project::small(), Project::small());
    old.write("src/users.rs", query(&format!("SELECT {} name FROM users", " ".repeat(50_000))));
    new.write("migrations/3_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    new.write("src/users.rs", query("SELECT id FROM users"));
    let ran = finds_the_drop(new.against(&old, &[]));
    assert!(ran.out.len() < 10_000, "{ran}");
}

#[cfg(unix)]
#[test]
fn links_that_circle() {
    use std::os::unix::fs::symlink;
    let (old, new) = (Project::small(), Project::small());
    new.write("migrations/3_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    new.write("src/users.rs", query("SELECT id FROM users"));
    symlink(new.path(), new.join("src/all")).unwrap();
    symlink("b", new.join("src/a")).unwrap();
    symlink("a", new.join("src/b")).unwrap();
    symlink(".", new.join("migrations/again")).unwrap();
    symlink("itself.sql", new.join("migrations/2_itself.sql")).unwrap();
    symlink("2_self.sql", new.join("migrations/2_self.sql")).unwrap();
    symlink("/nowhere/at/all", new.join("src/gone.rs")).unwrap();
    finds_the_drop(new.against(&old, &[]));
}

#[test]
fn escape_sequences_do_not_reach_the_terminal() {
    let (old, new) = (Project::small(), Project::small());
    let escape = "\u{1b}[31m\u{9b}2J\u{7}\u{202e}";
    old.write("src/users.rs", query(&format!("SELECT id, name AS \\\"{escape}\\\" FROM users")));
    new.write("src/users.rs", query(&format!("SELECT id AS \\\"{escape}\\\", missing FROM \\\"x{escape}\\\"")));
    new.write(
        "migrations/2_name.sql",
        format!("ALTER TABLE users RENAME COLUMN name TO \"{escape}\";\nGARBAGE {escape};\n"),
    );
    new.write(&format!("src/{escape}.rs"), format!("fn f() {{ sqlx::query(\"SELECT {escape}\"); }}"));
    new.write("src/main.rs", "fn main() { sqlx::migrate!(); }\nmod users;\n");
    let recorded = old.run(&["--manifest-path", ".", "record"]).exits(0);
    new.write("old.json", recorded.out);
    for arguments in [
        &["--all"][..],
        &["--all", "--color", "always"],
        &["matrix"],
        &["queries"],
        &["queries", "--unresolved"],
        &["schema"],
    ] {
        let ran = new.against(&old, arguments);
        assert!(matches!(ran.status, Some(0 | 1)), "{ran}");
        for text in [&ran.out, &ran.err] {
            let raw = ["\u{1b}[31m\u{9b}", "\u{9b}", "\u{7}", "\u{202e}"].iter().find(|raw| text.contains(**raw));
            assert_eq!(raw, None, "{arguments:?}\n{text:?}");
        }
    }
    let bad = new.run(&["--manifest-path", ".", "uses", escape]).exits(2);
    assert!(!bad.err.contains('\u{1b}') && !bad.err.contains('\u{9b}'), "{bad}");
}

#[test]
fn empty_migrations_only() {
    let (old, new) = (Project::small(), Project::small());
    for project in [&old, &new] {
        project.write(FIRST, "-- nothing\n");
    }
    new.against(&old, &[]).exits(0).says(&["as far as understood (1 unknown)"]);
    let other = Project::small();
    new.against(&other, &[]).exits(1).says(&["error[broken-at-head]", "error[migration-edited]"]);
}
