//! What a snapshot holds of a rollout is what a replay gives: the same states and the same findings, for all cases.

use std::fs;
use std::path::{Path, PathBuf};

use schemacheck_checker::rollout::{CheckInput, Replayed, check_and_keep};
use schemacheck_checker::rules;
use schemacheck_checker::schema::Schema;
use schemacheck_checker::snapshot::{Facts, Snapshot};
use schemacheck_tests::case::Case;
use schemacheck_tests::checked::input;

#[test]
fn stored_states_are_those_of_a_replay() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .expect("cases")
        .map(|entry| entry.expect("a case").path())
        .filter(|it| it.is_dir())
        .collect();
    folders.sort();
    let mut differences = Vec::new();
    for folder in folders {
        let case = Case::read(&folder).expect("a case");
        let rollout = input(&case, &case.migrations).expect("a rollout");
        // From the empty database on, every state is in the snapshot.
        let mut whole = CheckInput { baselines: Vec::new(), ..rollout.clone() };
        whole.rollout.applied = Some(Vec::new());
        for (name, input) in [("rollout", rollout), ("whole history", whole)] {
            let found = differs(&input).into_iter().map(|line| format!("{}, {name}: {line}", case.name));
            differences.extend(found);
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// In what a rollout that was written and read differs from the replayed one.
fn differs(input: &CheckInput) -> Vec<String> {
    let (_, replayed) = check_and_keep(input, rules::ALL);
    let (bytes, _) = Snapshot::write(&Facts::default(), std::slice::from_ref(&replayed));
    let snapshot = Snapshot::read(bytes).expect("a snapshot");
    let Some(read) = snapshot.databases().next() else { return vec!["no database".to_owned()] };
    let mut found = Vec::new();
    // Findings first: they read what they need and no more.
    for owned in &input.candidate.queries {
        let of = |replayed: &Replayed| format!("{:#?}", replayed.findings(owned.clone(), rules::ALL));
        found.extend(first_difference(&of(read), &of(&replayed)).map(|it| format!("{}: {it}", owned.query.sql)));
    }
    let (read, replayed): (Vec<&Schema>, Vec<&Schema>) = (read.states().collect(), replayed.states().collect());
    if read.len() != replayed.len() {
        found.push(format!("{} states, replayed {}", read.len(), replayed.len()));
    }
    for (number, (read, replayed)) in read.into_iter().zip(replayed).enumerate() {
        let difference = first_difference(&format!("{read:#?}"), &format!("{replayed:#?}"));
        found.extend(difference.map(|it| format!("state {number}: {it}")));
    }
    found
}

fn first_difference(read: &str, replayed: &str) -> Option<String> {
    let lines = read.lines().zip(replayed.lines()).find(|(a, b)| a != b);
    let of = |(read, replayed): (&str, &str)| format!("read {}, replayed {}", read.trim(), replayed.trim());
    lines.map(of).or_else(|| (read != replayed).then(|| "one is longer".to_owned()))
}
