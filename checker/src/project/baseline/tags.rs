//! Released versions among the tags of a repository.

use crate::project::error::{Error, ErrorKind};
use crate::project::git::Repository;

use super::missing;

/// The tags of a pattern whose names are released versions and whose commits are ancestors of `head`, highest first. Of an
/// unchanged tree, its own tags are left out: a release is not compared with itself.
pub(super) fn before(
    repository: &Repository,
    pattern: &str,
    head: &str,
    is_changed: bool,
) -> Result<Vec<(String, String)>, Error> {
    let mut found = released(repository, pattern, head)?;
    if !is_changed {
        let own = found.len();
        found.retain(|(_, commit)| commit != head);
        if found.is_empty() && own > 0 {
            let message = format!("the only tag `{pattern}` names is this very commit");
            return Err(Error::new(ErrorKind::NoBaseline, message).help("name an older release with --baseline-rev"));
        }
    }
    Ok(found)
}

/// As [`before`], with the tree's own tags.
pub(super) fn released(repository: &Repository, pattern: &str, head: &str) -> Result<Vec<(String, String)>, Error> {
    let prefix = pattern.split(['*', '?', '[']).next().unwrap_or("");
    let mut found: Vec<(Vec<u64>, String, String)> = repository
        .tags(pattern, head)?
        .into_iter()
        .filter_map(|(name, commit)| Some((version(name.strip_prefix(prefix)?)?, name, commit)))
        .collect();
    if found.is_empty() {
        return Err(missing::tag(repository, pattern));
    }
    found.sort_by(|a, b| b.cmp(a));
    Ok(found.into_iter().map(|(_, name, commit)| (name, commit)).collect())
}

/// The numbers of a released version: `1.2.3` with any number of parts and any build metadata; `None` for a pre-release
/// and for what is no version. A single number is one only where it does not move: `v1` often does, so it is none.
fn version(text: &str) -> Option<Vec<u64>> {
    let text = text.split('+').next()?.trim_start_matches('v');
    let parts: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
    let mut parts = parts.filter(|parts| parts.len() > 1)?;
    while parts.last() == Some(&0) {
        parts.pop();
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn only_released_versions_count() {
        for text in ["1.2", "1.2.3", "1.2.3.4", "2024.05.01", "v1.2", "1.2.3+build.7"] {
            assert!(version(text).is_some(), "{text}");
        }
        for text in ["1", "v2", "1.2.3-rc.1", "1.2rc1", "latest", "", "1..2", "1.2.x"] {
            assert_eq!(version(text), None, "{text}");
        }
        assert!(version("1.10") > version("1.9.9") && version("1.0") == version("1.0.0"));
    }
}
