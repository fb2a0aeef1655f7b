//! Printing. Text of files reaches a terminal only through here or through the renderers, without control characters.

use std::fmt::Display;
use std::io::{self, Write as _};

use schemacheck_checker::render::printable;
use serde_json::Value;

use crate::args::{Colour, Common, Format};
use crate::commands::Failure;

/// A line of the answer, on standard output.
pub(crate) fn line(text: impl Display) {
    exact(&format!("{}\n", printable(&text.to_string())));
}

/// What a renderer made, on standard output.
pub(crate) fn rendered(text: &str) {
    done(anstream::stdout().lock().write_all(text.as_bytes()));
}

/// One document, or one line for each of several, on standard output.
pub(crate) fn documents(documents: &[Value]) {
    for document in documents {
        exact(&format!("{document}\n"));
    }
}

/// Text for a program, byte for byte, on standard output.
pub(crate) fn exact(text: &str) {
    done(std::io::stdout().lock().write_all(text.as_bytes()));
}

/// A line about the answer, on standard error.
pub(crate) fn remark(text: impl Display) {
    anstream::eprintln!("{}", printable(&text.to_string()));
}

/// Why a run could not check, on standard error.
pub(crate) fn error(failure: &Failure) {
    let style = clap_cargo::style::ERROR;
    anstream::eprintln!("{style}error{style:#}: {}", printable(&failure.to_string()));
}

/// A reader that has seen enough is no error; an answer that cannot be written is no answer.
fn done(written: io::Result<()>) {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            self::error(&Failure::new(format!("the answer cannot be written: {error}")));
            std::process::exit(2);
        }
        _ => {}
    }
}

/// Whether the output is for a program.
pub(crate) fn is_json(common: &Common) -> bool {
    common.format == Format::Json
}

/// Whether the output is Cargo's lines.
pub(crate) fn is_cargo_json(common: &Common) -> bool {
    common.format == Format::CargoJson || common.message_format.is_some()
}

/// Whether text is printed with colours.
pub(crate) fn styled(common: &Common) -> bool {
    match common.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
    }
}

impl Colour {
    /// From here on, all output keeps to it.
    pub(crate) fn apply(self) {
        match self {
            Colour::Auto => {}
            Colour::Always => anstream::ColorChoice::Always.write_global(),
            Colour::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}
