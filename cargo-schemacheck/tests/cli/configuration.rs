//! `schemacheck.toml`: what is wrong in it stops the run, `init` writes one.

use crate::project::{Project, query};

#[test]
fn a_key_that_does_not_exist_stops_the_run() {
    let (old, new) = (Project::small(), Project::small());
    new.write("schemacheck.toml", "[rollout]\nordr = \"any\"\n");
    new.against(&old, &[]).exits(2).says(&["schemacheck.toml:2:1", "ordr", "did you mean `order`?"]);
    new.write("schemacheck.toml", "[rules]\nmissing-colum = \"warn\"\n");
    new.against(&old, &[]).exits(2).says(&["schemacheck.toml:2:1", "missing-colum", "missing-column"]);
    new.write("schemacheck.toml", "[rollout\n");
    new.against(&old, &[]).exits(2).says(&["schemacheck.toml:1:", "not TOML"]);
    new.remove("schemacheck.toml");
    new.against(&old, &["--config", "other.toml"]).exits(2).says(&["other.toml"]);
}

#[test]
fn levels_decide_on_the_status() {
    let (old, new) = (Project::small(), Project::small());
    new.write("migrations/2_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    new.write("src/users.rs", query("SELECT id FROM users"));
    new.against(&old, &[]).exits(1);
    new.write("schemacheck.toml", "[rules]\nmissing-column = \"warn\"\n");
    new.against(&old, &[]).exits(0).says(&["warning[missing-column]"]);
    new.write("schemacheck.toml", "[rollout]\nstrategy = \"recreate\"\n");
    new.against(&old, &[]).exits(0).keeps_quiet_of(&["missing-column"]);
}

#[test]
fn init_writes_what_the_command_reads() {
    let (old, new) = (Project::small(), Project::small());
    new.run(&["init"]).exits(2).says(&["--yes"]);
    new.run(&["init", "--yes", "--manifest-path", "."]).exits(0).says(&["wrote ", "schemacheck.toml"]);
    let text = std::fs::read_to_string(new.join("schemacheck.toml")).unwrap();
    assert!(text.contains("order = \"migrate-first\"") && text.contains('#'), "{text}");
    new.run(&["init", "--yes", "--manifest-path", "."]).exits(2).says(&["--force"]);
    new.run(&["init", "--yes", "--force", "--manifest-path", "."]).exits(0);
    new.against(&old, &[]).exits(0).says(&["ok: "]);
}

#[test]
fn each_rule_is_explained() {
    let project = Project::empty();
    let all = project.run(&["explain"]).exits(0);
    let ids: Vec<&str> = all.out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(ids.contains(&"missing-column") && ids.len() > 20, "{all}");
    for id in ids {
        project.run(&["explain", id]).exits(0).says(&[id, "## Why it breaks a rollout", "## How to fix"]);
    }
}
