//! `uses`: the queries that read or write a table or a column.

use schemacheck_checker::render;
use schemacheck_checker::rollout::{self, Usage};
use serde_json::{Value, json};

use super::{Failure, Outcome};
use crate::output;
use crate::session::Session;

pub(crate) fn run(session: &mut Session, object: &str) -> Result<Outcome, Failure> {
    let inputs = session.candidate_inputs()?;
    let mut usages: Vec<Usage> = Vec::new();
    let mut known = false;
    for input in &inputs {
        session.progress.say(format!("looking through the queries of {}", input.name));
        if let Some(found) = rollout::uses(input, object) {
            known = true;
            usages.extend(found);
        }
    }
    session.progress.clear();
    if !known {
        return Err(Failure::new(format!("no database has `{object}` after its newest migration")).help(
            "write TABLE, SCHEMA.TABLE, TABLE.COLUMN or SCHEMA.TABLE.COLUMN; `cargo schemacheck schema` lists all",
        ));
    }
    if output::is_json(&session.common) {
        output::documents(&[json!({ "format": 1, "uses": usages.iter().map(usage_json).collect::<Vec<_>>() })]);
        return Ok(Outcome::Clean);
    }
    for usage in &usages {
        let (line, column) = usage.place.line_column();
        let does = match (usage.written, usage.explicit) {
            (true, _) => "writes",
            (false, true) => "reads",
            (false, false) => "reads, through *",
        };
        output::line(format_args!("{}:{line}:{column}: {does}", usage.place.source.path()));
    }
    output::remark(format_args!("{} of {object}", render::counted(usages.len(), "use", "uses")));
    Ok(Outcome::Clean)
}

fn usage_json(usage: &Usage) -> Value {
    let (line, column) = usage.place.line_column();
    json!({
        "file": usage.place.source.path(),
        "line": line,
        "column": column,
        "byte_start": usage.place.span.start,
        "byte_end": usage.place.span.end,
        "written": usage.written,
        "explicit": usage.explicit,
        "sql": &*usage.sql,
    })
}
