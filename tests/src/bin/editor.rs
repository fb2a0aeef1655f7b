//! Speaks to a real rust-analyzer as an editor does, on small projects with broken queries, and holds what it answers:
//! `cargo build -p cargo-schemacheck && cargo run -p schemacheck-tests --bin editor [RUST-ANALYZER]`.
#![expect(clippy::print_stdout, reason = "it is a command")]

use std::fs;
use std::path::Path;
use std::process::Command;

use schemacheck_tests::editor::{Editor, Result};
use schemacheck_tests::nested::Nested;
use serde_json::Value;

/// The text before the query is not ASCII. It is no name: an assist of rust-analyzer panics on a variable called `ö`, and takes
/// all code actions with it.
const BROKEN: &str = "fn main() {\n    let cheese = \"käse 🧀\"; sqlx::query(\"SELECT id, name FROM users\");\n}\nmod sqlx { pub fn query(_: &str) {} pub struct PgPool; }\n";

/// The rule whose finding has a quick fix. The release that runs now has another one on the same query.
const RULE: &str = "broken-at-head";

const FIRST: &str = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);\n";
const RENAME: &str = "ALTER TABLE users RENAME COLUMN name TO full_name;\n";

fn main() -> Result<()> {
    let analyzer = std::env::args().nth(1).unwrap_or_else(|| "rust-analyzer".to_owned());
    calls_of_a_library(&analyzer)?;
    own_macros(&analyzer)
}

/// A query that a library's function sends, and a configuration that cannot be read.
fn calls_of_a_library(analyzer: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    project(folder.path())?;
    let mut editor = Editor::start(analyzer, folder.path())?;
    let file = folder.path().join("src/main.rs");
    editor.open(&file)?;
    let all = editor.diagnostics(&file, |all| !of(all, RULE).is_empty() && !of(all, "unused_variables").is_empty())?;
    hold("clippy's diagnostics beside those of the check", true);
    let diagnostic = of(&all, RULE)[0];
    println!("{}", serde_json::to_string_pretty(diagnostic)?);
    let range = &diagnostic["range"];
    let (from, to) = (position(&range["start"]), position(&range["end"]));
    // Characters count as UTF-16 has them.
    let line = BROKEN.lines().nth(1).unwrap_or_default();
    let column = |byte: Option<usize>| byte.map(|byte| line[..byte].encode_utf16().count() as u64);
    let expected = column(line.find("name FROM"));
    hold("the range after text that is not ASCII", from == (1, expected.unwrap_or_default()) && to.1 == from.1 + 4);
    hold("source and code", diagnostic["source"] == "schemacheck" && diagnostic["code"] == RULE);
    let related = diagnostic["relatedInformation"][0]["location"]["uri"].as_str().unwrap_or_default();
    hold("the related location", related.ends_with("migrations/2_rename.sql"));
    let actions = serde_json::to_string(&editor.actions(&file, diagnostic)?)?;
    hold("the quick fix", actions.contains("use the new name: `full_name AS name`"));
    let mended = BROKEN.replace("name FROM", "full_name AS name FROM");
    editor.save(&file, &mended)?;
    editor.diagnostics(&file, |all| of(all, RULE).is_empty())?;
    hold("nothing is left after it", true);

    let configuration = folder.path().join("schemacheck.toml");
    let text = fs::read_to_string(&configuration)?;
    fs::write(&configuration, format!("{text}no-such-key = 1\n"))?;
    editor.save(&file, &mended)?;
    let all = editor.diagnostics(&configuration, |all| !all.is_empty())?;
    let line = text.lines().count() as u64;
    let shown = of(&all, "cannot-check").first().map(|one| position(&one["range"]["start"]));
    hold("a configuration that cannot be read, where that is", shown == Some((line, 0)));
    fs::write(&configuration, text)?;
    editor.save(&file, &mended)?;
    editor.diagnostics(&configuration, <[Value]>::is_empty)?;
    hold("it goes, too", true);
    Ok(())
}

/// A query in `sql!`.
fn own_macros(analyzer: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let nested = Nested::new(folder.path(), "own-macros");
    let right = "pub fn f() -> (&'static str, &'static str) {\n    (\"käse\", schemacheck::sql!(\"SELECT id, name FROM users\"))\n}\n";
    nested.write("src/lib.rs", right).write("migrations/1_users.sql", FIRST).write("schemacheck.toml", CONFIGURATION);
    commit(folder.path())?;
    let mut editor = Editor::start(analyzer, folder.path())?;
    let file = nested.path("src/lib.rs");
    editor.open(&file)?;
    editor.rest()?;
    editor.save(&file, &right.replace("name", "nick"))?;
    let all = editor.diagnostics(&file, |all| !all.is_empty())?;
    let on_the_literal = all.iter().filter(|one| one["severity"] == 1).count();
    hold("one diagnostic on a literal of `sql!`", on_the_literal == 1 && of(&all, RULE).len() == 1);
    editor.save(&file, right)?;
    editor.diagnostics(&file, <[Value]>::is_empty)?;
    nested.write("migrations/2_rename.sql", RENAME);
    let column = 4 + "(\"käse\", schemacheck::s".chars().count();
    let old = editor.expansion(&file, 1, column)?;
    hold("an expansion with the schemas of the last build", !old.contains("compile_error"));
    editor.rebuild_macros()?;
    let new = editor.expansion(&file, 1, column)?;
    hold(
        "an expansion with the new ones after \"Rebuild proc macros\"",
        new.contains("compile_error") && new.contains(RULE),
    );
    Ok(())
}

fn of<'a>(all: &'a [Value], code: &str) -> Vec<&'a Value> {
    all.iter().filter(|one| one["code"] == code && one["severity"] != 4).collect()
}

fn hold(what: &str, holds: bool) {
    println!("{}: {what}", if holds { "holds" } else { "DOES NOT HOLD" });
    if !holds {
        std::process::exit(1);
    }
}

fn position(position: &Value) -> (u64, u64) {
    (position["line"].as_u64().unwrap_or_default(), position["character"].as_u64().unwrap_or_default())
}

const CONFIGURATION: &str = "[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nlayout = \"sqlx\"\n";

/// A project whose code reads a column that its second migration renames.
fn project(folder: &Path) -> Result<()> {
    let write = |path: &str, text: &str| -> Result<()> {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().ok_or("a folder")?)?;
        Ok(fs::write(path, text)?)
    };
    write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[target.'cfg(none)'.dependencies]\nsqlx = { path = \"sqlx\" }\n",
    )?;
    write("sqlx/Cargo.toml", "[package]\nname = \"sqlx\"\nversion = \"0.9.0\"\nedition = \"2024\"\n")?;
    write("sqlx/src/lib.rs", "")?;
    write("schemacheck.toml", CONFIGURATION)?;
    write("migrations/1_users.sql", FIRST)?;
    write("src/main.rs", BROKEN)?;
    commit(folder)?;
    write("migrations/2_rename.sql", RENAME)
}

/// Commits all, twice: what runs now is the first commit.
fn commit(folder: &Path) -> Result<()> {
    let git = |arguments: &[&str]| -> Result<()> {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").current_dir(folder).args(identity).args(arguments).status()?;
        if done.success() { Ok(()) } else { Err("git failed".into()) }
    };
    git(&["init", "--quiet", "--initial-branch=main"])?;
    git(&["add", "."])?;
    git(&["commit", "--quiet", "-m", "users"])?;
    git(&["commit", "--quiet", "--allow-empty", "-m", "nothing"])
}
