//! What a build script does.
#![expect(clippy::print_stdout, reason = "cargo reads a build script's standard output")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::found::{Found, find};
use super::left::FAILED;
use super::place::Place;
use super::watch::Watched;
use super::{FILE, VARIABLE};
use crate::finding::Level;
use crate::project::{Error, Known};
use crate::snapshot::Snapshot;
use crate::sql::on_deep_stack;

/// Says what a build script does with findings: `warn`, `deny` or `allow`. It wins over the configuration.
pub const LEVEL: &str = "SCHEMACHECK_BUILD";

/// The file in `OUT_DIR` that holds what was read of sources, for the next run.
pub(super) const KEPT: &str = "schemacheck.sources";

/// What a build script does, in `build.rs`: `fn main() { schemacheck_checker::build_script() }`.
///
/// It finds configuration, migrations and committed release files as `cargo schemacheck` does, checks, leaves a snapshot for
/// the macros of the package `schemacheck`, and tells cargo what to watch. What a macro reports is not reported here. Anything
/// else is a warning, or an error where the configuration or [`LEVEL`] says `deny`.
///
/// The queries of the project's packages that this one is built from are checked with its own, unless they have this build
/// script themselves; packages from a registry, a vendor folder or another repository never are. What the macros are told is of
/// this package alone, but for the versions that the release needs.
pub fn build_script() {
    let environment = Environment::current();
    let answer = guarded(&environment, || on_deep_stack(|| run(&environment)));
    for line in &answer.instructions {
        // All but errors in the form that packages for older toolchains may use.
        println!("{}{line}", if line.starts_with("error=") { "cargo::" } else { "cargo:" });
    }
    if answer.fails {
        std::process::exit(1);
    }
}

/// What `work` says, or that it did not come to an end: an editor that has this only warn shows all else.
pub(super) fn guarded(environment: &Environment, work: impl FnOnce() -> Answer) -> Answer {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let mut answer = Answer::default();
        let place = Place::of(&environment.manifest_dir);
        let mut watched = Watched::new(&place);
        watched.add_all();
        answer.watch(&watched.into_paths());
        if !place.is_foreign {
            let level = if environment.level.as_deref() == Some("warn") { Level::Warn } else { Level::Deny };
            let help = format!("report it, please; `{LEVEL}=warn` builds without a check");
            answer.block(level, &format!("error: schemacheck stopped at a fault of its own\n  = help: {help}"));
        }
        answer
    })
}

/// What cargo tells a build script.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `CARGO_MANIFEST_DIR`.
    pub manifest_dir: PathBuf,
    /// `CARGO_PKG_NAME`.
    pub package: String,
    /// `OUT_DIR`.
    pub out_dir: PathBuf,
    /// [`LEVEL`].
    pub level: Option<String>,
}

impl Environment {
    fn current() -> Environment {
        let path = |name: &str| std::env::var_os(name).map(PathBuf::from).unwrap_or_default();
        Environment {
            manifest_dir: path("CARGO_MANIFEST_DIR"),
            package: std::env::var("CARGO_PKG_NAME").unwrap_or_default(),
            out_dir: path("OUT_DIR"),
            level: std::env::var(LEVEL).ok(),
        }
    }
}

/// What a build script tells cargo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Lines to be printed after `cargo:`.
    pub instructions: Vec<String>,
    /// Whether the build fails.
    pub fails: bool,
}

/// Finds, checks, leaves the snapshot, and says what to tell cargo.
pub fn run(environment: &Environment) -> Answer {
    let mut answer = Answer::default();
    let place = Place::of(&environment.manifest_dir);
    let named = match environment.level.as_deref() {
        None | Some("") => None,
        Some("allow") => Some(Level::Allow),
        Some("warn") => Some(Level::Warn),
        Some("deny") => Some(Level::Deny),
        Some(other) => {
            answer.block(Level::Deny, &format!("error: {LEVEL} is `{other}`: write `warn`, `deny` or `allow`"));
            None
        }
    };
    let maker = maker();
    let kept = environment.out_dir.join(KEPT);
    let known = maker.as_deref().map(|maker| Known::from_bytes(std::fs::read(&kept).unwrap_or_default(), maker));
    match find(&place, &environment.package, known) {
        Ok(found) => {
            if let (Some(known), Some(maker)) = (&found.known, &maker) {
                // Without it the next run takes longer, and says the same.
                let _ = replace(&kept, &known.to_bytes(maker));
            }
            conclude(&mut answer, environment, &place, named, &found);
        }
        Err(failure) => {
            answer.watch(&failure.watched);
            // A package of others is no concern of who builds it.
            if !place.is_foreign {
                let level = if matches!(named, Some(Level::Warn | Level::Allow)) { Level::Warn } else { Level::Deny };
                let error = failure.error.to_string();
                answer.say(format!("rustc-env={VARIABLE}={FAILED}{}", error.lines().next().unwrap_or_default()));
                answer.block(level, &format!("error: schemacheck cannot check: {}", failure.error));
            }
        }
    }
    answer
}

fn conclude(answer: &mut Answer, environment: &Environment, place: &Place, named: Option<Level>, found: &Found) {
    answer.watch(&found.watched);
    let (bytes, stamp) = Snapshot::write(&found.facts, &found.databases);
    let file = environment.out_dir.join(FILE);
    match replace(&file, &bytes) {
        Ok(()) => answer.say(format!("rustc-env={VARIABLE}={stamp}")),
        Err(error) => answer.block(Level::Deny, &format!("error: {} cannot be written: {error}", file.display())),
    }
    let most = match named.or(found.level) {
        _ if place.is_foreign => Level::Allow,
        level => level.unwrap_or(Level::Warn),
    };
    for note in &found.notes {
        answer.block(Level::Warn.min(most), note);
    }
    for (level, block) in &found.blocks {
        answer.block((*level).min(most), block);
    }
}

impl Answer {
    fn say(&mut self, line: String) {
        self.instructions.push(line);
    }

    fn watch(&mut self, paths: &[PathBuf]) {
        for path in paths {
            self.say(format!("rerun-if-changed={}", path.display()));
        }
    }

    /// A text of several lines; cargo shows each by itself. Where there is none, all levels say the same: an editor with its
    /// own does not build everything again.
    fn block(&mut self, level: Level, text: &str) {
        let rerun = format!("rerun-if-env-changed={LEVEL}");
        if !self.instructions.contains(&rerun) {
            self.say(rerun);
        }
        let word = match level {
            Level::Allow => return,
            Level::Note | Level::Warn => "warning",
            Level::Deny => "error",
        };
        self.fails |= level == Level::Deny;
        for line in text.lines() {
            self.say(format!("{word}={line}"));
        }
    }
}

/// What tells this program from any that may read sources otherwise: a build script that is built again is another file.
fn maker() -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let metadata = std::fs::metadata(&program).ok()?;
    let version = env!("CARGO_PKG_VERSION");
    Some(format!("{version} {} {} {:?}", program.display(), metadata.len(), metadata.modified().ok()?))
}

/// Why nothing could be checked, and what may change that.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) watched: Vec<PathBuf>,
}

/// Puts a whole file in the place of another, so that no reader sees half of it; leaves one alone that is the same.
fn replace(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if std::fs::read(file).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let other = file.with_file_name(format!("{name}.{}.{count}.new", std::process::id()));
    std::fs::write(&other, bytes)?;
    std::fs::rename(&other, file).inspect_err(|_| {
        // The error that matters is the first one.
        let _ = std::fs::remove_file(&other);
    })
}
