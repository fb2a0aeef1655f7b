//! What is found in the tokens of small files.

use super::*;

/// The calls of a text, a line each.
fn print(text: &str) -> String {
    let wanted = |name: &str| name.starts_with("Pg") || name.starts_with("Sqlite");
    let Some(calls) = scan(&Source::new("a.rs", text), &wanted) else { return "not Rust".to_owned() };
    let mut lines: Vec<String> = calls
        .calls
        .iter()
        .map(|call| {
            let context: Vec<&str> = call.context.iter().map(String::as_str).collect();
            let test = if call.is_test { " test" } else { "" };
            format!("{} {} {:?}{test} {}", call.line, call.written, call.folder, context.join(","))
        })
        .collect();
    lines.extend(calls.ignores_unknown.then(|| "ignores unknown".to_owned()));
    lines.extend(calls.grouped.then(|| "grouped".to_owned()));
    lines.extend(calls.test_modules.iter().map(|name| format!("test mod {name}")));
    lines.join("\n").replace(" \n", "\n").trim_end().to_owned()
}

#[test]
fn calls_are_found_with_what_they_name() {
    let cases = [
        ("fn f(p: PgPool) { sqlx::migrate!().run(&p) }", "1 sqlx::migrate! Default PgPool"),
        ("fn f() { let p: SqlitePool; }\nfn g() { migrate!(\"./m\") }", "2 migrate! Named(\"./m\") SqlitePool"),
        (
            "#[cfg(test)]\nmod tests { fn f() { sqlx::migrate!(\"t\"); } }\nfn g() { sqlx::migrate!(\"m\"); }",
            "2 sqlx::migrate! Named(\"t\") test\n3 sqlx::migrate! Named(\"m\")",
        ),
        ("#[tokio::test(flavor = \"x\")]\nasync fn f() { sqlx::migrate!() }", "2 sqlx::migrate! Default test"),
        ("#[cfg(not(test))]\nfn f() { sqlx::migrate!() }", "2 sqlx::migrate! Default"),
        ("#[cfg(all(test, unix))] mod x;\n#[test] fn f() {}\nmod y;", "test mod x"),
        ("#![cfg(test)]\nfn f() { sqlx::migrate!() }", "2 sqlx::migrate! Default test"),
        ("const M: EmbeddedMigrations = embed_migrations!(r\"a/b\");", "1 embed_migrations! Named(\"a/b\")"),
        (
            "fn f() { Migrator::new(Path::new(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/m\"))) }",
            "1 Migrator::new Named(\"m\")",
        ),
        (
            "fn f() { Migrator::new(Path::new(&dir)); x::Migrator::new(p).await }",
            "1 Migrator::new Computed\n1 Migrator::new Computed",
        ),
        (
            "static D: Dir = include_dir!(\"$CARGO_MANIFEST_DIR/db/migration\");",
            "1 include_dir! Named(\"db/migration\")",
        ),
        (
            "fn f() { FileBasedMigrations::find_migrations_directory() }",
            "1 FileBasedMigrations::find_migrations_directory Default",
        ),
        ("#[derive(RustEmbed)]\n#[folder = \"db/main\"]\nstruct M;", "2 #[folder] Named(\"db/main\")"),
        ("fn f() { m.set_ignore_missing(true); r.set_grouped(true) }", "ignores unknown\ngrouped"),
        ("fn f() { m.set_ignore_missing(false); r.set_grouped(false) }", ""),
        ("fn f() { Migrator { ignore_missing: true, ..M } }", "ignores unknown"),
        ("#!/usr/bin/env x\nfn f() { sqlx::migrate!() }", "2 sqlx::migrate! Default"),
        ("\u{feff}fn f() { sqlx::migrate!() }", "1 sqlx::migrate! Default"),
        ("fn f() { other::migrate!() } // sqlx::migrate!()", ""),
        ("fn f( {", "not Rust"),
        (
            "mod a { fn f(c: SqliteConnection) {} const M: E = embed_migrations!(\"s\"); }\nmod b { fn f(c: PgConnection) {} const M: E = embed_migrations!(\"p\"); }",
            "1 embed_migrations! Named(\"s\") SqliteConnection\n2 embed_migrations! Named(\"p\") PgConnection",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(print(text), expected, "{text}");
    }
}

#[test]
fn deep_nesting_is_no_danger() {
    let deep = format!("fn f() {{ {}{} }}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(print(&deep), "");
}
