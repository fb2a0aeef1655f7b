//! Why a comparison cannot go on.

use std::fmt;

use super::describe::ServerError;

/// Why a comparison cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// In lower case, without a full stop.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl Stop {
    /// A reason without a way out.
    pub fn new(message: impl Into<String>) -> Stop {
        Stop { message: message.into(), help: None }
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Stop {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Stop {}

impl From<postgres::Error> for Stop {
    fn from(error: postgres::Error) -> Stop {
        Stop::new(format!("the server cannot be asked: {}", in_words(&error)))
    }
}

/// What went wrong, in the server's words where they are its own, else in the driver's with their causes.
#[must_use]
pub fn in_words(error: &postgres::Error) -> String {
    if error.as_db_error().is_some() {
        return ServerError::from(error).to_string();
    }
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}
