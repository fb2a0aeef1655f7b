//! The releases beside the candidate: what runs now, other programs, releases from which users upgrade.

use std::path::Path;
use std::sync::Arc;

use schemacheck_checker::project::baseline::{self, Baseline, From, Named, Question};
use schemacheck_checker::project::ci::Environment;
use schemacheck_checker::project::config::Config;
use schemacheck_checker::project::git::Repository;
use schemacheck_checker::project::inputs::Loaded;
use schemacheck_checker::project::{self, Project, Scans, Tree};
use schemacheck_checker::query::Queries;

use crate::args::Common;
use crate::commands::Failure;

/// The releases beside the candidate.
#[derive(Default)]
pub(crate) struct Beside {
    /// For each the databases that it counts for.
    pub(crate) baselines: Vec<(Vec<Arc<str>>, Loaded)>,
    pub(crate) consumers: Vec<(Arc<str>, Loaded)>,
    pub(crate) upgrades: Vec<(Arc<str>, Loaded)>,
    /// Where the change under review started, where that is not the baseline.
    pub(crate) before: Option<Loaded>,
    /// What of release files does not fit the project, a line each.
    pub(crate) notes: Vec<String>,
    /// How to name another baseline.
    pub(crate) how_to_change: String,
}

/// What a run works on, as far as it matters here.
struct Around<'a> {
    root: &'a Path,
    config: &'a Config,
    project: &'a Project,
    scans: &'a Scans,
    repository: Option<Repository>,
}

/// Reads them.
pub(crate) fn read(
    root: &Path,
    common: &Common,
    config: &Config,
    project: &Project,
    scans: &Scans,
) -> Result<Beside, Failure> {
    let repository = match (&common.baseline_root, &common.baseline_file) {
        (None, None) => Repository::discover(root)?,
        // Named folders and files need no git; upgrade paths ask for it by themselves.
        _ => Repository::discover(root).ok().flatten(),
    };
    let around = Around { root, config, project, scans, repository };
    let environment = Environment::current();
    let mut named: Vec<Named> = common.baseline_rev.iter().cloned().map(Named::Revision).collect();
    named.extend(common.baseline_root.clone().map(Named::Folder));
    named.extend(common.baseline_file.clone().map(Named::File));
    let mut beside = Beside::default();
    let mut chosen: Vec<(Baseline, Vec<Arc<str>>)> = Vec::new();
    let mut change_starts_at = None;
    for database in &project.databases {
        let rollout = config.rollout_of(&database.name);
        let question = Question {
            named: &named,
            rollout: &rollout,
            environment: &environment,
            repository: around.repository.as_ref(),
            root,
            candidate: None,
        };
        let answer = baseline::baselines(question)?;
        for baseline in answer.baselines {
            match chosen.iter_mut().find(|(known, _)| *known == baseline) {
                Some((_, databases)) => databases.push(database.name.clone()),
                None => chosen.push((baseline, vec![database.name.clone()])),
            }
        }
        change_starts_at = change_starts_at.or(answer.change_starts_at);
        beside.how_to_change = answer.how_to_change;
        if let Some(spec) = &rollout.upgrade_from {
            for (tag, commit) in baseline::upgrades(question, spec)? {
                let older = around.migrations(&commit, &tag)?;
                beside.upgrades.push((database.name.clone(), older));
            }
        }
    }
    for (baseline, databases) in chosen {
        let (loaded, notes) = around.baseline(&baseline)?;
        beside.baselines.push((databases, loaded));
        beside.notes.extend(notes);
    }
    if let Some(commit) = change_starts_at {
        beside.before = Some(around.commit(&commit, Repository::short(&commit), "where this change started")?);
    }
    beside.consumers = around.consumers(&mut beside.notes)?;
    Ok(beside)
}

impl Around<'_> {
    fn baseline(&self, baseline: &Baseline) -> Result<(Loaded, Vec<String>), Failure> {
        let (id, why) = (&baseline.id, &baseline.why);
        let loaded = match &baseline.from {
            From::Commit(commit) => self.commit(commit, id, why)?,
            From::Folder(folder) => self.tree(Tree::directory(folder)?, folder.display().to_string(), id, why)?,
            From::File(file) => {
                return Ok(project::release::read(file, &file.display().to_string(), (id, why), self.project)?);
            }
        };
        Ok((loaded, Vec::new()))
    }

    fn commit(&self, commit: &str, id: &str, why: &str) -> Result<Loaded, Failure> {
        self.tree(self.revision(commit, id)?, commit.to_owned(), id, why)
    }

    fn revision(&self, commit: &str, id: &str) -> Result<Tree, Failure> {
        let repository = self
            .repository
            .as_ref()
            .ok_or_else(|| Failure::new(format!("{} is in no git repository", self.root.display())))?;
        Ok(Tree::revision(repository, commit, &repository.prefix, id)?)
    }

    /// A release of which only the migrations count.
    fn migrations(&self, commit: &str, id: &str) -> Result<Loaded, Failure> {
        let older = project::load_release(self.revision(commit, id)?, self.config, self.project)?;
        Ok(Loaded::new(id.to_owned(), commit.to_owned(), "upgrade_from".to_owned(), &older, Queries::default()))
    }

    fn tree(&self, tree: Tree, source: String, id: &str, why: &str) -> Result<Loaded, Failure> {
        let older = project::load_release(tree, self.config, self.project)?;
        let queries = project::queries(&older, self.config, self.scans);
        Ok(Loaded::new(id.to_owned(), source, why.to_owned(), &older, queries))
    }

    fn consumers(&self, notes: &mut Vec<String>) -> Result<Vec<(Arc<str>, Loaded)>, Failure> {
        let mut consumers = Vec::new();
        for consumer in &self.config.consumers {
            let database = match (&consumer.database, self.project.databases.as_slice()) {
                (Some(name), _) => self.project.database(name),
                (None, [only]) => Some(only),
                (None, _) => None,
            };
            let Some(database) = database else {
                let names: Vec<&str> = self.project.databases.iter().map(|database| &*database.name).collect();
                return Err(Failure::new(format!("which database does the consumer `{}` share?", consumer.name))
                    .help(format!("write `database = \"…\"` with one of {}", names.join(", "))));
            };
            let file = self.root.join(&consumer.file);
            let why = "[[consumers]] in schemacheck.toml";
            let (loaded, found) =
                project::release::read(&file, &file.display().to_string(), (&consumer.name, why), self.project)?;
            notes.extend(found);
            consumers.push((database.name.clone(), loaded));
        }
        Ok(consumers)
    }
}
