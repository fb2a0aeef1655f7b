//! A check that saw nothing is not green: status 2 with what, where and what to do.

use crate::command::schemacheck;
use crate::project::{FIRST, Project, query};

#[test]
fn a_folder_that_is_no_project() {
    let project = Project::empty();
    let ran = project.run(&[]).exits(2);
    ran.says(&["error: ", "no database was found", "help: "]);
    project.run(&["--allow-empty", "queries"]).exits(0);
}

#[test]
fn a_folder_that_is_not_there() {
    let project = Project::empty();
    project.run(&["--manifest-path", "nowhere"]).exits(2).says(&["there is no folder nowhere"]);
}

#[test]
fn no_migrations() {
    let (old, new) = (Project::small(), Project::small());
    new.remove(FIRST).write("migrations/README.md", "none yet");
    new.against(&old, &[]).exits(2).says(&["migrations", "help: ", "--allow-empty"]);
    new.against(&old, &["--allow-empty"]).exits(0);
}

#[test]
fn no_queries() {
    let (old, new) = (Project::small(), Project::small());
    for project in [&old, &new] {
        project.write("src/users.rs", "pub fn f() {}\n");
    }
    let ran = new.against(&old, &[]).exits(2);
    ran.says(&["no queries were found for main", "seen were 2 Rust files in 1 package", "--allow-empty"]);
    new.against(&old, &["--allow-empty"]).exits(0).says(&["ok: "]);
    new.run(&["record"]).exits(2).says(&["no queries were found", "--allow-empty"]);
    new.run(&["--allow-empty", "record"]).exits(0);
}

#[test]
fn a_duplicate_version() {
    let (old, new) = (Project::small(), Project::small());
    new.write("migrations/1_again.sql", "SELECT 1;");
    new.against(&old, &[]).exits(2).says(&["sqlx cannot run these migrations", "1_", "help: "]);
}

#[test]
fn broken_sql_is_a_finding_on_its_statement_and_the_rest_goes_on() {
    let (old, new) = (Project::small(), Project::small());
    new.write("migrations/2_broken.sql", "CREATE TABLE broken (;\nALTER TABLE users DROP COLUMN name;\n");
    let ran = new.against(&old, &[]).exits(1);
    ran.says(&["unparsed-statement", "migrations/2_broken.sql:1:", "missing-column", "migrations/2_broken.sql:2:19"]);
}

#[test]
fn broken_rust_costs_its_file_only() {
    let (old, new) = (Project::small(), Project::small());
    old.write("src/broken.rs", "fn f( { sqlx::query")
        .write("src/main.rs", "fn main() { sqlx::migrate!(); }\nmod users;\nmod broken;\n");
    new.write("migrations/2_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    new.write("src/users.rs", query("SELECT id FROM users"));
    new.write("src/broken.rs", "fn f( { sqlx::query")
        .write("src/main.rs", "fn main() { sqlx::migrate!(); }\nmod users;\nmod broken;\n");
    new.against(&old, &[]).exits(1).says(&["missing-column", "src/broken.rs:1:"]);
}

/// Root reads what nobody may read, so that the command then runs as somebody else.
#[cfg(unix)]
#[test]
fn an_unreadable_folder() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    use crate::command::{command, run};

    let project = Project::small();
    project.write("migrations/more/x.sql", "");
    let closed = project.join("migrations/more");
    let arguments = ["--manifest-path", ".", "--baseline-root", "."];
    set_permissions(&closed, Permissions::from_mode(0o000)).unwrap();
    let ran = if std::fs::read_dir(&closed).is_err() {
        project.run(&arguments)
    } else {
        let program = tempfile::tempdir().unwrap();
        for folder in [program.path(), project.path()] {
            set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
        }
        let binary = program.path().join("cargo-schemacheck");
        std::fs::copy(env!("CARGO_BIN_EXE_cargo-schemacheck"), &binary).unwrap();
        let mut nobody = std::process::Command::new(&binary);
        nobody.arg("schemacheck").args(arguments).current_dir(project.path()).uid(65534).gid(65534);
        for (name, value) in command(project.path(), &[]).get_envs() {
            if value.is_none() {
                nobody.env_remove(name);
            }
        }
        run(&mut nobody)
    };
    set_permissions(&closed, Permissions::from_mode(0o755)).unwrap();
    ran.exits(2).says(&["migrations/more", "cannot read the folder", "help: "]);
}

#[test]
fn usage_errors_are_status_2() {
    let project = Project::small();
    project.run(&["--no-such-option"]).exits(2).says(&["--no-such-option"]);
    project.run(&["explain", "no-such-rule"]).exits(2).says(&["there is no rule `no-such-rule`"]);
    project.run(&["--database", "other", "queries"]).exits(2).says(&["there is no database `other`", "main"]);
    project.run(&["uses", "nothing"]).exits(2).says(&["`nothing`"]);
    project.run(&["schema", "--at", "99"]).exits(2).says(&["no migration has the version `99`"]);
    let old = Project::small();
    project.against(&old, &["matrix", "no such text"]).exits(2).says(&["no query contains `no such text`"]);
    schemacheck(old.path(), &["--baseline-root", "a", "--baseline-file", "b"]).exits(2).says(&["cannot be used with"]);
}
