//! The table of rules against its folder.

use std::collections::BTreeSet;
use std::path::Path;

use super::ALL;
use crate::rollout::{Release, fixture};

/// The headings of a rule's documentation, in order.
const SECTIONS: [&str; 5] = ["What it catches", "Why it breaks a rollout", "How to fix", "Bad", "Good"];

#[expect(clippy::disallowed_methods, reason = "the test is about files")]
#[test]
fn the_table_is_sorted_and_holds_the_folder() {
    assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id), "sorted, without duplicates");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let files = std::fs::read_dir(folder).expect("folder of rules").filter_map(Result::ok);
    let names: BTreeSet<String> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    let expected = ALL.iter().flat_map(|rule| [format!("{}.md", rule.id), format!("{}.rs", rule.id.replace('-', "_"))]);
    let expected: BTreeSet<String> = expected.chain(["mod.rs", "tests.rs"].map(String::from)).collect();
    assert_eq!(names, expected);
}

#[test]
fn summaries_are_sentences_without_a_full_stop() {
    for rule in ALL {
        assert!(rule.summary.starts_with(char::is_lowercase) && !rule.summary.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn documentation_has_its_sections() {
    for rule in ALL {
        let headings: Vec<&str> = rule.docs.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, SECTIONS, "{}", rule.id);
        assert_eq!(rule.docs.lines().next(), Some(&*format!("# {}", rule.id)), "{}", rule.id);
    }
}

#[expect(clippy::disallowed_methods, reason = "the test is about files")]
#[test]
fn every_problem_that_analysis_names_is_a_rule() {
    let mut files = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/analysis")];
    let mut unknown = BTreeSet::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).expect("folder").filter_map(Result::ok).map(|file| file.path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("source");
        for piece in text.split("Kind(\"").skip(1).chain(text.split("rule: \"").skip(1)) {
            let id = piece.split('"').next().unwrap_or_default();
            if super::by_id(id).is_none() {
                unknown.insert(id.to_owned());
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// The text under a heading.
fn section<'a>(docs: &'a str, heading: &str) -> &'a str {
    let from = docs.split_once(&format!("## {heading}\n")).map_or("", |(_, rest)| rest);
    from.split_once("\n## ").map_or(from, |(text, _)| text)
}

/// The rules that speak on a section's example.
fn speaking(docs: &str, heading: &str) -> Vec<String> {
    let report = crate::check(&fixture::input(&fixture::blocks(section(docs, heading))));
    let mut rules: Vec<String> = report.findings.iter().map(|finding| finding.rule.to_owned()).collect();
    rules.sort();
    rules.dedup();
    // What is not understood must not pass for silence.
    let unknown = report.summary.unknown > 0 && rules.is_empty();
    rules.extend(unknown.then(|| "unknown".to_owned()));
    rules
}

#[test]
fn bad_examples_fire_their_rule_alone_and_good_ones_nothing() {
    let mut wrong = Vec::new();
    for rule in ALL {
        let (bad, good) = (speaking(rule.docs, "Bad"), speaking(rule.docs, "Good"));
        if bad != [rule.id] {
            wrong.push(format!("{}: the bad example gives {bad:?}", rule.id));
        }
        if !good.is_empty() {
            wrong.push(format!("{}: the good example gives {good:?}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_release_against_itself_is_silent() {
    for rule in ALL {
        for heading in ["Bad", "Good"] {
            let mut input = fixture::input(&fixture::blocks(section(rule.docs, heading)));
            for release in [input.baselines[0].clone(), input.candidate.clone()] {
                input.baselines = vec![release.clone()];
                input.candidate = Release { id: "this tree".to_owned(), ..release };
                let loud = crate::check(&input)
                    .findings
                    .into_iter()
                    .find(|finding| finding.rule != "expectation-out-of-range");
                assert!(loud.is_none(), "{} {heading}: {loud:?}", rule.id);
            }
        }
    }
}
