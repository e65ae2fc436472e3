//! Statistics by key in limited memory.
//!
//! Only the first keys in alphabetical order have separate statistics. So the result does not depend on how bodies are split among
//! threads: the first keys of all bodies are among the first keys of each part.

use super::vec_map::VecMap;

/// Statistics that can be merged with the statistics of another part.
pub(super) trait MergeStats {
    /// Adds other statistics.
    fn merge_stats(&mut self, other: Self);
}

/// Statistics of at most `LIMIT` keys, and combined statistics of all other keys.
#[derive(Debug)]
pub(super) struct FirstKeys<T, const LIMIT: usize> {
    pub(super) known: VecMap<Box<str>, T>,
    pub(super) rest: Option<Box<T>>,
}

impl<T, const LIMIT: usize> Default for FirstKeys<T, LIMIT> {
    fn default() -> Self {
        Self { known: VecMap::default(), rest: None }
    }
}

impl<T: MergeStats, const LIMIT: usize> FirstKeys<T, LIMIT> {
    /// Returns the statistics for a key.
    pub(super) fn entry(&mut self, key: &str, new: impl FnOnce() -> T) -> &mut T {
        let is_last = || self.known.last_key().is_some_and(|last| **last < *key);
        if self.known.len() >= LIMIT && is_last() {
            return self.rest.get_or_insert_with(|| Box::new(new()));
        }
        if !self.known.contains_key(key) {
            self.known.get_or_insert(key, || (key.into(), new()));
            self.shrink();
        }
        self.known.get_mut(key).expect("it was inserted, and is not the last of too many")
    }

    fn shrink(&mut self) {
        while self.known.len() > LIMIT
            && let Some((_, last)) = self.known.pop_last()
        {
            self.rest.merge_stats(Some(Box::new(last)));
        }
    }
}

impl<T: MergeStats, const LIMIT: usize> MergeStats for FirstKeys<T, LIMIT> {
    fn merge_stats(&mut self, other: Self) {
        self.known.merge_stats(other.known);
        self.rest.merge_stats(other.rest);
        self.shrink();
    }
}

impl<K: Ord, T: MergeStats> MergeStats for VecMap<K, T> {
    fn merge_stats(&mut self, other: Self) {
        self.merge(other, T::merge_stats);
    }
}

impl<T: MergeStats> MergeStats for Option<Box<T>> {
    fn merge_stats(&mut self, other: Self) {
        match (self, other) {
            (Some(own), Some(other)) => own.merge_stats(*other),
            (own, other) => *own = own.take().or(other),
        }
    }
}
