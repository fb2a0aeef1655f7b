//! `backtest`: the last commits with migrations, each against its parent: what would have been caught.

use std::collections::BTreeMap;

use schemacheck_checker::finding::{Finding, Level};
use schemacheck_checker::project::git::{Repository, Touching};
use schemacheck_checker::render;
use schemacheck_checker::rollout::Report;
use serde_json::{Value, json};

use super::{Failure, Outcome};
use crate::output;
use crate::session::Session;

pub(crate) fn run(session: &mut Session, last: usize) -> Result<Outcome, Failure> {
    let repository = session.repository()?;
    let folders = session.migration_folders();
    let commits = repository.touching(&folders, last)?;
    if commits.is_empty() {
        return Err(Failure::new(format!("no commit changes {}", folders.join(", ")))
            .help("a shallow clone holds no history: `git fetch --unshallow`"));
    }
    let mut documents = Vec::new();
    let (mut broken, mut unread) = (0, 0);
    for (index, commit) in commits.iter().enumerate() {
        let short = Repository::short(&commit.id);
        session.progress.say(format!("{} of {}: {short} {}", index + 1, commits.len(), commit.subject));
        let reports = session.step(&repository, &commit.id, &commit.parent);
        session.progress.pause(|| match &reports {
            _ if output::is_json(&session.common) => {}
            Ok(reports) => print_step(commit, reports),
            Err(failure) => {
                output::line(format_args!("{short} {}\n    could not be checked: {failure}", commit.subject))
            }
        });
        match reports {
            Ok(reports) => {
                broken += usize::from(reports.iter().any(breaks));
                documents.push(document(commit, &reports));
            }
            Err(failure) => {
                unread += 1;
                documents.push(json!({ "commit": commit.id, "parent": commit.parent, "subject": commit.subject, "error": failure.to_string() }));
            }
        }
    }
    session.progress.clear();
    if output::is_json(&session.common) {
        output::documents(&[json!({ "format": 1, "steps": documents })]);
    } else {
        let unread = if unread == 0 { String::new() } else { format!(", {unread} could not be checked") };
        let commits = render::counted(commits.len(), "commit", "commits");
        output::line(format_args!("{broken} of {commits} with migrations would have been stopped{unread}"));
    }
    Ok(Outcome::Clean)
}

fn breaks(report: &Report) -> bool {
    report.findings.iter().any(|finding| finding.level == Level::Deny)
}

fn print_step(commit: &Touching, reports: &[Report]) {
    output::line(format_args!("{} {}", Repository::short(&commit.id), commit.subject));
    for report in reports {
        let mut groups: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
        for finding in report.findings.iter().filter(|finding| finding.level >= Level::Warn) {
            groups.entry(finding.group).or_default().push(finding);
        }
        for findings in groups.values() {
            let first = findings[0];
            let word = if first.level == Level::Deny { "error" } else { "warning" };
            let queries = findings.iter().filter(|finding| finding.query.is_some()).count();
            let queries = if queries > 1 { format!(" ({queries} queries)") } else { String::new() };
            output::line(format_args!("    {word}[{}]: {}{queries}", first.rule, first.message));
        }
    }
}

fn document(commit: &Touching, reports: &[Report]) -> Value {
    json!({
        "commit": commit.id,
        "parent": commit.parent,
        "subject": commit.subject,
        "reports": reports.iter().map(render::report_json).collect::<Vec<_>>(),
    })
}
