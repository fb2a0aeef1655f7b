//! `cargo schemacheck`: arguments, exit status, printing. What it prints comes from `schemacheck-checker`.

mod args;
mod beside;
mod cargo_lines;
mod clippy;
mod commands;
mod output;
mod progress;
mod session;

use std::process::ExitCode;

use clap::Parser as _;

/// Deeply nested SQL and Rust recurse in parsers that are not ours; input is guarded, and this is what the guards count on.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let args::Cargo::Schemacheck(cli) = args::Cargo::parse();
    cli.common.color.apply();
    let worker =
        std::thread::Builder::new().name("check".to_owned()).stack_size(STACK).spawn(move || commands::run(&cli));
    let outcome = match worker {
        Ok(worker) => worker.join().unwrap_or_else(|_| {
            Err(commands::Failure::new("schemacheck stopped by a bug of its own; please report the lines above"))
        }),
        Err(error) => Err(commands::Failure::new(format!("no thread could be started: {error}"))),
    };
    match outcome {
        Ok(commands::Outcome::Clean) => ExitCode::SUCCESS,
        Ok(commands::Outcome::Findings) => ExitCode::from(1),
        Err(failure) => {
            output::error(&failure);
            ExitCode::from(2)
        }
    }
}
