//! `--format cargo-json`: Cargo's lines, as editors read them.

use serde_json::Value;

use crate::command::{run, schemacheck_in};
use crate::project::Project;

const RENAME: &str = "ALTER TABLE users RENAME COLUMN name TO full_name;\n";

/// The lines of a run.
fn lines(project: &Project, arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let ran = crate::command::schemacheck(project.path(), arguments);
    let lines = ran.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")));
    (ran.status, lines.collect())
}

/// A project whose first commit runs now; its tree has another query and a migration that renames a column.
fn renamed(code: &str) -> Project {
    let project = Project::committed();
    project.write("migrations/2_rename.sql", RENAME).write("src/users.rs", code);
    project
}

/// The first line of a rule.
fn of<'a>(lines: &'a [Value], code: &str) -> Option<&'a Value> {
    lines.iter().find(|line| line["message"]["code"]["code"] == code)
}

/// The part of a file that a span points at, by its bytes and by its columns.
fn pointed_at(project: &Project, span: &Value) -> String {
    let text = std::fs::read_to_string(project.join(span["file_name"].as_str().unwrap())).unwrap();
    let number = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
    let by_bytes = text[number("byte_start")..number("byte_end")].to_owned();
    let line = text.lines().nth(number("line_start") - 1).unwrap();
    assert_eq!(span["text"][0]["text"], line);
    let width = number("column_end") - number("column_start");
    let by_columns: String = line.chars().skip(number("column_start") - 1).take(width).collect();
    assert_eq!(by_columns, by_bytes);
    by_bytes
}

#[test]
fn a_broken_query_is_a_message_on_its_part_with_a_quick_fix() {
    let project = renamed(
        "fn f() { let ö = \"käse\"; sqlx::query(\"SELECT id, name FROM users WHERE id = 'é'::text::bigint\"); }\n",
    );
    for arguments in [["check", "--format", "cargo-json"], ["check", "--message-format", "json"]] {
        let (status, lines) = lines(&project, &arguments);
        assert_eq!(status, Some(1));
        let message = of(&lines, "schemacheck::broken-at-head").unwrap();
        assert_eq!(message["reason"], "compiler-message");
        assert_eq!(message["target"]["kind"][0], "bin");
        assert!(message["target"]["src_path"].as_str().unwrap().ends_with("/src/main.rs"));
        assert!(message["package_id"].as_str().unwrap().starts_with("path+file:///"));
        let diagnostic = &message["message"];
        assert_eq!(diagnostic["code"]["code"], "schemacheck::broken-at-head");
        assert_eq!(diagnostic["level"], "error");
        assert!(diagnostic["rendered"].as_str().unwrap().starts_with("error[broken-at-head]: "));
        let spans = diagnostic["spans"].as_array().unwrap();
        assert_eq!(spans.iter().map(|span| span["is_primary"] == true).collect::<Vec<_>>(), [true, false]);
        assert_eq!(pointed_at(&project, &spans[0]), "name");
        assert_eq!(spans[0]["label"], "unknown column");
        assert_eq!(spans[1]["file_name"], "migrations/2_rename.sql");
        assert_eq!(pointed_at(&project, &spans[1]), "RENAME COLUMN name TO full_name");
        assert!(spans[1]["label"].is_string(), "spans without a label are dropped by editors");
        let fixes = diagnostic["children"].as_array().unwrap();
        let fix = fixes.iter().find_map(|child| child["spans"].get(0)).unwrap();
        assert_eq!(fix["suggested_replacement"], "full_name AS name");
        assert_eq!(fix["suggestion_applicability"], "MachineApplicable");
        assert_eq!(lines.last().unwrap()["reason"], "build-finished");
        assert_eq!(lines.last().unwrap()["success"], false);
    }
}

#[test]
fn a_fix_leaves_the_columns_as_they_are_and_is_silent_afterwards() {
    let project = renamed("fn f() { sqlx::query(\"DELETE FROM users WHERE name = 'x'\"); }\n");
    let fix = |lines: &[Value]| {
        let children = of(lines, "schemacheck::broken-at-head")?["message"]["children"].as_array().unwrap().clone();
        children.iter().find_map(|child| child["spans"].get(0)?["suggested_replacement"].as_str().map(str::to_owned))
    };
    assert_eq!(fix(&lines(&project, &["--format", "cargo-json"]).1).as_deref(), Some("full_name"));
    project.write("src/users.rs", "fn f() { sqlx::query(\"DELETE FROM users WHERE full_name = 'x'\"); }\n");
    let (_, after) = lines(&project, &["--format", "cargo-json"]);
    assert!(after.iter().all(|line| line["message"]["code"]["code"] != "schemacheck::broken-at-head"), "{after:?}");
    // A text that is put together has no place to write in.
    project.write("src/users.rs", "fn f() { sqlx::query(concat!(\"DELETE FROM users WHERE na\", \"me = 'x'\")); }\n");
    assert_eq!(fix(&lines(&project, &["--format", "cargo-json"]).1), None);
}

#[test]
fn a_finding_of_what_runs_now_stands_on_the_same_query_of_the_tree() {
    let project = Project::committed();
    project.write("migrations/2_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    project.write("src/users.rs", "\n\nfn f() { sqlx::query(\"SELECT id, name FROM users\"); }\n");
    project.write("schemacheck.toml", "[rollout]\norder = \"any\"\n");
    let (_, found) = lines(&project, &["--format", "cargo-json"]);
    let old = of(&found, "schemacheck::missing-column").expect("the old release breaks");
    let spans = old["message"]["spans"].as_array().unwrap();
    assert_eq!(pointed_at(&project, &spans[0]), "name");
    assert_eq!(spans[0]["file_name"], "src/users.rs");
    // Without it, on the migration.
    project.write("src/users.rs", "fn f() { sqlx::query(\"SELECT id FROM users\"); }\n");
    let (_, found) = lines(&project, &["--format", "cargo-json"]);
    let old = of(&found, "schemacheck::missing-column").unwrap();
    let spans = old["message"]["spans"].as_array().unwrap();
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0]["file_name"], "migrations/2_drop.sql");
    assert_eq!(spans[0]["is_primary"], true);
}

#[test]
fn clippy_runs_beside_it() {
    let project = Project::empty();
    project.write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n");
    project.write("src/main.rs", "fn main() { let unused = 5; }\n");
    project.write("src/bin/own.rs", "fn main() { compile_error!(\"schemacheck::x: y\"); }\n");
    project.write("migrations/1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\n");
    project.write("queries/one.sql", "SELECT name FROM users;\n");
    project.write(
        "schemacheck.toml",
        "[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nlayout = \"sqlx\"\nsql = [\"queries/*.sql\"]\n",
    );
    project.git(&["init", "--quiet", "--initial-branch=main"]);
    project.commit("all");
    project.write("migrations/2_name.sql", "ALTER TABLE users ADD COLUMN nick text;\n");
    project.commit("nick");
    let mut command = crate::command::command(project.path(), &["--format", "cargo-json", "--with", "clippy"]);
    command.env("CARGO_TARGET_DIR", project.join("target"));
    let ran = run(&mut command);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"]["message"].as_str()).collect();
    assert!(!messages.iter().any(|message| message.starts_with("schemacheck::")), "{messages:?}");
    assert!(lines.iter().any(|line| line["target"]["name"] == "app"), "{}", ran.err);
    assert_eq!(lines.iter().filter(|line| line["reason"] == "build-finished").count(), 1);
    let refused = schemacheck_in(project.path(), &["--with", "clippy"], &[]);
    assert_eq!(refused.status, Some(2));
}
