//! What runs now, asked of real repositories.

use std::path::Path;

use super::*;
use crate::project::tree::tests::{commit, folder, git, write};

/// Asks with variables and a configuration, and prints the answer with commits named by `names`.
fn ask(root: &Path, variables: &[(&str, &str)], specs: &[&str], names: &[(&str, &str)]) -> String {
    ask_with(root, variables, specs, 1, names)
}

fn ask_with(
    root: &Path,
    variables: &[(&str, &str)],
    specs: &[&str],
    releases: usize,
    names: &[(&str, &str)],
) -> String {
    let specs: Vec<Spec> = specs.iter().map(|spec| Spec::parse(spec).expect("a baseline")).collect();
    let rollout =
        Rollout { baseline: (!specs.is_empty()).then_some(specs), releases: Some(releases), ..Rollout::default() };
    let repository = Repository::discover(root).expect("git");
    let question = Question {
        named: &[],
        rollout: &rollout,
        environment: &Environment::of(variables.iter().copied()),
        repository: repository.as_ref(),
        root,
        candidate: None,
    };
    let mut text = match baselines(question) {
        Ok(answer) => {
            let shown = answer.baselines.iter().map(|baseline| match &baseline.from {
                From::Commit(commit) => format!("{} = {commit}: {}", baseline.id, baseline.why),
                From::File(path) => format!("{} = {}: {}", baseline.id, path.display(), baseline.why),
                From::Folder(path) => format!("{} = {}: {}", baseline.id, path.display(), baseline.why),
            });
            let start = answer.change_starts_at.map(|start| format!("change starts at {start}"));
            shown.chain(start).collect::<Vec<_>>().join("\n")
        }
        Err(error) => error.to_string(),
    };
    for (name, commit) in names {
        text = text.replace(&format!("@{}", Repository::short(commit)), &format!("@{name}"));
        text = text.replace(*commit, name).replace(Repository::short(commit), name);
    }
    text.replace(&root.display().to_string(), "ROOT")
}

#[test]
fn on_a_branch_it_is_the_merge_base_and_on_main_the_parent() {
    let root = folder(&[("a.rs", "1")]);
    let at = root.path();
    let one = commit(at, "one");
    let names = [("ONE", one.as_str())];
    assert!(ask(at, &[], &[], &names).starts_with("this is the first commit, so there is no running release"));
    write(at, &[("a.rs", "2")]);
    assert_eq!(ask(at, &[], &[], &names), "main@ONE = ONE: changed files on top of main");
    let two = commit(at, "two");
    let names = [("ONE", one.as_str()), ("TWO", two.as_str())];
    assert_eq!(ask(at, &[], &[], &names), "ONE = ONE: first parent on main");
    write(at, &[("notes.txt", "junk of a build")]);
    assert_eq!(ask(at, &[], &[], &names), "ONE = ONE: first parent on main");
    git(at, &["checkout", "-q", "-b", "feature"]);
    write(at, &[("b.rs", "1")]);
    commit(at, "three");
    assert_eq!(ask(at, &[], &[], &names), "main@TWO = TWO: merge base with main");
    assert_eq!(ask(at, &[(VARIABLE, "main~1")], &[], &names), "main~1 = ONE: SCHEMACHECK_BASELINE");
    assert_eq!(
        ask(at, &[(VARIABLE, "merge-base")], &[], &names),
        "main@TWO = TWO: merge-base in SCHEMACHECK_BASELINE with main"
    );
}

#[test]
fn a_configured_baseline_is_taken_before_the_defaults() {
    let root = folder(&[("a.rs", "1")]);
    let at = root.path();
    let one = commit(at, "one");
    for tag in ["v1.9.0", "v1.10.0-rc.1", "v1", "other-9.9"] {
        git(at, &["tag", tag]);
    }
    let two = commit(at, "two");
    git(at, &["tag", "-a", "-m", "x", "v1.10.0"]);
    git(at, &["branch", "prod", &one]);
    let three = commit(at, "three");
    git(at, &["tag", "v2.0.0"]);
    let names = [("ONE", one.as_str()), ("TWO", two.as_str()), ("THREE", three.as_str())];
    let cases: &[(&[&str], usize, &str)] = &[
        (&["tag:v*"], 1, "v1.10.0 = TWO: tag:v* in schemacheck.toml"),
        (&["tag:v*"], 2, "v1.10.0 = TWO: tag:v* in schemacheck.toml\nv1.9.0 = ONE: tag:v* in schemacheck.toml"),
        (&["branch:prod"], 1, "prod = ONE: branch:prod in schemacheck.toml"),
        (&["ref:v1.9.0"], 1, "v1.9.0 = ONE: ref:v1.9.0 in schemacheck.toml"),
        (
            &["merge-base", "file:ci/reports.json"],
            1,
            "TWO = TWO: first parent on main\nreports = ROOT/ci/reports.json: file:ci/reports.json in schemacheck.toml",
        ),
        (
            &["tag:w*"],
            1,
            "no ancestor of this tree has a tag like `w*` that is a released version\n  = help: fetch the tags:\n    git fetch --tags origin\n    if releases are tagged on other branches, name one with --baseline-rev or \"ref:TAG\"",
        ),
        (
            &["branch:gone"],
            1,
            "this clone has no branch `gone`\n  = help: fetch it:\n    git fetch --no-tags origin +refs/heads/gone:refs/remotes/origin/gone",
        ),
    ];
    for (specs, releases, expected) in cases {
        assert_eq!(ask_with(at, &[], specs, *releases, &names), *expected, "{specs:?}");
    }
    git(at, &["tag", "-d", "v2.0.0"]);
    write(at, &[("a.rs", "2")]);
    assert_eq!(ask(at, &[], &["tag:v*"], &names), "v1.10.0 = TWO: tag:v* in schemacheck.toml");
}

#[test]
fn on_a_pull_request_it_is_the_target() {
    let root = folder(&[("a.rs", "1")]);
    let at = root.path();
    let one = commit(at, "one");
    git(at, &["checkout", "-q", "-b", "feature"]);
    commit(at, "two");
    git(at, &["checkout", "-q", "main"]);
    let three = commit(at, "three");
    git(at, &["tag", "three"]);
    let names = [("ONE", one.as_str()), ("THREE", three.as_str())];
    git(at, &["checkout", "-q", "feature"]);
    let gitlab = [("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", one.as_str())];
    assert_eq!(
        ask(at, &gitlab, &[], &names),
        "main@ONE = ONE: pull request into main (CI_MERGE_REQUEST_TARGET_BRANCH_NAME)"
    );
    assert_eq!(
        ask(at, &gitlab, &["ref:three"], &names),
        "three = THREE: ref:three in schemacheck.toml\nchange starts at ONE"
    );
    let jenkins = [("CHANGE_TARGET", "main")];
    assert_eq!(ask(at, &jenkins, &[], &names), "main@ONE = ONE: pull request into main (CHANGE_TARGET)");
    git(at, &["checkout", "-q", "--detach", "main"]);
    git(at, &["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
    assert_eq!(ask(at, &jenkins, &[], &names), "main@THREE = THREE: pull request into main (CHANGE_TARGET)");
    let github = [("GITHUB_BASE_REF", "main"), ("GITHUB_REF", "refs/pull/1/merge")];
    assert_eq!(ask(at, &github, &[], &names), "main@THREE = THREE: pull request into main (GITHUB_BASE_REF)");
}

#[test]
fn a_shallow_clone_says_what_to_fetch_and_then_has_it() {
    let origin = folder(&[("a.rs", "1")]);
    let one = commit(origin.path(), "one");
    git(origin.path(), &["tag", "v1.0.0"]);
    git(origin.path(), &["config", "uploadpack.allowAnySHA1InWant", "true"]);
    git(origin.path(), &["checkout", "-q", "-b", "feature"]);
    let two = commit(origin.path(), "two");
    let names = [("ONE", one.as_str()), ("TWO", two.as_str())];
    let url = format!("file://{}", origin.path().display());
    let clone = |branch: &str| {
        let place = tempfile::tempdir().expect("a folder");
        git(place.path(), &["clone", "-q", "--depth=1", "--no-tags", "--single-branch", "-b", branch, &url, "."]);
        place
    };
    // Each command that an error names is run, and the question asked again.
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str);
    let cases: &[Case<'_>] = &[
        (&[], &["tag:v*"], "v1.0.0 = ONE: tag:v* in schemacheck.toml"),
        (&[], &["branch:main"], "main = ONE: branch:main in schemacheck.toml"),
        (&[("CHANGE_TARGET", "main")], &[], "main@ONE = ONE: pull request into main (CHANGE_TARGET)"),
    ];
    for (variables, specs, expected) in cases {
        let place = clone("feature");
        let mut said = ask(place.path(), variables, specs, &[]);
        for _ in 0..3 {
            let Some(command) = said.lines().find_map(|line| line.trim().strip_prefix("git ")) else { break };
            let words: Vec<&str> = command.split(' ').collect();
            git(place.path(), &words);
            said = ask(place.path(), variables, specs, &names);
        }
        assert_eq!(said, *expected, "{variables:?} {specs:?}");
    }
    let place = clone("feature");
    git(place.path(), &["update-ref", "refs/remotes/origin/main", &two]);
    let said = ask(place.path(), &[], &[], &names);
    assert_eq!(
        said,
        "the clone is shallow: it lacks the parent commit ONE\n  = help: fetch it:\n    git fetch --no-tags --depth=1 origin ONE"
    );
    git(place.path(), &["fetch", "-q", "--no-tags", "--depth=1", "origin", &one]);
    assert_eq!(ask(place.path(), &[], &[], &names), "ONE = ONE: first parent on feature");
    git(place.path(), &["symbolic-ref", "-d", "refs/remotes/origin/HEAD"]);
    git(place.path(), &["update-ref", "-d", "refs/remotes/origin/main"]);
    let said = ask(place.path(), &[], &[], &names);
    assert_eq!(
        said,
        "this clone does not tell which branch is the default one\n  = help: fetch the branches and ask the remote:\n    git fetch --no-tags --unshallow origin\n    git remote set-head origin --auto\n    or name the running release with --baseline-rev"
    );
    let event = place.path().join("event.json");
    std::fs::write(&event, "{\"repository\": {\"default_branch\": \"main\"}}").expect("a file");
    let event = event.display().to_string();
    let said = ask(place.path(), &[("GITHUB_EVENT_PATH", &event)], &[], &names);
    assert!(said.contains("+refs/heads/main:refs/remotes/origin/main"), "{said}");
}

#[test]
fn without_git_something_else_has_to_be_named() {
    let root = folder(&[("a.rs", "")]);
    let said = ask(root.path(), &[], &[], &[]);
    assert!(said.starts_with("this is no git repository, so there is no running release"), "{said}");
    assert_eq!(ask(root.path(), &[], &["file:r.json"], &[]), "r = ROOT/r.json: file:r.json in schemacheck.toml");
    git(root.path(), &["init", "-q"]);
    let said = ask(root.path(), &[], &[], &[]);
    assert!(said.starts_with("the repository has no commit yet"), "{said}");
}
