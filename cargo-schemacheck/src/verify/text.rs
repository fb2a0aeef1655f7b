//! A comparison for people.

use std::fmt::Write as _;

use schemacheck_checker::dialect::postgres::VERSIONS;
use schemacheck_checker::render::{counted, printable};

use super::report::{About, Counts, Difference, QueryAsked, Report};

/// How many differences are shown where not all are wanted.
const SHOWN: usize = 50;

/// How many lines of a query are shown.
const LINES: usize = 6;

/// A page of text; `all` shows all differences and all reasons.
#[must_use]
pub fn text(report: &Report, all: bool) -> String {
    let mut out = String::new();
    let shown = if all { usize::MAX } else { SHOWN };
    for found in report.differences.iter().take(shown) {
        difference(&mut out, report, found);
    }
    if let Some(more) = report.differences.len().checked_sub(shown).filter(|more| *more > 0) {
        let _ = writeln!(out, "and {more} more (--all)\n");
    }
    summary(&mut out, report, shown);
    printable(&out).into_owned()
}

fn difference(out: &mut String, report: &Report, found: &Difference) {
    let how = found.how.word();
    match &found.about {
        About::Migration(place) => {
            let (line, column) = place.line_column();
            let _ = writeln!(out, "{how}: migration {}:{line}:{column}", place.source.path());
        }
        About::Schema(cell) => {
            let _ = writeln!(out, "{how}: {cell}");
        }
        About::Query(asked) => query(out, how, asked),
    }
    let _ = writeln!(out, "    server:  {}", found.server);
    let _ = writeln!(out, "    checker: {}", found.checker);
    let range = |(from, to): &(usize, usize)| match from == to {
        true => report.state(*from),
        false => format!("{} .. {}", report.state(*from), report.state(*to)),
    };
    let ranges: Vec<String> = found.states.iter().map(range).collect();
    let _ = writeln!(out, "    after {}\n", ranges.join(", "));
}

fn query(out: &mut String, how: &str, asked: &QueryAsked) {
    let part = asked.part.as_ref().map_or(String::new(), |part| format!("{part} of "));
    let places = asked.senders.iter().map(|(release, _, place)| {
        let (line, column) = place.line_column();
        format!("{release}:{}:{line}:{column}", place.source.path())
    });
    let places: Vec<String> = places.collect();
    let _ = writeln!(out, "{how}: {part}{}", places.first().map_or("", String::as_str));
    for more in places.iter().skip(1) {
        let _ = writeln!(out, "    also {more}");
    }
    let mut lines = asked.sql.trim().lines();
    for line in lines.by_ref().take(LINES) {
        let _ = writeln!(out, "    | {}", line.trim_end());
    }
    if lines.next().is_some() {
        out.push_str("    | …\n");
    }
}

fn summary(out: &mut String, report: &Report, shown: usize) {
    let _ = writeln!(
        out,
        "{}: Postgres {}, {} of {} compared, {}",
        report.database,
        report.server,
        report.compared,
        counted(report.states.len(), "state", "states"),
        counted(report.queries, "query", "queries"),
    );
    if let Some(note) = version_note(report) {
        let _ = writeln!(out, "    {note}");
    }
    let hidden = report.states.len().saturating_sub(report.compared);
    if report.ended.is_none() && hidden > 0 {
        let passes = if hidden == 1 { "state passes" } else { "states pass" };
        let _ = writeln!(out, "    {hidden} {passes} while one file runs, out of sight");
    }
    let _ = writeln!(out, "                  cells      agree     missed  false alarms  otherwise    unknown");
    for (name, counts) in report.summary.kinds() {
        row(out, name, counts);
    }
    row(out, "all", report.summary.all());
    let mut reasons: Vec<(&String, &usize)> = report.unknown.iter().collect();
    reasons.sort_by_key(|(reason, count)| (std::cmp::Reverse(**count), *reason));
    for (reason, count) in reasons.iter().take(shown) {
        let _ = writeln!(out, "    unknown: {}: {reason}", counted(**count, "cell", "cells"));
    }
    if let Some(more) = reasons.len().checked_sub(shown).filter(|more| *more > 0) {
        let _ = writeln!(out, "    and {more} more reasons (--all)");
    }
    for (reason, count) in &report.withheld {
        let _ = writeln!(out, "    not sent: {}: {reason}", counted(*count, "query", "queries"));
    }
    if let Some(reason) = &report.ended {
        let last = report
            .compared
            .checked_sub(1)
            .map_or("nothing was compared".to_owned(), |last| format!("compared up to {} only", report.state(last)));
        let _ = writeln!(out, "    {last}: {reason}");
    }
}

fn row(out: &mut String, name: &str, counts: Counts) {
    let _ = writeln!(
        out,
        "    {name:<10} {:>8} {:>10} {:>10} {:>13} {:>10} {:>10}",
        counts.cells(),
        counts.agree,
        counts.missed,
        counts.false_alarms,
        counts.otherwise,
        counts.unknown
    );
}

/// What to know of the version, where a check takes another than the server's.
fn version_note(report: &Report) -> Option<String> {
    let (major, newest) = (report.major, *VERSIONS.end());
    let check = match report.configured {
        Some(configured) => format!("the configured version is {configured}"),
        None => format!("no version is configured, so that a check takes {newest}"),
    };
    let differs = report.configured.unwrap_or(newest) != major;
    differs.then(|| format!("{check}; the checker was asked for {major}, which the server is"))
}
