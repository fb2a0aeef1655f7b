//! What a build script finds: the databases of its package, and what is wrong with them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::place::{Place, UNPACKED};
use super::run::Failure;
use super::watch::Watched;
use crate::finding::{Finding, Level, Role};
use crate::project::config::{Config, Spec};
use crate::project::inputs::{Loaded, Releases, inputs};
use crate::project::manifest::{DependencyKind, Package, packages};
use crate::project::{self, Error, ErrorKind, Known, Options, Project, Tree};
use crate::query::{Query, profiles};
use crate::render;
use crate::rollout::{self, CheckInput, OwnedQuery, Replayed, Report};
use crate::rules;
use crate::snapshot::{Facts, Required, key};

/// What a build script finds.
pub(super) struct Found {
    pub(super) facts: Facts,
    pub(super) databases: Vec<Replayed>,
    pub(super) watched: Vec<PathBuf>,
    /// What the configuration says is done with findings.
    pub(super) level: Option<Level>,
    /// What of release files does not fit, a line each.
    pub(super) notes: Vec<String>,
    /// Findings that no macro reports: blocks of text.
    pub(super) blocks: Vec<(Level, String)>,
    /// What was read of the package's files, for the next run.
    pub(super) known: Option<Known>,
    /// The queries in which a macro finds something, on any database.
    broken: BTreeSet<String>,
}

/// The release file that is read where nothing else is said.
pub(super) const RELEASE: &str = "schemacheck.release.json";

/// As the command calls the tree that it checks.
const THIS_TREE: &str = "this tree";

pub(super) fn find(place: &Place, package: &str, known: Option<Known>) -> Result<Found, Failure> {
    let (place, tree) = match settled(place, package) {
        Ok(settled) => settled,
        Err(error) => return Err(Failure { error, watched: Watched::new(place).into_paths() }),
    };
    let mut watched = Watched::new(&place);
    match read(&place, package, tree.knowing(known), &mut watched) {
        Ok(found) => Ok(Found { watched: watched.into_paths(), ..found }),
        Err(error) => {
            // What can mend it may be anywhere.
            watched.add_all();
            Err(Failure { error, watched: watched.into_paths() })
        }
    }
}

/// The package's project with its files: a folder that the workspace around it does not know is a project of its own.
fn settled(place: &Place, package: &str) -> Result<(Place, Tree), Error> {
    let tree = Tree::directory(&place.root)?;
    if place.root == place.package || packages(&tree).named(package).is_some() {
        return Ok((place.clone(), tree));
    }
    let alone = Place { root: place.package.clone(), ..place.clone() };
    let tree = Tree::directory(&alone.root)?;
    Ok((alone, tree))
}

fn read(place: &Place, name: &str, tree: Tree, watched: &mut Watched) -> Result<Found, Error> {
    let config = Config::of(&tree)?;
    let known: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    if let Some(error) = config.unknown_rules(&known).into_iter().next() {
        return Err(error);
    }
    let project = project::load(tree, &config, Options { allow_empty: false, in_build: true })?;
    watched.add_databases(&project, &config);
    let package = project.packages.named(name).ok_or_else(|| {
        Error::new(ErrorKind::Ambiguous, format!("the project has no package `{name}`"))
            .at(place.root.display().to_string())
    })?;
    let libraries = if place.is_foreign { Vec::new() } else { libraries(&project, package) };
    for package in std::iter::once(package).chain(libraries.iter().copied()) {
        watched.add_sources(package, &project.tree);
    }
    let own: Vec<&str> = std::iter::once(name).chain(libraries.iter().map(|library| &*library.name)).collect();
    let (baselines, notes) = baselines(place, &project, &config, watched)?;
    let mut found = Found {
        facts: Facts::new(package, &config, place.root.display().to_string()),
        databases: Vec::new(),
        watched: Vec::new(),
        level: config.build.findings,
        notes,
        blocks: Vec::new(),
        known: None,
        broken: BTreeSet::new(),
    };
    let words = |loaded: &Loaded| format!("{} ({})", loaded.id, loaded.why);
    found.facts.baselines = baselines.iter().map(|(_, loaded)| words(loaded)).collect();
    let queries = project::queries::of_packages(&project, &config, &own);
    for query in &queries.queries {
        let texts = query.segments.iter().map(|segment| segment.source.path());
        texts.chain([query.place.source.path()]).for_each(|path| watched.add_file(path));
    }
    let candidate = Loaded::new(THIS_TREE.to_owned(), String::new(), "the work tree".to_owned(), &project, queries);
    let releases = Releases { candidate: &candidate, baselines: &baselines, consumers: &[], upgrades: &[] };
    let mut asked = inputs(&config, &project, &releases);
    found.facts.tiers = tiers(&candidate, name, &asked)?;
    let of_tests = candidate.queries.of_tests.iter().filter(|(of, ..)| **of == *name);
    found.facts.clean.extend(of_tests.map(|(_, sql, said)| key(sql, said.as_ref())));
    asked.retain(|input| is_own(&found.facts, input) || !input.candidate.queries.is_empty());
    let uses = Uses::of(&project, package);
    for mut input in asked {
        for baseline in &mut input.baselines {
            // What other packages send is for their build scripts; one that is gone by that name was this one.
            let packages = &project.packages;
            baseline.queries.retain(|owned| {
                let of = &*owned.query.package;
                own.contains(&of) || packages.named(of).is_none()
            });
        }
        add(&mut found, input, uses);
    }
    found.facts.clean.retain(|key| !found.broken.contains(key));
    found.known = project.tree.into_known();
    if place.is_foreign {
        // Without databases its queries are not judged. Which versions it needs is for the one who runs it.
        found.databases.clear();
        found.facts.refused.clear();
    }
    Ok(found)
}

/// Whether the package's own queries may be for a database.
fn is_own(facts: &Facts, input: &CheckInput) -> bool {
    facts.tiers.iter().flatten().any(|own| *own == input.name)
}

/// The packages of the project that a package is built from, each through any number of others, that talk to a database and
/// do not check themselves, nor belong to others.
fn libraries<'a>(project: &'a Project, package: &'a Package) -> Vec<&'a Package> {
    let packages = &project.packages;
    let checks_itself = |package: &Package| {
        let build = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Build);
        build.into_iter().any(|dependency| dependency.name == env!("CARGO_PKG_NAME"))
    };
    let is_foreign = |package: &Package| {
        let has = |file: &&&str| package.path(file).is_some_and(|path| project.tree.has_file(&path));
        UNPACKED.iter().any(|file| has(&file))
    };
    let mut found: Vec<&Package> = Vec::new();
    let mut waiting = vec![package];
    while let Some(next) = waiting.pop() {
        let folders = next.production_dependencies().filter_map(|dependency| dependency.folder.as_deref());
        for library in folders.filter_map(|folder| packages.in_folder(folder)) {
            let is_known = library.folder == package.folder || found.iter().any(|it| it.folder == library.folder);
            if !is_known && !checks_itself(library) && !is_foreign(library) {
                found.push(library);
                waiting.push(library);
            }
        }
    }
    found.retain(|library| project.tiers.knows(&library.name));
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    found
}

/// The databases that the package's queries may be for. One that no driver's name leads to may be for any.
fn tiers(candidate: &Loaded, package: &str, asked: &[CheckInput]) -> Result<Vec<Vec<Arc<str>>>, Error> {
    let all = || vec![asked.iter().map(|input| input.name.clone()).collect()];
    let tiers = candidate.tiers.get(package).cloned().unwrap_or_else(all);
    if tiers.iter().all(Vec::is_empty) {
        let names: Vec<&str> = asked.iter().map(|input| &*input.name).collect();
        let message = format!("package `{package}` talks to an engine of which no database was found");
        return Err(Error::new(ErrorKind::NoDatabase, message).help(format!("found were: {}", names.join(", "))));
    }
    Ok(tiers)
}

/// The macros of a package that report for themselves.
#[derive(Clone, Copy)]
struct Uses {
    required_schema: bool,
    rollout: bool,
}

impl Uses {
    fn of(project: &Project, package: &Package) -> Uses {
        let sources = project.tree.under(&package.folder).filter(|path| path.ends_with(".rs"));
        let own = sources.filter(|path| project.packages.of(path).is_some_and(|of| of.name == package.name));
        let texts = own.filter_map(|path| project.tree.source(path).ok());
        let depends = package.depends_on(&["schemacheck"]);
        let mut uses = Uses { required_schema: false, rollout: false };
        for source in texts {
            // It may have another name here, or come through another package.
            uses.required_schema |= source.text().contains("required_schema");
            uses.rollout |= depends && source.text().contains("rollout!");
        }
        uses
    }
}

/// Checks one database.
fn add(found: &mut Found, mut input: CheckInput, uses: Uses) {
    if input.baselines.is_empty() && input.rollout.applied.is_none() {
        // Without a word on what runs now, nothing is pending.
        let shipped = input.candidate.history.iter().flat_map(|history| &history.migrations);
        input.rollout.applied = Some(shipped.map(|migration| migration.version.text.clone()).collect());
    }
    let (report, replayed) = rollout::check_and_keep(&input, rules::ALL);
    if uses.required_schema && is_own(&found.facts, &input) {
        found.facts.required.get_or_insert_default().extend(required(&input));
    }
    let refused = |finding: &Finding| finding.level == Level::Deny && !of_candidate(&report, finding);
    for block in render::blocks(&only(&report, refused)) {
        found.facts.refused.push(block.1);
    }
    // A macro of another package asks that one's build script, which has none.
    let package = found.facts.package.clone();
    let is_marked = |owned: &OwnedQuery| owned.query.in_sql_macro && *owned.query.package == *package;
    let shown = by_macros(&input, &replayed, &is_marked);
    for (index, owned) in input.candidate.queries.iter().enumerate().filter(|(_, owned)| is_marked(owned)) {
        let key = key(&owned.query.sql, owned.query.expectation.as_ref());
        if shown.iter().any(|(reported, _)| *reported == index) {
            found.broken.insert(key);
        } else {
            found.facts.clean.insert(key);
        }
    }
    let left = |finding: &Finding| {
        let own = finding.query.as_ref().filter(|_| of_candidate(&report, finding));
        let reported = own.is_some_and(|query| shown.contains(&(query.index, finding.rule)));
        !(reported || (uses.rollout && refused(finding)))
    };
    found.blocks.extend(render::blocks(&only(&report, left)));
    if is_own(&found.facts, &input) {
        found.databases.push(replayed);
    }
}

fn required(input: &CheckInput) -> Vec<Required> {
    let one = |requirement: rollout::Requirement| {
        let because = requirement
            .because
            .first()
            .map_or(String::new(), |query| format!("{}:{}", query.part.source.path(), query.part.line_column().0));
        Required { database: input.name.clone(), version: requirement.version, because }
    };
    rollout::requirements(input).into_iter().map(one).collect()
}

fn of_candidate(report: &Report, finding: &Finding) -> bool {
    let role = finding.release.and_then(|release| report.releases.get(release)).map(|release| release.role);
    role == Some(Role::Candidate) && finding.query.is_some()
}

/// A report with some of its findings.
fn only(report: &Report, wanted: impl Fn(&Finding) -> bool) -> Report {
    let mut part = report.clone();
    part.findings.retain(|finding| wanted(finding));
    part
}

/// What `sql!` reports where it is expanded: queries by their index, with the rules.
fn by_macros(
    input: &CheckInput,
    replayed: &Replayed,
    is_marked: &dyn Fn(&OwnedQuery) -> bool,
) -> Vec<(usize, &'static str)> {
    let queries = input.candidate.queries.iter().enumerate();
    let marked = queries.filter(|(_, owned)| is_marked(owned));
    let mut reported = Vec::new();
    for (index, owned) in marked {
        let call = profiles::by_id(profiles::OWN_MACRO).unwrap_or(owned.query.call);
        let query = Query { call, reads: None, described: None, ..Query::clone(&owned.query) };
        if owned.query.expectation.as_ref().is_some_and(|said| replayed.misnamed(said).is_some()) {
            reported.push((index, rollout::OUT_OF_RANGE));
            continue;
        }
        let found = replayed.findings(OwnedQuery { query: Arc::new(query), ownership: owned.ownership }, rules::ALL);
        let denied = found.iter().filter(|finding| finding.level == Level::Deny);
        reported.extend(denied.map(|finding| (index, finding.rule)));
    }
    reported
}

type Baselines = (Vec<(Vec<Arc<str>>, Loaded)>, Vec<String>);

/// The releases that run now, from committed release files.
fn baselines(place: &Place, project: &Project, config: &Config, watched: &mut Watched) -> Result<Baselines, Error> {
    let mut chosen: Vec<(String, Vec<Arc<str>>, String)> = Vec::new();
    for database in &project.databases {
        for (file, why) in files(place, config, &database.name) {
            match chosen.iter_mut().find(|(known, ..)| *known == file) {
                Some((_, databases, _)) => databases.push(database.name.clone()),
                None => chosen.push((file, vec![database.name.clone()], why)),
            }
        }
    }
    let mut found: Baselines = Default::default();
    for (file, databases, why) in chosen {
        watched.add(&file);
        let id = file.rsplit('/').next().unwrap_or(&file).trim_end_matches(".json").to_owned();
        let (loaded, notes) = project::release::read(&place.root.join(&file), &file, (&id, &why), project)?;
        found.1.extend(notes);
        found.0.push((databases, loaded));
    }
    Ok(found)
}

/// The release files of one database, with what names each.
fn files(place: &Place, config: &Config, database: &str) -> Vec<(String, String)> {
    if let Some(named) = &config.build.baseline {
        return named.iter().map(|file| (file.clone(), "build.baseline".to_owned())).collect();
    }
    let specs = config.rollout_of(database).baseline.unwrap_or_default();
    let named = specs.iter().filter_map(|spec| match spec {
        Spec::File(file) => Some((file.clone(), spec.to_string())),
        _ => None,
    });
    let named: Vec<(String, String)> = named.collect();
    if named.is_empty() && place.root.join(RELEASE).is_file() {
        return vec![(RELEASE.to_owned(), "the committed release file".to_owned())];
    }
    named
}
