//! Asks a real Postgres about a project: `judge history --repo DIR --migrations PATH --sqlx PATH`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command prints")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use schemacheck_tests::Result;
use schemacheck_tests::git::Repository;
use schemacheck_tests::history::{Layout, judge_steps, steps};
use schemacheck_tests::server::Server;
use schemacheck_tests::summary::{broken_queries, summary};

const USAGE: &str = "usage:
  judge history --repo DIR --migrations PATH [--migrations OLDER_PATH] --sqlx PATH … [--range A..B]
                [--every-commit] [--out DIR]
      each commit that adds migrations, against its first parent; the truth goes to OUT/steps.jsonl";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let options = Options::parse(arguments);
    let done = match command.as_str() {
        "history" => options.and_then(|options| history(&options)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
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
    every_commit: bool,
    out: Option<PathBuf>,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options> {
        let mut options = Options { repo: PathBuf::from("."), ..Options::default() };
        while let Some(name) = arguments.next() {
            if name == "--every-commit" {
                options.every_commit = true;
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value\n{USAGE}"))?;
            match name.as_str() {
                "--repo" => options.repo = value.into(),
                "--migrations" => options.migrations.push(value),
                "--sqlx" => options.sqlx.push(value),
                "--range" => options.range = Some(value),
                "--out" => options.out = Some(value.into()),
                _ => return Err(format!("unknown option {name}\n{USAGE}").into()),
            }
        }
        Ok(options)
    }
}

fn history(options: &Options) -> Result<()> {
    let mut repository = Repository::open(&options.repo)?;
    let layout = Layout { migrations: options.migrations.clone(), sqlx: options.sqlx.clone() };
    let range = options.range.as_deref().unwrap_or("HEAD");
    let steps = steps(&mut repository, &layout, range, options.every_commit)?;
    eprintln!("{} steps", steps.len());
    let out = options.out.clone().unwrap_or_else(|| std::env::temp_dir().join("schemacheck-truth"));
    let server = Server::start()?;
    let truths = judge_steps(&server, &steps, &out.join("cache"), |index, truth| {
        let commit = truth.commit.get(..10).unwrap_or_default();
        let broken = broken_queries(truth);
        eprintln!("{:3}/{} {commit} {} {broken} broken {}", index + 1, steps.len(), truth.date, truth.subject);
    })?;
    write_lines(&out.join("steps.jsonl"), &truths)?;
    let text = summary(&truths);
    std::fs::write(out.join("summary.txt"), &text)?;
    println!("{text}");
    Ok(())
}

fn write_lines<T: serde::Serialize>(path: &Path, values: &[T]) -> Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for value in values {
        serde_json::to_writer(&mut file, value)?;
        file.write_all(b"\n")?;
    }
    Ok(file.flush()?)
}
