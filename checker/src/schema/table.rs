//! A sorted map that clones cheaply: entries that were there from the start, in one row, and what was changed since.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::iter::Peekable;
use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

use rpds::RedBlackTreeMapSync;

/// A sorted map that clones cheaply.
pub struct Table<K: Ord, V> {
    /// Ascending, each key once.
    base: Arc<Vec<(K, V)>>,
    /// What took the place of an entry, or nothing where it was taken out.
    changes: RedBlackTreeMapSync<K, Option<V>>,
}

impl<K: Ord, V> Table<K, V> {
    /// The entries of a row; none where it is not ascending.
    pub(crate) fn of_sorted(row: Vec<(K, V)>) -> Option<Table<K, V>> {
        let ascends = row.is_sorted_by(|(a, _), (b, _)| a < b);
        ascends.then(|| Table { base: Arc::new(row), changes: RedBlackTreeMapSync::default() })
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        if let Some(changed) = self.changes.get(key) {
            return changed.as_ref();
        }
        let at = self.base.binary_search_by(|(known, _)| known.borrow().cmp(key)).ok()?;
        self.base.get(at).map(|(_, value)| value)
    }

    /// Whether there is a value of a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// All entries, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        Merged { base: self.base.iter().peekable(), changes: self.changes.iter().peekable() }
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.base.is_empty() && self.changes.is_empty() || self.iter().next().is_none()
    }

    /// All keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// All values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// The entries whose keys are in a range, by key.
    pub fn range(&self, range: impl RangeBounds<K>) -> impl Iterator<Item = (&K, &V)> {
        let before = |key: &K| match range.start_bound() {
            Bound::Included(start) => key < start,
            Bound::Excluded(start) => key <= start,
            Bound::Unbounded => false,
        };
        let inside = |key: &K| match range.end_bound() {
            Bound::Included(end) => key <= end,
            Bound::Excluded(end) => key < end,
            Bound::Unbounded => true,
        };
        let from = self.base.partition_point(|(key, _)| before(key));
        let to = self.base.partition_point(|(key, _)| inside(key));
        let base = self.base.get(from..to.max(from)).unwrap_or_default();
        Merged { base: base.iter().peekable(), changes: self.changes.range(range).peekable() }
    }
}

impl<K: Ord + Clone, V: Clone> Table<K, V> {
    /// Puts a value in, in place of the one of the same key.
    pub fn insert_mut(&mut self, key: K, value: V) {
        self.changes.insert_mut(key, Some(value));
    }

    /// Takes a value out, and says whether there was one.
    pub fn remove_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        let was_there = self.contains_key(key);
        match self.base.binary_search_by(|(known, _)| known.borrow().cmp(key)) {
            Ok(at) => self.changes.insert_mut(self.base[at].0.clone(), None),
            Err(_) => _ = self.changes.remove_mut(key),
        }
        was_there
    }
}

/// Both rows as one, in the order of their keys; of a key in both rows what it was changed to.
struct Merged<B: Iterator, C: Iterator> {
    base: Peekable<B>,
    changes: Peekable<C>,
}

impl<'a, K, V, B, C> Iterator for Merged<B, C>
where
    K: Ord + 'a,
    V: 'a,
    B: Iterator<Item = &'a (K, V)>,
    C: Iterator<Item = (&'a K, &'a Option<V>)>,
{
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<(&'a K, &'a V)> {
        loop {
            let order = match (self.base.peek(), self.changes.peek()) {
                (Some((a, _)), Some((b, _))) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, _) => Ordering::Greater,
            };
            if order == Ordering::Less {
                return self.base.next().map(|(key, value)| (key, value));
            }
            if order == Ordering::Equal {
                self.base.next();
            }
            let (key, value) = self.changes.next()?;
            if let Some(value) = value {
                return Some((key, value));
            }
        }
    }
}

impl<K: Ord, V> Default for Table<K, V> {
    fn default() -> Table<K, V> {
        Table { base: Arc::default(), changes: RedBlackTreeMapSync::default() }
    }
}

impl<K: Ord, V> Clone for Table<K, V> {
    fn clone(&self) -> Table<K, V> {
        Table { base: self.base.clone(), changes: self.changes.clone() }
    }
}

impl<K: Ord + fmt::Debug, V: fmt::Debug> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Table<K, V> {
        let changes = entries.into_iter().map(|(key, value)| (key, Some(value))).collect();
        Table { base: Arc::default(), changes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_hide_what_was_there_from_the_start() {
        let mut table = Table::of_sorted(vec![(1, "a"), (3, "c"), (5, "e")]).expect("ascending");
        table.insert_mut(2, "b");
        table.insert_mut(3, "C");
        table.remove_mut(&5);
        table.remove_mut(&9);
        table.insert_mut(7, "g");
        table.remove_mut(&2);
        let entries = |table: &Table<i32, &'static str>| -> Vec<_> { table.iter().map(|(k, v)| (*k, *v)).collect() };
        assert_eq!(entries(&table), [(1, "a"), (3, "C"), (7, "g")]);
        assert_eq!(table.range(2..=7).map(|(key, _)| *key).collect::<Vec<_>>(), [3, 7]);
        assert_eq!((table.get(&3), table.get(&5), table.contains_key(&1)), (Some(&"C"), None, true));
        assert_eq!(entries(&entries(&table).into_iter().collect()), entries(&table));
        assert!(Table::of_sorted(vec![(2, ()), (2, ())]).is_none());
    }
}
