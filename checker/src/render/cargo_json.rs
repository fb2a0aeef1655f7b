//! Cargo's `compiler-message` lines, for editors and other readers of `cargo check --message-format=json`.
//!
//! A finding's primary span is on a query of the tree, where there is one: editors drop what is located in other files. The
//! statement that causes it is a labelled secondary span.

use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Element, Level as Title, Renderer};
use serde_json::{Value, json};

use super::TextOptions;
use super::block::{block, snippet};
use super::printable::printable;
use crate::finding::{Finding, Level, Role};
use crate::project::target::CargoTarget;
use crate::rollout::Report;
use crate::source::{Place, Span};

/// One line for each finding on each query; notes are left out. `target` gives the Cargo target of a file, `twins` the places
/// of the tree's own queries by their text, `project` the place that stands for the project where a finding has none.
pub fn cargo_json(
    report: &Report,
    twins: &BTreeMap<&str, &Place>,
    target: &dyn Fn(&str) -> CargoTarget,
    project: &Place,
) -> Vec<Value> {
    let shown = report.findings.iter().filter(|finding| finding.level > Level::Note);
    shown.map(|finding| line(report, finding, twins, target, project)).collect()
}

/// A line about the project: why nothing could be checked, or another tool did not run. `said` is a message and a help.
/// Editors drop what stands in other than Rust and TOML files: `at` is in one of them, `there` where it happened, if that is
/// elsewhere.
pub fn project_line(
    level: Level,
    said: (&str, Option<&str>),
    at: &Place,
    there: Option<&Place>,
    target: &CargoTarget,
) -> Value {
    let (message, help) = said;
    let mut spans = vec![span(at, true, "")];
    spans.extend(there.map(|there| span(there, false, "here")));
    let mut elements: Vec<Element<'_>> = Vec::new();
    let shown = there.unwrap_or(at);
    snippet(&mut elements, shown, shown.source.path().to_owned(), AnnotationKind::Primary, "");
    if let Some(help) = help {
        elements.push(Title::HELP.message(printable(help)).into());
    }
    let title = if level == Level::Deny { Title::ERROR } else { Title::WARNING };
    let title = title.primary_title(printable(message)).id(CANNOT_CHECK);
    let diagnostic = Diagnostic {
        rendered: Renderer::plain().render(&[title.elements(elements)]),
        level: word(level),
        message,
        code: CANNOT_CHECK,
        spans,
        children: help.map(|help| child("help", help, Vec::new())).into_iter().collect(),
    };
    diagnostic.of(target)
}

/// The code of what is no finding.
const CANNOT_CHECK: &str = "cannot-check";

fn line(
    report: &Report,
    finding: &Finding,
    twins: &BTreeMap<&str, &Place>,
    target: &dyn Fn(&str) -> CargoTarget,
    project: &Place,
) -> Value {
    let query = in_tree(report, finding, twins);
    let cause = finding.causes.first().map(|cause| &cause.place);
    let mut spans: Vec<Value> = Vec::new();
    if let Some((place, label)) = &query {
        spans.push(span(place, true, label));
    }
    if let Some(cause) = cause {
        let label = if query.is_some() { "because of this statement" } else { "" };
        spans.push(span(cause, query.is_none(), label));
    }
    let at = query.as_ref().map(|(place, _)| place).or(cause).unwrap_or(project);
    if spans.is_empty() {
        spans.push(span(at, true, ""));
    }
    let diagnostic = Diagnostic {
        rendered: block(report, std::slice::from_ref(finding), TextOptions::default(), &Renderer::plain()),
        level: word(finding.level),
        message: &finding.message,
        code: finding.rule,
        spans,
        children: children(finding, query.as_ref().map(|(place, _)| place)),
    };
    diagnostic.of(&target(at.source.path()))
}

/// What the compiler would say.
struct Diagnostic<'a> {
    rendered: String,
    level: &'static str,
    message: &'a str,
    code: &'a str,
    spans: Vec<Value>,
    children: Vec<Value>,
}

impl Diagnostic<'_> {
    /// The line that Cargo would make of it.
    fn of(self, target: &CargoTarget) -> Value {
        let kind = target.kinds.first().map_or("", String::as_str);
        let is_library = matches!(kind, "lib" | "rlib" | "dylib" | "cdylib" | "staticlib" | "proc-macro");
        json!({
            "reason": "compiler-message",
            "package_id": target.package_id,
            "manifest_path": target.manifest_path,
            "target": {
                "kind": target.kinds,
                "crate_types": target.crate_types,
                "name": target.name,
                "src_path": target.src_path,
                "edition": target.edition,
                "doc": is_library || kind == "bin",
                "doctest": target.kinds.iter().any(|kind| matches!(&**kind, "lib" | "rlib" | "proc-macro")),
                "test": is_library || matches!(kind, "bin" | "test"),
            },
            "message": {
                "$message_type": "diagnostic",
                "rendered": format!("{}\n\n", self.rendered),
                "level": self.level,
                "message": printable(self.message),
                "code": { "code": format!("schemacheck::{}", self.code), "explanation": null },
                "spans": self.spans,
                "children": self.children,
            },
        })
    }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Note | Level::Allow => "note",
    }
}

/// The place of the finding's query in the tree, with a few words: of the candidate its own part, of another release the
/// same text, if the tree still has it.
fn in_tree(report: &Report, finding: &Finding, twins: &BTreeMap<&str, &Place>) -> Option<(Place, String)> {
    let query = finding.query.as_ref()?;
    let release = finding.release.and_then(|release| report.releases.get(release))?;
    if release.role == Role::Candidate {
        return Some((query.part.clone(), query.label.clone()));
    }
    let twin = twins.get(&*query.sql)?;
    // The text is the same, and so is the place in it, where both are written alike.
    let part = Span::new(
        query.part.span.start.saturating_sub(query.place.span.start) + twin.span.start,
        query.part.span.end.saturating_sub(query.place.span.start) + twin.span.start,
    );
    let alike = query.place.source.slice(query.place.span) == twin.source.slice(twin.span);
    let span = if alike { part } else { twin.span };
    Some((Place { source: twin.source.clone(), span }, query.label.clone()))
}

fn children(finding: &Finding, query: Option<&Place>) -> Vec<Value> {
    let mut children: Vec<Value> = finding.help.iter().map(|help| child("help", help, Vec::new())).collect();
    if let (Some(fix), Some(place)) = (&finding.fix, query) {
        let mut span = span(place, true, "");
        span["suggested_replacement"] = json!(fix);
        span["suggestion_applicability"] = json!("MachineApplicable");
        // Editors put the replacement behind the message.
        children.push(child("help", "use the new name", vec![span]));
    }
    children
}

fn child(level: &str, message: &str, spans: Vec<Value>) -> Value {
    json!({
        "message": printable(message), "level": level, "code": null, "spans": spans, "children": [], "rendered": null,
    })
}

/// A place as the compiler gives it: bytes of the file, lines, columns in characters, and the text of the lines.
fn span(place: &Place, primary: bool, label: &str) -> Value {
    let source = &place.source;
    let Span { start, end } = place.span;
    // A byte order mark is no column of the first line.
    let marked = usize::from(source.text().starts_with('\u{feff}'));
    let position = |offset: usize| match source.line_column(offset) {
        (1, column) => (1, column.saturating_sub(marked).max(1)),
        other => other,
    };
    let ((line_start, column_start), (line_end, column_end)) = (position(start), position(end));
    let lines = source.text().split('\n').skip(line_start - 1).take(line_end - line_start + 1);
    let text = lines.enumerate().map(|(at, text)| {
        let text = text.trim_start_matches('\u{feff}').trim_end_matches('\r');
        let from = if at == 0 { column_start } else { 1 };
        let to = if at == line_end - line_start { column_end } else { text.chars().count() + 1 };
        json!({ "text": text, "highlight_start": from, "highlight_end": to })
    });
    json!({
        "file_name": source.path(),
        "byte_start": start,
        "byte_end": end,
        "line_start": line_start,
        "line_end": line_end,
        "column_start": column_start,
        "column_end": column_end,
        "is_primary": primary,
        "text": text.collect::<Vec<_>>(),
        "label": if label.is_empty() { Value::Null } else { json!(printable(label)) },
        "suggested_replacement": null,
        "suggestion_applicability": null,
        "expansion": null,
    })
}
