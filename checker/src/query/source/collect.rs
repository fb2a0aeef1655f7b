//! All files and lists of a release put together: no query twice.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::link::Linker;
use super::list::{self, Listed};
use super::mapped;
use super::modules::{self, FileModule, Part};
use super::records;
use super::scan::{Call, FileScan};
use super::text::{SqlText, looks_like_sql};
use super::value::Parameter;
use super::{CallProfile, Expectation, HOLE, PlaceKey, Queries, Query, Reads, Unresolved, diesel, profiles, wrappers};
use crate::source::{Place, Source, Span};

/// What of a release is collected.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Queries of tests, benchmarks and examples too.
    pub include_tests: bool,
}

/// Puts a release's queries together. `lists` are the texts of `.sqlx/query-*.json` and `sqlx-data.json`, under their
/// paths; `includes` gives the text of a file that source includes, by its path relative to the project.
///
/// Files of tests should be among `files` too: a prepared list holds their queries, and only the files tell that a
/// release does not send them.
pub fn collect(
    files: &[FileScan],
    lists: &[Source],
    includes: &dyn Fn(&str) -> Option<Source>,
    options: &Options,
) -> Queries {
    let modules = modules::of_files(files);
    let linker = Linker::new(files, &modules, includes);
    let wrapped = wrappers::follow(files, &linker);
    let mut collected = Collected { given: wrapped.given, ..Collected::default() };
    let part_of = |at: usize| modules.get(at).map_or(Part::Nowhere, |module| module.part);
    for (at, file) in files.iter().enumerate().filter(|(at, _)| part_of(*at) != Part::Nowhere) {
        let outside = part_of(at) == Part::Test && !options.include_tests;
        if !outside {
            collected.queries.unread.extend(file.unread.iter().cloned());
        }
        for call in &file.found.calls {
            let left_out = outside || (call.test && !options.include_tests);
            collected.add_call(&linker, at, file, call, left_out);
        }
    }
    for (at, call) in &wrapped.calls {
        let outside = part_of(*at) != Part::Release && !options.include_tests;
        if let (false, Some(file)) = (outside || (call.test && !options.include_tests), files.get(*at)) {
            collected.add_wrapped_call(&linker, *at, file, call);
        }
    }
    collected.add_synthetic(&linker, files, &modules, options);
    collected.join_own_macro();
    collected.add_lists(files, lists);
    let mut queries = collected.queries;
    let released = files.iter().enumerate().filter(|(at, _)| part_of(*at) == Part::Release).map(|(_, file)| file);
    mapped::attach(released, &mut queries.queries);
    queries.queries.sort_by(|a, b| order(&a.place).cmp(&order(&b.place)).then_with(|| a.sql.cmp(&b.sql)));
    queries.unresolved.sort_by(|a, b| order(&a.place).cmp(&order(&b.place)));
    queries
}

fn order(place: &Place) -> (&str, usize, usize) {
    (place.source.path(), place.span.start, place.span.end)
}

/// What makes two finds the same query: file, span, text, call, expectation.
type Identity = (String, usize, usize, Arc<str>, &'static str, Option<String>);

#[derive(Default)]
struct Collected {
    queries: Queries,
    /// Parameters that callers in the project give.
    given: HashSet<Parameter>,
    seen: HashSet<Identity>,
    unresolved_seen: HashSet<(String, Span, &'static str, String)>,
    /// Places and texts of what is sent.
    sent: HashSet<(String, usize, usize, Arc<str>)>,
    /// The texts of macros that are only called in tests, with the file of the call.
    of_tests: HashMap<String, Vec<String>>,
}

impl Collected {
    fn add_call(&mut self, linker: &Linker<'_>, at: usize, file: &FileScan, call: &Call, left_out: bool) {
        let outcomes = linker.texts(at, &call.text);
        let key = || PlaceKey { path: file.source.path().to_owned(), span: call.span };
        let alternative = (outcomes.len() > 1).then(key);
        for outcome in outcomes {
            let found = match outcome {
                Ok(text) => usable(call, text),
                Err(unknown) if unknown.parameter.as_ref().is_some_and(|of| self.given.contains(of)) => continue,
                Err(unknown) => Err((unknown.reason, call.sure || unknown.is_text)),
            };
            match found {
                Ok(text) if left_out => {
                    if call.profile.id == profiles::OWN_MACRO {
                        let said = (file.package.name.clone(), text.sql, call.expectation.clone());
                        self.queries.of_tests.push(said);
                    } else if is_prepared(call.profile) {
                        self.of_tests.entry(text.sql).or_default().push(file.source.path().to_owned());
                    }
                }
                Ok(text) => self.add_query(linker, at, file, call, (text, alternative.clone())),
                Err((reason, true)) if !left_out => self.add_unresolved(file, call, &reason),
                Err(_) => {}
            }
        }
    }

    fn add_unresolved(&mut self, file: &FileScan, call: &Call, reason: &str) {
        let reason = if reason.starts_with("is ") { format!("the text {reason}") } else { reason.to_owned() };
        let identity = (file.source.path().to_owned(), call.span, call.profile.id, reason.clone());
        if self.unresolved_seen.insert(identity) {
            self.queries.unresolved.push(Unresolved {
                place: Place { source: file.source.clone(), span: call.span },
                call: call.profile,
                package: file.package.name.clone(),
                reason,
            });
        }
    }

    /// Adds a call of a function that sends what it is given, unless a call in the same place is known already.
    fn add_wrapped_call(&mut self, linker: &Linker<'_>, at: usize, file: &FileScan, call: &Call) {
        let given = std::mem::take(&mut self.given);
        let mut direct = Collected { given, ..Collected::default() };
        direct.add_call(linker, at, file, call, false);
        self.given = std::mem::take(&mut direct.given);
        for query in direct.queries.queries {
            let (path, start, end) = order(&query.place);
            if self.sent.insert((path.to_owned(), start, end, query.sql.clone())) {
                self.queries.queries.push(query);
            }
        }
        for unresolved in direct.queries.unresolved {
            if !self.queries.unresolved.iter().any(|other| order(&other.place) == order(&unresolved.place)) {
                self.queries.unresolved.push(unresolved);
            }
        }
    }

    fn add_query(
        &mut self,
        linker: &Linker<'_>,
        at: usize,
        file: &FileScan,
        call: &Call,
        text: (SqlText, Option<PlaceKey>),
    ) {
        let by_macro = call.profile.id.ends_with('!');
        let find = |reference: &super::value::Reference| linker.record_of(at, reference);
        let reads = call.row.as_ref().and_then(|row| records::reads(row, &find, by_macro));
        self.add(file, call.profile, call.expectation.clone(), text, reads);
    }

    fn add(
        &mut self,
        file: &FileScan,
        call: &'static CallProfile,
        expectation: Option<Expectation>,
        (text, alternative): (SqlText, Option<PlaceKey>),
        reads: Option<Reads>,
    ) {
        let sql: Arc<str> = text.sql.into();
        let (path, start, end) = order(&text.place);
        let expected = expectation.as_ref().map(|expectation| format!("{expectation:?}"));
        if !self.seen.insert((path.to_owned(), start, end, sql.clone(), call.id, expected)) {
            return;
        }
        self.sent.insert((path.to_owned(), start, end, sql.clone()));
        self.queries.queries.push(Query {
            sql,
            place: text.place,
            segments: text.segments,
            call,
            package: file.package.name.clone(),
            database: None,
            expectation,
            described: None,
            reads,
            holes: text.holes,
            listed_only: false,
            alternative,
            types: [].into(),
            in_sql_macro: call.id == profiles::OWN_MACRO,
        });
    }

    /// Adds what diesel's tables, structs and expressions send.
    fn add_synthetic(&mut self, linker: &Linker<'_>, files: &[FileScan], modules: &[FileModule], options: &Options) {
        let Some(profile) = profiles::by_id("diesel::dsl") else { return };
        let synthesis = diesel::synthesize(files, linker);
        // Where a call's value may be of several structs, one statement for each was made.
        let call = |file: usize, text: &SqlText| {
            let verb = text.sql.split(' ').next().unwrap_or_default().to_owned();
            (file, text.place.span, verb)
        };
        let mut texts: HashMap<_, usize> = HashMap::new();
        synthesis.made.iter().for_each(|one| *texts.entry(call(one.file, &one.text)).or_default() += 1);
        let part_of = |at: usize| modules.get(at).map_or(Part::Nowhere, |module| module.part);
        let left_out = |at: usize, test: bool| match part_of(at) {
            Part::Nowhere => true,
            Part::Test => !options.include_tests,
            Part::Release => test && !options.include_tests,
        };
        for one in synthesis.made {
            let Some(file) = files.get(one.file).filter(|_| !left_out(one.file, one.around.test)) else { continue };
            let several = texts.get(&call(one.file, &one.text)).is_some_and(|count| *count > 1);
            let key = PlaceKey { path: file.source.path().to_owned(), span: one.text.place.span };
            self.add(file, profile, one.around.expectation, (one.text, several.then_some(key)), one.reads);
        }
        for (at, span, test, reason) in synthesis.unresolved {
            let Some(file) = files.get(at).filter(|_| !left_out(at, test)) else { continue };
            self.queries.unresolved.push(Unresolved {
                place: Place { source: file.source.clone(), span },
                call: profile,
                package: file.package.name.clone(),
                reason,
            });
        }
    }

    /// `sql!` inside a driver's call is that call's text, with the expectation that the macro states.
    fn join_own_macro(&mut self) {
        let queries = std::mem::take(&mut self.queries.queries);
        let (own, mut others): (Vec<Query>, Vec<Query>) = queries.into_iter().partition(|query| query.in_sql_macro);
        let mut left = Vec::new();
        for query in own {
            let mut sent = false;
            for other in others.iter_mut().filter(|other| order(&other.place) == order(&query.place)) {
                sent = true;
                other.in_sql_macro = true;
                other.expectation = query.expectation.clone().or_else(|| other.expectation.take());
            }
            if !sent {
                left.push(query);
            }
        }
        others.extend(left);
        self.queries.queries = others;
    }

    /// Fills in what lists say of the queries found, and adds those that only lists have.
    fn add_lists(&mut self, files: &[FileScan], lists: &[Source]) {
        let mut by_text: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for (at, query) in self.queries.queries.iter().enumerate() {
            if is_prepared(query.call) {
                by_text.entry(query.sql.clone()).or_default().push(at);
            }
        }
        for source in lists {
            let (listed, unread) = list::read(source);
            self.queries.unread.extend(unread);
            for listed in listed {
                self.add_listed(files, &by_text, listed);
            }
        }
    }

    fn add_listed(&mut self, files: &[FileScan], by_text: &HashMap<Arc<str>, Vec<usize>>, listed: Listed) {
        let mut known = false;
        for &at in by_text.get(listed.text.sql.as_str()).into_iter().flatten() {
            let Some(query) = self.queries.queries.get_mut(at) else { continue };
            if is_under(query.place.source.path(), &listed.root) {
                known = true;
                query.described = Some(listed.described.clone());
            }
        }
        let of_tests = self.of_tests.get(&listed.text.sql);
        if known || of_tests.is_some_and(|paths| paths.iter().any(|path| is_under(path, &listed.root))) {
            return;
        }
        let Some(profile) = profiles::by_id("sqlx::prepared") else { return };
        let sql: Arc<str> = listed.text.sql.into();
        let (path, start, end) = order(&listed.text.place);
        if !self.seen.insert((path.to_owned(), start, end, sql.clone(), profile.id, None)) {
            return;
        }
        self.queries.queries.push(Query {
            sql,
            place: listed.text.place,
            segments: listed.text.segments,
            call: profile,
            package: package_of(files, &listed.root),
            database: None,
            expectation: None,
            described: Some(listed.described),
            reads: None,
            holes: Vec::new(),
            listed_only: true,
            alternative: None,
            types: [].into(),
            in_sql_macro: false,
        });
    }
}

/// The text of a call, if it is one to be checked; else why not, and whether that is to be told.
fn usable(call: &Call, text: SqlText) -> Result<SqlText, (String, bool)> {
    let is_sql = looks_like_sql(&text.sql);
    if !call.sure && !is_sql {
        let all_unknown = text.sql.trim_start().starts_with(HOLE);
        return Err(("is built at run time".to_owned(), all_unknown));
    }
    match (&call.in_macro, &call.extended) {
        (Some(name), _) if !text.holes.is_empty() => {
            Err((format!("is put together from the arguments of `{name}!`"), true))
        }
        (_, Some(reason)) => Err((reason.to_string(), true)),
        _ => Ok(text),
    }
}

/// Whether sqlx writes a call's text to its prepared list.
fn is_prepared(profile: &CallProfile) -> bool {
    profile.id.starts_with("sqlx::") && profile.id.ends_with('!')
}

fn is_under(path: &str, root: &str) -> bool {
    root.is_empty() || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

/// The package that a list belongs to: the one in its directory, or the only one below; empty where there are several.
fn package_of(files: &[FileScan], root: &str) -> Arc<str> {
    if let Some(file) = files.iter().find(|file| file.package.root == root) {
        return file.package.name.clone();
    }
    let below: HashSet<&Arc<str>> =
        files.iter().filter(|file| is_under(&file.package.root, root)).map(|file| &file.package.name).collect();
    match below.into_iter().collect::<Vec<_>>().as_slice() {
        [only] => (*only).clone(),
        _ => "".into(),
    }
}
