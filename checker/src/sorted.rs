//! Sorted sets and maps of items that come in any order.
//!
//! `collect` sorts first, for which the compiler makes all of a sort for each type of items: longer than the rest of most modules,
//! and built by everybody who builds the macros.

use std::collections::{BTreeMap, BTreeSet};

/// The items, each once.
pub(crate) fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for item in items {
        set.insert(item);
    }
    set
}

/// The values by their keys; of a key's values the last.
pub(crate) fn map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        map.insert(key, value);
    }
    map
}
