//! Measuring one part of one project.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use cargo_schemacheck::verify::interrupt::Interrupt;
use cargo_schemacheck::verify::{self, Watch};
use schemacheck_checker::render;

use super::{CellsFigures, Classes, Corpus, Measured, MutationFigures, Part, StatesFigures, StepsFigures, classes};
use super::{keep, kept};
use crate::compare::{Tally, compare_step};
use crate::git::Repository;
use crate::history::judge_steps;
use crate::mutate::{self, Settings};
use crate::product::{Matrix, Product, Tree};
use crate::project::{compare_matrix, listed_queries};
use crate::replay::read_folder;
use crate::server::Server;
use crate::steps::{Layout, Lister, steps};
use crate::{Result, failure, nested, nullability};

/// What measuring takes.
#[derive(Debug)]
pub struct Bench {
    /// The server.
    pub server: Server,
    /// The command, for the parts that run it.
    pub product: Option<Product>,
    /// The folder with a clone for each project, by its name.
    pub clones: PathBuf,
    /// Where results are kept.
    pub results: PathBuf,
    /// Where answers of the server and notes on disagreements are kept.
    pub out: PathBuf,
    /// Of mutations.
    pub seed: u64,
    /// Of mutations.
    pub count: u64,
}

/// Measures a part of a project and keeps what was found beside what is known of its other parts.
///
/// # Errors
///
/// When the clone, the command or the server fails.
pub fn measure(bench: &Bench, corpus: &Corpus, part: Part) -> Result<()> {
    let clone = bench.clones.join(&corpus.name);
    let tree = Tree::of(&clone)?;
    tree.check_out(&corpus.commit)?;
    let started = Stamp::now(&bench.server)?;
    let (found, notes) = match part {
        Part::States => states(bench, corpus, tree.path())?,
        Part::Cells => cells(bench, corpus, tree.path())?,
        Part::Steps => compared_steps(bench, corpus, &clone, &tree)?,
        Part::Nullability => never_null(bench, corpus, tree.path())?,
        Part::Mutations => mutations(bench, corpus, tree.path())?,
    };
    let folder = bench.out.join(&corpus.name);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(format!("{}.notes.txt", part.name())), notes.join("\n") + "\n")?;
    // Read again: other parts may have been measured meanwhile.
    let mut results = kept(&bench.results, corpus)?;
    match found {
        Found::States(figures) => results.states = Some(started.figures(figures)),
        Found::Cells(figures) => results.cells = Some(started.figures(figures)),
        Found::Steps(figures) => results.steps = Some(started.figures(figures)),
        Found::Nullability(figures) => results.nullability = Some(started.figures(figures)),
        Found::Mutations(figures) => {
            results.mutations.insert(bench.seed, started.figures(figures));
        }
    }
    keep(&bench.results, &results)
}

/// What was found of a part.
enum Found {
    States(StatesFigures),
    Cells(CellsFigures),
    Steps(StepsFigures),
    Nullability(nullability::NullabilityTally),
    Mutations(MutationFigures),
}

/// The figures, and a line or more for each disagreement.
type Measurement = Result<(Found, Vec<String>)>;

fn states(bench: &Bench, corpus: &Corpus, folder: &Path) -> Measurement {
    let input = mutate::read(&bench.server, folder, corpus.database.as_deref())?;
    let server = verify::server::Server::open(&bench.server.url("postgres"))?;
    let report = verify::verify(&input, &server, &Interrupt::default(), &Unwatched)?;
    if let Some(reason) = &report.ended {
        return Err(failure(format!("{}: {reason}", corpus.name)));
    }
    let mut classes = Classes::new();
    for difference in &report.differences {
        *classes.entry(classes::of_difference(difference)).or_default() += 1;
    }
    let figures = StatesFigures {
        states: report.compared,
        of_states: report.states.len(),
        queries: report.queries,
        withheld: report.withheld.values().sum(),
        summary: report.summary,
        classes,
    };
    Ok((Found::States(figures), vec![verify::text::text(&report, true)]))
}

fn cells(bench: &Bench, corpus: &Corpus, folder: &Path) -> Measurement {
    let migrations = corpus.migrations.iter().map(|path| folder.join(path)).find(|path| path.is_dir());
    let migrations = read_folder(&migrations.ok_or("the commit has no migrations")?)?;
    // In process: for the server's version.
    let input = mutate::read(&bench.server, folder, corpus.database.as_deref())?;
    let matrix = render::matrix_json(&schemacheck_checker::matrix(&input, &|_| true));
    let matrix: Matrix = serde_json::from_value(matrix)?;
    let tally = compare_matrix(&bench.server, &migrations, &listed_queries(folder)?, &matrix, true)?;
    let classes = classes::of_notes(tally.notes.iter().map(String::as_str));
    let notes = tally.notes.clone();
    Ok((Found::Cells(CellsFigures { tally, classes }), notes))
}

fn compared_steps(bench: &Bench, corpus: &Corpus, clone: &Path, tree: &Tree) -> Measurement {
    let out = bench.out.join(&corpus.name);
    let product = product(bench)?.clone();
    let lister = corpus.sqlx.is_empty().then(|| Lister { product: product.clone(), cache: out.join("queries") });
    let layout = Layout { migrations: corpus.migrations.clone(), sqlx: corpus.sqlx.clone(), lister };
    let range = match &corpus.steps_from {
        Some(first) => format!("{first}..{}", corpus.commit),
        None => corpus.commit.clone(),
    };
    let steps = steps(&mut Repository::open(clone)?, &layout, &range, !corpus.first_parents)?;
    let truths = judge_steps(&bench.server, &steps, &out.join("cache"), |_, _| {})?;
    let mut tally = Tally::default();
    for (step, truth) in steps.iter().zip(&truths).filter(|(_, truth)| truth.unreplayable.is_none()) {
        tally.add(compare_step(&bench.server, &product, tree, step, truth)?);
    }
    let classes = classes::of_notes(tally.notes.iter().map(String::as_str));
    let notes = tally.notes.clone();
    Ok((Found::Steps(StepsFigures { tally, classes }), notes))
}

fn never_null(bench: &Bench, corpus: &Corpus, folder: &Path) -> Measurement {
    let tally = nullability::measure(&bench.server, folder, corpus.database.as_deref())?;
    let notes = tally.notes.clone();
    Ok((Found::Nullability(tally), notes))
}

fn mutations(bench: &Bench, corpus: &Corpus, folder: &Path) -> Measurement {
    let settings = Settings { seed: bench.seed, count: bench.count, only: None, database: corpus.database.clone() };
    let tally = mutate::mutate(&bench.server, folder, &settings, |_, _| {})?;
    let figures = MutationFigures {
        count: bench.count,
        queries: tally.queries,
        left_out: tally.left_out,
        classes: classes::of_notes(tally.notes.iter().map(String::as_str)),
        kinds: tally.kinds.iter().map(|(kind, tally)| ((*kind).to_owned(), *tally)).collect(),
    };
    Ok((Found::Mutations(figures), tally.notes))
}

fn product(bench: &Bench) -> Result<&Product> {
    bench.product.as_ref().ok_or_else(|| failure("this part runs the command: --product PATH".to_owned()))
}

/// When and with what a measurement began.
struct Stamp {
    date: String,
    checker: String,
    server: String,
    started: Instant,
}

impl Stamp {
    fn now(server: &Server) -> Result<Stamp> {
        let run = |program: &str, arguments: &[&str]| -> Result<String> {
            let output = Command::new(program).args(arguments).current_dir(nested::repository()).output()?;
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let changed = !run("git", &["status", "--porcelain", "--untracked-files=no"])?.is_empty();
        let checker = run("git", &["rev-parse", "--short=10", "HEAD"])? + if changed { "+" } else { "" };
        let row = server
            .connect("postgres")?
            .query_one("SELECT split_part(current_setting('server_version'), ' ', 1)", &[])?;
        Ok(Stamp { date: run("date", &["-u", "+%F"])?, checker, server: row.get(0), started: Instant::now() })
    }

    fn figures<T>(self, figures: T) -> Measured<T> {
        let Stamp { date, checker, server, started } = self;
        Measured { date, checker, server, seconds: started.elapsed().as_secs(), figures }
    }
}

/// Nobody watches.
struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _: &str, _: usize) {}

    fn advance(&self) {}

    #[expect(clippy::print_stderr, reason = "a database that stays must be known")]
    fn say(&self, line: &str) {
        eprintln!("{line}");
    }
}
