//! `check`: both releases' queries on every schema of the rollout.

use schemacheck_checker::finding::Level;
use schemacheck_checker::render;
use schemacheck_checker::rollout::{self, CheckInput, Report};
use schemacheck_checker::rules;

use super::{Failure, Outcome};
use crate::output;
use crate::session::Session;

pub(crate) fn run(session: &mut Session) -> Result<Outcome, Failure> {
    let inputs = session.inputs()?;
    let reports = reports(session, &inputs)?;
    if output::is_json(&session.common) {
        output::documents(&reports.iter().map(render::report_json).collect::<Vec<_>>());
    } else {
        print_text(session, &reports);
    }
    Ok(outcome(&reports))
}

/// What is found, for each database.
pub(crate) fn reports(session: &Session, inputs: &[CheckInput]) -> Result<Vec<Report>, Failure> {
    refuse_silence(session, inputs)?;
    let mut reports = Vec::new();
    for input in inputs {
        session.progress.say(format!("checking {}", input.name));
        reports.push(rollout::check(input, rules::ALL));
    }
    session.progress.clear();
    Ok(reports)
}

/// Whether anything is at deny level.
pub(crate) fn outcome(reports: &[Report]) -> Outcome {
    let denied = |report: &Report| report.findings.iter().any(|finding| finding.level == Level::Deny);
    if reports.iter().any(denied) { Outcome::Findings } else { Outcome::Clean }
}

fn print_text(session: &Session, reports: &[Report]) {
    let common = &session.common;
    let options = render::TextOptions { styled: output::styled(common), all: common.all, quiet: common.quiet };
    if !common.quiet {
        for line in session.found() {
            output::remark(line);
        }
    }
    let texts: Vec<String> = reports.iter().map(|report| render::report_text(report, options)).collect();
    output::rendered(&texts.join("\n"));
}

/// A check that saw nothing must not be green.
fn refuse_silence(session: &Session, inputs: &[CheckInput]) -> Result<(), Failure> {
    let queries = |input: &CheckInput| {
        let baselines = input.baselines.iter().chain(&input.consumers).map(|release| release.queries.len());
        input.candidate.queries.len() + baselines.sum::<usize>()
    };
    if session.common.allow_empty || inputs.iter().any(|input| queries(input) > 0) {
        return Ok(());
    }
    let names: Vec<&str> = inputs.iter().map(|input| &*input.name).collect();
    Err(super::no_queries(format!("no queries were found for {}: {}", names.join(", "), session.seen())))
}
