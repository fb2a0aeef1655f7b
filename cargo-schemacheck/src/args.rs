//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// What Cargo calls: `cargo schemacheck …` runs `cargo-schemacheck schemacheck …`.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", styles = clap_cargo::style::CLAP_STYLING)]
pub(crate) enum Cargo {
    #[command(version, about = ABOUT, long_about = LONG_ABOUT, after_help = EXAMPLES)]
    Schemacheck(Cli),
}

const ABOUT: &str = "Will both releases run on every schema of the rollout?";

const LONG_ABOUT: &str = "\
Will both releases run on every schema of the rollout?

Release N is running. Release N+1 brings new code and new migrations. While it rolls out, the database passes through a row of \
schemas, and both releases send queries to it. schemacheck replays the migrations into a schema model, finds the queries of both \
releases in their sources, and checks each query against each schema that it can meet. It reads files and git only: no database, \
no build, nothing is changed. Only `verify` asks a server.

Exit status: 0 nothing found at deny level; 1 findings at deny level; 2 it could not check (usage, configuration, unreadable \
input, nothing to check).";

const EXAMPLES: &str = "\
Examples:
  cargo schemacheck                        in CI, on a pull request or on a branch
  cargo schemacheck --baseline-rev v1.8.0  v1.8.0 runs now: may this tree be rolled out?
  cargo schemacheck uses users.name        who reads and writes the column
  cargo schemacheck backtest --last 50     what it would have caught in the last 50 commits";

/// The subcommand.
#[derive(Debug, Args)]
pub(crate) struct Cli {
    /// What to do; `check` where nothing is said.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Options of every command.
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check both releases' queries against every schema of the rollout (the default)
    Check,
    /// Show each query's verdict on every schema, from the first migration to the last
    ///
    /// A line for each row of neighbouring schemas on which the query does the same, with the reason where it does not run. With
    /// --format json also parameter types and result columns.
    ///
    /// Example: cargo schemacheck matrix src/users.rs:41
    Matrix {
        /// Only queries whose text or `FILE:LINE` contains this; all where nothing is said
        query: Option<String>,
    },
    /// Show the schema that the migrations make
    ///
    /// Tables with columns, constraints and indexes, views, types, routines and rights, as the server would have them, and what
    /// of the migrations was not understood.
    ///
    /// Example: cargo schemacheck schema --at 20260402
    Schema {
        /// The schema after this migration; the newest where nothing is said
        #[arg(long, value_name = "VERSION")]
        at: Option<String>,
    },
    /// List the queries that were found in this tree
    ///
    /// Example: cargo schemacheck queries --unresolved
    Queries {
        /// List the calls whose SQL could not be determined instead, each with the reason
        #[arg(long)]
        unresolved: bool,
    },
    /// List the queries of this tree that use a table or a column
    ///
    /// Example: cargo schemacheck uses users.name
    Uses {
        /// The table or column, as after the newest migration; a schema may stand before it
        #[arg(value_name = "TABLE[.COLUMN]")]
        object: String,
    },
    /// Write this tree's queries and migrations into a release file, to be a baseline later
    ///
    /// Commit the file, or keep it with what the release's build made, and name it with --baseline-file when the next release is
    /// checked.
    ///
    /// Example: cargo schemacheck record --output release.json
    Record {
        /// Where to write; standard output where nothing is said
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Check the last commits with migrations, each against its parent: what would have been caught
    ///
    /// Reads git objects: no checkout, and the work tree stays as it is. Exit status 0 whatever was found.
    ///
    /// Example: cargo schemacheck backtest --last 50
    Backtest {
        /// How many commits
        #[arg(long, value_name = "K", default_value_t = 20)]
        last: usize,
    },
    /// Compare what the checker says with what a real Postgres server says
    ///
    /// Makes databases of its own on the server, named schemacheck_verify_ and a random number, replays the project's
    /// migrations there as its tool does, and after each state compares the schema with the catalogs and each query as the
    /// server prepares it: accepted or refused with which code, parameter types, names and types of result columns. No query
    /// is executed. What was made is dropped, also after errors and Ctrl-C, and no other database is touched: the one in the
    /// address serves to create and drop.
    ///
    /// The role needs CREATEDB and what the migrations need. Statements that reach beyond their database (roles, ALTER SYSTEM,
    /// COPY … PROGRAM, dblink, …) are refused unless --allow-cluster-statements is given. The queries of a baseline are asked
    /// where one is named (--baseline-rev, --baseline-root, --baseline-file, SCHEMACHECK_BASELINE). Databases of other engines
    /// are left out. Servers: Postgres 13 to 18, without TLS. See docs/verify.md.
    ///
    /// Exit status: 0 no difference; 1 differences; 2 it could not compare.
    ///
    /// Example: cargo schemacheck verify --database-url postgres://postgres:postgres@localhost/postgres
    Verify {
        /// The server: postgres://USER:PASSWORD@HOST:PORT/DATABASE
        ///
        /// The variable SCHEMACHECK_DATABASE_URL says the same, where others on the machine must not see a password.
        #[arg(long, value_name = "URL", env = "SCHEMACHECK_DATABASE_URL", hide_env_values = true)]
        database_url: String,
        /// Run migrations also where statements reach beyond their database
        ///
        /// They then change the server for others too, and nothing takes that back. Only for a server that is there for this.
        #[arg(long)]
        allow_cluster_statements: bool,
    },
    /// Explain a rule: what it catches, why, and what to do
    ///
    /// Example: cargo schemacheck explain missing-column
    Explain {
        /// The rule's id; a line for each rule where nothing is said
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
    /// The release that runs now: a commit, tag or branch of this repository
    ///
    /// Several for several live releases, first the one whose migrations the database has. Read from git objects: no checkout. By
    /// default `rollout.baseline` of schemacheck.toml; else the target of the pull request that CI is building; else where this
    /// branch left the default branch; on the default branch the parent of its last commit. The variable SCHEMACHECK_BASELINE
    /// says the same, and also takes what `rollout.baseline` takes.
    ///
    /// Example: --baseline-rev v1.8.0
    #[arg(long, global = true, value_name = "REV", conflicts_with_all = ["baseline_root", "baseline_file"], help_heading = "Baseline")]
    pub(crate) baseline_rev: Vec<String>,
    /// The release that runs now: a folder with its sources
    ///
    /// Example: --baseline-root ../shop-1.8
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "baseline_file", help_heading = "Baseline")]
    pub(crate) baseline_root: Option<PathBuf>,
    /// The release that runs now: a file that `record` wrote
    ///
    /// Example: --baseline-file release.json
    #[arg(long, global = true, value_name = "FILE", help_heading = "Baseline")]
    pub(crate) baseline_file: Option<PathBuf>,
    /// The project's folder, or a Cargo.toml in it
    ///
    /// By default the workspace around the current folder.
    #[arg(long, global = true, value_name = "PATH", alias = "root")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// The configuration file
    ///
    /// By default schemacheck.toml in the project's folder; without one, everything is found from the sources. `init` writes one,
    /// docs/configuration.md describes all keys.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Only this database, where the project has several
    ///
    /// By default all. Names are those that the first lines of the output give.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) database: Option<String>,
    /// How to print
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// `json`: the same as `--format cargo-json`, spelled as Cargo spells it
    #[arg(long, global = true, value_enum, hide = true, conflicts_with = "format")]
    pub(crate) message_format: Option<MessageFormat>,
    /// With --format cargo-json: runs this too, and passes its lines on
    ///
    /// Lines of the macros of the crate `schemacheck` are left out: the check says the same.
    #[arg(long, global = true, value_enum, value_name = "TOOL")]
    pub(crate) with: Option<Tool>,
    /// Show everything: each query of a finding, each note, each call that is not readable
    #[arg(long, global = true)]
    pub(crate) all: bool,
    /// Do not fail where there are no migrations or no queries
    ///
    /// By default a check that saw nothing has exit status 2.
    #[arg(long, global = true)]
    pub(crate) allow_empty: bool,
    /// Also check queries of tests, benches, examples and build scripts
    ///
    /// By default only what runs in production. `queries.tests = true` in schemacheck.toml says the same.
    #[arg(long, global = true)]
    pub(crate) include_tests: bool,
    /// Print findings only
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to use colours
    ///
    /// The variable NO_COLOR turns them off, CLICOLOR_FORCE on.
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
    /// Cargo's `compiler-message` lines, for editors, see docs/editors.md
    CargoJson,
}

/// Cargo's own name of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Lines for programs
    Json,
}

/// What runs beside the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// `cargo clippy`
    Clippy,
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
