//! The judge: what a real server says about the same migrations and queries that the checker reads.
//!
//! Truth comes from the server alone: nothing here asks the checker what a statement means.

pub mod accuracy;
pub mod case;
pub mod catalog;
pub mod checked;
pub mod compare;
pub mod describe;
pub mod editor;
pub mod generated;
pub mod equality;
pub mod git;
pub mod history;
pub mod judge;
pub mod kept;
pub mod mutate;
pub mod nested;
pub mod nullability;
pub mod product;
pub mod project;
pub mod queries;
pub mod replay;
pub mod rows;
pub mod samples;
pub mod script;
pub mod server;
pub mod sqlite;
pub mod sqlite_catalog;
pub mod statement_cases;
pub mod steps;
pub mod summary;

/// What the command prints for a schema, as cells.
pub use cargo_schemacheck::verify::document as model;
use postgres::Client;

/// Everything that stops the judge itself: no server, no git, an unreadable file.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// An error with its causes: the driver's own words leave the server's out.
#[must_use]
pub fn in_words(error: &(dyn std::error::Error + Send + Sync)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}

/// An error that is only a sentence.
pub(crate) fn failure(message: String) -> Box<dyn std::error::Error + Send + Sync> {
    message.into()
}

/// Runs something inside a savepoint; what it did to the database is undone if it fails, and if `undo` says so.
pub(crate) fn savepoint<T, E>(
    client: &mut Client,
    undo: bool,
    act: impl FnOnce(&mut Client) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    // A lost connection shows in `act`, which can say so.
    let _ = client.batch_execute("SAVEPOINT judge");
    let done = act(client);
    let _ = if undo || done.is_err() {
        client.batch_execute("ROLLBACK TO SAVEPOINT judge; RELEASE SAVEPOINT judge")
    } else {
        client.batch_execute("RELEASE SAVEPOINT judge")
    };
    done
}
