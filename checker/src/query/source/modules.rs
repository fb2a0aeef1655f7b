//! Which files of a package are compiled into a release, and what module each is.

use std::collections::{BTreeMap, VecDeque};

use super::scan::{FileScan, Module};

/// How a file takes part in its package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It is compiled into a release, or that cannot be decided.
    Release,
    /// It is only compiled for tests, benchmarks, examples or the build.
    Test,
    /// Nothing compiles it.
    Nowhere,
}

/// A file's part and its module path.
#[derive(Clone, Debug)]
pub(super) struct FileModule {
    pub(super) part: Part,
    pub(super) path: Vec<String>,
}

/// Follows the `mod` declarations of all packages.
pub(super) fn of_files(files: &[FileScan]) -> Vec<FileModule> {
    let mut modules: Vec<Option<FileModule>> = vec![None; files.len()];
    let mut packages: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        packages.entry((&*file.package.name, &file.package.root)).or_default().push(at);
    }
    for members in packages.values() {
        follow(files, members, &mut modules);
    }
    let guessed = |at: usize| files.get(at).map(guess_path).unwrap_or_default();
    let or_guessed = |(at, module): (usize, Option<FileModule>)| {
        module.unwrap_or_else(|| FileModule { part: Part::Release, path: guessed(at) })
    };
    modules.into_iter().enumerate().map(or_guessed).collect()
}

fn follow(files: &[FileScan], members: &[usize], modules: &mut [Option<FileModule>]) {
    let by_path: BTreeMap<&str, usize> =
        members.iter().filter_map(|&at| files.get(at).map(|file| (file.source.path(), at))).collect();
    let mut has_release_root = false;
    let mut queue = VecDeque::new();
    for part in [Part::Release, Part::Test] {
        for &at in members {
            let Some(file) = files.get(at) else { continue };
            if root_part(file) == Some(part) && modules.get(at).is_some_and(Option::is_none) {
                has_release_root |= part == Part::Release;
                let module = FileModule { part, path: Vec::new() };
                set(modules, at, module.clone());
                queue.push_back((at, module, true));
            }
        }
        while let Some((at, module, is_root)) = queue.pop_front() {
            let Some(file) = files.get(at) else { continue };
            for declared in &file.found.modules {
                let part = if declared.test { Part::Test } else { module.part };
                let path: Vec<String> =
                    module.path.iter().chain(&declared.module).chain([&declared.name]).cloned().collect();
                let found = candidates(file.source.path(), is_root, declared);
                let Some(&child) = found.iter().find_map(|path| by_path.get(path.as_str())) else { continue };
                let better = match modules.get(child).and_then(Option::as_ref) {
                    None => true,
                    Some(known) => known.part == Part::Test && part == Part::Release,
                };
                if better {
                    let module = FileModule { part, path };
                    set(modules, child, module.clone());
                    queue.push_back((child, module, false));
                }
            }
        }
    }
    let reached =
        |at: &&usize| modules.get(**at).is_some_and(|module| module.as_ref().is_some_and(|m| m.part == Part::Release));
    let in_doubt = |at: &usize| files.get(*at).is_some_and(|file| file.found.includes_code || !file.unread.is_empty());
    let decided = has_release_root && !members.iter().filter(reached).any(in_doubt);
    let left: Vec<usize> = members.iter().copied().filter(|&at| modules.get(at).is_some_and(Option::is_none)).collect();
    for at in left {
        let Some(file) = files.get(at) else { continue };
        let part = if in_test_folder(file) {
            Part::Test
        } else if decided {
            Part::Nowhere
        } else {
            Part::Release
        };
        set(modules, at, FileModule { part, path: guess_path(file) });
    }
}

fn set(modules: &mut [Option<FileModule>], at: usize, module: FileModule) {
    if let Some(slot) = modules.get_mut(at) {
        *slot = Some(module);
    }
}

/// The part of a file that is a crate's root.
fn root_part(file: &FileScan) -> Option<Part> {
    let path = file.source.path();
    let package = &file.package;
    if package.roots.contains(path) {
        return Some(Part::Release);
    }
    if package.test_roots.contains(path) {
        return Some(Part::Test);
    }
    let inside = inside_package(file)?;
    let parts: Vec<&str> = inside.split('/').collect();
    match parts.as_slice() {
        ["src", "lib.rs" | "main.rs"] | ["src", "bin", _] | ["src", "bin", _, "main.rs"] => Some(Part::Release),
        ["tests" | "benches" | "examples", _] | ["tests" | "benches" | "examples", _, "main.rs"] => Some(Part::Test),
        _ => None,
    }
}

fn in_test_folder(file: &FileScan) -> bool {
    let inside = inside_package(file).unwrap_or_default();
    ["tests/", "benches/", "examples/"].iter().any(|folder| inside.starts_with(folder))
}

fn inside_package(file: &FileScan) -> Option<&str> {
    let path = file.source.path();
    if file.package.root.is_empty() { Some(path) } else { path.strip_prefix(&file.package.root)?.strip_prefix('/') }
}

/// Where the file of a `mod name;` may be.
fn candidates(path: &str, is_root: bool, declared: &Module) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let mut own = folder.to_owned();
    if !is_root && name != "mod.rs" {
        own = join(&own, name.trim_end_matches(".rs"));
    }
    let nested = declared.module.iter().fold(own, |folder, module| join(&folder, module));
    match &declared.path {
        Some(path) if declared.module.is_empty() => vec![normalize(&join(folder, path))],
        Some(path) => vec![normalize(&join(&nested, path))],
        None => {
            let file = join(&nested, &declared.name);
            vec![format!("{file}.rs"), format!("{file}/mod.rs")]
        }
    }
}

/// The module that a file's path suggests.
fn guess_path(file: &FileScan) -> Vec<String> {
    let inside = inside_package(file).unwrap_or_default();
    let inside = inside.strip_prefix("src/").unwrap_or(inside);
    let mut parts: Vec<String> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A path without `.` and `..` where they can be followed.
pub(super) fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::query::{Package, scan_file};
    use crate::source::Source;

    fn parts(files: &[(&str, &str)]) -> Vec<(String, Part)> {
        let package = Arc::new(Package { name: "shop".into(), root: "app".into(), ..Package::default() });
        let scans: Vec<FileScan> =
            files.iter().map(|(path, text)| scan_file(&Source::new(*path, *text), &package)).collect();
        let modules = of_files(&scans);
        modules.into_iter().map(|module| (module.path.join("::"), module.part)).collect()
    }

    #[test]
    fn modules_are_followed_from_the_roots() {
        let found = parts(&[
            ("app/src/lib.rs", "mod a; #[cfg(test)] mod tests; mod inline { mod b; } #[path = \"odd/c.rs\"] mod c;"),
            ("app/src/a.rs", "pub mod deep;"),
            ("app/src/a/deep.rs", ""),
            ("app/src/inline/b/mod.rs", ""),
            ("app/src/odd/c.rs", "mod d;"),
            ("app/src/odd/c/d.rs", ""),
            ("app/src/tests.rs", "mod more;"),
            ("app/src/tests/more.rs", ""),
            ("app/src/orphan.rs", ""),
            ("app/tests/it.rs", "mod common;"),
            ("app/tests/common/mod.rs", ""),
        ]);
        let expected = [
            ("", Part::Release),
            ("a", Part::Release),
            ("a::deep", Part::Release),
            ("inline::b", Part::Release),
            ("c", Part::Release),
            ("c::d", Part::Release),
            ("tests", Part::Test),
            ("tests::more", Part::Test),
            ("orphan", Part::Nowhere),
            ("", Part::Test),
            ("common", Part::Test),
        ];
        assert_eq!(found, expected.map(|(path, part)| (path.to_owned(), part)));
    }

    #[test]
    fn files_stay_where_nothing_can_be_decided() {
        assert_eq!(parts(&[("app/src/x.rs", "")]), [("x".to_owned(), Part::Release)]);
        let found = parts(&[("app/src/lib.rs", "include!(\"x.rs\");"), ("app/src/x.rs", "")]);
        assert_eq!(found[1].1, Part::Release);
    }
}
