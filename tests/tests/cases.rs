//! Runs each folder of `tests/cases` against a private server.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use schemacheck_tests::case::{Case, ask, lines};
use schemacheck_tests::in_words;
use schemacheck_tests::server::Server;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let server = match Server::start() {
        Ok(server) => Arc::new(server),
        Err(error) => {
            let failed = move || Err(Failed::from(in_words(&*error)));
            return libtest_mimic::run(&arguments, vec![Trial::test("server", failed)]).exit_code();
        }
    };
    let trials = folders(&folder).into_iter().map(|case| trial(case, &server)).collect();
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

fn trial(folder: PathBuf, server: &Arc<Server>) -> Trial {
    let server = Arc::clone(server);
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Trial::test(name, move || run(&folder, &server))
}

fn run(folder: &Path, server: &Server) -> Result<(), Failed> {
    let case = Case::read(folder).map_err(|error| in_words(&*error))?;
    if server.major_version().map_err(|error| in_words(&*error))? < case.settings.server {
        return Ok(());
    }
    let found = lines(&ask(server, &case).map_err(|error| in_words(&*error))?);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let text: String = found.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(folder.join("expected.txt"), text).map_err(|error| error.to_string())?;
        return Ok(());
    }
    let missing: Vec<_> = case.expected.difference(&found).map(|line| format!("- {line}")).collect();
    let surplus: Vec<_> = found.difference(&case.expected).map(|line| format!("+ {line}")).collect();
    if missing.is_empty() && surplus.is_empty() {
        return Ok(());
    }
    Err(format!("the server differs from expected.txt:\n{}\n{}", missing.join("\n"), surplus.join("\n")).into())
}
