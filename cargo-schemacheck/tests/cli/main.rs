//! The command as a user runs it: arguments and files in, exit status and output out.

mod baselines;
mod cargo_lines;
mod calls;
mod command;
mod configuration;
mod contracts;
mod documents;
mod hostile;
mod pages;
mod project;
mod shop;
mod silence;
mod terminal;
mod verify;
