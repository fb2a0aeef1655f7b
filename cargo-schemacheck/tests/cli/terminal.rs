//! Output as such: colours, readers that go away, a toolchain that is not there.

use std::process::{Command, Stdio};

use crate::command::{Ran, command, schemacheck, schemacheck_in};
use crate::project::{Project, query};

#[test]
fn colours_where_they_are_wanted() {
    let (old, new) = (Project::small(), Project::small());
    new.write("migrations/2_drop.sql", "ALTER TABLE users DROP COLUMN name;\n")
        .write("src/users.rs", query("SELECT 1"));
    let coloured = |ran: Ran| ran.exits(1).out.contains("\u{1b}[");
    assert!(!coloured(new.against(&old, &[])));
    assert!(coloured(new.against(&old, &["--color", "always"])));
    assert!(!coloured(new.against(&old, &["--color", "never"])));
    let arguments = ["--manifest-path", ".", "--baseline-root", old.path().to_str().unwrap()];
    let forced = [("CLICOLOR_FORCE", "1")];
    assert!(coloured(schemacheck_in(new.path(), &arguments, &forced)));
    let refused = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    assert!(!coloured(schemacheck_in(new.path(), &arguments, &refused)));
}

#[test]
fn quiet_prints_findings_only() {
    let (old, new) = (Project::small(), Project::small());
    let ran = new.against(&old, &["--quiet"]).exits(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn a_workspace_that_cargo_cannot_read_is_read_all_the_same() {
    let project = Project::small();
    let manifest = std::fs::read_to_string(project.join("Cargo.toml")).unwrap();
    project.write("Cargo.toml", manifest + "members = [\"nowhere\"]\n");
    let ran = schemacheck(&project.join("src"), &["schema"]).exits(0);
    ran.says(&["is taken for the workspace", "table public.users"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let project = Project::small();
    let mut command = command(project.path(), &["schema", "--manifest-path", "."]);
    // A pipe whose other end is closed.
    let mut other = Command::new("true");
    other.stdin(Stdio::piped());
    let mut reader = other.spawn().unwrap();
    let closed = reader.stdin.take().unwrap();
    reader.wait().unwrap();
    command.stdout(Stdio::from(closed)).stderr(Stdio::piped());
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(!words.contains("panicked") && output.status.code() == Some(0), "{words}");
}
