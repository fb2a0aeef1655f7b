//! What runs now: folders, release files, revisions, pull requests; what a clone lacks.

use serde_json::Value;

use crate::command::{rules, schemacheck, schemacheck_in};
use crate::project::{Project, git, query};

/// The column is renamed, and the code with it.
fn rename(project: &Project) {
    project.write("migrations/2_rename.sql", "ALTER TABLE users RENAME COLUMN name TO full_name;\n");
    project.write("src/users.rs", query("SELECT id, full_name FROM users"));
}

#[test]
fn a_release_file_gives_the_findings_of_the_sources() {
    let (old, new) = (Project::small(), Project::small());
    rename(&new);
    let recorded = new.join("old.json");
    let recorded = recorded.to_str().unwrap();
    old.run(&["record", "--manifest-path", ".", "--output", recorded]).exits(0).says(&["wrote "]);
    let text = old.run(&["record", "--manifest-path", "."]).exits(0).out;
    assert_eq!(text, std::fs::read_to_string(recorded).unwrap());
    let from_file = ["--manifest-path", ".", "--baseline-file", recorded, "--format", "json"];
    let (from_file, from_root) =
        (new.run(&from_file).exits(1).document(), new.against(&old, &["--format", "json"]).exits(1).document());
    assert_eq!(comparable(&from_file, "old"), comparable(&from_root, old.path().to_str().unwrap()));
    assert_eq!(rules(&from_file)[1], "missing-column", "{from_file:#}");
}

/// What does not depend on where a release was read from.
fn comparable(document: &Value, id: &str) -> Value {
    let text = |value: &Value| Value::from(value.as_str().unwrap_or_default().replace(id, "OLD"));
    let mut document = document.clone();
    for finding in document["findings"].as_array_mut().unwrap() {
        finding["release"] = text(&finding["release"]);
        finding["message"] = text(&finding["message"]);
        if let Some(query) = finding["query"].as_object_mut() {
            query.retain(|key, _| key == "sql");
        }
    }
    Value::from(vec![document["findings"].clone(), document["summary"].clone(), document["requires"].clone()])
}

#[test]
fn a_release_file_that_is_none() {
    let project = Project::small();
    project.write("bad.json", "{}");
    project.run(&["--manifest-path", ".", "--baseline-file", "bad.json"]).exits(2).says(&["bad.json"]);
    project.run(&["--manifest-path", ".", "--baseline-file", "none.json"]).exits(2).says(&["none.json", "record"]);
}

#[test]
fn without_git_a_baseline_has_to_be_named() {
    Project::small().run(&["--manifest-path", "."]).exits(2).says(&["no git repository", "--baseline-root"]);
}

#[test]
fn a_revision() {
    let project = Project::committed();
    project.git(&["tag", "v1.0.0"]);
    rename(&project);
    project.commit("rename");
    let ran = project.run(&["--baseline-rev", "v1.0.0"]).exits(1);
    ran.says(&["v1.0.0 still reads `users.name`", "::: v1.0.0:src/users.rs:2:", "baseline v1.0.0 (--baseline-rev)"]);
    project.run(&["--baseline-rev", "HEAD"]).exits(0);
    project.run(&["--baseline-rev", "v9"]).exits(2).says(&["there is no revision `v9`", "git fetch"]);
    let variable = [("SCHEMACHECK_BASELINE", "tag:v*")];
    schemacheck_in(project.path(), &[], &variable).exits(1).says(&["baseline v1.0.0 (tag:v* in SCHEMACHECK_BASELINE)"]);
}

#[test]
fn the_work_tree_is_neither_read_for_the_baseline_nor_touched() {
    let project = Project::committed();
    rename(&project);
    let ran = project.run(&[]).exits(1);
    ran.says(&["changed files on top of main", "still reads `users.name`", "--baseline-rev"]);
    assert_eq!(project.git(&["status", "--porcelain"]), " M src/users.rs\n?? migrations/2_rename.sql");
}

#[test]
fn a_project_in_a_folder_of_its_repository() {
    let project = Project::small();
    std::fs::create_dir(project.join("server")).unwrap();
    for path in ["Cargo.toml", "src", "migrations"] {
        std::fs::rename(project.join(path), project.join("server").join(path)).unwrap();
    }
    project.git(&["init", "--quiet", "--initial-branch=main"]);
    project.commit("users");
    project.write("server/migrations/2_rename.sql", "ALTER TABLE users RENAME COLUMN name TO full_name;\n");
    project.write("server/src/users.rs", query("SELECT id, full_name FROM users"));
    let words = ["still reads `users.name`", "--> migrations/2_rename.sql", "1 migration pending"];
    schemacheck(&project.join("server"), &[]).exits(1).says(&words);
    schemacheck(&project.join("server/src"), &[]).exits(1).says(&words);
    project.run(&["--manifest-path", "server/Cargo.toml"]).exits(1).says(&words);
    project.commit("rename");
    schemacheck(&project.join("server"), &["backtest"]).exits(0).says(&["still reads `users.name`", "1 of 1 commit"]);
}

#[test]
fn on_the_default_branch_the_parent_and_on_a_branch_the_merge_base() {
    let project = Project::committed();
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    rename(&project);
    project.commit("rename");
    project.write("src/other.rs", "");
    project.commit("something else");
    project.run(&[]).exits(1).says(&["merge base with main"]);
    let pull_request = [("GITHUB_BASE_REF", "main"), ("GITHUB_REF", "refs/pull/7/head")];
    schemacheck_in(project.path(), &[], &pull_request).exits(1).says(&["pull request into main (GITHUB_BASE_REF)"]);
    project.git(&["checkout", "--quiet", "main"]);
    project.git(&["merge", "--quiet", "--no-ff", "feature"]);
    project.run(&[]).exits(1).says(&["first parent on main"]);
}

#[test]
fn what_was_there_before_a_pull_request_is_a_note() {
    let project = Project::committed();
    project.git(&["tag", "v1.0.0"]);
    rename(&project);
    project.commit("rename");
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    project.write("src/other.rs", "");
    project.commit("something else");
    let release = ["--baseline-rev", "v1.0.0"];
    project.run(&release).exits(1).says(&["error[missing-column]"]);
    let pull_request = [("GITHUB_BASE_REF", "main"), ("GITHUB_REF", "refs/pull/7/head")];
    let ran = schemacheck_in(project.path(), &release, &pull_request).exits(0);
    ran.keeps_quiet_of(&["error"]).says(&["2 notes"]);
    let all = [&release[..], &["--all"]].concat();
    schemacheck_in(project.path(), &all, &pull_request).exits(0).says(&["note[missing-column]"]);
}

#[test]
fn a_shallow_clone_is_told_what_to_fetch() {
    let project = Project::committed();
    let first = project.git(&["rev-parse", "HEAD"]);
    rename(&project);
    project.commit("rename");
    let clone = Project::empty();
    let origin = format!("file://{}", project.path().display());
    git(clone.path(), &["clone", "--quiet", "--depth=1", &origin, "clone"]);
    let clone = clone.join("clone");
    let fetch = format!("git fetch --no-tags --depth=1 origin {first}");
    schemacheck(&clone, &["--baseline-rev", &first]).exits(2).says(&["shallow", &fetch]);
    schemacheck(&clone, &[]).exits(2).says(&["it lacks the parent commit", &fetch]);
    let arguments: Vec<&str> = fetch.split(' ').skip(1).collect();
    git(&clone, &arguments);
    schemacheck(&clone, &["--baseline-rev", "FETCH_HEAD"]).exits(1).says(&["still reads `users.name`"]);
    schemacheck(&clone, &[]).exits(1).says(&["first parent on main"]);
}

/// What a pull request's build checks out: the merge, and as much history as `fetch-depth: 2` brings.
#[test]
fn a_pull_request_takes_two_commits_of_history() {
    let project = Project::committed();
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    rename(&project);
    project.commit("rename");
    project.git(&["checkout", "--quiet", "main"]);
    project.write("src/other.rs", "");
    project.commit("meanwhile");
    project.git(&["merge", "--quiet", "--no-ff", "feature"]);
    project.git(&["update-ref", "refs/pull/7/merge", "HEAD"]);
    let clone = Project::empty();
    let origin = format!("file://{}", project.path().display());
    clone.git(&["init", "--quiet", "--initial-branch=main"]);
    clone.git(&["remote", "add", "origin", &origin]);
    clone.git(&[
        "fetch",
        "--quiet",
        "--no-tags",
        "--depth=2",
        "origin",
        "+refs/pull/7/merge:refs/remotes/pull/7/merge",
    ]);
    clone.git(&["checkout", "--quiet", "--detach", "refs/remotes/pull/7/merge"]);
    let build = [("GITHUB_BASE_REF", "main"), ("GITHUB_REF", "refs/pull/7/merge")];
    let ran = schemacheck_in(clone.path(), &[], &build).exits(1);
    ran.says(&["pull request into main (GITHUB_BASE_REF)", "still reads `users.name`"]);
}

#[test]
fn several_live_releases() {
    let project = Project::committed();
    project.git(&["tag", "v1.0.0"]);
    project.write("migrations/2_add.sql", "ALTER TABLE users ADD COLUMN full_name text;\n");
    project.write("src/users.rs", query("SELECT id, full_name FROM users"));
    project.commit("add");
    project.git(&["tag", "v1.1.0"]);
    project.write("migrations/3_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    project.commit("drop");
    project.run(&["--baseline-rev", "v1.1.0"]).exits(0);
    let both = project.run(&["--baseline-rev", "v1.1.0", "--baseline-rev", "v1.0.0"]).exits(1);
    both.says(&["v1.0.0 still reads `users.name`, dropped here"]);
    project.write("schemacheck.toml", "[rollout]\nbaseline = \"tag:v*\"\nreleases = 2\n");
    project.run(&[]).exits(1).says(&["v1.0.0 still reads `users.name`, dropped here"]);
}

#[test]
fn the_last_commits_with_migrations() {
    let project = Project::committed();
    project.write("migrations/2_add.sql", "ALTER TABLE users ADD COLUMN age int;\n");
    project.commit("add age");
    rename(&project);
    std::fs::rename(project.join("migrations/2_rename.sql"), project.join("migrations/3_rename.sql")).unwrap();
    project.commit("rename at once");
    project.write("src/other.rs", "");
    project.commit("no migration");
    let ran = project.run(&["backtest"]).exits(0);
    ran.says(&["rename at once", "error[missing-column]", "still reads `users.name`", "add age", "1 of 2 commits"]);
    let document = project.run(&["backtest", "--format", "json"]).exits(0).document();
    let steps = document["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 2, "{document:#}");
    for key in ["commit", "parent", "subject"] {
        assert!(steps[0][key].is_string(), "{document:#}");
    }
    assert_eq!(steps[0]["reports"][0]["format"], 1);
    let one = project.run(&["backtest", "--last", "1"]).exits(0);
    one.says(&["rename at once", "1 of 1 commit"]);
    Project::small().run(&["backtest"]).exits(2).says(&["no git repository"]);
}
