//! Packages made for a test and built by cargo, with the packages of this workspace as dependencies.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A package in a folder of its own.
#[derive(Debug)]
pub struct Nested {
    folder: PathBuf,
    name: String,
}

/// What cargo said.
#[derive(Debug)]
pub struct Built {
    /// Whether it succeeded.
    pub success: bool,
    /// Its lines for programs.
    pub lines: Vec<Value>,
    /// What it says to people.
    pub stderr: String,
}

/// The root of this repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The folder that nested builds share with this one, so that what they depend on is built once.
fn shared() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from)
}

impl Nested {
    /// An empty package that depends on the macros, and has the build script.
    pub fn new(folder: &Path, name: &str) -> Nested {
        let nested = Nested::without_dependencies(folder, name);
        let root = repository();
        let root = root.display();
        nested.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                 schemacheck = {{ path = \"{root}/macros\" }}\n\n[build-dependencies]\n\
                 schemacheck-checker = {{ path = \"{root}/checker\" }}\n\n[workspace]\n\n\
                 [profile.dev]\ndebug = \"line-tables-only\"\n"
            ),
        );
        nested
    }

    /// An empty package that depends on the macros as users do, by their version, and on `more`: whatever they get it from is
    /// this repository, where the package is the one that cargo is run in.
    pub fn by_version(folder: &Path, name: &str, more: &str) -> Nested {
        let nested = Nested::without_dependencies(folder, name);
        let root = repository();
        let root = root.display();
        nested.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                 schemacheck = \"0.1\"\n{more}\n[build-dependencies]\nschemacheck-checker = \"0.1\"\n\n[workspace]\n\n\
                 [patch.crates-io]\nschemacheck = {{ path = \"{root}/macros\" }}\n\
                 schemacheck-checker = {{ path = \"{root}/checker\" }}\n\n\
                 [profile.dev]\ndebug = \"line-tables-only\"\n"
            ),
        );
        nested
    }

    fn without_dependencies(folder: &Path, name: &str) -> Nested {
        let nested = Nested { folder: folder.to_owned(), name: name.to_owned() };
        nested.write("build.rs", "fn main() {\n    schemacheck_checker::build_script();\n}\n");
        nested.write("src/lib.rs", "");
        nested.lock();
        nested
    }

    /// Takes this workspace's versions of what it depends on.
    pub fn lock(&self) {
        let lock = fs::read(repository().join("Cargo.lock")).expect("the workspace has a lock file");
        fs::write(self.folder.join("Cargo.lock"), lock).expect("the folder can be written");
    }

    /// A path in the package.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// The package's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes a file, unless it is the same already.
    pub fn write(&self, path: &str, text: &str) -> &Nested {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("a folder can be made");
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return self;
        }
        fs::write(&path, text).expect("a file can be written");
        self
    }

    /// Removes a file or a folder.
    pub fn remove(&self, path: &str) -> &Nested {
        let path = self.path(path);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.expect("it was there");
        self
    }

    /// Runs cargo in the package with lines for programs.
    pub fn cargo(&self, arguments: &[&str]) -> Built {
        self.cargo_with(arguments, &[])
    }

    /// The same, with variables.
    pub fn cargo_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Built {
        let mut command = command(&self.folder);
        command.args(arguments).arg("--message-format=json").envs(variables.iter().copied());
        Built::of(&command.output().expect("cargo runs"))
    }

    /// `cargo check` without the network.
    pub fn check(&self) -> Built {
        self.cargo(&["check", "--offline", "--quiet"])
    }
}

/// Cargo in a folder, without what the cargo around it passes on.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let passed_on =
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CFG_", "CARGO_FEATURE_", "SCHEMACHECK_", "RUSTC_", "CARGO_BIN_"];
        if passed_on.iter().any(|start| name.starts_with(start)) || matches!(&*name, "OUT_DIR" | "RUSTFLAGS" | "TARGET")
        {
            command.env_remove(&*name);
        }
    }
    command.current_dir(folder).env("CARGO_TARGET_DIR", shared()).env("CARGO_TERM_COLOR", "never");
    command
}

impl Built {
    fn of(output: &Output) -> Built {
        let lines = String::from_utf8_lossy(&output.stdout);
        Built {
            success: output.status.success(),
            lines: lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The compiler's messages about a target, as it shows them.
    pub fn rendered(&self, target: &str) -> String {
        let messages = self.lines.iter().filter(|line| line["reason"] == "compiler-message");
        let own = messages.filter(|line| line["target"]["name"] == target);
        own.filter_map(|line| line["message"]["rendered"].as_str()).collect()
    }

    /// Whether the compiler is through with a target.
    pub fn has_compiled(&self, target: &str) -> bool {
        self.lines.iter().any(|line| line["reason"] == "compiler-artifact" && line["target"]["name"] == target)
    }

    /// All that the compiler says.
    pub fn messages(&self) -> String {
        self.lines.iter().filter_map(|line| line["message"]["rendered"].as_str()).collect()
    }

    /// What cargo says of the run of a package's build script.
    pub fn script(&self, package: &str) -> Option<&Value> {
        let ran = self.lines.iter().filter(|line| line["reason"] == "build-script-executed");
        let mut own = ran.filter(|line| line["package_id"].as_str().is_some_and(|id| id.contains(package)));
        own.next()
    }

    /// Whether nothing of a package was built again: of its build script's run, or of its targets.
    pub fn is_fresh(&self, package: &str) -> bool {
        let artifacts = self.lines.iter().filter(|line| line["reason"] == "compiler-artifact");
        let own = artifacts.filter(|line| line["package_id"].as_str().is_some_and(|id| id.contains(package)));
        let mut fresh = own.map(|line| line["fresh"] == true).peekable();
        fresh.peek().is_some() && fresh.all(|fresh| fresh)
    }
}
