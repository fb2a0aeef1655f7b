//! What a build script watches: files and folders that are there. A path that is not there would rerun it on every build.

use std::path::{Path, PathBuf};

use crate::project::config::{self, Config, Contract};
use crate::project::manifest::Package;
use crate::project::{Project, Tree, tree};

use super::place::Place;

/// Paths, absolute, in order, each once.
pub(super) struct Watched {
    root: PathBuf,
    package: PathBuf,
    paths: Vec<PathBuf>,
}

impl Watched {
    /// What every project has: its manifest, the package's own, and the configuration.
    pub(super) fn new(place: &Place) -> Watched {
        let mut watched = Watched { root: place.root.clone(), package: place.package.clone(), paths: Vec::new() };
        watched.add("Cargo.toml");
        watched.add(config::FILE);
        watched.add_path(&place.package.join("Cargo.toml"));
        watched
    }

    /// A path of the project.
    pub(super) fn add(&mut self, path: &str) {
        self.add_path(&self.root.join(path));
    }

    /// A file of the project, unless a folder around it is watched.
    pub(super) fn add_file(&mut self, path: &str) {
        let path = self.root.join(path);
        if !self.paths.iter().any(|known| path.starts_with(known)) {
            self.add_path(&path);
        }
    }

    fn add_path(&mut self, path: &Path) {
        if path.exists() && !self.paths.iter().any(|known| known == path) {
            self.paths.push(path.to_owned());
        }
    }

    /// All that stands in the package and in the project, for when it is not known what of it matters.
    pub(super) fn add_all(&mut self) {
        for folder in [self.package.clone(), self.root.clone()] {
            let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let listed = entries.filter(|entry| entry.file_name().to_str().is_some_and(tree::is_listed));
            let kept = listed.map(|entry| entry.path()).filter(|path| !path.join("CACHEDIR.TAG").is_file());
            let mut paths: Vec<PathBuf> = kept.collect();
            paths.sort();
            paths.iter().for_each(|path| self.add_path(path));
        }
    }

    /// A package's manifest and sources: its folders of code that is no test, and the roots of its targets.
    pub(super) fn add_sources(&mut self, package: &Package, tree: &Tree) {
        let of_package = |path: &str| package.path(path).unwrap_or_default();
        self.add(&of_package("Cargo.toml"));
        self.add(&of_package("src"));
        let targets = package.targets.iter().filter(|target| matches!(target.kind, "lib" | "bin"));
        for target in targets {
            // Modules stand beside the root, unless that is the package's own folder with all else in it.
            match tree::parent(&target.path) {
                folder if folder == package.folder => {
                    self.add(&target.path);
                    let beside =
                        tree.under(folder).filter(|path| path.ends_with(".rs") && tree::parent(path) == folder);
                    beside.for_each(|path| self.add_file(path));
                }
                folder => self.add(folder),
            }
        }
    }

    /// All that the databases of a project are read from.
    pub(super) fn add_databases(&mut self, project: &Project, config: &Config) {
        for database in &project.databases {
            for folder in &database.found.folders {
                self.add(folder);
            }
            if let Some(Contract::Folder(folder)) = &config.rollout_of(&database.name).contract {
                self.add(folder);
            }
            let sources = database.history.given.iter().chain(&database.history.repeatable);
            for source in sources {
                self.add(source.path());
            }
            for path in database.sql.iter().chain(&database.lists) {
                self.add(path);
            }
        }
    }

    /// The paths.
    pub(super) fn into_paths(self) -> Vec<PathBuf> {
        self.paths
    }
}
