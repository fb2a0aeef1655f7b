//! Asks a real Postgres about a project: `judge history --repo DIR --migrations PATH --sqlx PATH`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command prints")]

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use schemacheck_tests::compare::{Tally, compare_step};
use schemacheck_tests::equality::{Equality, compare_states};
use schemacheck_tests::git::Repository;
use schemacheck_tests::history::{StepTruth, judge_steps};
use schemacheck_tests::product::{Product, Tree};
use schemacheck_tests::project::{compare_matrix, listed_queries};
use schemacheck_tests::replay::read_folder;
use schemacheck_tests::server::Server;
use schemacheck_tests::steps::{Layout, Lister, Step, steps};
use schemacheck_tests::summary::{broken_queries, summary};
use schemacheck_tests::{Result, in_words};

const USAGE: &str = "usage:
  judge history --repo DIR --migrations PATH [--migrations OLDER_PATH] (--sqlx PATH … | --product PATH)
                [--range A..B]
                [--every-commit] [--out DIR]
      each commit that adds migrations, against its first parent; the truth goes to OUT/steps.jsonl;
      the queries are sqlx's offline data, or what cargo-schemacheck lists
  judge compare --product PATH [--argument ARGUMENT …] and the options of `history`
      the findings of cargo-schemacheck on each of these commits beside the truth
  judge project DIR --product PATH --migrations DIR [--every-state]
      each query of a tree on the last state of its history, or on every state, by the command and by the server
  judge schema --migrations DIR [--layout sqlx]
      the checker's schema model against the server's catalogs after each migration";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let options = Options::parse(arguments);
    let done = match command.as_str() {
        "history" => options.and_then(|options| history(&options)),
        "compare" => options.and_then(|options| compare(&options)),
        "project" => options.and_then(|options| project(&options)),
        "schema" => options.and_then(|options| schema(&options)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", in_words(&*error));
            ExitCode::from(2)
        }
    }
}

#[derive(Debug, Default)]
struct Options {
    repo: PathBuf,
    migrations: Vec<String>,
    sqlx: Vec<String>,
    range: Option<String>,
    every: bool,
    folders: Vec<PathBuf>,
    out: Option<PathBuf>,
    layout: Option<String>,
    product: Option<PathBuf>,
    arguments: Vec<String>,
}

impl Options {
    fn out(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| std::env::temp_dir().join("schemacheck-truth"))
    }

    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options> {
        let mut options = Options { repo: PathBuf::from("."), ..Options::default() };
        while let Some(name) = arguments.next() {
            if name == "--every-commit" || name == "--every-state" {
                options.every = true;
                continue;
            }
            if !name.starts_with("--") {
                options.folders.push(name.into());
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value\n{USAGE}"))?;
            match name.as_str() {
                "--repo" => options.repo = value.into(),
                "--migrations" => options.migrations.push(value),
                "--sqlx" => options.sqlx.push(value),
                "--range" => options.range = Some(value),
                "--product" => options.product = Some(std::fs::canonicalize(value)?),
                "--argument" => options.arguments.push(value),
                "--layout" => options.layout = Some(value),
                "--out" => options.out = Some(value.into()),
                _ => return Err(format!("unknown option {name}\n{USAGE}").into()),
            }
        }
        Ok(options)
    }
}

fn history(options: &Options) -> Result<()> {
    let steps = read_steps(options)?;
    let server = Server::start()?;
    let truths = truths(options, &server, &steps)?;
    let out = options.out();
    write_lines(&out.join("steps.jsonl"), &truths)?;
    let text = summary(&truths);
    std::fs::write(out.join("summary.txt"), &text)?;
    println!("{text}");
    Ok(())
}

fn compare(options: &Options) -> Result<()> {
    let binary = options.product.clone().ok_or("compare needs --product")?;
    let product = Product { binary, arguments: options.arguments.clone() };
    let steps = read_steps(options)?;
    let server = Server::start()?;
    let truths = truths(options, &server, &steps)?;
    let tree = Tree::of(&options.repo)?;
    let mut tally = Tally::default();
    for (step, truth) in steps.iter().zip(&truths).filter(|(_, truth)| truth.unreplayable.is_none()) {
        let found = compare_step(&server, &product, &tree, step, truth)?;
        for note in &found.notes {
            eprintln!("{note}");
        }
        tally.add(found);
    }
    let text = tally.text();
    std::fs::write(options.out().join("compare.txt"), &text)?;
    println!("{text}");
    Ok(())
}

fn project(options: &Options) -> Result<()> {
    let binary = options.product.clone().ok_or("project needs --product")?;
    let product = Product { binary, arguments: options.arguments.clone() };
    let server = Server::start()?;
    for (folder, migrations) in options.folders.iter().zip(&options.migrations) {
        let migrations = read_folder(Path::new(migrations))?;
        let last = migrations.last().map(|last| last.version.clone()).unwrap_or_default();
        let matrices = product.matrix(folder)?;
        let matrix = matrices.iter().find(|matrix| matrix.index_of(&last).is_some());
        let matrix = matrix.ok_or("the command found no database with these migrations")?;
        let tally = compare_matrix(&server, &migrations, &listed_queries(folder)?, matrix, options.every)?;
        println!("{}", tally.text());
    }
    Ok(())
}

fn read_steps(options: &Options) -> Result<Vec<Step>> {
    let mut repository = Repository::open(&options.repo)?;
    let lister = options.product.clone().filter(|_| options.sqlx.is_empty()).map(|binary| Lister {
        product: Product { binary, arguments: options.arguments.clone() },
        cache: options.out().join("queries"),
    });
    let layout = Layout { migrations: options.migrations.clone(), sqlx: options.sqlx.clone(), lister };
    let range = options.range.as_deref().unwrap_or("HEAD");
    steps(&mut repository, &layout, range, options.every)
}

fn truths(options: &Options, server: &Server, steps: &[Step]) -> Result<Vec<StepTruth>> {
    judge_steps(server, steps, &options.out().join("cache"), |index, truth| {
        let commit = truth.commit.get(..10).unwrap_or_default();
        let broken = broken_queries(truth);
        eprintln!("{:3}/{} {commit} {} {broken} broken {}", index + 1, steps.len(), truth.date, truth.subject);
    })
}

fn schema(options: &Options) -> Result<()> {
    let server = Server::start()?;
    for folder in &options.migrations {
        let migrations = read_folder(Path::new(folder))?;
        let equality = compare_states(&server, &migrations, options.layout.as_deref().unwrap_or("sqlx"))?;
        print_equality(&equality);
    }
    Ok(())
}

fn print_equality(equality: &Equality) {
    let mut known = HashSet::new();
    for state in &equality.states {
        for problem in &state.problems {
            println!("{}: {problem}", state.version);
        }
        for difference in &state.comparison.differences {
            if known.insert(difference.clone()) {
                let show = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
                let (server, model) = (show(&difference.server), show(&difference.model));
                println!("{}: {}: server {server}, model {model}", state.version, difference.cell);
            }
        }
    }
    if let Some((file, error)) = &equality.refused {
        println!("the server refuses {file}: {error}");
    }
    let equal: usize = equality.states.iter().map(|state| state.comparison.equal).sum();
    let total: usize = equality.states.iter().map(|state| state.comparison.total).sum();
    let whole = equality.states.iter().filter(|state| state.comparison.differences.is_empty()).count();
    println!(
        "cells over all states: {equal} of {total} equal; states without a difference: {whole} of {}",
        equality.states.len()
    );
    if let Some(last) = equality.states.last() {
        println!("at the last state: {} of {} cells equal", last.comparison.equal, last.comparison.total);
    }
}

fn write_lines<T: serde::Serialize>(path: &Path, values: &[T]) -> Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for value in values {
        serde_json::to_writer(&mut file, value)?;
        file.write_all(b"\n")?;
    }
    Ok(file.flush()?)
}
