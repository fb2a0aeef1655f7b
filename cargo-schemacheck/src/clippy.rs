//! Clippy beside the check: its lines for programs are passed on.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::commands::{Failure, Outcome};
use crate::output;

/// How messages of this project's own macros begin: then comes the rule.
const OWN: &str = "schemacheck::";

/// How many lines of what it says to people are shown.
const KEPT: usize = 20;

/// Runs clippy on the workspace in a folder and passes its lines on, but for the last one and for those of this project's macros
/// that say the same as `lines`.
pub(crate) fn run(folder: &Path, lines: &[Value]) -> Result<Outcome, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command.args(["clippy", "--workspace", "--all-targets", "--keep-going", "--quiet", "--message-format=json"]);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |error| Failure::new(format!("cargo clippy cannot be started: {error}"));
    let mut child = command.spawn().map_err(failed)?;
    let to_people = child.stderr.take().map(|err| thread::spawn(move || first_error(err)));
    let (mut errors, mut left_out) = (0, 0);
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok) {
        let value: Value = serde_json::from_str(&line).unwrap_or_default();
        if value["reason"] == "build-finished" || is_sum(&value) {
            continue;
        }
        if says_the_same(&value, lines) {
            left_out += 1;
            continue;
        }
        errors += usize::from(value["message"]["level"] == "error");
        output::exact(&format!("{line}\n"));
    }
    let said = to_people.and_then(|said| said.join().ok()).unwrap_or_default();
    let status = child.wait().map_err(failed)?;
    match (status.success(), errors + left_out) {
        (true, _) => Ok(Outcome::Clean),
        // It is missing, cannot read a manifest, or a build script failed: there are no lines for that.
        (false, 0) => Err(Failure::new(format!("cargo clippy failed\n{said}")).at("Cargo.toml")),
        (false, _) => Ok(if errors > 0 { Outcome::Findings } else { Outcome::Clean }),
    }
}

/// The first error among the lines for people; all are passed on.
fn first_error(err: impl Read) -> String {
    let mut kept: Vec<String> = Vec::new();
    for line in BufReader::new(err).lines().map_while(Result::ok) {
        output::remark(&line);
        if kept.len() < KEPT && (!kept.is_empty() || line.starts_with("error")) {
            kept.push(line);
        }
    }
    kept.join("\n").trim_end().to_owned()
}

/// Whether a line is the compiler's sum of errors, which counts those that are left out too.
fn is_sum(line: &Value) -> bool {
    let message = line["message"]["message"].as_str().unwrap_or_default();
    line["message"]["spans"].as_array().is_some_and(Vec::is_empty) && message.starts_with("aborting due to")
}

/// Whether each finding in a macro's message is among the lines of the check, on a part of the same literal.
fn says_the_same(line: &Value, lines: &[Value]) -> bool {
    let message = &line["message"];
    let text = message["message"].as_str().unwrap_or_default();
    if !text.starts_with(OWN) {
        return false;
    }
    let rules = text.lines().filter_map(|line| line.strip_prefix(OWN)?.split(':').next());
    let said = |rule: &str| {
        let of_rule = lines.iter().filter(|line| line["message"]["code"]["code"] == format!("{OWN}{rule}"));
        of_rule.flat_map(|line| places(&line["message"])).any(|own| places(message).any(|other| overlap(own, other)))
    };
    rules.into_iter().all(said)
}

fn places(message: &Value) -> impl Iterator<Item = &Value> {
    message["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true)
}

fn overlap(one: &Value, other: &Value) -> bool {
    let at = |span: &Value, key: &str| span[key].as_u64().unwrap_or_default();
    one["file_name"] == other["file_name"]
        && at(one, "byte_start") <= at(other, "byte_end")
        && at(other, "byte_start") <= at(one, "byte_end")
}
