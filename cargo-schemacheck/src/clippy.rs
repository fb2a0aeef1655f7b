//! Clippy beside the check: its lines for programs are passed on.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::commands::Failure;
use crate::output;

/// How messages of this project's own macros begin: the check's own lines say the same.
const OWN: &str = "schemacheck::";

/// Runs clippy on the workspace in a folder and passes its lines on, but for those of this project's macros and the last one.
/// Whether it succeeded.
pub(crate) fn run(folder: &Path) -> Result<bool, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command.args(["clippy", "--workspace", "--all-targets", "--keep-going", "--quiet", "--message-format=json"]);
    let child = command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| Failure::new(format!("cargo clippy cannot be started: {error}")))?;
    let mut failed_otherwise = false;
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok) {
        let passed_on = match serde_json::from_str::<Value>(&line) {
            Ok(value) => {
                failed_otherwise |= is_error(&value) && !is_own(&value);
                value["reason"] != "build-finished" && !is_own(&value)
            }
            Err(_) => true,
        };
        if passed_on {
            output::exact(&format!("{line}\n"));
        }
    }
    let status = child.wait().map_err(|error| Failure::new(format!("cargo clippy did not end: {error}")))?;
    Ok(status.success() || !failed_otherwise)
}

fn is_error(line: &Value) -> bool {
    line["message"]["level"] == "error"
}

/// Whether a line is of this project's macros, or the compiler's sum of errors, which counts them too.
fn is_own(line: &Value) -> bool {
    let message = line["message"]["message"].as_str().unwrap_or_default();
    let sum = line["message"]["spans"].as_array().is_some_and(Vec::is_empty) && message.starts_with("aborting due to");
    message.starts_with(OWN) || sum
}
