//! Release files: the queries and the migrations of a release, for a release whose sources are not at hand.
//!
//! One JSON document with a line for each migration, query and call. Lines are sorted and say nothing of line numbers or
//! commits, and each list ends in `null` so that all lines end alike: two branches that record rarely conflict.

use std::collections::BTreeMap;

use self::form::Form;
use super::error::{Error, ErrorKind};
#[cfg(feature = "command")]
use super::load::{Database, Project};
use crate::hash::hash;
use crate::migration::{History, Migration};
use crate::query::{
    CallProfile, Described, Expectation, MappedType, Queries, Query, Read, Reads, Unresolved, profiles,
};
use crate::rollout::Migrator;
use crate::source::{Place, Source, Span};

mod form;
mod text;

/// The number that a file of this form starts with.
pub const FORMAT: usize = 1;

/// What a release file holds.
#[derive(Clone, Debug)]
pub struct ReleaseFile {
    /// The release's databases, in order of their names.
    pub databases: Vec<Recorded>,
    /// Its queries, with places in the release file.
    pub queries: Queries,
}

/// One database of a recorded release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
pub struct Recorded {
    /// Its name in the project.
    pub name: String,
    /// Its engine, by the dialect's name.
    pub dialect: String,
    /// The migration tool, by the layout's id.
    pub layout: String,
    /// Whether the release migrates when it starts.
    pub migrates_at_start: bool,
    /// Whether its migrator accepts applied migrations that it does not know.
    pub ignores_unknown: bool,
    /// The versions of its migrations with the hash of each file's text, in order.
    #[cfg_attr(feature = "command", serde(skip))]
    pub migrations: Vec<(String, String)>,
}

/// In what a recorded release's migrations differ from those of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Versions that the tree does not have.
    pub missing: Vec<String>,
    /// Versions whose text is another.
    pub edited: Vec<String>,
}

impl Recorded {
    /// The release's history, with the migrations that `tree` has of it, and what differs.
    pub fn history(&self, tree: &History) -> (History, Differences) {
        let by_version: BTreeMap<&str, &Migration> =
            tree.migrations.iter().map(|migration| (migration.version.text.as_str(), migration)).collect();
        let mut differences = Differences::default();
        let mut history = History { migrations: Vec::new(), ..tree.clone() };
        for (version, recorded) in &self.migrations {
            let Some(migration) = by_version.get(version.as_str()) else {
                differences.missing.push(version.clone());
                continue;
            };
            if hash(migration.up.text()) != *recorded {
                differences.edited.push(version.clone());
            }
            history.migrations.push((*migration).clone());
        }
        (history, differences)
    }

    /// What the release's own migrator does when it starts.
    pub fn migrator(&self) -> Migrator {
        Migrator { at_start: self.migrates_at_start, ignores_unknown: self.ignores_unknown }
    }
}

#[cfg(feature = "command")]
/// The release file of a project with these queries.
pub fn write(project: &Project, queries: &Queries) -> String {
    let mut lines = vec![format!("{{\"format\":{FORMAT},\"databases\":[")];
    for database in &project.databases {
        let head = serde_json::to_string(&recorded(database)).unwrap_or_default();
        lines.push(format!("{},\"migrations\":[", head.trim_end_matches('}')));
        for migration in &database.history.migrations {
            let pair = (&migration.version.text, hash(migration.up.text()));
            lines.push(format!("{},", serde_json::to_string(&pair).unwrap_or_default()));
        }
        lines.push("null]},".to_owned());
    }
    lines.push("null],\"queries\":[".to_owned());
    push_sorted(&mut lines, queries.queries.iter().map(|query| Line::of(query, certain_database(project, query))));
    lines.push("null],\"types\":[".to_owned());
    let types = queries.queries.iter().flat_map(|query| query.types.iter().map(|ty| (&query.package, ty)));
    push_sorted(&mut lines, types.collect::<std::collections::BTreeSet<_>>().into_iter());
    lines.push("null],\"unresolved\":[".to_owned());
    push_sorted(&mut lines, queries.unresolved.iter().map(UnresolvedLine::of));
    lines.push("null]}\n".to_owned());
    lines.join("\n")
}

/// Reads a release file.
///
/// # Errors
///
/// It is no JSON, or not of this form: the place is in the file.
pub fn read(source: &Source) -> Result<ReleaseFile, Error> {
    let document: serde_json::Value = serde_json::from_str(source.text()).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        broken(source, error.line(), error.column(), format!("this is no release file: {message}"))
    })?;
    let document = Document::read(&document).map_err(|wrong| {
        // The outermost field that is named says where.
        let field = wrong.rsplit('`').nth(1).unwrap_or_default();
        let (line, column) = source.line_column(source.text().find(&format!("\"{field}\"")).unwrap_or(0));
        broken(source, line, column, format!("this is no release file: {wrong}"))
    })?;
    if document.format != FORMAT {
        let message =
            format!("this release file has format {}, and this version reads format {FORMAT}", document.format);
        return Err(broken(source, 1, 1, message)
            .help("record it again with this version, or read it with the one that wrote it"));
    }
    let places = text::query_texts(source);
    let mut queries = Queries::default();
    for (index, line) in document.queries.into_iter().flatten().enumerate() {
        let located = places.get(index).cloned().unwrap_or_else(|| text::Located::unknown(source));
        queries.queries.push(line.into_query(source, located)?);
    }
    let mut types: BTreeMap<String, Vec<MappedType>> = BTreeMap::new();
    for (package, ty) in document.types.into_iter().flatten() {
        types.entry(package).or_default().push(ty);
    }
    for (package, types) in types {
        let of_package = |query: &&mut Query| *query.package == *package;
        queries.queries.iter_mut().filter(of_package).for_each(|query| query.map_types(&types));
    }
    for line in document.unresolved.into_iter().flatten() {
        queries.unresolved.push(line.into_unresolved(source)?);
    }
    let databases = document
        .databases
        .into_iter()
        .flatten()
        .map(|entry| Recorded { migrations: entry.migrations.into_iter().flatten().collect(), ..entry.head });
    Ok(ReleaseFile { databases: databases.collect(), queries })
}

#[cfg(feature = "command")]
fn recorded(database: &Database) -> Recorded {
    Recorded {
        name: database.name.to_string(),
        dialect: database.dialect.name.to_owned(),
        layout: database.history.layout.id.to_owned(),
        migrates_at_start: database.migrator.at_start,
        ignores_unknown: database.migrator.ignores_unknown,
        migrations: Vec::new(),
    }
}

#[cfg(feature = "command")]
/// The database of a query where it can be no other: the one it names, or its package's only one.
fn certain_database(project: &Project, query: &Query) -> Option<String> {
    let of_package = || match project.tiers.of_package(&query.package) {
        [only] => match only.as_slice() {
            [index] => project.databases.get(*index).map(|database| database.name.to_string()),
            _ => None,
        },
        _ => None,
    };
    query.database.as_ref().map(ToString::to_string).or_else(of_package)
}

#[cfg(feature = "command")]
fn push_sorted<T: serde::Serialize>(lines: &mut Vec<String>, items: impl Iterator<Item = T>) {
    let mut sorted: Vec<String> = items.map(|item| serde_json::to_string(&item).unwrap_or_default()).collect();
    sorted.sort();
    sorted.dedup();
    lines.extend(sorted.into_iter().map(|line| format!("{line},")));
}

fn broken(source: &Source, line: usize, column: usize, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::ReleaseFile, message).at(format!("{}:{line}:{column}", source.path()))
}

/// A release file's JSON.
struct Document {
    format: usize,
    databases: Vec<Option<DatabaseEntry>>,
    queries: Vec<Option<Line>>,
    types: Vec<Option<(String, MappedType)>>,
    unresolved: Vec<Option<UnresolvedLine>>,
}

/// A database with its migrations.
struct DatabaseEntry {
    head: Recorded,
    migrations: Vec<Option<(String, String)>>,
}

/// A query as a line has it: the file first, so that lines sort by it.
#[cfg_attr(feature = "command", derive(serde::Serialize))]
struct Line {
    #[cfg_attr(not(feature = "command"), expect(dead_code, reason = "read where it stands in the text"))]
    file: String,
    sql: String,
    call: String,
    package: String,
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "Option::is_none"))]
    database: Option<String>,
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "Option::is_none"))]
    since: Option<String>,
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "Option::is_none"))]
    until: Option<String>,
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "Option::is_none"))]
    flag: Option<String>,
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "Vec::is_empty"))]
    holes: Vec<(usize, usize)>,
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "Option::is_none"))]
    reads_names: Option<Vec<ReadEntry>>,
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "Option::is_none"))]
    reads_positions: Option<Vec<ReadEntry>>,
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "Option::is_none"))]
    described: Option<DescribedEntry>,
    #[cfg_attr(feature = "command", serde(skip_serializing_if = "std::ops::Not::not"))]
    listed_only: bool,
}

/// Name, type, whether NULL is taken, whether the column may be missing.
type ReadEntry = (String, String, bool, bool);

#[cfg_attr(feature = "command", derive(serde::Serialize))]
struct DescribedEntry {
    product: Option<String>,
    columns: Vec<(String, String, Option<bool>)>,
    parameters: Vec<String>,
}

#[cfg_attr(feature = "command", derive(serde::Serialize))]
struct UnresolvedLine {
    file: String,
    call: String,
    package: String,
    reason: String,
}

impl Line {
    #[cfg(feature = "command")]
    fn of(query: &Query, database: Option<String>) -> Line {
        let entries = |reads: &[Read]| -> Vec<ReadEntry> {
            reads.iter().map(|read| (read.name.clone(), read.ty.clone(), read.optional, read.default)).collect()
        };
        let (reads_names, reads_positions) = match &query.reads {
            Some(Reads::Names(reads)) => (Some(entries(reads)), None),
            Some(Reads::Positions(reads)) => (None, Some(entries(reads))),
            None => (None, None),
        };
        let expectation = query.expectation.clone().unwrap_or_default();
        Line {
            file: query.place.source.path().to_owned(),
            sql: query.sql.to_string(),
            call: query.call.id.to_owned(),
            package: query.package.to_string(),
            database,
            since: expectation.since,
            until: expectation.until,
            flag: expectation.flag,
            holes: query.holes.iter().map(|hole| (hole.start, hole.end)).collect(),
            reads_names,
            reads_positions,
            described: query.described.as_ref().map(|described| DescribedEntry {
                product: described.product.clone(),
                columns: described.columns.clone(),
                parameters: described.parameters.clone(),
            }),
            listed_only: query.listed_only,
        }
    }

    fn into_query(self, source: &Source, located: text::Located) -> Result<Query, Error> {
        let reads = |entries: Vec<ReadEntry>| -> Vec<Read> {
            entries.into_iter().map(|(name, ty, optional, default)| Read { name, ty, optional, default }).collect()
        };
        let expects = self.since.is_some() || self.until.is_some() || self.flag.is_some();
        Ok(Query {
            call: call(source, &self.call, located.place.span)?,
            sql: self.sql.into(),
            place: located.place,
            segments: located.segments,
            package: self.package.into(),
            database: self.database.map(Into::into),
            expectation: expects.then_some(Expectation {
                since: self.since,
                until: self.until,
                flag: self.flag,
                place: None,
            }),
            described: self.described.map(|described| {
                let DescribedEntry { product, columns, parameters } = described;
                Described { product, columns, parameters }.into()
            }),
            reads: self
                .reads_names
                .map(|names| Reads::Names(reads(names)))
                .or_else(|| self.reads_positions.map(|positions| Reads::Positions(reads(positions)))),
            holes: self.holes.into_iter().map(|(start, end)| Span::new(start, end)).collect(),
            listed_only: self.listed_only,
            alternative: None,
            types: [].into(),
            in_sql_macro: false,
        })
    }
}

impl UnresolvedLine {
    #[cfg(feature = "command")]
    fn of(unresolved: &Unresolved) -> UnresolvedLine {
        UnresolvedLine {
            file: unresolved.place.source.path().to_owned(),
            call: unresolved.call.id.to_owned(),
            package: unresolved.package.to_string(),
            reason: unresolved.reason.clone(),
        }
    }

    fn into_unresolved(self, source: &Source) -> Result<Unresolved, Error> {
        let at = source.text().find(&format!("{{\"file\":{}", serde_json::to_string(&self.file).unwrap_or_default()));
        let span = Span::new(at.unwrap_or(0), at.unwrap_or(0));
        Ok(Unresolved {
            place: Place { source: source.clone(), span },
            call: call(source, &self.call, span)?,
            package: self.package.into(),
            reason: format!("{} in {}", self.reason, self.file),
        })
    }
}

fn call(source: &Source, id: &str, span: Span) -> Result<&'static CallProfile, Error> {
    profiles::by_id(id).ok_or_else(|| {
        let (line, column) = source.line_column(span.start);
        broken(source, line, column, format!("there is no call `{id}`"))
            .help("the file was written by a version that knows more calls: use that one")
    })
}

#[cfg(test)]
mod tests;
