//! One block of text for one cause, in the layout of rustc's diagnostics.

use std::collections::BTreeSet;

use annotate_snippets::{AnnotationKind, Element, Level as Title, Origin, Renderer, Snippet};

use super::{TextOptions, printable};
use crate::finding::{Finding, Level, QueryPlace, Role, Verdict};
use crate::rollout::Report;
use crate::source::{Place, Span};

/// How many queries a block lists without `--all`.
const LISTED: usize = 3;

/// The findings of a group.
pub(super) fn block(report: &Report, group: &[Finding], options: TextOptions, renderer: &Renderer) -> String {
    let first = &group[0];
    let title = match first.level {
        Level::Deny => Title::ERROR,
        Level::Warn => Title::WARNING,
        Level::Note | Level::Allow => Title::NOTE,
    };
    let mut elements: Vec<Element<'_>> = Vec::new();
    snippets(&mut elements, report, first);
    let notes = [more_queries(report, group, options), states(report, first), sends(first)];
    for note in notes.into_iter().flatten() {
        elements.push(Title::NOTE.message(printable(&note).into_owned()).into());
    }
    if let Some(help) = &first.help {
        elements.push(Title::HELP.message(printable(help)).into());
    }
    let title = title.primary_title(printable(&first.message)).id(first.rule);
    renderer.render(&[title.elements(elements)])
}

/// What the finding points at, the most telling first: for a release that runs already the migration, for the next one its own
/// code.
fn snippets(elements: &mut Vec<Element<'_>>, report: &Report, finding: &Finding) {
    let cause = finding.causes.first().map(|cause| &cause.place);
    let of_candidate = finding.release.is_none_or(|release| report.releases[release].role == Role::Candidate);
    let code = finding.query.as_ref();
    let code = code.map(|query| (&query.part, shown_path(report, finding, &query.part), query.label.as_str()));
    let cause = cause.map(|cause| (cause, cause.source.path().to_owned(), ""));
    let ordered = if of_candidate { [code, cause] } else { [cause, code] };
    for (index, (place, path, label)) in ordered.into_iter().flatten().enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        snippet(elements, place, path, kind, label);
    }
}

/// The text that a query sends, where its place does not show it: a table, a struct or a macro stands there.
fn sends(finding: &Finding) -> Option<String> {
    let query = finding.query.as_ref()?;
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect::<String>();
    let start: String = plain(&query.sql).chars().take(12).collect();
    if plain(query.place.source.slice(query.place.span)).contains(&start) {
        return None;
    }
    let words = query.sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = words.chars().take(SENT).collect();
    let rest = if shown.len() < words.len() { "…" } else { "" };
    Some(format!("it sends `{shown}{rest}`"))
}

/// How many characters of a text are shown that its place does not show.
const SENT: usize = 160;

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
pub(super) fn snippet(elements: &mut Vec<Element<'_>>, place: &Place, path: String, kind: AnnotationKind, label: &str) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn a_line_too_long_to_show_is_named_only() {
        let code = Source::new("a.sql", "x".repeat(1_000_000));
        let mut elements = Vec::new();
        let place = Place { span: Span::new(0, 1_000_000), source: code };
        snippet(&mut elements, &place, "a.sql".into(), AnnotationKind::Primary, "");
        let text = Renderer::plain().render(&[Title::ERROR.primary_title("long").elements(elements)]);
        assert_eq!(text, "error: long\n--> a.sql:1:1");
    }
}
