//! Runs each folder of `tests/cases`: the server against `expected.txt`, the checker against the same, the schema model
//! against the server's catalogs. `UPDATE_EXPECT=1` writes what the server and the checker say.
//!
//! `findings.txt` holds the checker's findings in the rollout. `known.txt` and `known-schema.txt` hold where the checker is
//! known to differ from its judge: a line more or less fails, so that neither a new difference nor a mended one goes unseen.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use schemacheck_tests::case::{Case, Dialect, ask, lines, outcomes};
use schemacheck_tests::checked::{
    answers, disagreements, findings, findings_against_itself, migration_disagreements, stale,
};
use schemacheck_tests::equality::compare_states;
use schemacheck_tests::server::Server;
use schemacheck_tests::{Result, in_words};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    if updates() {
        // One after the other: what the server says of a case is written before the checker is held to it.
        arguments.test_threads = Some(1);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let server = match Server::start() {
        Ok(server) => Arc::new(server),
        Err(error) => {
            let words = in_words(&*error);
            let failed = move || Err(Failed::from(words));
            return libtest_mimic::run(&arguments, vec![Trial::test("server", failed)]).exit_code();
        }
    };
    let mut trials = Vec::new();
    for folder in folders(&folder) {
        let (one, two) = (Arc::clone(&server), Arc::clone(&server));
        trials.push(trial("server", &folder, move |folder, case| server_says(folder, case, &one)));
        trials.push(trial("checker", &folder, checker_says));
        trials.push(trial("schema", &folder, move |folder, case| model_says(folder, case, &two)));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(server);
    conclusion.exit_code()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut folders: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|p| p.is_dir()).collect();
    folders.sort();
    folders
}

/// Gives the lines that are wrong; none when all is well.
type Act = dyn Fn(&Path, &Case) -> Result<Vec<String>> + Send;

fn trial(kind: &str, folder: &Path, act: impl Fn(&Path, &Case) -> Result<Vec<String>> + Send + 'static) -> Trial {
    let act: Box<Act> = Box::new(act);
    let folder = folder.to_owned();
    let name = format!("{kind}/{}", folder.file_name().unwrap_or_default().to_string_lossy());
    Trial::test(name, move || {
        let wrong = Case::read(&folder).and_then(|case| act(&folder, &case)).map_err(|error| in_words(&*error))?;
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    })
}

fn server_says(folder: &Path, case: &Case, server: &Server) -> Result<Vec<String>> {
    if server.major_version()? < case.settings.server {
        return Ok(Vec::new());
    }
    compare(&folder.join("expected.txt"), &case.expected, &lines(&ask(server, case)?))
}

fn checker_says(folder: &Path, case: &Case) -> Result<Vec<String>> {
    let outcomes = outcomes(&case.expected)?;
    let (report, found) = findings(case)?;
    let (mut wrong, _) = disagreements(case, &answers(case)?, &stale(case, &report), &outcomes);
    wrong.extend(migration_disagreements(&report, &outcomes));
    wrong.extend(findings_against_itself(case)?.into_iter().map(|line| format!("N against N: {line}")));
    let mut differs = compare_file(&folder.join("known.txt"), &wrong.into_iter().collect())?;
    differs.extend(compare_file(&folder.join("findings.txt"), &found)?);
    Ok(differs)
}

fn model_says(folder: &Path, case: &Case, server: &Server) -> Result<Vec<String>> {
    if case.settings.dialect != Dialect::Postgres || server.major_version()? < case.settings.server {
        return Ok(Vec::new());
    }
    let mut wrong = BTreeSet::new();
    for state in compare_states(server, &case.migrations, "sqlx")?.states {
        for difference in state.comparison.differences {
            let show = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
            let (server, model) = (show(difference.server), show(difference.model));
            wrong.insert(format!("{}: {}: server {server}, model {model}", state.version, difference.cell));
        }
    }
    compare_file(&folder.join("known-schema.txt"), &wrong)
}

fn compare_file(file: &Path, found: &BTreeSet<String>) -> Result<Vec<String>> {
    let expected = std::fs::read_to_string(file).unwrap_or_default();
    compare(file, &expected.lines().map(str::to_owned).collect(), found)
}

/// Whether what is found is to be written.
fn updates() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

/// The lines of a file beside those found; or writes those found.
fn compare(file: &Path, expected: &BTreeSet<String>, found: &BTreeSet<String>) -> Result<Vec<String>> {
    if updates() {
        if found.is_empty() && file.file_name() != Some("expected.txt".as_ref()) {
            // A file that is not there says that there is nothing.
            let _ = std::fs::remove_file(file);
            return Ok(Vec::new());
        }
        let text: String = found.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(file, text)?;
        return Ok(Vec::new());
    }
    let missing = expected.difference(found).map(|line| format!("- {line}"));
    let surplus = found.difference(expected).map(|line| format!("+ {line}"));
    Ok(missing.chain(surplus).collect())
}
