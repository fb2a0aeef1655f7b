//! Progress of long work, on a terminal only.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A line on standard error that says what is going on.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Hidden where standard error is no terminal, or where nothing but findings is wanted.
    pub(crate) fn new(quiet: bool) -> Progress {
        if quiet || !std::io::stderr().is_terminal() {
            return Progress { bar: ProgressBar::hidden() };
        }
        let bar = ProgressBar::new_spinner();
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        bar.enable_steady_tick(Duration::from_millis(120));
        Progress { bar }
    }

    /// Says what is done now.
    pub(crate) fn say(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
    }

    /// From here on the line is a bar of so many parts.
    pub(crate) fn count(&self, parts: usize) {
        self.bar.set_length(parts as u64);
        self.bar.set_position(0);
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
        self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    }

    /// One more part is done.
    pub(crate) fn advance(&self) {
        self.bar.inc(1);
    }

    /// Prints something in between.
    pub(crate) fn pause(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the line away, before something is printed.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
