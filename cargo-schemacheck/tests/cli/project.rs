//! Projects made for a test, in a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::command::{Ran, run, schemacheck};

/// A folder with files.
pub(crate) struct Project {
    folder: TempDir,
}

/// The first migration of [`Project::small`].
pub(crate) const FIRST: &str = "migrations/1_users.sql";

impl Project {
    /// An empty folder.
    pub(crate) fn empty() -> Project {
        Project { folder: tempfile::tempdir().unwrap() }
    }

    /// A program on sqlx and Postgres with one table, one query and one migration.
    pub(crate) fn small() -> Project {
        let project = Project::empty();
        project.write("Cargo.toml", MANIFEST);
        project.write("src/main.rs", "fn main() { sqlx::migrate!(); }\nmod users;\n");
        project.write("src/users.rs", query("SELECT id, name FROM users"));
        project.write(FIRST, "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);\n");
        project
    }

    /// The same in a git repository, with all of it in the first commit of `main`.
    pub(crate) fn committed() -> Project {
        let project = Project::small();
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project.commit("users");
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, over one that is there.
    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> &Project {
        let path = self.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
        self
    }

    pub(crate) fn remove(&self, path: &str) -> &Project {
        let path = self.join(path);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap()
        } else {
            fs::remove_file(path).unwrap()
        }
        self
    }

    /// Commits all files; returns the commit's id.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git; returns what it printed.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(self.path(), arguments)
    }

    /// Runs the command in the project.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        schemacheck(self.path(), arguments)
    }

    /// Checks the project against another one.
    pub(crate) fn against(&self, baseline: &Project, arguments: &[&str]) -> Ran {
        let baseline = baseline.path().to_str().unwrap();
        self.run(&[&["--manifest-path", ".", "--baseline-root", baseline], arguments].concat())
    }
}

/// A source file with one function that sends this SQL.
pub(crate) fn query(sql: &str) -> String {
    format!("pub async fn f(db: &sqlx::PgPool) {{\n    sqlx::query(\"{sql}\").fetch_all(db).await;\n}}\n")
}

/// Runs git in a folder; returns what it printed.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "protocol.file.allow=always"]).args(arguments);
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.com");
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let ran = run(&mut command);
    assert_eq!(ran.status, Some(0), "git {arguments:?}: {ran}");
    ran.out.trim_end().to_owned()
}

const MANIFEST: &str = r#"[package]
name = "app"
version = "0.1.0"
edition = "2024"

[dependencies]
sqlx = { version = "0.8", features = ["postgres", "runtime-tokio", "migrate"] }

[workspace]
"#;
