//! The last lines of a report: whether the rollout goes through, and what the answer rests on.

use std::fmt::Write as _;

use annotate_snippets::{Group, Level as Title, Renderer};

use super::{TextOptions, printable};
use crate::finding::{Finding, Level, Role};
use crate::rollout::Report;

/// The closing lines.
pub(super) fn closing(report: &Report, options: TextOptions, renderer: &Renderer) -> String {
    let blamed = blamed(report);
    let titles: Vec<(Title<'_>, String)> = match blamed.is_empty() {
        true => vec![(Title::INFO.with_name("ok"), praise(report))],
        false => blamed.into_iter().map(|title| (Title::ERROR, title)).collect(),
    };
    let mut out = String::new();
    for (level, title) in titles {
        let title = level.primary_title(printable(&title).into_owned());
        out.push_str(&renderer.render(&[Group::with_title(title)]));
        out.push('\n');
    }
    out.push_str(&printable(&facts(report, options)));
    out
}

/// A sentence for each release that cannot run, and one for findings that are about none.
fn blamed(report: &Report) -> Vec<String> {
    let denied = |release: Option<usize>| -> Vec<&Finding> {
        let denied = report.findings.iter().filter(|finding| finding.level == Level::Deny);
        denied.filter(|finding| finding.release == release).collect()
    };
    let mut sentences = Vec::new();
    for (index, release) in report.releases.iter().enumerate() {
        let found = denied(Some(index));
        if !found.is_empty() {
            let blame = blame(&found, release.queries);
            sentences.push(format!("{} cannot run through this rollout: {blame}", release.id));
        }
    }
    let others = denied(None).len();
    if others > 0 {
        let findings = counted(others, "finding", "findings");
        sentences.push(format!("this rollout cannot go through: {findings} about migrations"));
    }
    sentences
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

/// "v1.8.0 and this tree run on all 3 schemas of the rollout".
fn praise(report: &Report) -> String {
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
    format!("{names} {run} on {states}{known}")
}

fn facts(report: &Report, options: TextOptions) -> String {
    let mut out = String::new();
    let baselines = report.releases.iter().filter(|release| release.role == Role::Baseline);
    let baselines: String = baselines.map(|release| format!(", baseline {} ({})", release.id, release.why)).collect();
    let pending = counted(report.rollout.pending.len(), "migration", "migrations");
    let order = if report.rollout.pending.is_empty() { String::new() } else { format!(", {}", report.rollout.order) };
    let (name, dialect) = (&report.database.name, report.database.dialect);
    let _ = writeln!(out, "    {name}: {dialect}, {pending} pending{order}{baselines}");
    let counts: Vec<String> = report.releases.iter().map(|release| release.queries.to_string()).collect();
    let unresolved = counted(report.summary.unresolved, "call", "calls");
    let unknown = report.summary.unknown;
    let _ = writeln!(out, "    {} queries, {unknown} unknown, {unresolved} not readable", counts.join(" + "));
    if let Some(weaker) = weaker(report, options) {
        let _ = writeln!(out, "    {weaker}");
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

/// How many groups of findings there are that do not fail the run: notes are shown with `--all` only.
fn weaker(report: &Report, options: TextOptions) -> Option<String> {
    let groups = |level: Level| {
        let mut groups: Vec<usize> =
            report.findings.iter().filter(|found| found.level == level).map(|found| found.group).collect();
        groups.dedup();
        groups.len()
    };
    let (warnings, notes) = (groups(Level::Warn), groups(Level::Note));
    let how = if options.all { "" } else { " (--all)" };
    let warnings = (warnings > 0).then(|| counted(warnings, "warning", "warnings"));
    let notes = (notes > 0).then(|| counted(notes, "note", "notes") + how);
    let parts: Vec<String> = warnings.into_iter().chain(notes).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `1 query`, `2 queries`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
