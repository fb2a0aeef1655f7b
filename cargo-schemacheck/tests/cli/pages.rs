//! The documentation is true: rendered pages are up to date, examples in it are real.
