//! Releases of a real history: what each commit that adds migrations and its first parent ship and ask.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use crate::Result;
use crate::git::{Commit, Repository};
use crate::product::{Product, Tree};
use crate::queries::{ListedQuery, from_list, from_sqlx_data, is_sqlx_data};
use crate::replay::{Migration, is_migration_file, migrations_of, pending};

/// Where a project keeps what a rollout is made of.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Migration folders from the root; a commit's is the first of them that it has.
    pub migrations: Vec<String>,
    /// Folders below which sqlx's offline data stands, at any depth.
    pub sqlx: Vec<String>,
    /// Where there is none: the command that lists the queries.
    pub lister: Option<Lister>,
}

/// The command's own list of a commit's queries, kept in a folder.
#[derive(Clone, Debug)]
pub struct Lister {
    /// The command.
    pub product: Product,
    /// Where lists are kept.
    pub cache: PathBuf,
}

impl Lister {
    fn queries(&self, tree: &Tree, revision: &str) -> Result<Vec<ListedQuery>> {
        let file = self.cache.join(format!("{revision}.queries.json"));
        if !file.exists() {
            tree.check_out(revision)?;
            std::fs::create_dir_all(&self.cache)?;
            std::fs::write(&file, self.product.queries(tree.path())?)?;
        }
        from_list(&std::fs::read_to_string(&file)?)
    }
}

/// The two releases of a step, read from git.
#[derive(Clone, Debug)]
pub struct Step {
    /// The candidate and its first parent, the baseline.
    pub commit: Commit,
    /// The parent's history.
    pub applied: Vec<Migration>,
    /// What the commit adds, in the order of application.
    pub pending: Vec<Migration>,
    /// Versions whose text the commit changes.
    pub edited: Vec<String>,
    /// Versions that the commit removes.
    pub removed: Vec<String>,
    /// The parent's queries.
    pub baseline: Vec<ListedQuery>,
    /// The commit's queries.
    pub candidate: Vec<ListedQuery>,
}

impl Step {
    /// The same for two commits that make the same rollout.
    #[must_use]
    pub fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for migration in self.applied.iter().chain(&self.pending) {
            (&migration.version, &migration.sql).hash(&mut hasher);
        }
        (self.applied.len(), &self.baseline, &self.candidate).hash(&mut hasher);
        hasher.finish()
    }
}

/// Reads the steps of a range, oldest first.
///
/// # Errors
///
/// What git says.
pub fn steps(repository: &mut Repository, layout: &Layout, range: &str, every_commit: bool) -> Result<Vec<Step>> {
    let mut seen = HashSet::new();
    let tree = layout.lister.as_ref().map(|_| Tree::of(repository.folder())).transpose()?;
    let queries = |repository: &mut Repository, revision: &str| match (&layout.lister, &tree) {
        (Some(lister), Some(tree)) => lister.queries(tree, revision),
        _ => queries_at(repository, layout, revision),
    };
    let mut steps = Vec::new();
    for commit in repository.commits_adding(range, &layout.migrations, every_commit)? {
        let applied = migrations_at(repository, layout, &commit.parent)?;
        let shipped = migrations_at(repository, layout, &commit.id)?;
        let change = pending(&applied, &shipped);
        if change.migrations.is_empty() {
            continue;
        }
        let baseline = queries(repository, &commit.parent)?;
        let candidate = queries(repository, &commit.id)?;
        let step = Step {
            commit,
            applied,
            pending: change.migrations,
            edited: change.edited,
            removed: change.removed,
            baseline,
            candidate,
        };
        // A branch's commit and the merge that brings it are one step.
        if seen.insert(step.key()) {
            steps.push(step);
        }
    }
    Ok(steps)
}

/// The migrations that a commit ships.
///
/// # Errors
///
/// What git says.
pub fn migrations_at(repository: &mut Repository, layout: &Layout, revision: &str) -> Result<Vec<Migration>> {
    for folder in &layout.migrations {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let mut files = Vec::new();
        for entry in repository.files(revision, std::slice::from_ref(&prefix))? {
            let Some(path) = entry.path.strip_prefix(&prefix).filter(|path| is_migration_file(path)) else { continue };
            files.push((path.to_owned(), repository.text(&entry.object)?.to_string()));
        }
        let migrations = migrations_of(&files);
        if !migrations.is_empty() {
            return Ok(migrations);
        }
    }
    Ok(Vec::new())
}

/// The queries that a commit lists, each text once.
///
/// # Errors
///
/// What git says.
pub fn queries_at(repository: &mut Repository, layout: &Layout, revision: &str) -> Result<Vec<ListedQuery>> {
    let mut queries = BTreeMap::new();
    for entry in repository.files(revision, &layout.sqlx)? {
        if is_sqlx_data(&entry.path) {
            let text = repository.text(&entry.object)?;
            for query in from_sqlx_data(&entry.path, &text)? {
                queries.entry(query.sql.clone()).or_insert(query);
            }
        }
    }
    Ok(queries.into_values().collect())
}
