//! Figures of a judged history.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use crate::history::StepTruth;

/// A page of text: how many steps, how many break, by which errors, and the migrations that the server refuses.
#[must_use]
pub fn summary(truths: &[StepTruth]) -> String {
    let mut text = String::new();
    let judged: Vec<&StepTruth> = truths.iter().filter(|truth| truth.unreplayable.is_none()).collect();
    let breaking = judged.iter().filter(|truth| broken_queries(truth) > 0).count();
    let cells: usize = judged.iter().flat_map(|truth| truth.states.iter().skip(1)).map(|s| s.baseline.queries).sum();
    let queries: usize = judged.iter().map(|truth| broken_queries(truth)).sum();
    let _ = writeln!(text, "steps: {}, judged: {}, breaking an old query: {breaking}", truths.len(), judged.len());
    let _ = writeln!(text, "old queries × later states: {cells}; old queries broken, summed over steps: {queries}");
    let _ = writeln!(text, "old queries that fail, by stage and error:");
    let failures = judged.iter().flat_map(|truth| truth.states.iter().skip(1)).flat_map(|s| &s.baseline.failures);
    for ((stage, sqlstate), count) in counted(failures.map(|f| (format!("{:?}", f.stage), f.error.sqlstate.clone()))) {
        let _ = writeln!(text, "  {count:5} {stage} {sqlstate}");
    }
    let suspects = judged.iter().flat_map(|truth| truth.states.iter().skip(1)).flat_map(|s| &s.baseline.suspects);
    let _ = writeln!(text, "old queries that newly run into the data:");
    for (sqlstate, count) in counted(suspects.map(|f| f.error.sqlstate.clone())) {
        let _ = writeln!(text, "  {count:5} {sqlstate}");
    }
    let broken = judged.iter().filter_map(|truth| truth.states.first()).flat_map(|s| &s.baseline.failures);
    let broken: HashSet<_> = broken.map(|f| (&f.sql, &f.error.sqlstate)).collect();
    let _ = writeln!(text, "distinct old queries that fail on their own head: {}", broken.len());
    for truth in truths {
        step_notes(&mut text, truth);
    }
    text
}

/// How many old queries fail on some later state of a step.
#[must_use]
pub fn broken_queries(truth: &StepTruth) -> usize {
    let failures = truth.states.iter().skip(1).flat_map(|state| &state.baseline.failures);
    failures.map(|failure| &failure.sql).collect::<HashSet<_>>().len()
}

fn step_notes(text: &mut String, truth: &StepTruth) {
    let commit = truth.commit.get(..10).unwrap_or_default();
    let notes = [
        ("cannot be replayed", &truth.unreplayable),
        ("migration fails", &truth.failed_migration),
        ("migration fails on rows", &truth.fails_on_rows),
    ];
    for (what, error) in notes {
        if let Some(error) = error {
            let _ = writeln!(text, "{commit} {what}: {}: {}", error.file, error.error);
        }
    }
}

fn counted<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0) += 1;
    }
    counts
}
