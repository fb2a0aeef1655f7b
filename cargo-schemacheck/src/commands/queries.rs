//! `queries`: what was found in the sources, and what could not be read.

use schemacheck_checker::query::{Query, Unresolved};
use schemacheck_checker::render;
use serde_json::{Value, json};

use super::{Failure, Outcome};
use crate::output;
use crate::session::Session;

pub(crate) fn run(session: &mut Session, unresolved: bool) -> Result<Outcome, Failure> {
    let inputs = session.candidate_inputs()?;
    session.progress.clear();
    if output::is_json(&session.common) {
        let queries: Vec<Value> = inputs
            .iter()
            .flat_map(|input| input.candidate.queries.iter().map(|owned| query(&owned.query, Some(&input.name))))
            .collect();
        let calls = inputs.iter().flat_map(|input| input.candidate.unresolved.iter().map(call));
        output::documents(&[json!({ "format": 1, "queries": queries, "unresolved": calls.collect::<Vec<_>>() })]);
        return Ok(Outcome::Clean);
    }
    let (mut found, mut unread) = (0, 0);
    for input in &inputs {
        found += input.candidate.queries.len();
        unread += input.candidate.unresolved.len();
        if unresolved {
            for call in &input.candidate.unresolved {
                let (line, column) = call.place.line_column();
                output::line(format_args!(
                    "{}:{line}:{column}: {}: {}",
                    call.place.source.path(),
                    call.call.id,
                    call.reason
                ));
            }
            continue;
        }
        for owned in &input.candidate.queries {
            let query = &owned.query;
            let (line, column) = query.place.line_column();
            output::line(format_args!(
                "{}:{line}:{column}: {} ({})",
                query.place.source.path(),
                query.call.id,
                input.name
            ));
            for text in query.sql.trim().lines() {
                output::line(format_args!("    {}", text.trim_end()));
            }
        }
    }
    output::remark(format_args!(
        "{}, {} not readable{}",
        render::counted(found, "query", "queries"),
        render::counted(unread, "call", "calls"),
        if unresolved { "" } else { " (--unresolved)" }
    ));
    Ok(Outcome::Clean)
}

fn query(query: &Query, database: Option<&str>) -> Value {
    let (line, column) = query.place.line_column();
    json!({
        "file": query.place.source.path(),
        "line": line,
        "column": column,
        "byte_start": query.place.span.start,
        "byte_end": query.place.span.end,
        "call": query.call.id,
        "package": &*query.package,
        "database": database,
        "listed_only": query.listed_only,
        "sql": &*query.sql,
    })
}

fn call(call: &Unresolved) -> Value {
    let (line, column) = call.place.line_column();
    json!({
        "file": call.place.source.path(),
        "line": line,
        "column": column,
        "call": call.call.id,
        "package": &*call.package,
        "reason": call.reason,
    })
}
