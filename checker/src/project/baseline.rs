//! What runs now: the baselines of a check, why these, and how to name others.

use std::path::{Path, PathBuf};

use super::ci::{self, Environment};
use super::config::{Rollout, Spec};
use super::error::{Error, ErrorKind};
use super::git::Repository;

mod missing;
mod tags;

/// The environment variable that names a baseline.
pub const VARIABLE: &str = "SCHEMACHECK_BASELINE";

/// A release that runs while the candidate rolls out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// As messages call it: a tag, a branch, a commit, a file.
    pub id: String,
    /// Why this one, in words.
    pub why: String,
    /// What it is read from.
    pub from: From,
}

/// What a release is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// A commit of the project's repository, by its full id.
    Commit(String),
    /// A folder with the release's sources.
    Folder(PathBuf),
    /// A release file.
    File(PathBuf),
}

/// A baseline that the command line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// `--baseline-rev`.
    Revision(String),
    /// `--baseline-root`.
    Folder(PathBuf),
    /// `--baseline-file`.
    File(PathBuf),
}

/// What decides on the baselines.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What the command line names.
    pub named: &'a [Named],
    /// What the configuration says, for the database in question.
    pub rollout: &'a Rollout,
    /// The environment.
    pub environment: &'a Environment,
    /// The project's repository, where it is in one.
    pub repository: Option<&'a Repository>,
    /// The project's folder, to which paths in the configuration are relative.
    pub root: &'a Path,
    /// The commit that is about to roll out; `None` for the files of the work tree.
    pub candidate: Option<&'a str>,
}

/// The baselines of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// First the one whose migrations the database has, then older live releases.
    pub baselines: Vec<Baseline>,
    /// On a pull request, where it left the branch it goes to, if the baseline is another commit: findings that are there
    /// already are not this change's. Before a deployment each finding counts, whatever commit brought it.
    pub change_starts_at: Option<String>,
    /// How to name another baseline, in words.
    pub how_to_change: String,
}

/// Decides what runs now: the command line, the environment, the configuration, the pull request, the branch.
///
/// # Errors
///
/// There is nothing to compare with, a named one does not exist, or the clone lacks it: the help has the command that
/// fetches it.
pub fn baselines(question: Question<'_>) -> Result<Answer, Error> {
    let named = question.named.iter().map(|named| of_named(question, named)).collect::<Result<Vec<_>, _>>()?;
    let found = if !named.is_empty() {
        named
    } else if let Some(text) = question.environment.get(VARIABLE) {
        match Spec::parse(text) {
            Ok(spec) => of_spec(question, &spec, VARIABLE)?,
            Err(_) => vec![of_revision(question, text, VARIABLE)?],
        }
    } else if let Some(specs) = &question.rollout.baseline {
        let found: Result<Vec<_>, Error> =
            specs.iter().map(|spec| of_spec(question, spec, super::config::FILE)).collect();
        found?.concat()
    } else {
        vec![by_default(question)?]
    };
    let how_to_change =
        "name what is deployed with --baseline-rev REV, or as `rollout.baseline` in schemacheck.toml".to_owned();
    Ok(Answer { change_starts_at: change_start(question, &found), baselines: found, how_to_change })
}

/// The releases from which users upgrade at one go, oldest first: tag and commit.
///
/// # Errors
///
/// No tag fits, or the clone lacks them.
pub fn upgrades(question: Question<'_>, spec: &Spec) -> Result<Vec<(String, String)>, Error> {
    let Spec::Tag(pattern) = spec else {
        let message = format!("`upgrade_from = \"{spec}\"` names no tags: write \"tag:PATTERN\"");
        return Err(Error::new(ErrorKind::Configuration, message));
    };
    let repository = repository(question)?;
    let mut found = tags::released(repository, pattern, &head(question, repository)?)?;
    found.reverse();
    Ok(found)
}

fn of_named(question: Question<'_>, named: &Named) -> Result<Baseline, Error> {
    match named {
        Named::Revision(revision) => of_revision(question, revision, "--baseline-rev"),
        Named::Folder(folder) => Ok(Baseline {
            id: folder.display().to_string(),
            why: "--baseline-root".to_owned(),
            from: From::Folder(folder.clone()),
        }),
        Named::File(file) => Ok(of_file(file.clone(), "--baseline-file")),
    }
}

fn of_file(file: PathBuf, why: &str) -> Baseline {
    let id = file.file_stem().map_or_else(|| file.display().to_string(), |stem| stem.to_string_lossy().into_owned());
    Baseline { id, why: why.to_owned(), from: From::File(file) }
}

/// Any revision; a branch that only the remote has counts too.
fn of_revision(question: Question<'_>, revision: &str, why: &str) -> Result<Baseline, Error> {
    let repository = repository(question)?;
    let commit = match repository.commit(revision)? {
        Some(commit) => Some(commit),
        None => repository.branch_commit(revision)?.map(|(_, commit)| commit),
    };
    let commit = commit.ok_or_else(|| missing::revision(repository, revision))?;
    Ok(Baseline { id: name_of(revision), why: why.to_owned(), from: From::Commit(commit) })
}

fn of_spec(question: Question<'_>, spec: &Spec, why: &str) -> Result<Vec<Baseline>, Error> {
    let why = format!("{spec} in {why}");
    match spec {
        Spec::MergeBase => {
            let repository = repository(question)?;
            Ok(vec![merge_base(question, repository, &why)?])
        }
        Spec::Branch(name) => {
            let repository = repository(question)?;
            let found = repository.branch_commit(name)?.ok_or_else(|| missing::branch(repository, name))?;
            Ok(vec![Baseline { id: name.clone(), why, from: From::Commit(found.1) }])
        }
        Spec::Tag(pattern) => {
            let repository = repository(question)?;
            let live = question.rollout.releases.unwrap_or(1);
            let found = tags::before(repository, pattern, &head(question, repository)?, is_changed(question)?)?;
            let found = found.into_iter().take(live);
            Ok(found.map(|(tag, commit)| Baseline { id: tag, why: why.clone(), from: From::Commit(commit) }).collect())
        }
        Spec::Reference(revision) => Ok(vec![of_revision(question, revision, &why)?]),
        Spec::File(path) => Ok(vec![of_file(question.root.join(path), &why)]),
    }
}

/// Without any word on it: the target of the pull request, the merge base, or the parent.
fn by_default(question: Question<'_>) -> Result<Baseline, Error> {
    let Some(repository) = question.repository else {
        return Err(Error::new(ErrorKind::NoBaseline, "this is no git repository, so there is no running release to compare with")
            .at(question.root.display().to_string())
            .help("name it: --baseline-root DIR with its sources, or --baseline-file FILE written by `cargo schemacheck record`"));
    };
    match ci::target(question.environment) {
        Some(target) => of_pull_request(question, repository, &target),
        None => merge_base(question, repository, "merge base"),
    }
}

/// The commit of the target that the pull request was made from or is merged with.
fn of_pull_request(question: Question<'_>, repository: &Repository, target: &ci::Target) -> Result<Baseline, Error> {
    let head = head(question, repository)?;
    let why = format!("pull request into {} ({})", target.branch, target.variable);
    let found = |commit: String| {
        let id = format!("{}@{}", target.branch, Repository::short(&commit));
        Baseline { id, why: why.clone(), from: From::Commit(commit) }
    };
    let tip = repository.branch_commit(&target.branch)?.map(|(_, commit)| commit);
    let parents = repository.parents(&head)?;
    if let [first, _, ..] = parents.as_slice()
        && (target.merged || tip.as_ref() == Some(first))
    {
        let commit = repository.commit(first)?.ok_or_else(|| missing::parent(repository, first))?;
        return Ok(found(commit));
    }
    let named = target.commit.as_deref().map(|commit| repository.commit(commit)).transpose()?.flatten();
    let tip = named.or(tip).ok_or_else(|| missing::branch(repository, &target.branch))?;
    let base = repository.merge_base(&head, &tip)?.ok_or_else(|| missing::merge_base(repository, &target.branch))?;
    Ok(found(base))
}

/// Where this branch left the default branch; on the default branch itself the first parent.
fn merge_base(question: Question<'_>, repository: &Repository, why: &str) -> Result<Baseline, Error> {
    let head = head(question, repository)?;
    let default = match ci::default_branch(question.environment) {
        Some((name, _)) => Some(name),
        None => repository.default_branch()?,
    };
    let Some(default) = default else {
        return match repository.has_remote()? {
            true => Err(missing::default_branch(repository)),
            false => parent(repository, &head, "there is no default branch: first parent"),
        };
    };
    let (name, tip) = repository.branch_commit(&default)?.ok_or_else(|| missing::branch(repository, &default))?;
    let base = repository.merge_base(&head, &tip)?.ok_or_else(|| missing::merge_base(repository, &default))?;
    if base == head && !is_changed(question)? {
        return parent(repository, &head, &format!("first parent on {default}"));
    }
    let why = if base == head { format!("changed files on top of {name}") } else { format!("{why} with {name}") };
    Ok(Baseline { id: format!("{default}@{}", Repository::short(&base)), why, from: From::Commit(base) })
}

fn parent(repository: &Repository, head: &str, why: &str) -> Result<Baseline, Error> {
    let parents = repository.parents(head)?;
    let Some(first) = parents.first() else {
        return Err(Error::new(
            ErrorKind::NoBaseline,
            "this is the first commit, so there is no running release to compare with",
        )
        .help("name it with --baseline-rev, --baseline-root or --baseline-file"));
    };
    let commit = repository.commit(first)?.ok_or_else(|| missing::parent(repository, first))?;
    Ok(Baseline { id: Repository::short(&commit).to_owned(), why: why.to_owned(), from: From::Commit(commit) })
}

/// Where the change began, for a baseline that is not that commit itself.
fn change_start(question: Question<'_>, found: &[Baseline]) -> Option<String> {
    let repository = question.repository?;
    let start = of_pull_request(question, repository, &ci::target(question.environment)?).ok()?;
    match (start.from, found.first()?) {
        (From::Commit(start), Baseline { from: From::Commit(commit), .. }) if start == *commit => None,
        (From::Commit(start), _) => Some(start),
        _ => None,
    }
}

fn repository(question: Question<'_>) -> Result<&Repository, Error> {
    question.repository.ok_or_else(|| {
        Error::new(
            ErrorKind::NoBaseline,
            "this is no git repository: a baseline is named by a folder or a release file only",
        )
        .at(question.root.display().to_string())
    })
}

/// The commit that is about to roll out, or that the work tree is based on.
fn head(question: Question<'_>, repository: &Repository) -> Result<String, Error> {
    let revision = question.candidate.unwrap_or("HEAD");
    repository.commit(revision)?.ok_or_else(|| match question.candidate {
        Some(revision) => missing::revision(repository, revision),
        None => Error::new(
            ErrorKind::NoBaseline,
            "the repository has no commit yet, so there is no running release to compare with",
        )
        .help("name it with --baseline-root or --baseline-file"),
    })
}

/// Whether the work tree differs from the commit it is based on in a file that could matter.
fn is_changed(question: Question<'_>) -> Result<bool, Error> {
    let (Some(repository), None) = (question.repository, question.candidate) else { return Ok(false) };
    let matters = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let by_end = [".rs", ".sql", ".up", ".down"].iter().any(|end| name.ends_with(end));
        by_end
            || path.contains(".sqlx/")
            || matches!(name, "Cargo.toml" | "metadata.toml" | "sqlx-data.json" | super::config::FILE)
    };
    Ok(repository.changed_files()?.iter().any(matters))
}

/// A revision as a name: without `refs/…/`, and a full commit id cut short.
fn name_of(revision: &str) -> String {
    let name = ["refs/heads/", "refs/tags/", "refs/remotes/"].iter().find_map(|prefix| revision.strip_prefix(prefix));
    let name = name.unwrap_or(revision);
    let is_id = name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { Repository::short(name).to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests;
