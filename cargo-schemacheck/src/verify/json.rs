//! A comparison for programs: the document of docs/json.md.

use schemacheck_checker::source::Place;
use serde_json::{Value, json};

use super::report::{About, Counts, Difference, Report};

/// One document for a database.
#[must_use]
pub fn json(report: &Report) -> Value {
    let states = report
        .states
        .iter()
        .enumerate()
        .map(|(index, state)| json!({ "index": index, "version": state.version, "line": state.line }));
    let mut summary: serde_json::Map<String, Value> =
        report.summary.kinds().iter().map(|(name, found)| ((*name).to_owned(), counts(*found))).collect();
    summary.insert("all".to_owned(), counts(report.summary.all()));
    let reasons = report.unknown.iter().map(|(reason, cells)| json!({ "reason": reason, "cells": cells }));
    let withheld = report.withheld.iter().map(|(reason, queries)| json!({ "reason": reason, "queries": queries }));
    json!({
        "format": 1,
        "database": { "name": report.database, "dialect": "postgres" },
        "server": { "version": report.server, "major": report.major, "configured": report.configured },
        "states": states.collect::<Vec<_>>(),
        "compared": report.compared,
        "ended": report.ended,
        "queries": report.queries,
        "withheld": withheld.collect::<Vec<_>>(),
        "summary": summary,
        "unknown": reasons.collect::<Vec<_>>(),
        "differences": report.differences.iter().map(difference).collect::<Vec<_>>(),
    })
}

fn counts(counts: Counts) -> Value {
    json!({
        "cells": counts.cells(),
        "agree": counts.agree,
        "missed": counts.missed,
        "false_alarms": counts.false_alarms,
        "otherwise": counts.otherwise,
        "unknown": counts.unknown,
    })
}

fn difference(difference: &Difference) -> Value {
    let mut value = json!({
        "difference": difference.how.word(),
        "server": difference.server,
        "checker": difference.checker,
        "states": difference.states,
    });
    let (key, about) = match &difference.about {
        About::Migration(found) => ("migration", place(found)),
        About::Schema(cell) => ("fact", json!(cell)),
        About::Query(asked) => {
            let senders = asked.senders.iter().map(|(release, role, found)| {
                let mut sender = place(found);
                sender["release"] = json!(release);
                sender["role"] = json!(role);
                sender
            });
            let senders: Vec<Value> = senders.collect();
            ("query", json!({ "sql": asked.sql, "part": asked.part, "senders": senders }))
        }
    };
    value[key] = about;
    value
}

fn place(place: &Place) -> Value {
    let (line, column) = place.line_column();
    json!({ "file": place.source.path(), "line": line, "column": column })
}
