//! The JSON documents of docs/json.md.

use serde_json::{Value, json};

use crate::finding::{Cause, Finding, QueryPlace};
use crate::rollout::{Matrix, MatrixRow, ReleaseInfo, Report, StateInfo, Stretch};
use crate::source::Place;

/// What a check found, as one document.
pub fn report(report: &Report) -> Value {
    json!({
        "format": 1,
        "database": {
            "name": &*report.database.name,
            "dialect": report.database.dialect,
            "layout": report.database.layout,
            "migrations": report.database.migrations,
        },
        "rollout": {
            "order": report.rollout.order,
            "pending": report.rollout.pending,
            "contract": report.rollout.contract,
        },
        "releases": report.releases.iter().map(release).collect::<Vec<_>>(),
        "states": report.states.iter().map(state).collect::<Vec<_>>(),
        "windows": report.windows.iter().map(|window| json!({
            "release": report.releases[window.release].id,
            "kind": window.kind,
            "from": window.from,
            "to": window.to,
        })).collect::<Vec<_>>(),
        "findings": report.findings.iter().map(|found| finding(report, found)).collect::<Vec<_>>(),
        "requires": report.requires.iter().map(|requirement| json!({
            "version": requirement.version,
            "because": requirement.because.iter().map(|query| file_line(&query.place)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "summary": report.summary,
        "unresolved": report.unresolved.iter().map(|call| {
            let (line, column) = call.place.line_column();
            json!({
                "release": report.releases[call.release].id,
                "call": call.call,
                "file": call.place.source.path(),
                "line": line,
                "column": column,
                "reason": call.reason,
            })
        }).collect::<Vec<_>>(),
        "notes": report.notes,
    })
}

/// Queries on every state, as one document.
pub fn matrix(matrix: &Matrix) -> Value {
    json!({
        "format": 1,
        "states": matrix.states.iter().map(state).collect::<Vec<_>>(),
        "start": matrix.start,
        "queries": matrix.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn release(release: &ReleaseInfo) -> Value {
    json!({
        "id": release.id,
        "role": release.role,
        "source": release.source,
        "why": release.why,
        "head": release.head,
        "queries": release.queries,
    })
}

fn state(state: &StateInfo) -> Value {
    json!({
        "index": state.index,
        "version": state.version,
        "name": state.name,
        "file": state.file,
        "statement": state.step.as_ref().map(|step| [step.span.start, step.span.end]),
    })
}

fn finding(report: &Report, finding: &Finding) -> Value {
    let release = finding.release.map(|index| &report.releases[index]);
    json!({
        "group": finding.group,
        "rule": finding.rule,
        "level": finding.level,
        "verdict": finding.verdict,
        "release": release.map(|release| &release.id),
        "role": release.map(|release| release.role),
        "message": finding.message,
        "help": finding.help,
        "query": finding.query.as_ref().map(query),
        "states": finding.states,
        "causes": finding.causes.iter().map(cause).collect::<Vec<_>>(),
    })
}

fn query(query: &QueryPlace) -> Value {
    let mut value = place(&query.place);
    value["sql"] = json!(&*query.sql);
    value["part"] = place(&query.part);
    value["part"]["label"] = json!(query.label);
    value
}

fn place(place: &Place) -> Value {
    let (line, column) = place.line_column();
    json!({
        "file": place.source.path(),
        "line": line,
        "column": column,
        "byte_start": place.span.start,
        "byte_end": place.span.end,
    })
}

fn file_line(place: &Place) -> Value {
    json!({ "file": place.source.path(), "line": place.line_column().0 })
}

fn cause(cause: &Cause) -> Value {
    let (line, column) = cause.place.line_column();
    json!({
        "version": cause.version,
        "file": cause.place.source.path(),
        "line": line,
        "column": column,
    })
}

fn row(row: &MatrixRow) -> Value {
    json!({
        "release": row.release,
        "role": row.role,
        "query": query(&row.query),
        "stretches": row.stretches.iter().map(stretch).collect::<Vec<_>>(),
    })
}

fn stretch(stretch: &Stretch) -> Value {
    json!({
        "from": stretch.from,
        "to": stretch.to,
        "verdict": stretch.verdict,
        "rules": stretch.rules,
        "reasons": stretch.reasons,
        "parameters": stretch.parameters,
        "columns": stretch.columns.iter().map(|column| json!({
            "name": column.name,
            "type": column.ty,
            "nullable": column.nullable,
        })).collect::<Vec<_>>(),
    })
}
