//! Running the command, with a bound on its time.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long one run may take before it counts as hanging.
const LONGEST: Duration = Duration::from_secs(120);

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `cargo schemacheck` with these arguments in a folder, in an environment without any CI system.
pub(crate) fn schemacheck(folder: &Path, arguments: &[&str]) -> Ran {
    schemacheck_in(folder, arguments, &[])
}

/// The same with more variables.
pub(crate) fn schemacheck_in(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = command(folder, arguments);
    command.envs(variables.iter().copied());
    run(&mut command)
}

/// The command, ready to run.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-schemacheck"));
    command.arg("schemacheck").args(arguments).current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let named = name.to_string_lossy();
        if !["PATH", "HOME", "CARGO", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "TMPDIR"].contains(&&*named) {
            command.env_remove(&name);
        }
    }
    // What the user's own git says of default branches and signatures is not under test.
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    command
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Ran {
    let (mut out, mut err) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
    command.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(err.try_clone().unwrap());
    let mut child = command.spawn().unwrap();
    let started = Instant::now();
    let status: ExitStatus = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > LONGEST {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("it hangs: {command:?}\n{}", text(&mut err));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    Ran { status: status.code(), out: text(&mut out), err: text(&mut err) }
}

fn text(file: &mut File) -> String {
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

impl Ran {
    /// Insists on an exit status.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Ran {
        assert_eq!(self.status, Some(status), "{self}");
        self
    }

    /// Insists on words in what it printed, on either stream.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(self.out.contains(word) || self.err.contains(word), "no {word:?} in:\n{self}");
        }
        self
    }

    /// Insists that words are not in what it printed.
    #[track_caller]
    pub(crate) fn keeps_quiet_of(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(!self.out.contains(word) && !self.err.contains(word), "{word:?} in:\n{self}");
        }
        self
    }

    /// The documents that it printed, one a line.
    #[track_caller]
    pub(crate) fn documents(&self) -> Vec<Value> {
        let read = |line: &str| match serde_json::from_str(line) {
            Ok(value) => value,
            Err(error) => panic!("{error}: {line}\n{self}"),
        };
        self.out.lines().map(read).collect()
    }

    /// The only document that it printed.
    #[track_caller]
    pub(crate) fn document(&self) -> Value {
        let mut documents = self.documents();
        assert_eq!(documents.len(), 1, "{self}");
        documents.remove(0)
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "status {:?}\n--- out\n{}\n--- err\n{}", self.status, self.out, self.err)
    }
}

/// The rules of a document's findings, each once and sorted.
pub(crate) fn rules(document: &Value) -> Vec<&str> {
    let findings = document["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut rules: Vec<&str> = findings.iter().filter_map(|finding| finding["rule"].as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// The top of this repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
