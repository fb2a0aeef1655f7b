//! Asks a real Postgres about a project: `judge history --repo DIR --migrations PATH --sqlx PATH`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command prints")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use schemacheck_tests::accuracy::{self, Bench, Part, Results};
use schemacheck_tests::compare::{Tally, compare_step};
use schemacheck_tests::equality::{compare_sqlite_states, compare_states};
use schemacheck_tests::git::Repository;
use schemacheck_tests::history::{StepTruth, judge_steps};
use schemacheck_tests::mutate::Settings;
use schemacheck_tests::nested::repository;
use schemacheck_tests::product::{Product, Tree};
use schemacheck_tests::project::{compare_matrix, listed_queries};
use schemacheck_tests::replay::read_folder;
use schemacheck_tests::script::compare_scripts;
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
  judge schema --migrations DIR … [--layout sqlx] [--dialect sqlite]
      what `cargo schemacheck schema --format json` prints after each migration against the engine's catalogs
  judge mutate DIR [--database NAME] [--seed S] [--count N | --only NUMBER]
      a random change of the final schema after the other: all queries that it concerns, by the checker and by the server
  judge nullability DIR [--database NAME]
      each query of a tree over rows with NULL wherever the final schema allows it: result columns that the checker calls
      never NULL, and are; beside what sqlx recorded
  judge accuracy [--corpora FILE] [--results DIR] [--clones DIR [--corpus NAME …] [--part PART …] [--product PATH]
                 [--seed S] [--count N] [--out DIR]]
      public projects measured, the figures kept for each, and docs/accuracy.md written from them; without --clones only the
      page; parts: states, cells, steps, nullability, mutations
  judge script FILE.sql …
      scripts in one session, statement by statement: what model and server refuse, and the shapes of queries";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let options = Options::parse(arguments);
    let done = match command.as_str() {
        "history" => options.and_then(|options| history(&options)),
        "compare" => options.and_then(|options| compare(&options)),
        "project" => options.and_then(|options| project(&options)),
        "schema" => options.and_then(|options| schema(&options)),
        "script" => options.and_then(|options| script(&options)),
        "nullability" => options.and_then(|options| nullability(&options)),
        "accuracy" => options.and_then(|options| accuracy(&options)),
        "mutate" => options.and_then(|options| mutate(&options)),
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
    dialect: Option<String>,
    product: Option<PathBuf>,
    database: Option<String>,
    seed: u64,
    count: Option<u64>,
    only: Option<u64>,
    arguments: Vec<String>,
    corpora: Option<PathBuf>,
    clones: Option<PathBuf>,
    results: Option<PathBuf>,
    corpus: Vec<String>,
    parts: Vec<String>,
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
                "--corpora" => options.corpora = Some(value.into()),
                "--clones" => options.clones = Some(value.into()),
                "--results" => options.results = Some(value.into()),
                "--corpus" => options.corpus.push(value),
                "--part" => options.parts.push(value),
                "--argument" => options.arguments.push(value),
                "--dialect" => options.dialect = Some(value),
                "--layout" => options.layout = Some(value),
                "--database" => options.database = Some(value),
                "--seed" => options.seed = value.parse()?,
                "--count" => options.count = Some(value.parse()?),
                "--only" => options.only = Some(value.parse()?),
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
    let layout = options.layout.as_deref().unwrap_or("sqlx");
    for folder in &options.migrations {
        let migrations = read_folder(Path::new(folder))?;
        let equality = match options.dialect.as_deref() {
            Some("sqlite") => compare_sqlite_states(&migrations, layout)?,
            _ => compare_states(&Server::start()?, &migrations, layout)?,
        };
        println!("{folder}\n{}", equality.text());
    }
    Ok(())
}

fn script(options: &Options) -> Result<()> {
    let read = |path: &PathBuf| Ok((path.display().to_string(), std::fs::read_to_string(path)?));
    let scripts: Vec<_> = options.folders.iter().map(read).collect::<Result<_>>()?;
    let compared = compare_scripts(&Server::start()?, &scripts)?;
    for ((name, _), found) in scripts.iter().zip(&compared) {
        println!("{}", found.text(name));
    }
    Ok(())
}

fn mutate(options: &Options) -> Result<()> {
    let server = Server::start()?;
    let settings = Settings {
        seed: options.seed,
        count: options.count.unwrap_or(1000),
        only: options.only,
        database: options.database.clone(),
    };
    println!("seed {}", settings.seed);
    for folder in &options.folders {
        let mut shown = 0;
        let tally = schemacheck_tests::mutate::mutate(&server, folder, &settings, |_, tally| {
            for note in tally.notes.iter().skip(shown) {
                println!("{note}");
            }
            shown = tally.notes.len();
        })?;
        println!("{}: seed {}, {} mutations\n{}", folder.display(), settings.seed, settings.count, tally.text());
    }
    Ok(())
}

fn nullability(options: &Options) -> Result<()> {
    let server = Server::start()?;
    for folder in &options.folders {
        let tally = schemacheck_tests::nullability::measure(&server, folder, options.database.as_deref())?;
        for note in &tally.notes {
            println!("{note}");
        }
        println!("{}\n{}", folder.display(), tally.text());
    }
    Ok(())
}

fn accuracy(options: &Options) -> Result<()> {
    let list = options.corpora.clone().unwrap_or_else(|| repository().join("tests/corpora.toml"));
    let corpora = accuracy::corpora(&list)?;
    let results = options.results.clone().unwrap_or_else(|| repository().join("docs/accuracy"));
    if let Some(unknown) = options.corpus.iter().find(|name| corpora.iter().all(|corpus| corpus.name != **name)) {
        return Err(format!("{} has no project {unknown}", list.display()).into());
    }
    if let Some(clones) = &options.clones {
        let bench = Bench {
            server: Server::start()?,
            product: options.product.clone().map(|binary| Product { binary, arguments: options.arguments.clone() }),
            clones: clones.clone(),
            results: results.clone(),
            out: options.out(),
            seed: options.seed,
            count: options.count.unwrap_or(1000),
        };
        for corpus in corpora.iter().filter(|corpus| options.corpus.is_empty() || options.corpus.contains(&corpus.name))
        {
            for part in wanted_parts(&options.parts)? {
                eprintln!("{} {}", corpus.name, part.name());
                accuracy::measure(&bench, corpus, part)?;
            }
        }
    }
    let all: Vec<Results> = corpora.iter().map(|corpus| accuracy::kept(&results, corpus)).collect::<Result<_>>()?;
    let page = results.with_extension("md");
    std::fs::write(&page, accuracy::page(&all))?;
    println!("wrote {}", page.display());
    Ok(())
}

/// The parts that are named; all where none is.
fn wanted_parts(named: &[String]) -> Result<Vec<Part>> {
    if named.is_empty() {
        return Ok(Part::ALL.to_vec());
    }
    let find = |name: &String| Part::ALL.into_iter().find(|part| part.name() == name);
    named.iter().map(|name| find(name).ok_or_else(|| format!("no part is called {name}").into())).collect()
}

fn write_lines<T: serde::Serialize>(path: &Path, values: &[T]) -> Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for value in values {
        serde_json::to_writer(&mut file, value)?;
        file.write_all(b"\n")?;
    }
    Ok(file.flush()?)
}
