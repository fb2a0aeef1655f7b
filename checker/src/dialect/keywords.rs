//! The words with a meaning in the grammar of an engine.

use std::sync::OnceLock;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

/// Where a keyword can stand as a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// Anywhere.
    No,
    /// Not as the name of a function or type.
    NotFunction,
    /// Only as the name of a function or type.
    OnlyFunction,
    /// Nowhere.
    Fully,
}

/// The words with a meaning in the grammar of an engine, found whatever their case.
///
/// Each word of each text is looked up, by macros in code that is not optimised: it is sought among the few that have its
/// length and its first letter.
pub struct Keywords {
    entries: Vec<Entry>,
    /// The last entry of each slot, by its place and one.
    last: Vec<u16>,
}

struct Entry {
    word: &'static str,
    reserved: Reserved,
    /// What the parser calls it, once that was asked for.
    keyword: OnceLock<Keyword>,
    /// The entry before it in its slot, as in [`Keywords::last`].
    before: u16,
}

/// Lengths and letters that are told apart, each.
const KINDS: usize = 32;

impl Keywords {
    /// The table of a data file: a word a line, perhaps followed by `U`, `C`, `T` or `R` as `pg_get_keywords()` gives them;
    /// words without a letter count as fully reserved.
    pub(crate) fn of_file(file: &'static str) -> Keywords {
        let mut keywords = Keywords { entries: Vec::new(), last: vec![0; KINDS * KINDS] };
        for line in file.lines() {
            let mut words = line.split_whitespace();
            let Some(word) = words.next() else { continue };
            let reserved = match words.next() {
                Some("U") => Reserved::No,
                Some("C") => Reserved::NotFunction,
                Some("T") => Reserved::OnlyFunction,
                _ => Reserved::Fully,
            };
            let Ok(place) = u16::try_from(keywords.entries.len() + 1) else { break };
            let before = std::mem::replace(&mut keywords.last[slot(word)], place);
            keywords.entries.push(Entry { word, reserved, keyword: OnceLock::new(), before });
        }
        keywords
    }

    /// Where a word can stand as a name; nothing where it is no keyword.
    pub fn get(&self, word: &str) -> Option<Reserved> {
        self.find(word).map(|entry| entry.reserved)
    }

    /// Whether a word is a keyword.
    pub fn contains(&self, word: &str) -> bool {
        self.find(word).is_some()
    }

    /// What the parser calls a word that is a keyword of the engine.
    pub(crate) fn of_parser(&self, word: &str) -> Keyword {
        let named = |entry: &Entry| match Token::make_keyword(entry.word) {
            Token::Word(word) => word.keyword,
            _ => Keyword::NoKeyword,
        };
        self.find(word).map_or(Keyword::NoKeyword, |entry| *entry.keyword.get_or_init(|| named(entry)))
    }

    fn find(&self, word: &str) -> Option<&Entry> {
        let mut place = self.last[slot(word)];
        while place > 0 {
            let entry = &self.entries[usize::from(place) - 1];
            if entry.word.eq_ignore_ascii_case(word) {
                return Some(entry);
            }
            place = entry.before;
        }
        None
    }
}

/// The slot of a word: its length and its first letter, whatever its case.
fn slot(word: &str) -> usize {
    let bytes = word.as_bytes();
    let first = if bytes.is_empty() { 0 } else { usize::from(bytes[0]) };
    bytes.len() % KINDS * KINDS + first % KINDS
}

/// A text with its ASCII letters in lower case. Few texts have others.
pub(crate) fn lower_case(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_uppercase() {
            return text.to_ascii_lowercase();
        }
        at += 1;
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_found_by_length_and_first_letter() {
        let keywords = Keywords::of_file("select R\nset U\nsetof C\nleft T\n");
        assert_eq!(keywords.get("select"), Some(Reserved::Fully));
        assert_eq!(keywords.get("SeT"), Some(Reserved::No));
        assert_eq!(keywords.get("setof"), Some(Reserved::NotFunction));
        assert_eq!(keywords.get("LEFT"), Some(Reserved::OnlyFunction));
        assert_eq!((keywords.get("lefts"), keywords.get(""), keywords.contains("ärger")), (None, None, false));
        assert_eq!(keywords.of_parser("SELECT"), Keyword::SELECT);
        assert_eq!(keywords.of_parser("from"), Keyword::NoKeyword, "no keyword of the engine");
        assert_eq!((lower_case("aÄB_1").as_str(), lower_case("ab").as_str()), ("aÄb_1", "ab"));
    }
}
