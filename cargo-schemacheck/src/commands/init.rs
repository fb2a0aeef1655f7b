//! `init`: asks how the project is rolled out, and writes a commented schemacheck.toml.

use std::fmt::{self, Write as _};
use std::io::IsTerminal as _;
use std::path::Path;

use inquire::{InquireError, Select, Text};

use super::{Failure, Outcome};
use crate::output;

/// What is known of a rollout.
struct Answers {
    baseline: String,
    order: &'static str,
    overlap: bool,
}

/// Asks, unless `yes`, and writes `folder/schemacheck.toml`.
pub(crate) fn run(folder: &Path, yes: bool, force: bool) -> Result<Outcome, Failure> {
    let path = folder.join("schemacheck.toml");
    if path.exists() && !force {
        return Err(Failure::new(format!("{} is there already", path.display())).help("`--force` overwrites it"));
    }
    let defaults = Answers { baseline: "merge-base".to_owned(), order: "migrate-first", overlap: true };
    let answers = if yes {
        defaults
    } else if std::io::stdin().is_terminal() {
        ask().map_err(|error| Failure::new(format!("nothing was written: {error}")))?
    } else {
        return Err(Failure::new("`init` asks questions, and this is no terminal").help("`--yes` writes the defaults"));
    };
    std::fs::write(&path, configuration(&answers))
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?;
    output::remark(format_args!("wrote {}; `cargo schemacheck` reads it from now on", path.display()));
    Ok(Outcome::Clean)
}

/// A choice with the words that are shown for it.
struct Choice(&'static str, &'static str);

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }
}

fn ask() -> Result<Answers, InquireError> {
    let running = vec![
        Choice("merge-base", "what the default branch holds: each merge is deployed"),
        Choice("tag", "the newest release tag"),
        Choice("branch", "what a branch holds, such as `production`"),
        Choice("file", "what a release file says, written by `cargo schemacheck record` when a release is made"),
    ];
    let baseline = match Select::new("What runs in production when a change is rolled out?", running).prompt()?.0 {
        "tag" => format!("tag:{}", Text::new("Which tags?").with_default("v*").prompt()?),
        "branch" => format!("branch:{}", Text::new("Which branch?").with_default("production").prompt()?),
        "file" => format!("file:{}", Text::new("Which file?").with_default("release.json").prompt()?),
        other => other.to_owned(),
    };
    let orders = vec![
        Choice(
            "migrate-first",
            "before the new code serves: a pipeline step, a job, a release phase, or the program when it starts",
        ),
        Choice("deploy-first", "after the new code is out"),
        Choice("any", "no order is guaranteed: several places, lagging replicas, late workers"),
    ];
    let order = Select::new("Who migrates the database, and when?", orders).prompt()?.0;
    let overlaps = vec![
        Choice("yes", "yes: rolling, blue-green, canary, several instances, workers that end late"),
        Choice("no", "no: the old version stops before the new one starts"),
    ];
    let overlap = Select::new("Do two versions run side by side for a while?", overlaps).prompt()?.0 == "yes";
    Ok(Answers { baseline, order, overlap })
}

fn configuration(answers: &Answers) -> String {
    let mut out = String::from(
        "# How this project is rolled out: read by `cargo schemacheck`. All keys are described in docs/configuration.md.\n\n[rollout]\n",
    );
    let baseline = answers.baseline.replace('\\', "\\\\").replace('"', "\\\"");
    let _ = writeln!(
        out,
        "# What runs in production when a change is rolled out: \"merge-base\", \"branch:NAME\", \"tag:PATTERN\", \"ref:REV\",\n\
         # \"file:PATH\" of a release file, or a list of them.\nbaseline = \"{baseline}\"\n"
    );
    let _ = writeln!(
        out,
        "# \"migrate-first\": migrations finish before the new code serves; \"deploy-first\": the new code goes out first;\n\
         # \"any\": no order is guaranteed.\norder = \"{}\"\n",
        answers.order
    );
    let strategy = if answers.overlap { "rolling" } else { "recreate" };
    let _ = writeln!(
        out,
        "# \"rolling\": two versions run side by side for a while; \"recreate\": they never do.\nstrategy = \"{strategy}\"\n"
    );
    out.push_str(
        "# What it means that the old code cannot come back after the migrations: \"deny\", \"warn\" or \"allow\".\nrollback = \"warn\"\n",
    );
    out
}
