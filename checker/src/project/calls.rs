//! Calls of migration tools in Rust source, found in the tokens of a file.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::known::{Form, Known, Question};
use super::tree::Tree;
use crate::schema::stored::{Reader, Store, Stored, Writer, stored_fields, stored_variants, stored_words};
use crate::source::Source;

mod token;

use token::read_token;

/// What a file says about migrating.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    /// The calls, in order.
    pub calls: Vec<Call>,
    /// Production code tells a migrator to accept applied migrations that it does not know.
    pub ignores_unknown: bool,
    /// Production code tells a migrator to run all pending migrations in one transaction.
    pub grouped: bool,
    /// Modules in other files that are only compiled for tests.
    pub test_modules: BTreeSet<String>,
    /// The whole file is only compiled for tests.
    pub is_test: bool,
}

/// One call of a migration tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// Which.
    pub kind: CallKind,
    /// As it is written, without arguments.
    pub written: String,
    /// The folder that it names.
    pub folder: Folder,
    /// The 1-based line.
    pub line: usize,
    /// Whether it stands in code that is only compiled for tests.
    pub is_test: bool,
    /// The names in the innermost braces around it that have any of those asked for, else in the file.
    pub context: BTreeSet<String>,
    /// Whether the context is the whole file.
    pub in_file: bool,
}

/// The calls that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallKind {
    /// `migrate!`.
    Sqlx,
    /// `embed_migrations!`: diesel's or refinery's, as the package's dependencies tell.
    Embed,
    /// `include_dir!` and `#[folder = "…"]`: any folder, so only one that looks like migrations counts.
    Include,
    /// `Migrator::new(Path::new("…"))`.
    SqlxAtRunTime,
    /// `FileBasedMigrations::from_path("…")` and its kin.
    DieselAtRunTime,
    /// `load_sql_migrations("…")`.
    RefineryAtRunTime,
}

/// The folder that a call names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Folder {
    /// The tool's default.
    Default,
    /// Relative to the package, or to the current directory at run time.
    Named(String),
    /// Only known at run time.
    Computed,
}

/// What a file must contain for [`scan`] to find anything in it.
const HINTS: &[&str] = &[
    "migrate!",
    "embed_migrations!",
    "include_dir!",
    "Migrator::new",
    "FileBasedMigrations",
    "load_sql_migrations",
    "ignore_missing",
    "set_abort_missing",
    "set_grouped",
    "#[folder",
    "migrations::Migrator",
];

/// The calls in a file of a tree; `None` where there is none, or no Rust. `wanted` names are those that engines go by.
pub(super) fn of_file(tree: &Tree, source: &Source, wanted: &dyn Fn(&str) -> bool) -> Option<Calls> {
    let is_worth_reading = || HINTS.iter().any(|hint| source.text().contains(hint));
    let work = || if is_worth_reading() { scan(source, wanted) } else { None };
    recall(tree, Question::Calls, source, work)
}

/// The modules that a file declares for tests only, and whether it is only compiled for tests itself.
pub(super) fn test_modules(tree: &Tree, source: &Source) -> (BTreeSet<String>, bool) {
    let work = || {
        let scanned = if source.text().contains("test") { scan(source, &|_| false) } else { None };
        scanned.map(|calls| (calls.test_modules, calls.is_test)).unwrap_or_default()
    };
    recall(tree, Question::TestModules, source, work)
}

/// What is found in a file, now or in an earlier run.
fn recall<T: Stored>(tree: &Tree, question: Question, source: &Source, work: impl FnOnce() -> T) -> T {
    let write = |found: &T| {
        let mut out = Writer::of_file(source);
        found.write(&mut out);
        out.finish_of_file()
    };
    let read = |bytes: &[u8]| {
        let store = Store::of_file(bytes.to_vec(), source);
        let mut from = Reader::new(&store, 0..bytes.len());
        T::read(&mut from).filter(|_| from.is_done())
    };
    Known::recall(tree.known(), (question, source, ""), &Form { write, read }, work)
}

stored_fields!(Calls { calls, ignores_unknown, grouped, test_modules, is_test });
stored_fields!(Call { kind, written, folder, line, is_test, context, in_file });
stored_words!(CallKind: Sqlx, Embed, Include, SqlxAtRunTime, DieselAtRunTime, RefineryAtRunTime);
stored_variants!(Folder { 0: Default, 1: Named(path), 2: Computed });

/// Reads the tokens of a file. `None` where it is not Rust.
fn scan(source: &Source, wanted: &dyn Fn(&str) -> bool) -> Option<Calls> {
    let text = source.text().trim_start_matches('\u{feff}');
    let code = if text.starts_with("#!") && !text.starts_with("#![") { text.split_once('\n')?.1 } else { text };
    let skipped = source.text().len() - code.len();
    let lines_before = source.text().get(..skipped)?.matches('\n').count();
    let stream: TokenStream = code.parse().ok()?;
    let mut calls = Calls::default();
    let mut levels = vec![Level::new(stream)];
    let mut waiting: Vec<Waiting> = Vec::new();
    while let Some(level) = levels.last_mut() {
        let Some(token) = level.tokens.get(level.at).cloned() else {
            if let Some(done) = levels.pop() {
                close(&mut calls, &mut waiting, done, &mut levels);
            }
            continue;
        };
        level.note_name(&token, wanted);
        let before = calls.calls.len();
        read_token(level, &token, &mut calls, lines_before);
        let found = before..calls.calls.len();
        level.at += 1;
        let inner = if let TokenTree::Group(group) = &token { Some(level.enter(group)) } else { None };
        waiting.extend(found.map(|call| Waiting { call, depth: levels.len() }));
        levels.extend(inner);
    }
    Some(calls)
}

/// A call that has no context yet.
struct Waiting {
    call: usize,
    /// How many levels are open around it.
    depth: usize,
}

/// Ends a group: its names become the context of the calls in it that still wait for one, and join the outer names.
fn close(calls: &mut Calls, waiting: &mut Vec<Waiting>, done: Level, outer: &mut [Level]) {
    let depth = outer.len();
    waiting.retain_mut(|wait| {
        if wait.depth <= depth {
            return true;
        }
        wait.depth = depth;
        let Some(call) = calls.calls.get_mut(wait.call) else { return false };
        call.context.clone_from(&done.names);
        call.in_file = depth == 0;
        done.names.is_empty() && depth > 0
    });
    if let Some(outer) = outer.last_mut() {
        if done.is_braces {
            outer.item.clear();
        } else {
            outer.item.extend(done.names.iter().cloned());
        }
        outer.names.extend(done.names);
    }
}

/// The tokens between two delimiters.
struct Level {
    tokens: Vec<TokenTree>,
    at: usize,
    is_braces: bool,
    is_test: bool,
    /// The item that is being read is only compiled for tests.
    item_is_test: bool,
    /// The names asked for that were read so far.
    names: BTreeSet<String>,
    /// Those of them in the item that is being read: a function's parameters belong to its body.
    item: BTreeSet<String>,
}

impl Level {
    fn new(stream: TokenStream) -> Level {
        Level {
            tokens: stream.into_iter().collect(),
            at: 0,
            is_braces: true,
            is_test: false,
            item_is_test: false,
            names: BTreeSet::new(),
            item: BTreeSet::new(),
        }
    }

    /// The level of a group in this one.
    fn enter(&mut self, group: &Group) -> Level {
        let is_braces = group.delimiter() == Delimiter::Brace;
        let names = if is_braces { self.item.clone() } else { BTreeSet::new() };
        let is_test = self.is_test || self.item_is_test;
        self.item_is_test &= !is_braces;
        Level { is_braces, is_test, names, ..Level::new(group.stream()) }
    }

    fn note_name(&mut self, token: &TokenTree, wanted: &dyn Fn(&str) -> bool) {
        match token {
            TokenTree::Ident(ident) => {
                let text = ident.to_string();
                if wanted(&text) {
                    self.item.insert(text.clone());
                    self.names.insert(text);
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => self.item.clear(),
            _ => {}
        }
    }

    fn ident(&self, at: usize) -> Option<String> {
        match self.tokens.get(at)? {
            TokenTree::Ident(ident) => Some(ident.to_string()),
            _ => None,
        }
    }

    fn is_punct(&self, at: usize, wanted: char) -> bool {
        matches!(self.tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
    }

    fn group(&self, at: usize) -> Option<&Group> {
        match self.tokens.get(at)? {
            TokenTree::Group(group) => Some(group),
            _ => None,
        }
    }

    /// The name before `::` before a position.
    fn qualifier(&self, at: usize) -> Option<String> {
        let colons = at >= 3 && self.is_punct(at - 1, ':') && self.is_punct(at - 2, ':');
        if colons { self.ident(at - 3) } else { None }
    }
}

#[cfg(test)]
mod tests;
