//! Calls of migration tools in Rust source, found in the tokens of a file.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::source::Source;

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

/// Whether it is worth reading the tokens of a text.
pub(super) fn is_worth_reading(text: &str) -> bool {
    HINTS.iter().any(|hint| text.contains(hint))
}

/// Reads the tokens of a file. `None` where it is not Rust.
pub(super) fn scan(source: &Source, wanted: &dyn Fn(&str) -> bool) -> Option<Calls> {
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

fn read_token(level: &mut Level, token: &TokenTree, calls: &mut Calls, lines_before: usize) {
    let at = level.at;
    match token {
        TokenTree::Punct(punct) if punct.as_char() == '#' => read_attribute(level, at, calls, lines_before),
        TokenTree::Punct(punct) if punct.as_char() == ';' => level.item_is_test = false,
        TokenTree::Ident(ident) => {
            let is_test = level.is_test || level.item_is_test;
            let name = ident.to_string();
            if name == "mod" && is_test && level.is_punct(at + 2, ';') {
                calls.test_modules.extend(level.ident(at + 1));
            }
            if !is_test {
                read_setting(level, at, &name, calls);
            }
            if let Some((kind, written, folder)) = call(level, at, &name) {
                let line = lines_before + ident.span().start().line;
                calls.calls.push(Call {
                    kind,
                    written,
                    folder,
                    line,
                    is_test,
                    context: BTreeSet::new(),
                    in_file: false,
                });
            }
        }
        _ => {}
    }
}

/// `#[…]` and `#![…]`.
fn read_attribute(level: &mut Level, at: usize, calls: &mut Calls, lines_before: usize) {
    let inner = level.is_punct(at + 1, '!');
    let Some(group) = level.group(at + 1 + usize::from(inner)).cloned() else { return };
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    if is_test_attribute(&tokens) {
        if inner {
            level.is_test = true;
            calls.is_test |= level.at == 0;
        } else {
            level.item_is_test = true;
        }
    }
    let name = matches!(tokens.first(), Some(TokenTree::Ident(ident)) if ident == "folder");
    if let (true, Some(TokenTree::Literal(literal))) = (name, tokens.get(2)) {
        let folder = text_of(&literal.to_string()).map_or(Folder::Computed, |text| folder_named(&text));
        let (line, is_test) = (lines_before + group.span_open().start().line, level.is_test || level.item_is_test);
        let written = "#[folder]".to_owned();
        calls.calls.push(Call {
            kind: CallKind::Include,
            written,
            folder,
            line,
            is_test,
            context: BTreeSet::new(),
            in_file: false,
        });
    }
}

/// Whether an attribute keeps its item out of production: `test`, `tokio::test`, `bench`, `cfg(test)`, `cfg(all(test, …))`.
fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let is_ident = |token: &TokenTree, wanted: &str| matches!(token, TokenTree::Ident(ident) if ident == wanted);
    if tokens.first().is_some_and(|first| is_ident(first, "cfg")) {
        let Some(TokenTree::Group(group)) = tokens.get(1) else { return false };
        return requires_test(group.stream());
    }
    let path_end = tokens.iter().take_while(|token| !matches!(token, TokenTree::Group(_))).last();
    path_end.is_some_and(|last| is_ident(last, "test") || is_ident(last, "bench") || is_ident(last, "rstest"))
}

/// Whether a condition holds only under test.
fn requires_test(condition: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = condition.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(ident)] => ident == "test",
        [TokenTree::Ident(ident), TokenTree::Group(group)] if ident == "all" => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            inner
                .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
                .any(|part| matches!(part, [TokenTree::Ident(ident)] if ident == "test"))
        }
        _ => false,
    }
}

/// What tells a migrator to go on where it would refuse, or to commit once.
fn read_setting(level: &Level, at: usize, name: &str, calls: &mut Calls) {
    let argument = |wanted: &str| level.group(at + 1).is_some_and(|group| group.stream().to_string() == wanted);
    let field = |wanted: &str| level.is_punct(at + 1, ':') && level.ident(at + 2).as_deref() == Some(wanted);
    calls.ignores_unknown |= match name {
        "set_ignore_missing" => argument("true"),
        "set_abort_missing" => argument("false"),
        "ignore_missing" => {
            field("true") || (level.is_punct(at + 1, '=') && level.ident(at + 2).as_deref() == Some("true"))
        }
        _ => false,
    };
    calls.grouped |= name == "set_grouped" && argument("true");
}

/// The call that starts at a name.
fn call(level: &Level, at: usize, name: &str) -> Option<(CallKind, String, Folder)> {
    let qualifier = level.qualifier(at);
    let qualified = qualifier.as_ref().map_or_else(|| name.to_owned(), |qualifier| format!("{qualifier}::{name}"));
    if level.is_punct(at + 1, '!') {
        let group = level.group(at + 2)?;
        let kind = match (name, qualifier.as_deref()) {
            ("migrate", None | Some("sqlx" | "macros")) => CallKind::Sqlx,
            ("embed_migrations", _) => CallKind::Embed,
            ("include_dir", _) => CallKind::Include,
            _ => return None,
        };
        return Some((kind, format!("{qualified}!"), folder(group)));
    }
    let group = level.group(at + 1)?;
    let kind = match (qualifier.as_deref(), name) {
        (Some("Migrator"), "new") => CallKind::SqlxAtRunTime,
        (
            Some("FileBasedMigrations"),
            "from_path" | "find_migrations_directory_in_path" | "find_migrations_directory",
        ) => CallKind::DieselAtRunTime,
        (_, "load_sql_migrations") => CallKind::RefineryAtRunTime,
        _ => return None,
    };
    let folder = folder(group);
    Some((kind, qualified, folder))
}

/// The folder that an argument list names: its only string literal, wherever `Path::new` or `concat!` put it.
fn folder(arguments: &Group) -> Folder {
    if arguments.stream().is_empty() {
        return Folder::Default;
    }
    let mut texts = Vec::new();
    let mut waiting: Vec<TokenTree> = arguments.stream().into_iter().collect();
    waiting.reverse();
    while let Some(token) = waiting.pop() {
        match token {
            TokenTree::Literal(literal) => texts.extend(text_of(&literal.to_string())),
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                waiting.extend(inner.into_iter().rev());
            }
            _ => {}
        }
    }
    texts.retain(|text| text != "CARGO_MANIFEST_DIR");
    match texts.as_slice() {
        [only] => folder_named(only),
        _ => Folder::Computed,
    }
}

fn folder_named(text: &str) -> Folder {
    let text = text.trim_start_matches("$CARGO_MANIFEST_DIR").trim_start_matches("${CARGO_MANIFEST_DIR}");
    Folder::Named(text.trim_start_matches('/').to_owned())
}

/// The text of a plain or raw string literal without escapes.
fn text_of(literal: &str) -> Option<String> {
    let inner = literal.trim_start_matches('r').trim_matches('#');
    let inner = inner.strip_prefix('"')?.strip_suffix('"')?;
    (literal.starts_with('r') || !inner.contains('\\')).then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The calls of a text, a line each.
    fn print(text: &str) -> String {
        let wanted = |name: &str| name.starts_with("Pg") || name.starts_with("Sqlite");
        let Some(calls) = scan(&Source::new("a.rs", text), &wanted) else { return "not Rust".to_owned() };
        let mut lines: Vec<String> = calls
            .calls
            .iter()
            .map(|call| {
                let context: Vec<&str> = call.context.iter().map(String::as_str).collect();
                let test = if call.is_test { " test" } else { "" };
                format!("{} {} {:?}{test} {}", call.line, call.written, call.folder, context.join(","))
            })
            .collect();
        lines.extend(calls.ignores_unknown.then(|| "ignores unknown".to_owned()));
        lines.extend(calls.grouped.then(|| "grouped".to_owned()));
        lines.extend(calls.test_modules.iter().map(|name| format!("test mod {name}")));
        lines.join("\n").replace(" \n", "\n").trim_end().to_owned()
    }

    #[test]
    fn calls_are_found_with_what_they_name() {
        let cases = [
            ("fn f(p: PgPool) { sqlx::migrate!().run(&p) }", "1 sqlx::migrate! Default PgPool"),
            ("fn f() { let p: SqlitePool; }\nfn g() { migrate!(\"./m\") }", "2 migrate! Named(\"./m\") SqlitePool"),
            (
                "#[cfg(test)]\nmod tests { fn f() { sqlx::migrate!(\"t\"); } }\nfn g() { sqlx::migrate!(\"m\"); }",
                "2 sqlx::migrate! Named(\"t\") test\n3 sqlx::migrate! Named(\"m\")",
            ),
            ("#[tokio::test(flavor = \"x\")]\nasync fn f() { sqlx::migrate!() }", "2 sqlx::migrate! Default test"),
            ("#[cfg(not(test))]\nfn f() { sqlx::migrate!() }", "2 sqlx::migrate! Default"),
            ("#[cfg(all(test, unix))] mod x;\n#[test] fn f() {}\nmod y;", "test mod x"),
            ("#![cfg(test)]\nfn f() { sqlx::migrate!() }", "2 sqlx::migrate! Default test"),
            ("const M: EmbeddedMigrations = embed_migrations!(r\"a/b\");", "1 embed_migrations! Named(\"a/b\")"),
            (
                "fn f() { Migrator::new(Path::new(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/m\"))) }",
                "1 Migrator::new Named(\"m\")",
            ),
            (
                "fn f() { Migrator::new(Path::new(&dir)); x::Migrator::new(p).await }",
                "1 Migrator::new Computed\n1 Migrator::new Computed",
            ),
            (
                "static D: Dir = include_dir!(\"$CARGO_MANIFEST_DIR/db/migration\");",
                "1 include_dir! Named(\"db/migration\")",
            ),
            (
                "fn f() { FileBasedMigrations::find_migrations_directory() }",
                "1 FileBasedMigrations::find_migrations_directory Default",
            ),
            ("#[derive(RustEmbed)]\n#[folder = \"db/main\"]\nstruct M;", "2 #[folder] Named(\"db/main\")"),
            ("fn f() { m.set_ignore_missing(true); r.set_grouped(true) }", "ignores unknown\ngrouped"),
            ("fn f() { m.set_ignore_missing(false); r.set_grouped(false) }", ""),
            ("fn f() { Migrator { ignore_missing: true, ..M } }", "ignores unknown"),
            ("#!/usr/bin/env x\nfn f() { sqlx::migrate!() }", "2 sqlx::migrate! Default"),
            ("\u{feff}fn f() { sqlx::migrate!() }", "1 sqlx::migrate! Default"),
            ("fn f() { other::migrate!() } // sqlx::migrate!()", ""),
            ("fn f( {", "not Rust"),
            (
                "mod a { fn f(c: SqliteConnection) {} const M: E = embed_migrations!(\"s\"); }\nmod b { fn f(c: PgConnection) {} const M: E = embed_migrations!(\"p\"); }",
                "1 embed_migrations! Named(\"s\") SqliteConnection\n2 embed_migrations! Named(\"p\") PgConnection",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(print(text), expected, "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let deep = format!("fn f() {{ {}{} }}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(print(&deep), "");
    }
}
