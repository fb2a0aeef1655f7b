//! Symbolic links, followed inside the root by their text alone, so that a directory and a git revision agree.

use std::collections::{BTreeMap, BTreeSet};

/// Files and links as listed. A link's target is relative to the root.
#[derive(Default)]
pub(in crate::project) struct Listing {
    /// Paths of files.
    pub(in crate::project) files: Vec<String>,
    /// Paths of links, and where each leads.
    pub(in crate::project) links: Vec<(String, String)>,
}

/// How many links one path may go through.
const HOPS: usize = 40;

/// How many files links may add, so that links to folders full of links stay bounded.
const ADDED: usize = 100_000;

/// All paths by which a file can be reached, each with the path of the file itself.
pub(super) fn follow(listing: Listing) -> BTreeMap<String, String> {
    let real: BTreeSet<String> = listing.files.into_iter().collect();
    let links: BTreeMap<String, String> = listing.links.into_iter().collect();
    let mut reachable: BTreeMap<String, String> = real.iter().map(|path| (path.clone(), path.clone())).collect();
    let mut added = 0;
    for link in links.keys() {
        let Some(target) = resolve(&links, link) else { continue };
        if real.contains(&target) {
            reachable.insert(link.clone(), target);
            continue;
        }
        if target.is_empty() || link.starts_with(&format!("{target}/")) {
            continue;
        }
        let prefix = format!("{target}/");
        for file in real.range(prefix.clone()..).take_while(|path| path.starts_with(&prefix)) {
            if added >= ADDED {
                return reachable;
            }
            added += 1;
            reachable.entry(format!("{link}/{}", &file[prefix.len()..])).or_insert_with(|| file.clone());
        }
    }
    reachable
}

/// The path without links that a path stands for; `None` where it circles or goes too deep.
fn resolve(links: &BTreeMap<String, String>, path: &str) -> Option<String> {
    let mut path = path.to_owned();
    for _ in 0..HOPS {
        let Some((link, target)) = first_link(links, &path) else { return Some(path) };
        let rest = &path[link.len()..];
        path = format!("{target}{rest}").trim_start_matches('/').to_owned();
    }
    None
}

/// The shortest beginning of a path, whole components only, that is a link.
fn first_link<'a>(links: &'a BTreeMap<String, String>, path: &str) -> Option<(&'a str, &'a str)> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(|end| links.get_key_value(&path[..end]))
        .map(|(link, target)| (link.as_str(), target.as_str()))
        .next()
}
