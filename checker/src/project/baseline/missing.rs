//! Errors for what a clone lacks, each with the command that fetches it. Nothing is fetched by itself.

use crate::project::error::{Error, ErrorKind};
use crate::project::git::Repository;

/// A revision that is not there.
pub(super) fn revision(repository: &Repository, revision: &str) -> Error {
    let remote = remote(repository);
    let error = Error::new(ErrorKind::MissingCommit, format!("there is no revision `{revision}` in this clone"));
    if is_shallow(repository) {
        return error.help(format!(
            "the clone is shallow; fetch the commit, then name it as FETCH_HEAD:\ngit fetch --no-tags --depth=1 {remote} {revision}"
        ));
    }
    error.help(format!(
        "if it is a branch or a tag of {remote}, fetch it, then name it as FETCH_HEAD:\ngit fetch {remote} {revision}"
    ))
}

/// A branch that is not there.
pub(super) fn branch(repository: &Repository, branch: &str) -> Error {
    let remote = remote(repository);
    let deep = if is_shallow(repository) { " --unshallow" } else { "" };
    Error::new(ErrorKind::MissingCommit, format!("this clone has no branch `{branch}`")).help(format!(
        "fetch it:\ngit fetch --no-tags{deep} {remote} +refs/heads/{branch}:refs/remotes/{remote}/{branch}"
    ))
}

/// A default branch that the clone does not name.
pub(super) fn default_branch(repository: &Repository) -> Error {
    let remote = remote(repository);
    let deep = if is_shallow(repository) { " --unshallow" } else { "" };
    Error::new(ErrorKind::MissingCommit, "this clone does not tell which branch is the default one").help(format!(
        "fetch the branches and ask the remote:\ngit fetch --no-tags{deep} {remote}\ngit remote set-head {remote} --auto\nor name the running release with --baseline-rev"
    ))
}

/// A parent that a shallow clone cuts off.
pub(super) fn parent(repository: &Repository, commit: &str) -> Error {
    let remote = remote(repository);
    let message = format!("the clone is shallow: it lacks the parent commit {}", Repository::short(commit));
    Error::new(ErrorKind::MissingCommit, message)
        .help(format!("fetch it:\ngit fetch --no-tags --depth=1 {remote} {commit}"))
}

/// Two commits without a common ancestor.
pub(super) fn merge_base(repository: &Repository, branch: &str) -> Error {
    let remote = remote(repository);
    if is_shallow(repository) {
        let message = format!("the clone is shallow: it does not reach back to where this branch left `{branch}`");
        return Error::new(ErrorKind::MissingCommit, message)
            .help(format!("fetch the history:\ngit fetch --no-tags --unshallow {remote}"));
    }
    Error::new(ErrorKind::NoBaseline, format!("this branch and `{branch}` have no commit in common"))
        .help("name the running release with --baseline-rev")
}

/// A pattern of tags that none fits.
pub(super) fn tag(repository: &Repository, pattern: &str) -> Error {
    let remote = remote(repository);
    let deep = if is_shallow(repository) { " --unshallow" } else { "" };
    let message = format!("no ancestor of this tree has a tag like `{pattern}` that is a released version");
    Error::new(ErrorKind::MissingCommit, message).help(format!(
        "fetch the tags:\ngit fetch --tags{deep} {remote}\nif releases are tagged on other branches, name one with --baseline-rev or \"ref:TAG\""
    ))
}

fn remote(repository: &Repository) -> String {
    repository.remote().unwrap_or_else(|_| "origin".to_owned())
}

fn is_shallow(repository: &Repository) -> bool {
    repository.is_shallow().unwrap_or(false)
}
