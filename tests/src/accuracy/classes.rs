//! Disagreements without the words of a project: what remains of their notes is the kind, codes and rules.

use cargo_schemacheck::verify::report::{About, Difference};

use super::Classes;

/// The classes of some notes: up to the end of the first code or of the rules that follow the capitals.
pub(super) fn of_notes<'n>(notes: impl Iterator<Item = &'n str>) -> Classes {
    let mut classes = Classes::new();
    for class in notes.filter_map(of_note) {
        *classes.entry(class).or_default() += 1;
    }
    classes
}

/// The capitals of a note, and the words after them that are no project's: stages, codes, rules.
fn of_note(note: &str) -> Option<String> {
    let kinds = ["NEW MISSED", "MISSED", "FALSE ALARM", "RUNS AT HEAD", "UNKNOWN", "MAY BREAK", "TYPE"];
    let (at, kind) = kinds.iter().filter_map(|kind| note.find(kind).map(|at| (at, kind))).min()?;
    let rest = note.get(at + kind.len()..).unwrap_or_default();
    if *kind == "UNKNOWN" {
        return Some(format!("unknown: {}", reason(rest)));
    }
    let words = rest.split_whitespace().take_while(|word| is_of_ours(word));
    let words: Vec<&str> = words.map(|word| word.trim_end_matches([',', ':'])).collect();
    let class = format!("{} {}", kind.to_lowercase(), words.join(" "));
    Some(class.trim_end().to_owned())
}

/// The checker's reason, without the names in it.
fn reason(rest: &str) -> String {
    let end = [" [", " (the server", "; ", "\n"].iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len());
    let parts = rest.get(..end).unwrap_or_default().split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { part } else { "…" }).collect::<String>().trim().to_owned()
}

/// A stage, a code, a rule's id, or a word of the judge's own.
fn is_of_ours(word: &str) -> bool {
    let word = word.trim_end_matches([',', ':']);
    let code = word.len() == 5 && word.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    let stage = ["Parse", "Plan", "Execute", "Kept", "migration", "fails", "on", "rows"].contains(&word);
    let rule = schemacheck_checker::rules::ALL.iter().any(|rule| rule.id == word);
    code || stage || rule
}

/// The class of a difference of `verify`.
pub(super) fn of_difference(difference: &Difference) -> String {
    let how = difference.how.word();
    let about = match &difference.about {
        About::Migration(_) => "migration".to_owned(),
        About::Schema(cell) => {
            let object = cell.split(' ').next().unwrap_or_default();
            let fact = cell.rsplit_once(": ").map_or(String::new(), |(_, fact)| format!(" {fact}"));
            format!("{object}{fact}")
        }
        About::Query(asked) => match &asked.part {
            Some(part) if part.starts_with('$') => "parameter type".to_owned(),
            Some(_) => "result column".to_owned(),
            None => "query".to_owned(),
        },
    };
    let code = |said: &str| said.strip_prefix("refuses: ").and_then(|said| said.split(' ').next()).map(str::to_owned);
    let sides = match (code(&difference.server), code(&difference.checker)) {
        (None, None) => String::new(),
        (server, checker) => format!(
            ", the server: {}, the checker: {}",
            server.unwrap_or_else(|| "takes it".to_owned()),
            checker.unwrap_or_else(|| "takes it".to_owned())
        ),
    };
    format!("{how}: {about}{sides}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_lose_the_words_of_their_project() {
        for (note, class) in [
            ("src/a.rs:1 MISSED Parse 42601 syntax error (runs) [1..2, 2 states]: SELECT secret", "missed Parse 42601"),
            (
                "abc state 2 FALSE ALARM missing-column, missing-table: SELECT secret",
                "false alarm missing-column missing-table",
            ),
            (
                "12 [rename column] ALTER TABLE secret\n    MISSED migration fails: 42P01 no secret",
                "missed migration fails 42P01",
            ),
            (
                "src/a.rs:1 UNKNOWN function `secret` is not understood [1..2, 2 states]: x",
                "unknown: function … is not understood",
            ),
            ("12 [x] ALTER TABLE secret\n    TYPE secret text, on the server secret", "type"),
        ] {
            assert_eq!(of_note(note).as_deref(), Some(class), "{note}");
        }
        assert_eq!(of_note("the server refuses secret.sql"), None);
    }
}
