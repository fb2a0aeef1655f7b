//! What the environment of a CI system says of a pull request and of the default branch.

use std::collections::BTreeMap;

/// Environment variables, passed in so that tests can say what they are.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

/// What a pull request is to be merged into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The branch.
    pub branch: String,
    /// A commit of it that the system names.
    pub commit: Option<String>,
    /// The variable that says so.
    pub variable: &'static str,
    /// Whether the system checks out the merge of both, so that the first parent is the target.
    pub merged: bool,
}

impl Environment {
    /// The environment of this process.
    pub fn current() -> Environment {
        let text = |os: std::ffi::OsString| os.into_string().ok();
        Environment(std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect())
    }

    /// These variables.
    pub fn of<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Environment {
        Environment(variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Where a system says what a pull request is to be merged into.
struct System {
    /// The variable that holds the branch.
    branch: &'static str,
    /// The variables that hold a commit of it, the best one first.
    commits: &'static [&'static str],
    /// A variable that must have this value, or with `!` before it must be there and not have it.
    only_if: Option<(&'static str, &'static str)>,
}

const fn system(branch: &'static str) -> System {
    System { branch, commits: &[], only_if: None }
}

/// The systems, by the variables that their manuals name.
const SYSTEMS: &[System] = &[
    system("GITHUB_BASE_REF"),
    System {
        branch: "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        commits: &["CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA"],
        only_if: None,
    },
    System {
        branch: "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME",
        commits: &["CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA"],
        only_if: None,
    },
    system("BUILDKITE_PULL_REQUEST_BASE_BRANCH"),
    System { branch: "BITBUCKET_PR_DESTINATION_BRANCH", commits: &["BITBUCKET_PR_DESTINATION_COMMIT"], only_if: None },
    system("SYSTEM_PULLREQUEST_TARGETBRANCH"),
    system("CHANGE_TARGET"),
    System { branch: "CIRRUS_BASE_BRANCH", commits: &["CIRRUS_BASE_SHA"], only_if: None },
    system("CODEBUILD_WEBHOOK_BASE_REF"),
    System { branch: "DRONE_TARGET_BRANCH", commits: &[], only_if: Some(("DRONE_BUILD_EVENT", "pull_request")) },
    System { branch: "CI_COMMIT_TARGET_BRANCH", commits: &[], only_if: Some(("CI_PIPELINE_EVENT", "pull_request")) },
    System { branch: "TRAVIS_BRANCH", commits: &[], only_if: Some(("TRAVIS_PULL_REQUEST", "!false")) },
    System { branch: "APPVEYOR_REPO_BRANCH", commits: &[], only_if: Some(("APPVEYOR_PULL_REQUEST_NUMBER", "!")) },
    System { branch: "SEMAPHORE_GIT_BRANCH", commits: &[], only_if: Some(("SEMAPHORE_GIT_REF_TYPE", "pull-request")) },
];

/// The variables that hold the name of the default branch.
const DEFAULT_BRANCH: &[&str] =
    &["CI_DEFAULT_BRANCH", "BUILDKITE_PIPELINE_DEFAULT_BRANCH", "DRONE_REPO_BRANCH", "CI_REPO_DEFAULT_BRANCH"];

/// What the pull request that is being built is to be merged into.
pub fn target(environment: &Environment) -> Option<Target> {
    let merged =
        environment.get("GITHUB_REF").is_some_and(|name| name.starts_with("refs/pull/") && name.ends_with("/merge"));
    let found = SYSTEMS.iter().find_map(|system| {
        let branch = environment.get(system.branch)?;
        let holds = system.only_if.is_none_or(|(name, wanted)| match wanted.strip_prefix('!') {
            Some(other) => environment.get(name).is_some_and(|value| value != other),
            None => environment.get(name) == Some(wanted),
        });
        let commit = system.commits.iter().find_map(|name| environment.get(name)).map(str::to_owned);
        holds.then(|| Target { branch: short(branch), commit, variable: system.branch, merged })
    });
    found.or_else(|| merge_queue(environment))
}

/// The default branch, as the system names it, and the variable that does.
pub fn default_branch(environment: &Environment) -> Option<(String, &'static str)> {
    let named = DEFAULT_BRANCH.iter().find_map(|name| Some((short(environment.get(name)?), *name)));
    named.or_else(|| Some((in_event(environment)?, EVENT)))
}

/// The variable that holds the path of a description of what happened.
const EVENT: &str = "GITHUB_EVENT_PATH";

/// `repository.default_branch` of the event.
fn in_event(environment: &Environment) -> Option<String> {
    let text = std::fs::read_to_string(environment.get(EVENT)?).ok()?;
    let event: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some(event.get("repository")?.get("default_branch")?.as_str()?.to_owned())
}

/// `refs/heads/gh-readonly-queue/BRANCH/pr-…`.
fn merge_queue(environment: &Environment) -> Option<Target> {
    let rest = environment.get("GITHUB_REF")?.strip_prefix("refs/heads/gh-readonly-queue/")?;
    let (branch, _) = rest.rsplit_once("/pr-")?;
    Some(Target { branch: branch.to_owned(), commit: None, variable: "GITHUB_REF", merged: true })
}

fn short(branch: &str) -> String {
    branch.trim_start_matches("refs/heads/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Variables, and branch, commit and whether it is a merge.
    type Case = (&'static [(&'static str, &'static str)], Option<(&'static str, Option<&'static str>, bool)>);

    const CASES: &[Case] = &[
        (&[], None),
        (&[("GITHUB_BASE_REF", ""), ("GITHUB_REF", "refs/heads/main")], None),
        (&[("GITHUB_BASE_REF", "main"), ("GITHUB_REF", "refs/pull/7/merge")], Some(("main", None, true))),
        (&[("GITHUB_BASE_REF", "main"), ("GITHUB_REF", "refs/pull/7/head")], Some(("main", None, false))),
        (&[("GITHUB_REF", "refs/heads/gh-readonly-queue/release/1/pr-7-abc")], Some(("release/1", None, true))),
        (
            &[
                ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
                ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", ""),
                ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "abc"),
            ],
            Some(("main", Some("abc"), false)),
        ),
        (&[("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main")], Some(("main", None, false))),
        (
            &[("BITBUCKET_PR_DESTINATION_BRANCH", "main"), ("BITBUCKET_PR_DESTINATION_COMMIT", "abc")],
            Some(("main", Some("abc"), false)),
        ),
        (&[("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main")], Some(("main", None, false))),
        (&[("CHANGE_TARGET", "main")], Some(("main", None, false))),
        (&[("TRAVIS_BRANCH", "main"), ("TRAVIS_PULL_REQUEST", "false")], None),
        (&[("TRAVIS_BRANCH", "main"), ("TRAVIS_PULL_REQUEST", "7")], Some(("main", None, false))),
        (&[("APPVEYOR_REPO_BRANCH", "main")], None),
        (&[("APPVEYOR_REPO_BRANCH", "main"), ("APPVEYOR_PULL_REQUEST_NUMBER", "7")], Some(("main", None, false))),
        (&[("DRONE_TARGET_BRANCH", "main"), ("DRONE_BUILD_EVENT", "push")], None),
    ];

    #[test]
    fn systems_say_what_is_merged_into_what() {
        for (variables, expected) in CASES {
            let found = target(&Environment::of(variables.iter().copied()));
            let found = found.as_ref().map(|target| (target.branch.as_str(), target.commit.as_deref(), target.merged));
            assert_eq!(found, *expected, "{variables:?}");
        }
    }
}
