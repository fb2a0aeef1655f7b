//! `matrix`: each query's verdict on every schema, from the first migration to the last.

use schemacheck_checker::rollout::OwnedQuery;
use schemacheck_checker::{render, rollout, rules};

use super::{Failure, Outcome};
use crate::output;
use crate::session::Session;

pub(crate) fn run(session: &mut Session, wanted: Option<&str>) -> Result<Outcome, Failure> {
    let (inputs, alone) = session.inputs_at_hand()?;
    if let Some(why) = alone {
        output::remark(format!("note: the queries are those of this tree alone: {why}"));
    }
    let is_wanted = |owned: &OwnedQuery| {
        let query = &owned.query;
        wanted.is_none_or(|text| {
            let (line, _) = query.place.line_column();
            query.sql.contains(text) || format!("{}:{line}", query.place.source.path()).contains(text)
        })
    };
    let mut matrices = Vec::new();
    for input in &inputs {
        session.progress.say(format!("judging the queries of {} on every schema", input.name));
        matrices.push(rollout::matrix(input, rules::ALL, &is_wanted));
    }
    session.progress.clear();
    if let Some(text) = wanted
        && matrices.iter().all(|matrix| matrix.rows.is_empty())
    {
        return Err(Failure::new(format!("no query contains `{text}`")).help("`cargo schemacheck queries` lists all"));
    }
    if output::is_json(&session.common) {
        output::documents(&matrices.iter().map(render::matrix_json).collect::<Vec<_>>());
    } else {
        for matrix in &matrices {
            output::rendered(&render::matrix_text(matrix));
        }
    }
    Ok(Outcome::Clean)
}
