//! Folders of migrations: by the calls of migration tools, by their configuration files, by their place and name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::{Table, Value};

use super::Migrates;
use super::resolve::{in_test_module, is_of_tool, search_upwards, sqlx_folder};
use crate::dialect::signs::{DRIVERS, SIGNS, named_for};
use crate::migration::{self, Layout};
use crate::project::calls::{self, Call, CallKind, Calls, Folder};
use crate::project::manifest::{Package, Packages};
use crate::project::tree::{Tree, join, parent};
use crate::source::Source;

/// A folder of migrations.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) folder: String,
    pub(super) layout: &'static Layout,
    /// What led to it.
    pub(super) why: Vec<String>,
    /// The package that calls the tool on it, else the one whose folder it is in.
    pub(super) owner: Option<Arc<str>>,
    /// All packages that call the tool on it.
    pub(super) callers: BTreeSet<Arc<str>>,
    /// Names near the calls.
    pub(super) contexts: Vec<BTreeSet<String>>,
    /// Names in the files of the calls.
    pub(super) file_contexts: Vec<BTreeSet<String>>,
    pub(super) migrates: Migrates,
    /// Whether only names speak for it.
    pub(super) is_guess: bool,
}

impl Candidate {
    pub(super) fn new(folder: &str, layout: &'static Layout, packages: &Packages) -> Candidate {
        let owner = super::owner_of(packages, folder);
        Candidate {
            folder: folder.to_owned(),
            layout,
            why: Vec::new(),
            owner,
            callers: BTreeSet::new(),
            contexts: Vec::new(),
            file_contexts: Vec::new(),
            migrates: Migrates::default(),
            is_guess: false,
        }
    }
}

/// Places of migrations relative to a package, a workspace or the root of the tree.
const USUAL: &[&str] = &[
    "migrations",
    "db/migrations",
    "database/migrations",
    "sql/migrations",
    "schema/migrations",
    "src/migrations",
    "src/db/migrations",
    "src/database/migrations",
    "db/migrate",
    "db/migration",
];

/// Folders whose contents are not the product.
const ASIDE: &[&str] = &[
    "test",
    "tests",
    "testdata",
    "test_data",
    "test-data",
    "fixtures",
    "example",
    "examples",
    "sample",
    "samples",
    "bench",
    "benches",
    "e2e",
    "docs",
    "vendor",
    "third_party",
    "third-party",
];

/// Finds the folders of migrations of a tree, in order of their paths.
pub(super) fn find(tree: &Tree, packages: &Packages, notes: &mut Vec<String>) -> Vec<Candidate> {
    let mut found = Found { tree, packages, candidates: BTreeMap::new(), aside: BTreeSet::new() };
    found.by_calls(notes);
    found.by_tool_files();
    found.by_usual_places();
    if found.candidates.is_empty() {
        found.by_name();
        found.candidates.values_mut().for_each(|candidate| candidate.is_guess = true);
    }
    if found.candidates.is_empty() && !found.aside.is_empty() {
        let aside = Vec::from_iter(found.aside).join(", ");
        notes.push(format!("{aside}: not taken: only tests or examples use it, or most of its files are no SQL"));
    }
    found.candidates.into_values().collect()
}

/// The layout of a folder by its file names, the marks in its files, and the crates that the project uses.
pub(super) fn layout(tree: &Tree, packages: &Packages, folder: &str) -> Option<&'static Layout> {
    let names = names_in(tree, folder);
    let uses = |is_it: &dyn Fn(&str) -> bool| {
        packages.all.iter().any(|package| package.dependencies.iter().any(|dependency| is_it(&dependency.name)))
    };
    let drivers = || packages.all.iter().any(|package| package.depends_on(DRIVERS));
    let by_names = migration::LAYOUTS.iter().copied().find(|layout| {
        (layout.recognises)(&names)
            && match layout.id {
                "diesel" => !uses(&|name| name == "rusqlite_migration") || uses(&|name| name == "diesel"),
                "refinery" => uses(&|name| name.contains("refinery")),
                "sqlx" => uses(&|name| matches!(name, "sqlx" | "sqlx-core")) || !drivers(),
                _ => true,
            }
    })?;
    if by_names.id == "numbered" && migration::has_twins(&names) {
        return migration::layout("files");
    }
    if matches!(by_names.id, "sqlx" | "numbered") {
        let first = names.iter().find(|name| name.ends_with(".sql")).and_then(|name| join(folder, name));
        let text = first.and_then(|path| tree.source(&path).ok());
        return text.and_then(|source| migration::layout_marked(source.text())).or(Some(by_names));
    }
    Some(by_names)
}

/// Whether a layout's names are so much its own that no folder's name has to speak of migrations.
fn is_unmistakable(layout: &Layout, names: &[&str]) -> bool {
    let long_numbers = || {
        let sql = names.iter().filter(|name| name.ends_with(".sql"));
        let prefixes = sql.map(|name| name.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-'));
        prefixes.map(|prefix| prefix.filter(u8::is_ascii_digit).count()).all(|digits| digits >= 12)
    };
    match layout.id {
        "refinery" | "flyway" => true,
        "diesel" | "sqlx" | "numbered" => long_numbers(),
        _ => false,
    }
}

/// The names of the files in a folder, relative to it.
fn names_in<'a>(tree: &'a Tree, folder: &str) -> Vec<&'a str> {
    let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
    tree.under(folder).filter_map(|path| path.get(skip..)).collect()
}

fn is_aside(path: &str) -> bool {
    path.split('/').any(|part| ASIDE.contains(&part.to_ascii_lowercase().as_str()))
}

struct Found<'a> {
    tree: &'a Tree,
    packages: &'a Packages,
    candidates: BTreeMap<String, Candidate>,
    /// Folders that only tests use.
    aside: BTreeSet<String>,
}

impl Found<'_> {
    /// Calls of migration tools in the packages' sources.
    fn by_calls(&mut self, notes: &mut Vec<String>) {
        let is_sign = |name: &str| SIGNS.iter().any(|signs| signs.identifiers.contains(&name));
        let mut files: BTreeMap<&str, (&Package, Calls)> = BTreeMap::new();
        for path in self.tree.paths().filter(|path| path.ends_with(".rs")) {
            let Some(package) = self.packages.of(path) else { continue };
            let Ok(source) = self.tree.source(path) else { continue };
            if let Some(calls) = calls::of_file(self.tree, &source, &is_sign) {
                files.insert(path, (package, calls));
            }
        }
        for (path, (package, calls)) in &files {
            let test_file = package.is_test_file(path)
                || is_aside(path)
                || calls.is_test
                || self.packages.only_serves_tests(self.tree, package)
                || in_test_module(self.tree, path);
            for call in calls.calls.iter().filter(|call| is_of_tool(call, package)) {
                for folder in self.folders_of(call, package) {
                    if test_file || call.is_test {
                        self.aside.insert(folder);
                    } else {
                        self.add_call(&folder, call, path, package);
                    }
                }
                if call.folder == Folder::Computed && !test_file && !call.is_test && call.kind != CallKind::Include {
                    notes.push(format!("{path}:{}: {} with a folder known only at run time", call.line, call.written));
                }
            }
        }
        for (path, (package, calls)) in &files {
            if calls.ignores_unknown || calls.grouped {
                self.apply_settings(path, package, calls);
            }
        }
    }

    /// Settings count for the calls in the same file, else for all calls of the same package.
    fn apply_settings(&mut self, path: &str, package: &Package, calls: &Calls) {
        let in_file = |candidate: &Candidate| candidate.migrates.calls.iter().any(|(file, _)| file == path);
        let any_in_file = self.candidates.values().any(in_file);
        for candidate in self.candidates.values_mut() {
            if if any_in_file { in_file(candidate) } else { candidate.callers.contains(&package.name) } {
                candidate.migrates.ignores_unknown |= calls.ignores_unknown;
                candidate.migrates.grouped |= calls.grouped;
            }
        }
    }

    /// The folders of migrations that a call names, as its tool resolves them.
    fn folders_of(&self, call: &Call, package: &Package) -> Vec<String> {
        let named = match &call.folder {
            Folder::Named(path) => Some(path.as_str()),
            Folder::Default => None,
            Folder::Computed => return Vec::new(),
        };
        let bases: Vec<Option<String>> = match (call.kind, named) {
            (CallKind::Sqlx, None) => vec![package.path(&sqlx_folder(self.tree, package))],
            (CallKind::Embed | CallKind::DieselAtRunTime, None) => vec![search_upwards(self.tree, package)],
            (CallKind::Sqlx | CallKind::Embed | CallKind::Include, Some(path)) => vec![package.path(path)],
            (CallKind::SqlxAtRunTime | CallKind::DieselAtRunTime | CallKind::RefineryAtRunTime, Some(path)) => {
                vec![package.path(path), join(&package.workspace, path)]
            }
            _ => Vec::new(),
        };
        let folder = bases.into_iter().flatten().find(|folder| self.tree.has_folder(folder));
        folder.map(|folder| self.expand(&folder)).unwrap_or_default()
    }

    fn add_call(&mut self, folder: &str, call: &Call, path: &str, package: &Package) {
        let Some(by_names) = layout(self.tree, self.packages, folder) else { return };
        let layout = match call.kind {
            CallKind::Sqlx | CallKind::SqlxAtRunTime => migration::layout("sqlx"),
            CallKind::Embed | CallKind::RefineryAtRunTime if by_names.id == "flyway" => migration::layout("refinery"),
            _ => None,
        };
        let candidate = self
            .candidates
            .entry(folder.to_owned())
            .or_insert_with(|| Candidate::new(folder, layout.unwrap_or(by_names), self.packages));
        if candidate.callers.is_empty() {
            candidate.is_guess = call.kind == CallKind::Include;
            candidate.owner = Some(package.name.clone());
            candidate.why.push(format!("{} in {path}:{}", call.written, call.line));
        }
        candidate.callers.insert(package.name.clone());
        let contexts = if call.in_file { &mut candidate.file_contexts } else { &mut candidate.contexts };
        contexts.push(call.context.clone());
        candidate.is_guess &= call.kind == CallKind::Include;
        candidate.migrates.calls.push((path.to_owned(), call.line));
    }

    /// `sqlx.toml` and `diesel.toml`.
    fn by_tool_files(&mut self) {
        let files: Vec<&str> = self
            .tree
            .paths()
            .filter(|path| matches!(path.rsplit('/').next(), Some("sqlx.toml" | "diesel.toml")) && !is_aside(path))
            .collect();
        for path in files {
            let Ok(source) = self.tree.source(path) else { continue };
            let Ok(table) = source.text().parse::<Table>() else { continue };
            let named = ["migrate", "migrations_directory"].iter().find_map(|section| {
                let section = table.get(*section)?;
                section.get("migrations-dir").or_else(|| section.get("dir")).and_then(Value::as_str)
            });
            let Some(folder) = join(parent(path), named.unwrap_or("migrations")) else { continue };
            for folder in self.expand(&folder) {
                self.add(&folder, path);
            }
        }
    }

    /// The usual places beside manifests and at the root.
    fn by_usual_places(&mut self) {
        let mut bases: BTreeSet<&str> = BTreeSet::from([""]);
        bases.extend(self.packages.roots.iter().map(String::as_str));
        bases.extend(self.packages.all.iter().map(|package| package.folder.as_str()));
        for base in bases.into_iter().filter(|base| !is_aside(base)) {
            for usual in USUAL {
                let Some(folder) = join(base, usual).filter(|folder| self.tree.has_folder(folder)) else { continue };
                for found in self.expand(&folder) {
                    let manifest = join(base, "Cargo.toml").filter(|path| self.tree.has_file(path));
                    let beside = manifest.map_or("at the root".to_owned(), |manifest| format!("beside {manifest}"));
                    self.add(&found, &format!("{usual} {beside}"));
                }
            }
        }
    }

    /// Any folder whose name speaks of migrations, or whose files are named as only migrations are, where nothing else was
    /// found.
    fn by_name(&mut self) {
        let mut folders: BTreeSet<&str> = BTreeSet::new();
        for path in self.tree.paths().filter(|path| path.ends_with(".sql") && !is_aside(path)) {
            let mut folder = parent(path);
            while !folder.is_empty() && folders.insert(folder) {
                folder = parent(folder);
            }
        }
        let speaks =
            |folder: &str| folder.rsplit('/').next().is_some_and(|name| name.to_ascii_lowercase().contains("migrat"));
        for folder in folders {
            for found in self.expand(folder) {
                let names = names_in(self.tree, &found);
                let sql = names.iter().filter(|name| name.ends_with(".sql")).count();
                let unmistakable =
                    layout(self.tree, self.packages, &found).is_some_and(|it| is_unmistakable(it, &names));
                if sql * 2 < names.len() {
                    self.aside.insert(found);
                } else if speaks(folder) {
                    self.add(&found, "the folder's name");
                } else if unmistakable {
                    self.add(&found, "the files' names");
                }
            }
        }
    }

    fn add(&mut self, folder: &str, why: &str) {
        let inside = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if self.candidates.keys().any(|known| inside(known, folder) || inside(folder, known)) {
            return;
        }
        if let Some(layout) = layout(self.tree, self.packages, folder) {
            let mut candidate = Candidate::new(folder, layout, self.packages);
            candidate.why.push(why.to_owned());
            self.candidates.insert(folder.to_owned(), candidate);
        }
    }

    /// A folder of migrations itself, or the folders in it that hold one database each.
    fn expand(&self, folder: &str) -> Vec<String> {
        let itself = layout(self.tree, self.packages, folder);
        if let Some(layout) = itself.filter(|layout| !self.is_several(folder, layout)) {
            return vec![self.innermost(folder, layout)];
        }
        let children: Vec<String> = self
            .tree
            .children(folder)
            .into_iter()
            .filter_map(|name| join(folder, name.strip_suffix('/')?))
            .filter(|child| layout(self.tree, self.packages, child).is_some())
            .collect();
        let named: Vec<String> = children
            .iter()
            .filter(|child| named_for(child.rsplit('/').next().unwrap_or(child)).is_some())
            .cloned()
            .collect();
        if named.is_empty() { children } else { named }
    }

    /// The folder that holds all the files, for a layout that looks into folders.
    fn innermost(&self, folder: &str, layout: &Layout) -> String {
        let mut folder = folder.to_owned();
        if !matches!(layout.id, "refinery" | "flyway") {
            return folder;
        }
        loop {
            let names = names_in(self.tree, &folder);
            let sql = names.iter().filter(|name| name.ends_with(".sql"));
            let inner: BTreeSet<&str> = sql.map(|name| name.split_once('/').map_or("", |(first, _)| first)).collect();
            match Vec::from_iter(inner).as_slice() {
                [only] if !only.is_empty() => folder = format!("{folder}/{only}"),
                _ => return folder,
            }
        }
    }

    /// Whether a layout that looks into folders sees several databases here: no file of its own, and folders that use the
    /// same versions.
    fn is_several(&self, folder: &str, layout: &Layout) -> bool {
        let names = names_in(self.tree, folder);
        if !matches!(layout.id, "refinery" | "flyway")
            || names.iter().any(|name| name.ends_with(".sql") && !name.contains('/'))
        {
            return false;
        }
        let files = names.iter().map(|name| ((*name).to_owned(), Source::new(*name, "")));
        (layout.read)(&files.collect::<Vec<_>>()).problems.iter().any(|problem| problem.fails)
    }
}
