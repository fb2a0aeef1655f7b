//! The queries of a project: its sources, its prepared lists, and the `.sql` files that its configuration names.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::config::{Config, Expect};
use super::known::{Form, Known, Question};
use super::load::{Database, Project};
use super::manifest::Package;
use super::tree::{Unread, join, parent};
use crate::glob;
use crate::query::{self, Expectation, FileScan, PlaceKey, Queries, Query, Segment};
use crate::source::{Place, Source, Span};
use crate::sql::{self, StatementKind};

/// The Rust files that were read last, by path: another release has most of them unchanged, and they are read once.
#[derive(Debug, Default)]
pub struct Scans(Mutex<BTreeMap<String, FileScan>>);

/// Reads all queries of a project.
pub fn queries(project: &Project, config: &Config, scans: &Scans) -> Queries {
    read(project, config, None, scans)
}

/// Reads the queries of some packages, and no sources of others.
pub fn of_packages(project: &Project, config: &Config, packages: &[&str]) -> Queries {
    let mut found = read(project, config, Some(packages), &Scans::default());
    found.queries.retain(|query| packages.contains(&&*query.package));
    found.unresolved.retain(|call| packages.contains(&&*call.package));
    found
}

fn read(project: &Project, config: &Config, only: Option<&[&str]>, scans: &Scans) -> Queries {
    let (files, unread) = scan_sources(project, only, scans);
    let lists = lists(project);
    let includes = |path: &str| project.tree.source(path).ok();
    let options = query::Options { include_tests: config.tests };
    let mut found = query::collect(&files, &lists, &includes, &options);
    found.unread.extend(unread.into_iter().map(|unread| {
        let place = Place { source: Source::new(unread.path, ""), span: Span::default() };
        (place, unread.reason)
    }));
    for database in &project.databases {
        add_files(project, database, &mut found);
        claim_lists(database, &mut found.queries);
    }
    for expect in &config.expect {
        found.queries.iter_mut().filter(|query| is_meant(expect, query)).for_each(|query| set(query, expect));
    }
    found.queries.sort_by(|a, b| order(&a.place).cmp(&order(&b.place)).then_with(|| a.sql.cmp(&b.sql)));
    found
}

fn order(place: &Place) -> (&str, usize, usize) {
    (place.source.path(), place.span.start, place.span.end)
}

/// Scans the Rust files of all packages, on as many threads as there are processors.
fn scan_sources(project: &Project, only: Option<&[&str]>, scans: &Scans) -> (Vec<FileScan>, Vec<Unread>) {
    let mut sources: Vec<(Source, Arc<query::Package>)> = Vec::new();
    let mut unread = Vec::new();
    let packages: Vec<(&str, Arc<query::Package>)> = project
        .packages
        .all
        .iter()
        .filter_map(|package| Some((package.folder.as_str(), Arc::new(for_queries(project, package)?))))
        .collect();
    for path in project.tree.paths().filter(|path| path.ends_with(".rs")) {
        let Some(package) = project.packages.of(path) else { continue };
        if only.is_some_and(|only| !only.contains(&&*package.name)) {
            continue;
        }
        let Some((_, package)) = packages.iter().find(|(folder, _)| *folder == package.folder) else { continue };
        match project.tree.source(path) {
            Ok(source) => sources.push((source, package.clone())),
            Err(reason) => unread.push(reason),
        }
    }
    (scans.of(&sources, project.tree.known()), unread)
}

impl Scans {
    fn of(&self, sources: &[(Source, Arc<query::Package>)], earlier: Option<&Known>) -> Vec<FileScan> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let again =
            |(source, package): &(Source, _)| known.get(source.path()).and_then(|scan| scan.again(source, package));
        let mut files: Vec<Option<FileScan>> = sources.iter().map(again).collect();
        let missing: Vec<_> = sources.iter().zip(&files).filter(|(_, file)| file.is_none()).map(|(it, _)| it).collect();
        let mut read = scan_all(&missing, earlier).into_iter();
        for file in files.iter_mut().filter(|file| file.is_none()) {
            *file = read.next();
        }
        let files: Vec<FileScan> = files.into_iter().flatten().collect();
        *known = files.iter().map(|scan| (scan.path().to_owned(), scan.clone())).collect();
        files
    }
}

fn scan_all(sources: &[&(Source, Arc<query::Package>)], earlier: Option<&Known>) -> Vec<FileScan> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = sources.len().div_ceil(threads).max(1);
    let scan_part = |part: &[&(Source, Arc<query::Package>)]| -> Vec<FileScan> {
        let mut about: Option<(&Arc<query::Package>, String)> = None;
        let mut scans = Vec::with_capacity(part.len());
        for (source, package) in part {
            if earlier.is_some() && !about.as_ref().is_some_and(|(last, _)| Arc::ptr_eq(last, package)) {
                about = Some((package, format!("{package:?}")));
            }
            scans.push(scan(source, package, (earlier, about.as_ref().map_or("", |(_, about)| about))));
        }
        scans
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = sources.chunks(share).map(|part| scope.spawn(move || scan_part(part))).collect();
        parts.into_iter().filter_map(|part| part.join().ok()).flatten().collect()
    })
}

/// What a file says, beside its own text and path, goes by its package alone: `about`.
fn scan(source: &Source, package: &Arc<query::Package>, (earlier, about): (Option<&Known>, &str)) -> FileScan {
    let form = Form { write: FileScan::to_bytes, read: |bytes: &[u8]| FileScan::from_bytes(bytes, source, package) };
    Known::recall(earlier, (Question::Queries, source, about), &form, || query::scan_file(source, package))
}

/// A package as the search for queries wants it. The library of one that only serves tests is a test.
fn for_queries(project: &Project, package: &Package) -> Option<query::Package> {
    let root = join(&package.workspace, "Cargo.toml")?;
    let workspace = (package.workspace != package.folder).then(|| project.tree.source(&root).ok()).flatten();
    let workspace = workspace.as_ref().map(Source::text);
    let mut found = query::Package::from_manifest(&package.folder, &package.manifest, workspace)?;
    if project.packages.only_serves_tests(&project.tree, package) {
        found.test_roots.append(&mut found.roots);
        found.test_roots.extend(package.path("src/lib.rs"));
    }
    Some(found)
}

/// The prepared lists that stand in packages and workspaces, or that the configuration names.
fn lists(project: &Project) -> Vec<Source> {
    let is_list = |path: &str| {
        let folder = parent(path);
        path.ends_with("sqlx-data.json")
            || (path.ends_with(".json") && folder.rsplit('/').next() == Some(".sqlx"))
            || (path.ends_with(".json")
                && project.databases.iter().any(|own| own.lists.iter().any(|list| list == folder)))
    };
    let owned = |path: &str| {
        let of_package = project.packages.of(path).is_some();
        let of_workspace = project.packages.roots.iter().any(|root| path.starts_with(root.as_str()));
        of_package || of_workspace || project.databases.iter().any(|own| !own.lists.is_empty())
    };
    let paths = project.tree.paths().filter(|path| is_list(path) && owned(path));
    paths.filter_map(|path| project.tree.source(path).ok()).collect()
}

/// Says which database the queries of a list are for, where the configuration names its folder.
fn claim_lists(database: &Database, queries: &mut [Query]) {
    for query in queries.iter_mut().filter(|query| query.listed_only) {
        let folder = parent(query.place.source.path());
        if database.lists.iter().any(|list| list.trim_end_matches('/') == folder) {
            query.database = Some(database.name.clone());
        }
    }
}

/// Adds the statements of the `.sql` files that hold a database's queries.
fn add_files(project: &Project, database: &Database, found: &mut Queries) {
    let Some(call) = query::profiles::by_id(".sql file") else { return };
    for path in &database.sql {
        let source = match project.tree.source(path) {
            Ok(source) => source,
            Err(unread) => {
                found.unread.push((Place { source: Source::new(path, ""), span: Span::default() }, unread.reason));
                continue;
            }
        };
        let package = project.packages.of(path).map_or_else(|| "".into(), |package| package.name.clone());
        for statement in sql::parse(source.text(), database.dialect) {
            if !matches!(statement.kind, StatementKind::Query(_) | StatementKind::Unparsed(_)) {
                continue;
            }
            let span = statement.span;
            found.queries.push(Query {
                sql: source.slice(span).into(),
                place: Place { source: source.clone(), span },
                segments: vec![Segment { sql_start: 0, source: source.clone(), span }],
                call,
                package: package.clone(),
                database: Some(database.name.clone()),
                expectation: None,
                described: None,
                reads: None,
                holes: Vec::new(),
                listed_only: false,
                alternative: None,
                types: [].into(),
                in_sql_macro: false,
            });
        }
    }
}

fn is_meant(expect: &Expect, query: &Query) -> bool {
    let path = query.place.source.path();
    let by_text =
        expect.containing.is_empty() || expect.containing.iter().any(|text| query.sql.contains(text.as_str()));
    by_text && expect.paths.iter().any(|pattern| glob::matches(pattern, path))
}

/// What the source says itself stays.
fn set(query: &mut Query, expect: &Expect) {
    let key = PlaceKey { path: expect.place.source.path().to_owned(), span: expect.place.span };
    query.expectation.get_or_insert_with(|| Expectation {
        since: expect.since.clone(),
        until: expect.until.clone(),
        flag: expect.flag.clone(),
        place: Some(key),
    });
}
