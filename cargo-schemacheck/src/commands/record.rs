//! `record`: writes this tree's queries and migrations into a release file.

use std::path::Path;

use super::{Failure, Outcome};
use crate::output;
use crate::session::Session;

pub(crate) fn run(session: &mut Session, output: Option<&Path>) -> Result<Outcome, Failure> {
    if !session.common.allow_empty && !session.has_queries() {
        // The next rollout would be checked against a release that asks nothing.
        return Err(super::no_queries(format!("no queries were found: {}", session.seen())));
    }
    let text = session.release_file();
    session.progress.clear();
    match output {
        None => output::exact(&text),
        Some(path) => {
            std::fs::write(path, text)
                .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?;
            output::remark(format_args!("wrote {}", path.display()));
        }
    }
    Ok(Outcome::Clean)
}
