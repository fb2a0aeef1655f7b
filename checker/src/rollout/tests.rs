//! Which states each release meets, and what is checked on them.

use super::fixture::{Block, input};
use super::{Report, WindowKind};

const TABLE: Block<'static> = ("sql before", "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);");
const EXPAND: Block<'static> = ("sql migration", "ALTER TABLE users ADD COLUMN email text;");
const CONTRACT: Block<'static> = ("sql migration", "-- schemacheck: contract\nALTER TABLE users DROP COLUMN name;");

fn report(settings: &str, blocks: &[Block<'_>]) -> Report {
    let mut all = vec![("toml rollout", settings)];
    all.extend(blocks);
    crate::check(&input(&all))
}

/// Each window as `release kind from-to`.
fn windows(settings: &str, blocks: &[Block<'_>]) -> Vec<String> {
    let report = report(settings, blocks);
    let window = |window: &super::Window| {
        let kind = if window.kind == WindowKind::Live { "live" } else { "return" };
        format!("{} {kind} {}-{}", report.releases[window.release].id, window.from, window.to)
    };
    report.windows.iter().map(window).collect()
}

#[test]
fn the_order_says_which_states_a_release_meets() {
    let pending = [TABLE, EXPAND, EXPAND];
    assert_eq!(windows("", &pending), ["v1 live 0-2", "this tree live 2-2"]);
    assert_eq!(windows("order = 'deploy-first'", &pending), ["v1 live 0-0", "v1 return 1-2", "this tree live 0-2"]);
    assert_eq!(windows("order = 'any'", &pending), ["v1 live 0-2", "this tree live 0-2"]);
    assert_eq!(windows("strategy = 'recreate'", &pending), ["v1 live 0-0", "v1 return 1-2", "this tree live 2-2"]);
}

#[test]
fn contract_migrations_come_after_the_old_release_if_something_holds_them_back() {
    let pending = [TABLE, CONTRACT, EXPAND];
    let held = "contract_held = true";
    assert_eq!(windows(held, &pending), ["v1 live 0-1", "v1 return 2-2", "this tree live 1-2"]);
    assert_eq!(report(held, &pending).rollout.pending, ["30", "20"], "held back behind the others");
    assert_eq!(windows("", &pending), ["v1 live 0-2", "this tree live 2-2"]);
    let rules: Vec<&str> = report("", &pending).findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["phase-not-enforced"]);
}

#[test]
fn nothing_pending_is_one_state() {
    assert_eq!(windows("", &[TABLE]), ["v1 live 0-0", "this tree live 0-0"]);
    let report = report("", &[TABLE]);
    assert_eq!(report.states.len(), 1);
    assert_eq!(report.states[0].version.as_deref(), Some("10"));
    assert!(report.states[0].step.is_none());
}

#[test]
fn applied_migrations_can_be_named() {
    let report = report("applied = ['10', '20']", &[TABLE, EXPAND, EXPAND]);
    assert_eq!(report.rollout.pending, ["30"]);
    assert_eq!(report.states[0].version.as_deref(), Some("20"));
}
