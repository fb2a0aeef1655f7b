//! What one token says: an attribute, a setting, a call.

use std::collections::BTreeSet;

use proc_macro2::{Group, TokenStream, TokenTree};

use super::{Call, CallKind, Calls, Folder, Level};

pub(super) fn read_token(level: &mut Level, token: &TokenTree, calls: &mut Calls, lines_before: usize) {
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
