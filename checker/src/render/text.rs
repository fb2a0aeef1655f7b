//! Text for people: one block per cause, in the layout of rustc's diagnostics.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Element, Group, Level as Title, Origin, Renderer, Snippet};

use super::printable;
use crate::finding::{Finding, Level, QueryPlace, Role, Verdict};
use crate::rollout::{Matrix, Report};
use crate::source::{Place, Span};

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

/// How many queries a block lists without `--all`.
const LISTED: usize = 3;

fn block(report: &Report, group: &[Finding], options: TextOptions, renderer: &Renderer) -> String {
    let first = &group[0];
    let title = match first.level {
        Level::Deny => Title::ERROR,
        Level::Warn => Title::WARNING,
        Level::Note | Level::Allow => Title::NOTE,
    };
    let mut elements: Vec<Element<'_>> = Vec::new();
    let cause = first.causes.first().map(|cause| &cause.place);
    let of_baseline = first.release.is_some_and(|release| report.releases[release].role != Role::Candidate);
    match (cause, &first.query) {
        (Some(cause), Some(query)) if of_baseline => {
            snippet(&mut elements, cause, cause.source.path().to_owned(), AnnotationKind::Primary, "");
            snippet(
                &mut elements,
                &query.part,
                shown_path(report, first, &query.part),
                AnnotationKind::Context,
                &query.label,
            );
        }
        (cause, Some(query)) => {
            snippet(
                &mut elements,
                &query.part,
                shown_path(report, first, &query.part),
                AnnotationKind::Primary,
                &query.label,
            );
            if let Some(cause) = cause {
                snippet(&mut elements, cause, cause.source.path().to_owned(), AnnotationKind::Context, "");
            }
        }
        (Some(cause), None) => {
            snippet(&mut elements, cause, cause.source.path().to_owned(), AnnotationKind::Primary, "")
        }
        (None, None) => {}
    }
    if let Some(note) = more_queries(report, group, options) {
        elements.push(Title::NOTE.message(printable(&note).into_owned()).into());
    }
    if let Some(note) = states(report, first) {
        elements.push(Title::NOTE.message(printable(&note).into_owned()).into());
    }
    if let Some(help) = &first.help {
        elements.push(Title::HELP.message(printable(help)).into());
    }
    let title = title.primary_title(printable(&first.message)).id(first.rule);
    renderer.render(&[title.elements(elements)])
}

/// The release's id stands before the path where the line may not exist in the work tree.
fn shown_path(report: &Report, finding: &Finding, place: &Place) -> String {
    match finding.release.map(|release| &report.releases[release]) {
        Some(release) if release.role != Role::Candidate => format!("{}:{}", release.id, place.source.path()),
        _ => place.source.path().to_owned(),
    }
}

/// The longest piece of a file that is shown.
const LONGEST: usize = 4000;

/// How many lines of a place are shown.
const LINES: usize = 6;

/// Adds the lines of a place; only its position where they are too long to show or the text is not at hand.
fn snippet(elements: &mut Vec<Element<'_>>, place: &Place, path: String, kind: AnnotationKind, label: &str) {
    let path = printable(&path).into_owned();
    let (line, column) = place.line_column();
    let text = place.source.text();
    let mut span = within(text, place.span);
    if text[span.start..span.end].lines().count() > LINES {
        span.end = line_end(text, span.start);
    }
    let start = line_start(text, span.start);
    let end = line_end(text, span.end);
    if text.is_empty() || end - start > LONGEST {
        elements.push(Origin::path(path).line(line).char_column(column).into());
        return;
    }
    // What stands for a control character may have another length.
    let (before, marked, after) = (&text[start..span.start], &text[span.start..span.end], &text[span.end..end]);
    let mut shown = shown_lines(before);
    let from = shown.len();
    shown.push_str(&shown_lines(marked));
    let mut annotation = kind.span(from..shown.len());
    shown.push_str(&shown_lines(after));
    if !label.is_empty() {
        annotation = annotation.label(printable(label).into_owned());
    }
    elements.push(Snippet::source(shown).line_start(line).path(path).annotation(annotation).into());
}

/// Lines of a file without what ends them on some systems, or starts the file.
fn shown_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    printable(text.trim_start_matches('\u{feff}').trim_end_matches('\r')).into_owned()
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline)
}

/// The span moved to character boundaries inside the text.
fn within(text: &str, span: Span) -> Span {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = floor(span.start);
    Span::new(start, floor(span.end).max(start))
}

fn more_queries(report: &Report, group: &[Finding], options: TextOptions) -> Option<String> {
    // One query may be concerned in several ways.
    let mut seen = BTreeSet::from_iter(group[0].query.as_ref().map(|query| query.index));
    let others: Vec<(&Finding, &QueryPlace)> = group[1..]
        .iter()
        .filter_map(|finding| Some((finding, finding.query.as_ref()?)))
        .filter(|(_, query)| seen.insert(query.index))
        .collect();
    let first = others.first()?;
    let shown = if options.all { others.len() } else { LISTED.min(others.len()) };
    let places: Vec<String> = others[..shown]
        .iter()
        .map(|(_, query)| format!("{}:{}", query.part.source.path(), query.part.line_column().0))
        .collect();
    let release = first.0.release.map_or(String::new(), |release| format!(" of {}", report.releases[release].id));
    let does = match group[0].verdict {
        Verdict::Breaks => "break here",
        Verdict::MayBreak => "may break here",
        Verdict::Unknown => "are not understood here",
        Verdict::Runs => "are concerned",
    };
    let (count, word) = (others.len(), if others.len() == 1 { "query" } else { "queries" });
    let does = if count == 1 {
        does.replacen("break", "breaks", 1).replacen("may breaks", "may break", 1).replacen("are", "is", 1)
    } else {
        does.to_owned()
    };
    let rest = if shown < count { ", … (--all)" } else { "" };
    Some(format!("{count} more {word}{release} {does}: {}{rest}", places.join(", ")))
}

/// Which states a finding holds on, where that is not simply to the end of the rollout.
fn states(report: &Report, finding: &Finding) -> Option<String> {
    let &(from, to) = finding.states.first()?;
    let name = |index: usize| report.states.get(index).and_then(|state| state.version.clone());
    if finding.states.len() > 1 || to + 1 < report.states.len() {
        let from = name(from).unwrap_or_else(|| "the start".to_owned());
        let until = name(finding.states.last()?.1).unwrap_or_else(|| "the start".to_owned());
        return Some(if from == until {
            format!("only on the schema after {from}")
        } else {
            format!("from {from} until {until}")
        });
    }
    None
}

fn closing(report: &Report, options: TextOptions, renderer: &Renderer) -> String {
    let mut out = String::new();
    let denied = report.findings.iter().any(|finding| finding.level == Level::Deny);
    if denied {
        for (index, release) in report.releases.iter().enumerate() {
            let broken: Vec<&Finding> = report
                .findings
                .iter()
                .filter(|found| found.level == Level::Deny && found.release == Some(index))
                .collect();
            if broken.is_empty() {
                continue;
            }
            let blame = blame(&broken, release.queries);
            let title = format!("{} cannot run through this rollout: {blame}", printable(&release.id));
            out.push_str(&renderer.render(&[Group::with_title(Title::ERROR.primary_title(title))]));
            out.push('\n');
        }
        let others =
            report.findings.iter().filter(|found| found.level == Level::Deny && found.release.is_none()).count();
        if others > 0 {
            let title =
                format!("this rollout cannot go through: {} about migrations", counted(others, "finding", "findings"));
            out.push_str(&renderer.render(&[Group::with_title(Title::ERROR.primary_title(title))]));
            out.push('\n');
        }
    } else {
        let names: Vec<&str> = report.releases.iter().map(|release| release.id.as_str()).collect();
        let (names, run) = match names.as_slice() {
            [] => (String::new(), "runs"),
            [one] => ((*one).to_owned(), "runs"),
            [first @ .., last] => (format!("{} and {last}", first.join(", ")), "run"),
        };
        let states = match report.states.len() {
            0 | 1 => "the schema of the rollout: no migration is pending".to_owned(),
            count => format!("all {count} schemas of the rollout"),
        };
        let unknown = report.summary.unknown;
        let known = if unknown == 0 { String::new() } else { format!(", as far as understood ({unknown} unknown)") };
        let title = printable(&format!("{names} {run} on {states}{known}")).into_owned();
        let ok = Title::INFO.with_name("ok").primary_title(title);
        out.push_str(&renderer.render(&[Group::with_title(ok)]));
        out.push('\n');
    }
    out.push_str(&printable(&facts(report, options)));
    out
}

/// "2 migrations break 7 of its 611 queries".
fn blame(findings: &[&Finding], queries: usize) -> String {
    let of_queries = findings.iter().filter(|finding| finding.query.is_some());
    let mut versions: Vec<&str> =
        of_queries.flat_map(|finding| &finding.causes).map(|cause| cause.version.as_str()).collect();
    versions.sort_unstable();
    versions.dedup();
    let mut broken: Vec<usize> =
        findings.iter().filter_map(|finding| finding.query.as_ref()).map(|query| query.index).collect();
    broken.sort_unstable();
    broken.dedup();
    let share = match queries {
        1 => "its only query".to_owned(),
        _ => format!("{} of its {queries} queries", broken.len()),
    };
    match (versions.len(), broken.len()) {
        (_, 0) => counted(findings.len(), "finding", "findings"),
        (0, 1) => share + " breaks",
        (0, _) => share + " break",
        (1, _) => format!("1 migration breaks {share}"),
        (count, _) => format!("{count} migrations break {share}"),
    }
}

/// `1 query`, `2 queries`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn facts(report: &Report, options: TextOptions) -> String {
    let mut out = String::new();
    let baselines: Vec<String> = report
        .releases
        .iter()
        .filter(|release| release.role == Role::Baseline)
        .map(|release| format!("baseline {} ({})", release.id, release.why))
        .collect();
    let pending = counted(report.rollout.pending.len(), "migration", "migrations");
    let order = if report.rollout.pending.is_empty() { String::new() } else { format!(", {}", report.rollout.order) };
    let baselines = baselines.join(", ");
    let _ = writeln!(
        out,
        "    {}: {}, {pending} pending{order}, {baselines}",
        report.database.name, report.database.dialect
    );
    let counts: Vec<String> = report.releases.iter().map(|release| release.queries.to_string()).collect();
    let summary = &report.summary;
    let _ = writeln!(
        out,
        "    {} queries, {} unknown, {} not readable",
        counts.join(" + "),
        summary.unknown,
        counted(summary.unresolved, "call", "calls"),
    );
    let levels = [(Level::Warn, "warning", "warnings"), (Level::Note, "note", "notes")];
    let hidden: Vec<String> = levels
        .into_iter()
        .filter_map(|(level, one, many)| {
            let mut groups: Vec<usize> =
                report.findings.iter().filter(|found| found.level == level).map(|found| found.group).collect();
            groups.dedup();
            (!groups.is_empty()).then(|| counted(groups.len(), one, many))
        })
        .collect();
    if !hidden.is_empty() {
        let _ = writeln!(out, "    {}", hidden.join(", "));
    }
    for requirement in &report.requires {
        let because = requirement.because.first().map_or(String::new(), |query| {
            format!(", because of {}:{}", query.part.source.path(), query.part.line_column().0)
        });
        let _ = writeln!(out, "    this release needs {}{because}", requirement.version);
    }
    for note in &report.notes {
        let _ = writeln!(out, "    {note}");
    }
    if options.all {
        for call in &report.unresolved {
            let (line, column) = call.place.line_column();
            let path = call.place.source.path();
            let _ = writeln!(out, "    not readable: {path}:{line}:{column}: {}: {}", call.call, call.reason);
        }
    }
    out
}

/// Queries on every state: a line for each stretch.
pub fn matrix(matrix: &Matrix, _options: TextOptions) -> String {
    let mut out = String::new();
    let version = |index: usize| {
        matrix.states.get(index).and_then(|state| state.version.as_deref()).unwrap_or("(empty)").to_owned()
    };
    for row in &matrix.rows {
        let place = &row.query.place;
        let (line, column) = place.line_column();
        let _ = writeln!(out, "{}:{}:{line}:{column}", row.release, place.source.path());
        for text in row.query.sql.trim().lines().take(4) {
            let _ = writeln!(out, "    | {}", text.trim_end());
        }
        for stretch in &row.stretches {
            let verdict = match stretch.verdict {
                Verdict::Runs => "runs",
                Verdict::Breaks => "breaks",
                Verdict::MayBreak => "may break",
                Verdict::Unknown => "unknown",
            };
            let range = if stretch.from == stretch.to {
                version(stretch.from)
            } else {
                format!("{} .. {}", version(stretch.from), version(stretch.to))
            };
            let why =
                if stretch.reasons.is_empty() { String::new() } else { format!(": {}", stretch.reasons.join("; ")) };
            let _ = writeln!(out, "    {range}: {verdict}{why}");
        }
        out.push('\n');
    }
    printable(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Cause;
    use crate::rollout::{DatabaseInfo, ReleaseInfo, RolloutInfo, StateInfo, Summary};
    use crate::source::Source;

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
        let finding = |part: &str, index| Finding {
            group: 0,
            rule: "missing-column",
            level: Level::Deny,
            verdict: Verdict::Breaks,
            release: Some(0),
            message: "v1.8.0 still reads `users.name`, renamed here".into(),
            help: Some(
                "in three releases: add `full_name` and keep both in step; use only `full_name`; drop `name`".into(),
            ),
            query: Some(QueryPlace {
                place: place(&code, part),
                part: place(&code, part),
                label: "unknown column from 20260402 on".into(),
                sql: "SELECT id, name FROM users".into(),
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
            findings: vec![finding("name FROM users\",", 0), finding("\"SELECT name", 4)],
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
  |                     ----------------- unknown column from 20260402 on
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

    #[test]
    fn a_line_too_long_to_show_is_named_only() {
        let code = Source::new("a.sql", "x".repeat(1_000_000));
        let mut elements = Vec::new();
        snippet(&mut elements, &place(&code, "x"), "a.sql".into(), AnnotationKind::Primary, "");
        let text = Renderer::plain().render(&[Title::ERROR.primary_title("long").elements(elements)]);
        assert_eq!(text, "error: long\n--> a.sql:1:1");
    }
}
