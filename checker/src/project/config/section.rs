//! Reading a table of a configuration key by key, so that what is left over is what is not known.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Error, ErrorKind, Place, Source};
use crate::source::Span;

/// A table whose keys are asked for one by one.
pub(super) struct Section<'a> {
    source: &'a Source,
    /// As messages name it: `rollout`, `database.main`; empty for the document.
    path: String,
    span: Span,
    left: Vec<(&'a str, Span, &'a Spanned<DeValue<'a>>)>,
    asked: Vec<&'static str>,
}

/// Reads a document; every key must have been asked for in the end.
pub(super) fn document<T>(
    source: &Source,
    read: impl FnOnce(&mut Section<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let text = source.text().trim_start_matches('\u{feff}');
    let offset = source.text().len() - text.len();
    let document = DeTable::parse(text).map_err(|failure| {
        let span = failure.span().unwrap_or_default();
        let place = place(source, Span::new(span.start, span.end).shifted(offset));
        error(format!("this is not TOML: {}", failure.message().trim_end_matches('.')), &place)
    })?;
    let mut top = Section::new(source, String::new(), Span::new(0, 0), document.get_ref());
    let value = read(&mut top)?;
    top.finish()?;
    Ok(value)
}

/// An error at a place of the configuration.
pub(in crate::project) fn error(message: impl Into<String>, place: &Place) -> Error {
    let (line, column) = place.line_column();
    Error::new(ErrorKind::Configuration, message).at(format!("{}:{line}:{column}", place.source.path()))
}

/// The error for a word that is none of the known ones. `what` is the beginning of the message, before the word.
pub(in crate::project) fn unknown(what: &str, word: &str, known: &[&str], place: &Place) -> Error {
    let found = error(format!("{what} `{word}`"), place);
    match nearest(word, known) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help(format!("known are: {}", known.join(", "))),
    }
}

fn place(source: &Source, span: Span) -> Place {
    Place { source: source.clone(), span }
}

impl<'a> Section<'a> {
    fn new(source: &'a Source, path: String, span: Span, table: &'a DeTable<'a>) -> Section<'a> {
        let bom = if source.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let left = table
            .iter()
            .map(|(key, value)| (&**key.get_ref(), Span::new(key.span().start, key.span().end).shifted(bom), value))
            .collect();
        Section { source, path, span, left, asked: Vec::new() }
    }

    /// Where the section stands.
    pub(super) fn place(&self) -> Place {
        place(self.source, self.span)
    }

    /// Reports a key that nobody asked for.
    pub(super) fn finish(self) -> Result<(), Error> {
        let Some((key, span, _)) = self.left.iter().min_by_key(|(_, span, _)| *span) else { return Ok(()) };
        let what = if self.path.is_empty() { "there is no".to_owned() } else { format!("`{}` has no", self.path) };
        Err(unknown(&format!("{what} key"), key, &self.asked, &place(self.source, *span)))
    }

    pub(super) fn text(&mut self, key: &'static str) -> Result<Option<String>, Error> {
        let Some((span, value)) = self.take(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::String(text) => Ok(Some(text.to_string())),
            other => Err(self.wrong(key, "a string", other, span)),
        }
    }

    pub(super) fn required_text(&mut self, key: &'static str) -> Result<String, Error> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    /// A string, or a list of strings.
    pub(super) fn texts(&mut self, key: &'static str) -> Result<Option<Vec<String>>, Error> {
        Ok(self.text_or_texts(key)?.map(|(texts, _)| texts))
    }

    pub(super) fn required_texts(&mut self, key: &'static str) -> Result<Vec<String>, Error> {
        self.texts(key)?.ok_or_else(|| self.missing(key))
    }

    /// A string, or a list of strings, and whether it was one string.
    pub(super) fn text_or_texts(&mut self, key: &'static str) -> Result<Option<(Vec<String>, bool)>, Error> {
        let Some((span, value)) = self.take(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::String(text) => Ok(Some((vec![text.to_string()], true))),
            DeValue::Array(items) => {
                let texts = items.iter().map(|item| match item.get_ref() {
                    DeValue::String(text) => Ok(text.to_string()),
                    other => Err(self.wrong(key, "a list of strings", other, span)),
                });
                Ok(Some((texts.collect::<Result<_, _>>()?, false)))
            }
            other => Err(self.wrong(key, "a string or a list of strings", other, span)),
        }
    }

    /// A string or a list of strings, each read by `parse`, whose error is the message.
    pub(super) fn texts_as<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Vec<T>>, Error> {
        let span = self.left.iter().find(|entry| entry.0 == key).map_or(self.span, |entry| entry.1);
        let Some(texts) = self.texts(key)? else { return Ok(None) };
        let parsed: Result<Vec<T>, String> = texts.iter().map(|text| parse(text)).collect();
        parsed.map(Some).map_err(|message| error(message, &place(self.source, span)))
    }

    /// One of several words.
    pub(super) fn choice<T: Clone>(&mut self, key: &'static str, known: &[(&str, T)]) -> Result<Option<T>, Error> {
        let span = self.left.iter().find(|entry| entry.0 == key).map_or(self.span, |entry| entry.1);
        let Some(text) = self.text(key)? else { return Ok(None) };
        match known.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Ok(Some(value.clone())),
            None => {
                let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
                Err(unknown(&format!("there is no {key}"), &text, &words, &place(self.source, span)))
            }
        }
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> Result<Option<bool>, Error> {
        let Some((span, value)) = self.take(key) else { return Ok(None) };
        value.get_ref().as_bool().map(Some).ok_or_else(|| self.wrong(key, "true or false", value.get_ref(), span))
    }

    pub(super) fn integer(&mut self, key: &'static str) -> Result<Option<u64>, Error> {
        let Some((span, value)) = self.take(key) else { return Ok(None) };
        let digits = value.get_ref().as_integer().and_then(|integer| integer.as_str().parse::<u64>().ok());
        let wanted = "a whole number that is not negative";
        digits.map(Some).ok_or_else(|| match value.get_ref() {
            DeValue::Integer(_) => error(format!("`{}` is {wanted}", self.inner(key)), &place(self.source, span)),
            other => self.wrong(key, wanted, other, span),
        })
    }

    /// A whole number from 1 on.
    pub(super) fn positive(&mut self, key: &'static str) -> Result<Option<usize>, Error> {
        let span = self.left.iter().find(|entry| entry.0 == key).map_or(self.span, |entry| entry.1);
        match self.integer(key)? {
            Some(0) => Err(error(format!("`{key}` is at least 1"), &place(self.source, span))),
            number => Ok(number.map(|number| usize::try_from(number).unwrap_or(usize::MAX))),
        }
    }

    /// `[key]`.
    pub(super) fn table(&mut self, key: &'static str) -> Result<Option<Section<'a>>, Error> {
        let Some((span, value)) = self.take(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::Table(table) => Ok(Some(Section::new(self.source, self.inner(key), span, table))),
            other => Err(self.wrong(key, "a table", other, span)),
        }
    }

    /// `[[key]]`.
    pub(super) fn tables(&mut self, key: &'static str) -> Result<Vec<Section<'a>>, Error> {
        let Some((span, value)) = self.take(key) else { return Ok(Vec::new()) };
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.wrong(key, "a list of tables, each under its own [[…]]", value.get_ref(), span));
        };
        let sections = items.iter().map(|item| match item.get_ref() {
            DeValue::Table(table) => {
                let span = Span::new(item.span().start, item.span().end);
                Ok(Section::new(self.source, self.inner(key), span, table))
            }
            other => Err(self.wrong(key, "a list of tables", other, span)),
        });
        sections.collect()
    }

    /// `[key.NAME]`, in order of the names.
    pub(super) fn tables_by_name(&mut self, key: &'static str) -> Result<Vec<(String, Section<'a>)>, Error> {
        let Some(outer) = self.table(key)? else { return Ok(Vec::new()) };
        let named = outer.left.iter().map(|(name, span, value)| match value.get_ref() {
            DeValue::Table(table) => {
                let path = outer.inner(name);
                Ok(((*name).to_owned(), Section::new(outer.source, path, *span, table)))
            }
            other => Err(outer.wrong(name, "a table", other, *span)),
        });
        let mut named: Vec<(String, Section<'a>)> = named.collect::<Result<_, _>>()?;
        named.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(named)
    }

    /// All keys that are left, each with one of several words.
    pub(super) fn rest_as<T: Clone>(&mut self, known: &[(&str, T)]) -> Result<BTreeMap<String, (T, Place)>, Error> {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        let mut found = BTreeMap::new();
        for (key, span, value) in std::mem::take(&mut self.left) {
            let at = place(self.source, span);
            let DeValue::String(text) = value.get_ref() else {
                return Err(self.wrong(key, "a string", value.get_ref(), span));
            };
            let Some((_, known)) = known.iter().find(|(word, _)| *word == &**text) else {
                return Err(unknown("there is no level", text, &words, &at));
            };
            found.insert(key.to_owned(), (known.clone(), at));
        }
        Ok(found)
    }

    fn take(&mut self, key: &'static str) -> Option<(Span, &'a Spanned<DeValue<'a>>)> {
        self.asked.push(key);
        let at = self.left.iter().position(|entry| entry.0 == key)?;
        let (_, span, value) = self.left.remove(at);
        Some((span, value))
    }

    fn inner(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn wrong(&self, key: &str, wanted: &str, found: &DeValue<'_>, span: Span) -> Error {
        let article = if found.type_str().starts_with(['a', 'i', 'o']) { "an" } else { "a" };
        let message = format!("`{}` is {wanted}, not {article} {}", self.inner(key), found.type_str());
        error(message, &place(self.source, span))
    }

    fn missing(&self, key: &str) -> Error {
        error(format!("`{}` needs `{key}`", self.path), &self.place())
    }
}

/// The known word that a misspelt one was meant to be.
fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let closest = known.iter().map(|other| (distance(word, other), *other)).min()?;
    (closest.0 <= (word.chars().count() / 3).max(2)).then_some(closest.1)
}

/// How many letters have to be added, removed or replaced, at most for words of 64 letters.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
