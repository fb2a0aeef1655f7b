//! `verify`: what the checker says beside what a real server says.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cargo_schemacheck::verify::interrupt::Interrupt;
use cargo_schemacheck::verify::report::Report;
use cargo_schemacheck::verify::server::Server;
use cargo_schemacheck::verify::{self, Watch};
use schemacheck_checker::rollout::CheckInput;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::{Failure, Outcome};
use crate::output;
use crate::progress::Progress;
use crate::session::Session;

pub(crate) fn run(session: &mut Session, url: &str, allow_cluster: bool) -> Result<Outcome, Failure> {
    let inputs = session.named_inputs()?;
    let (asked, others): (Vec<&CheckInput>, Vec<&CheckInput>) =
        inputs.iter().partition(|input| verify::can_verify(input));
    let names = |inputs: &[&CheckInput]| inputs.iter().map(|input| &*input.name).collect::<Vec<_>>().join(", ");
    if asked.is_empty() {
        return Err(Failure::new("no database of the project is a Postgres database, and verify asks Postgres only")
            .help(format!("found were: {}", names(&others))));
    }
    if !allow_cluster {
        refuse_cluster_statements(&asked)?;
    }
    session.progress.say("connecting to the server");
    let server = Server::open(url)?;
    session.progress.clear();
    if !session.common.quiet {
        for line in session.found() {
            output::remark(line);
        }
        if !others.is_empty() {
            output::remark(format!("note: not compared, since verify asks Postgres only: {}", names(&others)));
        }
    }
    let interrupt = listen()?;
    let progress = Progress::new(session.common.quiet);
    let watch = OnTerminal { progress: &progress };
    let mut reports = Vec::new();
    let mut stopped = None;
    for input in asked {
        progress.say(format!("judging the queries of {} on every schema", input.name));
        match verify::verify(input, &server, &interrupt, &watch) {
            Ok(report) => reports.push(report),
            Err(stop) => {
                stopped = Some(stop);
                break;
            }
        }
    }
    progress.clear();
    print(session, &reports);
    if let Some(stop) = stopped {
        return Err(stop.into());
    }
    if reports.iter().any(|report| !report.differences.is_empty()) {
        return Ok(Outcome::Findings);
    }
    refuse_silence(session, &reports)?;
    Ok(Outcome::Clean)
}

fn print(session: &Session, reports: &[Report]) {
    if output::is_json(&session.common) {
        output::documents(&reports.iter().map(verify::json::json).collect::<Vec<_>>());
        return;
    }
    let texts: Vec<String> = reports.iter().map(|report| verify::text::text(report, session.common.all)).collect();
    output::rendered(&texts.join("\n"));
}

/// How many statements are named.
const NAMED: usize = 20;

fn refuse_cluster_statements(inputs: &[&CheckInput]) -> Result<(), Failure> {
    let found: Vec<String> = inputs
        .iter()
        .flat_map(|input| verify::beyond(input))
        .map(|(place, what)| {
            let (line, column) = place.line_column();
            format!("\n  {}:{line}:{column}: {what}", place.source.path())
        })
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    let more = found.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    let named: String = found.into_iter().take(NAMED).collect();
    Err(Failure::new(format!("statements reach beyond the database that they run in, and are not sent:{named}{more}")).help(
        "on a server that is there for this alone, pass --allow-cluster-statements: what they change there, nothing takes back",
    ))
}

/// A comparison without queries must not be green.
fn refuse_silence(session: &Session, reports: &[Report]) -> Result<(), Failure> {
    if session.common.allow_empty || reports.iter().any(|report| report.queries > 0 && report.compared > 0) {
        return Ok(());
    }
    Err(Failure::new(format!("no query was compared: {}", session.seen()))
        .help("pass --allow-empty if a project without queries is meant"))
}

/// How often it is looked whether a signal came.
const PAUSE: Duration = Duration::from_millis(100);

/// From here on Ctrl-C and termination stop the comparison, and a second one the command, whatever it left.
fn listen() -> Result<Interrupt, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("signals cannot be caught: {error}"));
    let (raised, interrupt) = (Arc::new(AtomicBool::new(false)), Interrupt::default());
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, 2, raised.clone()).map_err(failed)?;
        flag::register(signal, raised.clone()).map_err(failed)?;
    }
    let stops = interrupt.clone();
    let listener = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        while !raised.load(Ordering::SeqCst) {
            std::thread::sleep(PAUSE);
        }
        output::remark("interrupted: dropping what was made on the server; once more to leave it there");
        stops.raise();
    });
    listener.map(|_| interrupt).map_err(failed)
}

/// Progress and warnings on standard error.
struct OnTerminal<'p> {
    progress: &'p Progress,
}

impl Watch for OnTerminal<'_> {
    fn begin(&self, database: &str, cells: usize) {
        self.progress.say(format!("asking the server about {database}"));
        self.progress.count(cells);
    }

    fn advance(&self) {
        self.progress.advance();
    }

    fn say(&self, line: &str) {
        self.progress.pause(|| output::remark(line));
    }
}
