//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// What Cargo calls: `cargo schemacheck …` runs `cargo-schemacheck schemacheck …`.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", styles = clap_cargo::style::CLAP_STYLING)]
pub(crate) enum Cargo {
    /// The one subcommand.
    Schemacheck(Cli),
}

/// Will every query of the release that runs now and of the next one run on every schema of the rollout?
///
/// Replays the project's migrations into a schema model, finds the queries of both releases in their sources, and checks each
/// query against each schema that it can meet while both releases run. Reads files and git only: no database, no build.
///
/// Exit status: 0 nothing found at deny level; 1 findings at deny level; 2 it could not check (usage, configuration,
/// unreadable input, nothing to check).
#[derive(Debug, Args)]
#[command(version, args_conflicts_with_subcommands = false, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// What to do; `check` where nothing is said.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Options of every command.
    #[command(flatten)]
    pub(crate) common: Common,
}

const EXAMPLES: &str = "\
Examples:
  cargo schemacheck                            in CI, on a pull request or on a branch
  cargo schemacheck --baseline-rev v1.8.0      v1.8.0 runs now: may this tree be rolled out?
  cargo schemacheck uses users.name            who reads and writes the column
  cargo schemacheck backtest --last 50         what it would have caught in the last 50 commits with migrations";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check both releases' queries against every schema of the rollout (default)
    Check,
    /// Show each query's verdict on every schema, from the first migration to the last
    Matrix {
        /// Only queries whose text or place contains this
        query: Option<String>,
    },
    /// Show the schema that the migrations make
    Schema {
        /// The schema after this migration; the newest where nothing is said
        #[arg(long, value_name = "VERSION")]
        at: Option<String>,
    },
    /// List the queries that were found
    Queries {
        /// List the calls whose SQL could not be determined, with the reason
        #[arg(long)]
        unresolved: bool,
    },
    /// List the queries that use a table or a column
    Uses {
        /// What is used
        #[arg(value_name = "TABLE[.COLUMN]")]
        object: String,
    },
    /// Write this tree's queries and migrations into a release file, to be a baseline later
    Record {
        /// Where to write; standard output where nothing is said
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Check the last commits with migrations, each against its parent: what would have been caught
    Backtest {
        /// How many commits
        #[arg(long, value_name = "K", default_value_t = 20)]
        last: usize,
    },
    /// Explain a rule: what it catches, why, and what to do
    Explain {
        /// The rule's id; all rules are listed where nothing is said
        rule: Option<String>,
    },
    /// Ask how the project is rolled out and write a commented schemacheck.toml
    Init {
        /// Ask nothing: write the defaults
        #[arg(long)]
        yes: bool,
        /// Overwrite a schemacheck.toml that is there
        #[arg(long)]
        force: bool,
    },
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// The release that runs now: a commit, tag or branch of this repository; several for several live releases, the one
    /// whose migrations the database has first. The variable SCHEMACHECK_BASELINE says the same
    #[arg(long, global = true, value_name = "REV", conflicts_with_all = ["baseline_root", "baseline_file"], help_heading = "Baseline")]
    pub(crate) baseline_rev: Vec<String>,
    /// The release that runs now: a folder with its sources
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "baseline_file", help_heading = "Baseline")]
    pub(crate) baseline_root: Option<PathBuf>,
    /// The release that runs now: a file that `record` wrote
    #[arg(long, global = true, value_name = "FILE", help_heading = "Baseline")]
    pub(crate) baseline_file: Option<PathBuf>,
    /// The project's folder, or a Cargo.toml in it; where nothing is said, the workspace around the current folder
    #[arg(long, global = true, value_name = "PATH", alias = "root")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// The configuration file; where nothing is said, schemacheck.toml in the project's folder
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Only this database, where the project has several
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) database: Option<String>,
    /// How to print
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Show everything: each query of a finding, each note
    #[arg(long, global = true)]
    pub(crate) all: bool,
    /// Do not fail where there are no migrations or no queries
    #[arg(long, global = true)]
    pub(crate) allow_empty: bool,
    /// Also check queries of tests, benches, examples and build scripts
    #[arg(long, global = true)]
    pub(crate) include_tests: bool,
    /// Print findings only
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(crate) color: Colour,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON document, see docs/json.md
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cargo::command().debug_assert();
    }
}
