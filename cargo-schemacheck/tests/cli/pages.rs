//! The documentation is true: rendered pages are up to date, examples in it are real. `UPDATE=1` rewrites rendered pages.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use schemacheck_checker::finding::Level;
use schemacheck_checker::migration::LAYOUTS;
use schemacheck_checker::project::config::Config;
use schemacheck_checker::rules;
use schemacheck_checker::source::Source;

use crate::command::{repository, schemacheck};

fn page(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap()
}

/// The fenced blocks of a page that are marked with a word.
fn fenced<'a>(page: &'a str, word: &str) -> Vec<&'a str> {
    let opening = format!("```{word}\n");
    page.split(&opening).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn the_page_of_rules_is_rendered_from_the_rules() {
    let mut expected = String::from(
        "# Rules\n\nRendered from the rules' own documentation, whose examples are run as tests. `cargo schemacheck explain RULE` shows the same.\n\n\
         | rule | level | |\n|---|---|---|\n",
    );
    for rule in rules::ALL {
        let level = match rule.level {
            Level::Deny => "deny",
            Level::Warn => "warn",
            Level::Note => "note",
            Level::Allow => "allow",
        };
        let _ = writeln!(expected, "| [{0}](#{0}) | {level} | {1} |", rule.id, rule.summary);
    }
    for rule in rules::ALL {
        let mut fence = false;
        expected.push('\n');
        for line in rule.docs.trim_end().lines() {
            fence ^= line.starts_with("```");
            let deeper = if line.starts_with('#') && !fence { "#" } else { "" };
            let _ = writeln!(expected, "{deeper}{line}");
        }
    }
    let path = repository().join("docs/rules.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/rules.md is stale: UPDATE=1 cargo test -p cargo-schemacheck --test cli pages");
}

#[test]
fn the_example_of_the_readme_is_real() {
    let readme = page("README.md");
    let example = fenced(&readme, "console")[0];
    let (command, shown) = example.split_once('\n').unwrap();
    let arguments: Vec<&str> = command.trim_start_matches("$ cargo schemacheck ").split(' ').collect();
    let ran = schemacheck(&repository().join("examples/shop"), &arguments).exits(1);
    assert_eq!(ran.out.trim_end(), shown, "{ran}");
}

#[test]
fn commands_of_the_readme_are_understood() {
    let readme = page("README.md");
    let blocks = [fenced(&readme, "sh"), fenced(&readme, "yaml")].concat().join("\n");
    let words = readme.split('`').skip(1).step_by(2).filter(|code| !code.contains('\n'));
    let commands = blocks.lines().chain(words).filter_map(|line| {
        let command = &line[line.find("cargo schemacheck")?..];
        Some(command.split('#').next().unwrap_or(command).trim())
    });
    for command in commands {
        let command = command.replace("\"$(curl -sf https://shop.example.com/version)\"", "REV");
        let arguments: Vec<&str> = command.split_whitespace().skip(2).chain(["--help"]).collect();
        schemacheck(&repository(), &arguments).exits(0);
    }
    let known = schemacheck(&repository(), &["--help"]).out;
    for option in
        readme.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|word| word.starts_with("--b"))
    {
        assert!(known.contains(option), "{option}");
    }
}

#[test]
fn examples_of_configuration_are_read() {
    for path in ["README.md", "docs/configuration.md"] {
        for text in fenced(&page(path), "toml") {
            let config =
                Config::read(&Source::new(path, text)).unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
            let ids: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
            assert_eq!(config.unknown_rules(&ids).len(), 0, "{path}");
        }
    }
}

#[test]
fn each_key_of_the_configuration_is_described() {
    let described = page("docs/configuration.md");
    let rows: BTreeSet<&str> =
        described.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let code = page("checker/src/project/config.rs");
    let mut seen = 0;
    for reads in [
        "text",
        "texts",
        "required_text",
        "required_texts",
        "text_or_texts",
        "texts_as",
        "choice",
        "boolean",
        "integer",
        "positive",
    ] {
        for rest in code.split(&format!(".{reads}(\"")).skip(1) {
            let key = rest.split('"').next().unwrap();
            let inner = |row: &&str| row.split('.').next_back() == Some(key);
            assert!(rows.iter().any(inner), "docs/configuration.md says nothing of `{key}`");
            seen += 1;
        }
    }
    assert!(seen > 25, "{seen}");
    for layout in LAYOUTS {
        assert!(
            described.contains(&format!("\"{}\"", layout.id)),
            "docs/configuration.md says nothing of the layout {}",
            layout.id
        );
    }
}

#[test]
fn links_lead_somewhere() {
    for path in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "docs/accuracy.md",
        "docs/configuration.md",
        "docs/editors.md",
        "docs/json.md",
        "docs/rules.md",
        "docs/verify.md",
        "examples/shop/README.md",
    ] {
        let text = page(path);
        let folder = repository().join(path).parent().unwrap().to_owned();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            if target.starts_with("http") || (target.contains(' ') && !target.contains('/')) {
                continue;
            }
            let file = if file.is_empty() { repository().join(path) } else { folder.join(file) };
            assert!(file.exists(), "{path}: {target}");
            if !anchor.is_empty() {
                let headings = std::fs::read_to_string(&file).unwrap();
                let found = headings
                    .lines()
                    .any(|line| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-") == anchor);
                assert!(found, "{path}: {target}");
            }
        }
    }
}
