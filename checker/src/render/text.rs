//! What a check found, for people: one block per cause, then the answer.

use annotate_snippets::Renderer;

use super::block::block;
use super::closing::closing;
use crate::finding::{Finding, Level};
use crate::rollout::Report;

/// How to print.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextOptions {
    /// With colours.
    pub styled: bool,
    /// Every query of a finding and every note, not only the first few.
    pub all: bool,
    /// Findings only.
    pub quiet: bool,
}

/// What a check found.
pub fn report(report: &Report, options: TextOptions) -> String {
    let renderer = if options.styled { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for group in report.findings.chunk_by(|one, other| one.group == other.group) {
        if group[0].level == Level::Allow || (group[0].level == Level::Note && !options.all) {
            continue;
        }
        out.push_str(&block(report, group, options, &renderer));
        out.push_str("\n\n");
    }
    if !options.quiet || report.findings.iter().any(|finding| finding.level == Level::Deny) {
        out.push_str(&closing(report, options, &renderer));
    }
    out
}

/// The blocks alone, plain, each with its level; notes are left out.
pub fn blocks(report: &Report) -> Vec<(Level, String)> {
    let groups = report.findings.chunk_by(|one, other| one.group == other.group);
    let worst = |group: &[Finding]| group.iter().map(|finding| finding.level).max().unwrap_or(Level::Allow);
    let shown = groups.map(|group| (worst(group), group)).filter(|(level, _)| *level > Level::Note);
    shown.map(|(level, group)| (level, block(report, group, TextOptions::default(), &Renderer::plain()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Cause, QueryPlace, Role, Verdict};
    use crate::rollout::{DatabaseInfo, ReleaseInfo, RolloutInfo, StateInfo, Summary};
    use crate::source::{Place, Source, Span};

    fn place(source: &Source, text: &str) -> Place {
        let start = source.text().find(text).expect("the text stands in the source");
        Place { source: source.clone(), span: Span::new(start, start + text.len()) }
    }

    fn sample() -> Report {
        let migration =
            Source::new("migrations/20260402_full_name.sql", "ALTER TABLE users RENAME COLUMN name TO full_name;\n");
        let code = Source::new(
            "src/users.rs",
            "fn f() {\n    g(\n        \"SELECT id, name FROM users\",\n    );\n    g(\"SELECT name FROM users\");\n}\n",
        );
        let finding = |sql: &str, part: &str, index| Finding {
            group: 0,
            rule: "missing-column",
            level: Level::Deny,
            verdict: Verdict::Breaks,
            release: Some(0),
            message: "v1.8.0 still reads `users.name`, renamed here".into(),
            help: Some(
                "in three releases: add `full_name` and keep both in step; use only `full_name`; drop `name`".into(),
            ),
            fix: None,
            query: Some(QueryPlace {
                place: place(&code, sql),
                part: place(&code, part),
                label: "unknown column from 20260402 on".into(),
                sql: sql.trim_matches('"').into(),
                index,
            }),
            states: vec![(1, 1)],
            causes: vec![Cause {
                version: "20260402".into(),
                place: place(&migration, "RENAME COLUMN name TO full_name"),
            }],
        };
        let release = |id: &str, role, why: &str| ReleaseInfo {
            id: id.into(),
            role,
            source: String::new(),
            why: why.into(),
            head: None,
            queries: 611,
        };
        Report {
            database: DatabaseInfo { name: "main".into(), dialect: "postgres", layout: "sqlx", migrations: 2 },
            rollout: RolloutInfo { order: "migrate-first", pending: vec!["20260402".into()], contract: vec![] },
            releases: vec![release("v1.8.0", Role::Baseline, "tag:v*"), release("this tree", Role::Candidate, "")],
            states: (0..2)
                .map(|index| StateInfo { index, version: None, name: None, step: None, file: None })
                .collect(),
            findings: vec![
                finding("\"SELECT id, name FROM users\"", "name", 0),
                finding("\"SELECT name FROM users\"", "\"SELECT name", 4),
            ],
            summary: Summary { queries: 1222, breaks: 2, runs: 1220, ..Summary::default() },
            ..Report::default()
        }
    }

    #[test]
    fn one_block_for_one_cause() {
        let expected = "\
error[missing-column]: v1.8.0 still reads `users.name`, renamed here
 --> migrations/20260402_full_name.sql:1:19
  |
1 | ALTER TABLE users RENAME COLUMN name TO full_name;
  |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
 ::: v1.8.0:src/users.rs:3:21
  |
3 |         \"SELECT id, name FROM users\",
  |                     ---- unknown column from 20260402 on
  |
  = note: 1 more query of v1.8.0 breaks here: src/users.rs:5
  = help: in three releases: add `full_name` and keep both in step; use only `full_name`; drop `name`

error: v1.8.0 cannot run through this rollout: 1 migration breaks 2 of its 611 queries
    main: postgres, 1 migration pending, migrate-first, baseline v1.8.0 (tag:v*)
    611 + 611 queries, 0 unknown, 0 calls not readable
";
        assert_eq!(report(&sample(), TextOptions::default()), expected);
    }

    #[test]
    fn a_clean_run_says_what_was_checked() {
        let report = super::report(&Report { findings: vec![], ..sample() }, TextOptions::default());
        assert!(
            report.starts_with("ok: v1.8.0 and this tree run on all 2 schemas of the rollout\n    main: "),
            "{report}"
        );
    }
}
