//! One file for each command.

use std::fmt;
use std::path::{Path, PathBuf};

use cargo_schemacheck::verify::stop::Stop;
use schemacheck_checker::project::{Error, ErrorKind};

use crate::args::{Cli, Command, Common};
use crate::cargo_lines;
use crate::output;
use crate::progress::Progress;
use crate::session::Session;

mod backtest;
pub(crate) mod check;
mod explain;
mod init;
mod matrix;
mod queries;
mod record;
mod schema;
mod uses;
mod verify;

/// How a run that could check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing at deny level.
    Clean,
    /// Findings at deny level.
    Findings,
}

/// Why a run could not check.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// Where: a path, with line and column where there is a text.
    pub(crate) place: Option<String>,
    /// Why there is nothing to compare with, where that is all.
    pub(crate) no_baseline: Option<String>,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: None, place: None, no_baseline: None }
    }

    pub(crate) fn at(mut self, place: impl Into<String>) -> Failure {
        self.place = Some(place.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }
}

/// No queries, where that may be meant.
fn no_queries(message: String) -> Failure {
    Failure::new(message).help(
        "name the files or lists that hold them in schemacheck.toml (`sql`, `lists`), or pass --allow-empty if that is meant",
    )
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(place) = &self.place {
            write!(f, "\n  --> {place}")?;
        }
        match &self.help {
            Some(help) => write!(f, "\n  = help: {}", help.replace('\n', "\n    ")),
            None => Ok(()),
        }
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Failure {
        Failure { help: stop.help, ..Failure::new(stop.message) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let no_baseline = (error.kind == ErrorKind::NoBaseline).then(|| error.message.clone());
        Failure { message: error.message, help: error.help, place: error.place, no_baseline }
    }
}

/// Runs what the command line asks for.
pub(crate) fn run(cli: &Cli) -> Result<Outcome, Failure> {
    let common = &cli.common;
    match cli.command.as_ref().unwrap_or(&Command::Check) {
        Command::Explain { rule } => return explain::run(rule.as_deref()),
        Command::Init { yes, force } => return init::run(&project_folder(common)?, *yes, *force),
        _ => {}
    }
    if output::is_cargo_json(common) && !matches!(cli.command, None | Some(Command::Check)) {
        return Err(Failure::new("--format cargo-json is for `check` alone"));
    }
    if common.with.is_some() && !output::is_cargo_json(common) {
        return Err(Failure::new("--with passes on lines for programs").help("add --format cargo-json"));
    }
    let folder = project_folder(common)?;
    if output::is_cargo_json(common) {
        return cargo_lines::run(&folder, common);
    }
    let mut session = Session::open(&folder, common, Progress::new(common.quiet))?;
    match cli.command.as_ref().unwrap_or(&Command::Check) {
        Command::Check => check::run(&mut session),
        Command::Matrix { query } => matrix::run(&mut session, query.as_deref()),
        Command::Schema { at } => schema::run(&mut session, at.as_deref()),
        Command::Queries { unresolved } => queries::run(&mut session, *unresolved),
        Command::Uses { object } => uses::run(&mut session, object),
        Command::Record { output } => record::run(&mut session, output.as_deref()),
        Command::Backtest { last } => backtest::run(&mut session, *last),
        Command::Verify { database_url, allow_cluster_statements } => {
            verify::run(&mut session, database_url, *allow_cluster_statements)
        }
        Command::Explain { .. } | Command::Init { .. } => Ok(Outcome::Clean),
    }
}

/// The folder of the project: the one that is named, else the workspace around the current folder, else the package around it.
fn project_folder(common: &Common) -> Result<PathBuf, Failure> {
    if let Some(path) = &common.manifest_path {
        let folder = if path.ends_with("Cargo.toml") { path.parent().unwrap_or(path) } else { path };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        return if folder.is_dir() {
            Ok(folder.to_path_buf())
        } else {
            Err(Failure::new(format!("there is no folder {}", folder.display())))
        };
    }
    let here = std::env::current_dir().map_err(|error| Failure::new(format!("no current folder: {error}")))?;
    let Some(folder) = likely_workspace(&here) else { return Ok(here) };
    match cargo_metadata::MetadataCommand::new().no_deps().exec() {
        Ok(metadata) => Ok(metadata.workspace_root.into_std_path_buf()),
        Err(error) => {
            // The toolchain that the project asks for may not be here, and nothing of it is needed.
            let error = error.to_string();
            let reason = error.lines().next().unwrap_or_default();
            output::remark(format_args!(
                "note: {reason}; {} is taken for the workspace, --manifest-path DIR names another folder",
                folder.display()
            ));
            Ok(folder)
        }
    }
}

/// The nearest folder above whose manifest has a workspace, else the nearest that has a manifest.
fn likely_workspace(here: &Path) -> Option<PathBuf> {
    let mut packages = here.ancestors().filter(|folder| folder.join("Cargo.toml").is_file());
    let is_workspace = |folder: &&Path| {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        manifest.lines().any(|line| line.trim_start().starts_with("[workspace"))
    };
    let nearest = packages.clone().next()?;
    Some(packages.find(is_workspace).unwrap_or(nearest).to_path_buf())
}
