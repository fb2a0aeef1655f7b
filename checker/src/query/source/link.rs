//! From what single files say to texts: names are looked up across files, parts are joined, branches are spread.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::modules::{self, FileModule};
use super::package::Package;
use super::records::Record;
use super::scan::{Definition, FileScan};
use super::template;
use super::text::SqlText;
use super::value::{Parameter, Reference, RunTime, Value};
use crate::source::{Place, Source, Span};

/// A text, or why it is not known.
pub(super) type Outcome = Result<SqlText, RunTime>;

/// How many texts one call may have.
const VARIANT_LIMIT: usize = 64;
/// How long a text may get.
const LENGTH_LIMIT: usize = 1 << 20;
/// How many values may be looked at for one call.
const STEP_LIMIT: usize = 20_000;
/// How deep names refer to names.
const DEPTH_LIMIT: usize = 48;

/// All files, with what finds a name in them.
pub(super) struct Linker<'a> {
    files: &'a [FileScan],
    modules: &'a [FileModule],
    definitions: HashMap<&'a str, Vec<(usize, &'a Definition)>>,
    records: HashMap<&'a str, Vec<(usize, &'a Record)>>,
    includes: &'a dyn Fn(&str) -> Option<Source>,
    /// The libraries of the files' packages.
    libraries: HashSet<&'a str>,
    steps: Cell<usize>,
}

impl<'a> Linker<'a> {
    pub(super) fn new(
        files: &'a [FileScan],
        modules: &'a [FileModule],
        includes: &'a dyn Fn(&str) -> Option<Source>,
    ) -> Linker<'a> {
        let mut definitions: HashMap<&str, Vec<_>> = HashMap::new();
        let mut records: HashMap<&str, Vec<_>> = HashMap::new();
        for (at, file) in files.iter().enumerate() {
            for definition in &file.found.definitions {
                definitions.entry(definition.name.as_str()).or_default().push((at, definition));
            }
            for record in &file.found.records {
                records.entry(record.name.as_str()).or_default().push((at, record));
            }
        }
        let libraries = files.iter().map(|file| file.package.library.as_str()).collect();
        Linker { files, modules, definitions, records, includes, libraries, steps: Cell::new(0) }
    }

    /// The texts that an argument in a file may have.
    pub(super) fn texts(&self, file: usize, value: &Value) -> Vec<Outcome> {
        self.steps.set(0);
        self.evaluate(file, value, 0)
    }

    fn evaluate(&self, file: usize, value: &Value, depth: usize) -> Vec<Outcome> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > STEP_LIMIT || depth > DEPTH_LIMIT {
            return vec![unknown("is put together from too many parts", true)];
        }
        match value {
            Value::Text(text) => vec![Ok(text.clone())],
            Value::Number => self.files.get(file).map(|scan| Ok(SqlText::number(&scan.source))).into_iter().collect(),
            Value::Bind { numbered } => match self.files.get(file) {
                Some(scan) => vec![Ok(SqlText::bind(&scan.source, *numbered))],
                None => Vec::new(),
            },
            Value::Join(parts) => self.join(file, parts, depth),
            Value::Repeated(each) => self.evaluate(file, each, depth + 1),
            Value::Part { of, at } => self.part(file, of, *at, depth),
            Value::Joined { list, separator } => self.joined(file, list, separator.as_deref(), depth),
            Value::AnyOf(values) | Value::List(values) => {
                let mut all = Vec::new();
                for value in values {
                    all.extend(self.evaluate(file, value, depth + 1));
                    if all.len() > VARIANT_LIMIT {
                        return vec![unknown("is one of too many", true)];
                    }
                }
                all
            }
            Value::Tuple(_) => vec![unknown("is a tuple", false)],
            Value::Named(reference) => self.named(file, reference, depth),
            Value::File(included) => vec![self.included(file, included)],
            Value::Replaced { text, from, to } => self.replaced(file, [text, from, to], depth),
            Value::Filled { template, arguments } => {
                let mut all = Vec::new();
                for text in self.evaluate(file, template, depth + 1) {
                    let captured = &mut |_: &str| Value::run_time("is formatted at run time", true);
                    match text {
                        Ok(text) => {
                            all.extend(self.evaluate(file, &template::fill(&text, arguments, captured), depth + 1))
                        }
                        Err(unknown) => all.push(Err(unknown)),
                    }
                }
                all
            }
            Value::Trimmed { text, start, end } => {
                let texts = self.evaluate(file, text, depth + 1);
                texts.into_iter().map(|text| text.map(|text| text.trim(*start, *end))).collect()
            }
            Value::RunTime(unknown) => {
                let parameter = unknown.parameter.clone().map(|parameter| Parameter { file, ..parameter });
                vec![Err(RunTime { parameter, ..unknown.clone() })]
            }
        }
    }

    /// Ways to join the parts, with holes for parts that are not known: each variant of each part is in one of them. Parts
    /// vary together, as those under one condition do.
    fn join(&self, file: usize, parts: &[Value], depth: usize) -> Vec<Outcome> {
        if parts.is_empty() {
            return vec![self.empty(file)];
        }
        let parts: Vec<Vec<Outcome>> = parts.iter().map(|part| self.evaluate(file, part, depth + 1)).collect();
        let count = parts.iter().map(Vec::len).max().unwrap_or(1);
        // A part that diverges, or has no element, leaves nothing to send.
        if parts.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        let mut joined: Vec<Option<SqlText>> = vec![None; count];
        let mut first_unknown = None;
        let source = self.files.get(file).map(|file| &file.source);
        for variants in &parts {
            for (at, text) in joined.iter_mut().enumerate() {
                let Some(variant) = variants.get(at).or(variants.last()) else { continue };
                *text = extended(text.take(), variant, source);
                if let Err(unknown) = variant {
                    first_unknown.get_or_insert_with(|| unknown.reason.clone());
                }
            }
            if joined.iter().flatten().any(|text| text.sql.len() > LENGTH_LIMIT) {
                return vec![unknown("is too long", true)];
            }
        }
        let finish = |text: Option<SqlText>| match text {
            Some(text) if text.sql.trim_start().starts_with(super::HOLE) => {
                unknown(first_unknown.as_deref().unwrap_or("is built at run time"), true)
            }
            Some(text) => Ok(text),
            None => unknown("is empty", true),
        };
        joined.into_iter().map(finish).collect()
    }

    /// A text without a character.
    fn empty(&self, file: usize) -> Outcome {
        match self.files.get(file) {
            Some(scan) => Ok(SqlText::new(Place { source: scan.source.clone(), span: Span::default() })),
            None => unknown("is empty", true),
        }
    }

    /// A part of what a name stands for.
    fn part(&self, file: usize, of: &Value, at: usize, depth: usize) -> Vec<Outcome> {
        let Value::Named(reference) = of else {
            return vec![unknown("is a part of a value that is not followed", false)];
        };
        let found = self.definitions_of(file, reference);
        if found.is_empty() {
            return vec![unknown("is a part of a value that is not followed", false)];
        }
        let one =
            |(file, definition): (usize, &Definition)| self.evaluate(file, &definition.value.position(at), depth + 1);
        found.into_iter().flat_map(one).collect()
    }

    /// The elements of a list behind each other.
    fn joined(&self, file: usize, list: &Value, separator: Option<&Value>, depth: usize) -> Vec<Outcome> {
        match list {
            _ if depth > DEPTH_LIMIT => vec![unknown("is put together from too many parts", true)],
            Value::List(values) => {
                let mut parts = Vec::new();
                for (at, value) in values.iter().enumerate() {
                    parts.extend(separator.filter(|_| at > 0).cloned());
                    parts.push(value.clone());
                }
                self.join(file, &parts, depth + 1)
            }
            // One stands for all.
            Value::Repeated(each) => self.evaluate(file, each, depth + 1),
            Value::Named(reference) => {
                let found = self.definitions_of(file, reference);
                let lists: Vec<_> = found.iter().filter(|(_, it)| matches!(it.value, Value::List(_))).collect();
                if lists.is_empty() {
                    return vec![unknown("is joined at run time", true)];
                }
                lists.into_iter().flat_map(|(at, it)| self.joined(*at, &it.value, separator, depth + 1)).collect()
            }
            Value::AnyOf(values) if !values.is_empty() => {
                values.iter().flat_map(|value| self.joined(file, value, separator, depth + 1)).collect()
            }
            _ => vec![unknown("is joined at run time", true)],
        }
    }

    fn replaced(&self, file: usize, [text, from, to]: [&Value; 3], depth: usize) -> Vec<Outcome> {
        let [texts, froms, tos] = [text, from, to].map(|value| self.evaluate(file, value, depth + 1));
        let [Ok(from)] = froms.as_slice() else { return vec![unknown("is the result of `replace`", true)] };
        if texts.len() * tos.len() > VARIANT_LIMIT || from.sql.is_empty() {
            return vec![unknown("is the result of `replace`", true)];
        }
        let mut all = Vec::new();
        for text in &texts {
            for to in &tos {
                all.push(text.clone().and_then(|text| replace(&text, &from.sql, to)));
            }
        }
        all
    }

    fn included(&self, file: usize, included: &super::value::IncludedFile) -> Outcome {
        let Some(scan) = self.files.get(file) else { return unknown("is in no file", true) };
        let path = if included.from_package {
            scan.package.resolve(&included.path)
        } else {
            let folder = scan.source.path().rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{}", included.path)
        };
        match (self.includes)(&modules::normalize(&path)) {
            Some(source) => Ok(SqlText::file(&source)),
            None => unknown(&format!("is the file `{}`, which cannot be read", modules::normalize(&path)), true),
        }
    }

    fn named(&self, file: usize, reference: &Reference, depth: usize) -> Vec<Outcome> {
        let found = self.definitions_of(file, reference);
        if found.is_empty() {
            let name = reference.path.join("::");
            let reason = if reference.method {
                format!("is the result of `{name}`")
            } else {
                format!("is `{name}`, which is not found")
            };
            return vec![unknown(&reason, false)];
        }
        let mut all = Vec::new();
        for (file, definition) in found {
            all.extend(self.evaluate(file, &definition.value, depth + 1));
        }
        if all.len() > VARIANT_LIMIT { vec![unknown("is one of too many", true)] } else { all }
    }

    /// What a name stands for: one definition, or those of all `impl`s for a trait's own constant.
    fn definitions_of(&self, file: usize, reference: &Reference) -> Vec<(usize, &'a Definition)> {
        let Some(name) = reference.path.last() else { return Vec::new() };
        let all = self.definitions.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
        if reference.path.first().is_some_and(|first| first == "Self") {
            let of_self = |(_, definition): &&(usize, &Definition)| {
                reference.self_name.is_some()
                    && (definition.owner == reference.self_name || definition.of_trait == reference.self_name)
            };
            let found: Vec<_> = all.iter().filter(of_self).copied().collect();
            let for_trait = found.iter().any(|(_, definition)| definition.of_trait == reference.self_name);
            let is_field = name.starts_with('.');
            return if for_trait || is_field || found.len() <= 1 { found } else { self.nearest(file, &found) };
        }
        let path = |(at, definition): &(usize, &Definition)| {
            self.full_path(*at, &definition.module, definition.owner.as_ref())
        };
        let fitting = self.fitting(file, reference, all, &path);
        let methods = |definition: &Definition| reference.method == definition.owner.is_some() || !reference.method;
        let fitting: Vec<_> = fitting.into_iter().filter(|(_, definition)| methods(definition)).collect();
        if fitting.len() > 1 { self.nearest(file, &fitting) } else { fitting }
    }

    /// The struct that a name stands for.
    pub(super) fn record_of(&self, file: usize, reference: &Reference) -> Option<&'a Record> {
        let name = match reference.path.last()?.as_str() {
            "Self" => reference.self_name.as_deref()?,
            name => name,
        };
        let all = self.records.get(name).map(Vec::as_slice).unwrap_or_default();
        let path = |(at, record): &(usize, &Record)| self.full_path(*at, &record.module, None);
        let fitting = self.fitting(file, reference, all, &path);
        match fitting.as_slice() {
            [(_, record)] => Some(record),
            several => {
                let here: Vec<_> = several.iter().filter(|(at, _)| *at == file).collect();
                if let [(_, record)] = here.as_slice() { Some(*record) } else { None }
            }
        }
    }

    pub(super) fn full_path(&self, at: usize, module: &[String], owner: Option<&String>) -> Vec<String> {
        let own = self.modules.get(at).map(|module| module.path.as_slice()).unwrap_or_default();
        own.iter().chain(module).chain(owner).cloned().collect()
    }

    /// Those of several definitions that a path can mean: in the crate it names, else in the file's own package, else
    /// in those it depends on (re-exports), else anywhere; whose modules end as the path says, or hold its names in
    /// order (re-exports shorten paths too).
    pub(super) fn fitting<T: Copy>(
        &self,
        file: usize,
        reference: &Reference,
        all: &[(usize, T)],
        full_path: &dyn Fn(&(usize, T)) -> Vec<String>,
    ) -> Vec<(usize, T)> {
        let Some(own) = self.files.get(file).map(|file| &*file.package) else { return Vec::new() };
        let package_of = |at: usize| self.files.get(at).map(|file| &*file.package);
        let mut path = reference.path.as_slice();
        while let [first, rest @ ..] = path {
            if !matches!(first.as_str(), "crate" | "self" | "super" | "Self") || rest.is_empty() {
                break;
            }
            path = rest;
        }
        let library = path.first().filter(|first| path.len() > 1 && self.libraries.contains(first.as_str()));
        if library.is_some() {
            path = path.get(1..).unwrap_or_default();
        }
        let before = path.get(..path.len().saturating_sub(1)).unwrap_or_default();
        let is_named = |of: &Package| library.is_some_and(|library| of.library == *library);
        let is_own = |of: &Package| of.name == own.name && of.root == own.root;
        let is_dependency = |of: &Package| own.dependencies.values().any(|dependency| *dependency == of.library);
        let tiers: [&dyn Fn(&Package) -> bool; 4] = [&is_named, &is_own, &is_dependency, &|_| true];
        // A name that no path and no import leads out of the package stays in it.
        let reach = if reference.path.len() == 1 { 2 } else { tiers.len() };
        for tier in tiers.into_iter().take(reach) {
            let candidates: Vec<_> = all.iter().filter(|(at, _)| package_of(*at).is_some_and(tier)).copied().collect();
            let fitting = self.along_path(file, reference, before, candidates, full_path);
            if !fitting.is_empty() {
                return fitting;
            }
        }
        Vec::new()
    }

    fn along_path<T: Copy>(
        &self,
        file: usize,
        reference: &Reference,
        before: &[String],
        candidates: Vec<(usize, T)>,
        full_path: &dyn Fn(&(usize, T)) -> Vec<String>,
    ) -> Vec<(usize, T)> {
        let those = |fits: &dyn Fn(&[String]) -> bool| -> Vec<(usize, T)> {
            candidates.iter().filter(|one| fits(&full_path(one))).copied().collect()
        };
        if before.is_empty() {
            let own = self.full_path(file, &reference.module, None);
            let in_scope = those(&|path| *path == own);
            return if in_scope.is_empty() { candidates } else { in_scope };
        }
        let ends = those(&|path| path.ends_with(before));
        if ends.is_empty() { those(&|path| is_subsequence(before, path)) } else { ends }
    }

    /// Of several definitions those of the same file, if there are, when they all say the same; else none.
    fn nearest(&self, file: usize, several: &[(usize, &'a Definition)]) -> Vec<(usize, &'a Definition)> {
        let here: Vec<_> = several.iter().filter(|(at, _)| *at == file).copied().collect();
        match here.as_slice() {
            [_] => here,
            _ => Vec::new(),
        }
    }
}

/// Why a text is not known, for people.
pub(super) fn unknown(reason: &str, is_text: bool) -> Outcome {
    Err(RunTime { reason: reason.to_owned(), is_text, parameter: None })
}

fn is_subsequence(names: &[String], path: &[String]) -> bool {
    let mut path = path.iter();
    names.iter().all(|name| path.any(|part| part == name))
}

fn extended(text: Option<SqlText>, more: &Outcome, source: Option<&Source>) -> Option<SqlText> {
    match (text, more) {
        (None, Ok(more)) => Some(more.clone()),
        (Some(mut text), Ok(more)) => {
            text.append(more);
            Some(text)
        }
        (Some(mut text), Err(_)) => {
            // Only a parameter's number comes behind that sign.
            if text.sql.ends_with('$') {
                text.push_char('1')
            } else {
                text.push_hole()
            }
            Some(text)
        }
        (None, Err(_)) => {
            let span = crate::source::Span::default();
            let mut text = SqlText::new(crate::source::Place { source: source?.clone(), span });
            text.push_hole();
            Some(text)
        }
    }
}

fn replace(text: &SqlText, from: &str, to: &Outcome) -> Outcome {
    let mut result = text.slice(0..0);
    let mut at = 0;
    while let Some(found) = text.sql.get(at..).and_then(|rest| rest.find(from)) {
        result.append(&text.slice(at..at + found));
        match to {
            Ok(to) => result.append(to),
            Err(_) => result.push_hole(),
        }
        at += found + from.len();
        if result.sql.len() > LENGTH_LIMIT {
            return unknown("is too long", true);
        }
    }
    result.append(&text.slice(at..text.sql.len()));
    result.place = text.place.clone();
    Ok(result)
}
