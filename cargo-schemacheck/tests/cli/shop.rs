//! The example shop: the rename in one step is caught, the same by expand and contract passes.

use serde_json::Value;

use crate::command::{Ran, repository, rules, schemacheck};

fn step(baseline: &str, candidate: &str, arguments: &[&str]) -> Ran {
    let (candidate, baseline) = (format!("examples/shop/{candidate}"), format!("examples/shop/{baseline}"));
    let step = ["--manifest-path", &candidate, "--baseline-root", &baseline];
    schemacheck(&repository(), &[&step, arguments].concat())
}

#[test]
fn the_rename_in_one_step_is_one_block() {
    let ran = step("v1", "v2-rename", &[]).exits(1);
    assert_eq!(ran.out.matches("error[").count(), 1, "{ran}");
    ran.says(&[
        "error[missing-column]: examples/shop/v1 still writes `users.name`, renamed to `full_name` here",
        "--> migrations/20260402_full_name.sql:1:19",
        "::: examples/shop/v1:src/users.rs:12:",
        "examples/shop/v1 cannot run through this rollout: 1 migration breaks 3 of its 5 queries",
    ]);
    let document = step("v1", "v2-rename", &["--format", "json"]).exits(1).document();
    let denied = document["findings"].as_array().unwrap().iter().filter(|finding| finding["level"] == "deny");
    let groups: Vec<&Value> = denied.map(|finding| &finding["group"]).collect();
    assert_eq!(groups.len(), 3, "{document:#}");
    assert!(groups.iter().all(|group| *group == groups[0]), "{document:#}");
}

#[test]
fn expand_and_contract_passes() {
    for (baseline, candidate) in [("v1", "v2"), ("v2", "v3"), ("v3", "v4")] {
        let ran = step(baseline, candidate, &[]).exits(0);
        ran.says(&["ok: ", "migrate-first", "--baseline-root"]).keeps_quiet_of(&["error"]);
    }
}

#[test]
fn skipping_the_release_between_is_caught() {
    let document = step("v1", "v4", &["--format", "json"]).exits(1).document();
    assert!(rules(&document).contains(&"missing-column"), "{document:#}");
}

#[test]
fn a_release_against_itself_is_silent() {
    for release in ["v1", "v2", "v3", "v4"] {
        let ran = step(release, release, &[]).exits(0);
        ran.says(&["0 migrations pending"]).keeps_quiet_of(&["warning", "error"]);
        let document = step(release, release, &["--format", "json"]).exits(0).document();
        assert_eq!(rules(&document), [""; 0]);
    }
}
