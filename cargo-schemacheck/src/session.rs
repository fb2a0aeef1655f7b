//! What a run works on: the project, its configuration, the releases beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemacheck_checker::finding::Finding;
use schemacheck_checker::project::baseline::VARIABLE;
use schemacheck_checker::project::config::Config;
use schemacheck_checker::project::git::Repository;
use schemacheck_checker::project::inputs::{Loaded, Releases, inputs};
use schemacheck_checker::project::target::Targets;
use schemacheck_checker::project::{self, Options, Project, Scans, Tree};
use schemacheck_checker::render;
use schemacheck_checker::rollout::{self, CheckInput, Report};
use schemacheck_checker::rules;
use schemacheck_checker::source::{Place, Source};

use crate::args::Common;
use crate::beside::{self, Beside};
use crate::cargo_lines;
use crate::commands::Failure;
use crate::progress::Progress;

/// A project that is about to roll out.
pub(crate) struct Session {
    pub(crate) common: Common,
    pub(crate) progress: Progress,
    root: PathBuf,
    config: Config,
    project: Project,
    candidate: Loaded,
    scans: Scans,
    /// What the reader should know of the releases beside the candidate.
    notes: Vec<String>,
}

/// How the candidate is called.
const THIS_TREE: &str = "this tree";

impl Session {
    /// Reads the project in a folder.
    pub(crate) fn open(root: &Path, common: &Common, progress: Progress) -> Result<Session, Failure> {
        progress.say("reading the project");
        let tree = Tree::directory(root)?;
        let mut config = match &common.config {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))?;
                Config::read(&Source::new(path.display().to_string(), text))?
            }
            None => Config::of(&tree)?,
        };
        config.tests |= common.include_tests;
        let known: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
        if let Some(error) = config.unknown_rules(&known).into_iter().next() {
            return Err(error.into());
        }
        let project = project::load(tree, &config, Options { allow_empty: common.allow_empty, in_build: false })?;
        if let Some(name) = &common.database
            && project.database(name).is_none()
        {
            let names: Vec<&str> = project.databases.iter().map(|database| &*database.name).collect();
            return Err(Failure::new(format!("there is no database `{name}`"))
                .help(format!("found were: {}", names.join(", "))));
        }
        progress.say("reading the queries");
        let scans = Scans::default();
        let queries = project::queries(&project, &config, &scans);
        let source = root.display().to_string();
        let candidate = Loaded::new(THIS_TREE.to_owned(), source, "the work tree".to_owned(), &project, queries);
        Ok(Session {
            common: common.clone(),
            progress,
            root: root.to_owned(),
            config,
            project,
            candidate,
            scans,
            notes: Vec::new(),
        })
    }

    /// What was found, a line each.
    pub(crate) fn found(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .project
            .databases
            .iter()
            .filter(|database| self.is_wanted(&database.name))
            .map(|database| database.found.to_string())
            .collect();
        lines.extend(self.notes.iter().cloned());
        lines.extend(self.project.notes.iter().map(|note| format!("note: {note}")));
        for (package, count) in self.candidate.elsewhere() {
            let queries = render::counted(count, "query", "queries");
            lines.push(format!("note: {queries} of {package} not checked: no database of its engine was found"));
        }
        lines.extend(unread(&self.candidate, ""));
        lines
    }

    /// What was found as Cargo's lines.
    pub(crate) fn cargo_lines(&self, reports: &[Report]) -> Vec<serde_json::Value> {
        let root = std::path::absolute(&self.root).unwrap_or_else(|_| self.root.clone());
        let queries = &self.candidate.queries.queries;
        let twins: BTreeMap<&str, &Place> = queries.iter().rev().map(|query| (&*query.sql, &query.place)).collect();
        let targets = Targets { tree: &self.project.tree, packages: &self.project.packages, root: &root };
        let target = |path: &str| targets.of(path);
        let project = cargo_lines::project_place(&self.project.tree);
        reports.iter().flat_map(|report| render::cargo_json(report, &twins, &target, &project)).collect()
    }

    /// What a search for queries saw.
    pub(crate) fn seen(&self) -> String {
        let rust = self.project.tree.paths().filter(|path| path.ends_with(".rs")).count();
        let packages = self.project.packages.all.len();
        let unresolved = self.candidate.queries.unresolved.len();
        format!(
            "seen were {} in {}, with {} whose SQL is not known",
            render::counted(rust, "Rust file", "Rust files"),
            render::counted(packages, "package", "packages"),
            render::counted(unresolved, "call", "calls"),
        )
    }

    fn is_wanted(&self, database: &str) -> bool {
        self.common.database.as_ref().is_none_or(|wanted| wanted == database)
    }

    /// What a check without a baseline is asked: the candidate alone.
    pub(crate) fn candidate_inputs(&self) -> Result<Vec<CheckInput>, Failure> {
        let releases = Releases { candidate: &self.candidate, baselines: &[], consumers: &[], upgrades: &[] };
        Ok(self.wanted(inputs(&self.config, &self.project, &releases)))
    }

    /// What a check of each database is asked with the baseline that is named, or without one where none is.
    pub(crate) fn named_inputs(&mut self) -> Result<Vec<CheckInput>, Failure> {
        let common = &self.common;
        let named = !common.baseline_rev.is_empty() || common.baseline_root.is_some() || common.baseline_file.is_some();
        if named || std::env::var_os(VARIABLE).is_some_and(|value| !value.is_empty()) {
            self.inputs()
        } else {
            self.candidate_inputs()
        }
    }

    /// What a check of each database is asked, without a baseline where there is none: why there is none.
    pub(crate) fn inputs_at_hand(&mut self) -> Result<(Vec<CheckInput>, Option<String>), Failure> {
        match self.inputs() {
            Err(Failure { no_baseline: Some(why), .. }) => Ok((self.candidate_inputs()?, Some(why))),
            inputs => Ok((inputs?, None)),
        }
    }

    /// What a check of each database is asked.
    pub(crate) fn inputs(&mut self) -> Result<Vec<CheckInput>, Failure> {
        self.progress.say("reading the baseline");
        let beside = beside::read(&self.root, &self.common, &self.config, &self.project, &self.scans)?;
        self.notes.extend(beside.notes.iter().cloned());
        self.notes.extend(
            beside
                .baselines
                .iter()
                .map(|(_, loaded)| format!("baseline: {} ({}); {}", loaded.id, loaded.why, beside.how_to_change)),
        );
        for (_, older) in &beside.baselines {
            self.notes.extend(unread(older, &format!("{}:", older.id)));
        }
        let releases = Releases {
            candidate: &self.candidate,
            baselines: &beside.baselines,
            consumers: &beside.consumers,
            upgrades: &beside.upgrades,
        };
        let mut found = inputs(&self.config, &self.project, &releases);
        if let Some(before) = &beside.before {
            self.mark_known(&mut found, before, &beside)?;
        }
        Ok(self.wanted(found))
    }

    /// What is found already without the change under review is not this change's: the same check of the tree from which the
    /// change started says which findings are known.
    fn mark_known(&self, found: &mut [CheckInput], before: &Loaded, beside: &Beside) -> Result<(), Failure> {
        self.progress.say("checking where this change started");
        let releases = Releases { candidate: before, baselines: &beside.baselines, consumers: &[], upgrades: &[] };
        for (input, earlier) in found.iter_mut().zip(inputs(&self.config, &self.project, &releases)) {
            let report = rollout::check(&earlier, rules::ALL);
            let role = |finding: &Finding| finding.release.map(|release| report.releases[release].role);
            input.known = report.findings.iter().map(|finding| rollout::finding_key(finding, role(finding))).collect();
        }
        Ok(())
    }

    fn wanted(&self, mut inputs: Vec<CheckInput>) -> Vec<CheckInput> {
        inputs.retain(|input| self.is_wanted(&input.name));
        inputs
    }

    /// The repository that the project is in.
    pub(crate) fn repository(&self) -> Result<Repository, Failure> {
        Repository::discover(&self.root)?
            .ok_or_else(|| Failure::new(format!("{} is in no git repository", self.root.display())))
    }

    /// The folders that hold migrations.
    pub(crate) fn migration_folders(&self) -> Vec<String> {
        let wanted = self.project.databases.iter().filter(|database| self.is_wanted(&database.name));
        wanted.flat_map(|database| database.found.folders.iter().cloned()).collect()
    }

    /// Checks a commit against its parent.
    pub(crate) fn step(&self, repository: &Repository, commit: &str, parent: &str) -> Result<Vec<Report>, Failure> {
        let tree = |id: &str| Tree::revision(repository, id, &repository.prefix, Repository::short(id));
        let load = |project: &Project, id: &str| {
            let queries = project::queries(project, &self.config, &self.scans);
            Loaded::new(Repository::short(id).to_owned(), id.to_owned(), "backtest".to_owned(), project, queries)
        };
        let project = project::load(tree(commit)?, &self.config, Options { allow_empty: true, in_build: false })?;
        let older = project::load_release(tree(parent)?, &self.config, &project)?;
        let baselines = [(Vec::new(), load(&older, parent))];
        let candidate = load(&project, commit);
        let releases = Releases { candidate: &candidate, baselines: &baselines, consumers: &[], upgrades: &[] };
        let inputs = self.wanted(inputs(&self.config, &project, &releases));
        Ok(inputs.iter().map(|input| rollout::check(input, rules::ALL)).collect())
    }

    /// Whether the candidate has any query.
    pub(crate) fn has_queries(&self) -> bool {
        !self.candidate.queries.queries.is_empty()
    }

    /// The candidate as a release file.
    pub(crate) fn release_file(&self) -> String {
        project::release_file::write(&self.project, &self.candidate.queries)
    }
}

/// The files of a release that could not be read, with their paths behind `prefix`.
fn unread(release: &Loaded, prefix: &str) -> Vec<String> {
    let note = |(place, reason): &(Place, String)| {
        let (line, column) = place.line_column();
        format!("note: {prefix}{}:{line}:{column}: not read: {reason}", place.source.path())
    };
    release.queries.unread.iter().map(note).collect()
}
