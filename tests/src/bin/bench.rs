//! Times the main job: on a generated project, or on two folders of a real one.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command prints")]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use schemacheck_tests::Result;
use schemacheck_tests::generated::{Size, write};

const USAGE: &str = "usage: bench [--tables N] [--migrations N] [--queries N] [--pending N] [--runs N] [--instructions]
       bench --baseline DIR --candidate DIR [--runs N] [--instructions]
  Runs `cargo-schemacheck` (SCHEMACHECK_BIN, else the release build) and prints the wall time of each run;
  --instructions adds the instruction count, by valgrind, which noise on the machine can't move.";

fn main() -> ExitCode {
    match options().and_then(|options| bench(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

struct Options {
    size: Size,
    folders: Option<(PathBuf, PathBuf)>,
    runs: usize,
    instructions: bool,
}

fn options() -> Result<Options> {
    let mut options = Options {
        size: Size { tables: 100, migrations: 500, queries: 5000, pending: 1 },
        folders: None,
        runs: 5,
        instructions: false,
    };
    let (mut baseline, mut candidate) = (None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--instructions" {
            options.instructions = true;
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--tables" => options.size.tables = value.parse()?,
            "--migrations" => options.size.migrations = value.parse()?,
            "--queries" => options.size.queries = value.parse()?,
            "--pending" => options.size.pending = value.parse()?,
            "--runs" => options.runs = value.parse()?,
            "--baseline" => baseline = Some(PathBuf::from(value)),
            "--candidate" => candidate = Some(PathBuf::from(value)),
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    options.folders = baseline.zip(candidate);
    if options.size.tables == 0 || options.size.migrations < options.size.tables + options.size.pending {
        return Err(
            "there must be at least one table, and as many migrations as tables and pending ones together".into()
        );
    }
    Ok(options)
}

fn bench(options: &Options) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (baseline, candidate) = match &options.folders {
        Some(folders) => folders.clone(),
        None => {
            write(folder.path(), options.size)?;
            println!("{:?}", options.size);
            (folder.path().join("baseline"), folder.path().join("candidate"))
        }
    };
    let binary = binary()?;
    let mut times = Vec::new();
    for run in 0..options.runs.max(1) {
        let (time, status) = timed(&mut check(&[], &binary, &baseline, &candidate))?;
        println!("run {}: {:.3} s, exit {status}", run + 1, time.as_secs_f64());
        times.push(time);
    }
    times.sort();
    println!("median: {:.3} s", times[times.len() / 2].as_secs_f64());
    if options.instructions {
        println!("instructions: {}", instructions(&binary, &baseline, &candidate)?);
    }
    Ok(())
}

fn binary() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("SCHEMACHECK_BIN") {
        return Ok(path.into());
    }
    let path = PathBuf::from("target/release/cargo-schemacheck");
    if path.is_file() {
        Ok(path)
    } else {
        Err("no target/release/cargo-schemacheck: cargo build --release -p cargo-schemacheck".into())
    }
}

/// The main job as a command, behind the words of `wrapper`.
fn check(wrapper: &[&str], binary: &Path, baseline: &Path, candidate: &Path) -> Command {
    let mut command = match wrapper {
        [] => Command::new(binary),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(binary);
            command
        }
    };
    command.args(["schemacheck", "--quiet", "--manifest-path"]).arg(candidate).arg("--baseline-root").arg(baseline);
    command
}

fn timed(command: &mut Command) -> Result<(Duration, i32)> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let code = status.code().ok_or("ended by a signal")?;
    if code > 1 {
        return Err(format!("the run could not check: exit {code}: {command:?}").into());
    }
    Ok((start.elapsed(), code))
}

/// The instructions that the main job executes, counted by valgrind's callgrind.
fn instructions(binary: &Path, baseline: &Path, candidate: &Path) -> Result<String> {
    let wrapper = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let output = check(&wrapper, binary, baseline, candidate).output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text.lines().find_map(|line| line.split("Collected :").nth(1));
    Ok(count.ok_or("valgrind printed no count")?.trim().to_owned())
}
