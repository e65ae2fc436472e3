//! A map in a sorted vector. Most maps here have one key, but a B-tree node has room for eleven: a body with many different properties
//! would take a thousand times its size.

use std::borrow::Borrow;

/// A map in a sorted vector.
#[derive(Debug)]
pub(super) struct VecMap<K, T>(Vec<(K, T)>);

impl<K, T> Default for VecMap<K, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, T> VecMap<K, T> {
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&T>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|index| &self.0[index].1)
    }

    /// Returns the value of a key, and inserts it if missing.
    pub(super) fn get_or_insert<Q: Ord + ?Sized>(&mut self, key: &Q, new: impl FnOnce() -> (K, T)) -> &mut T
    where
        K: Borrow<Q>,
    {
        let index = self.find(key).unwrap_or_else(|index| {
            self.insert_at(index, new());
            index
        });
        &mut self.0[index].1
    }

    pub(super) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut T>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|index| &mut self.0[index].1)
    }

    pub(super) fn last_key(&self) -> Option<&K> {
        self.0.last().map(|(key, _)| key)
    }

    pub(super) fn pop_last(&mut self) -> Option<(K, T)> {
        self.0.pop()
    }

    /// Adds the entries of another map. `merge` combines two values of the same key.
    pub(super) fn merge(&mut self, other: Self, mut merge: impl FnMut(&mut T, T)) {
        for (key, value) in other.0 {
            match self.find(&key) {
                Ok(index) => merge(&mut self.0[index].1, value),
                Err(index) => self.insert_at(index, (key, value)),
            }
        }
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &T)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }

    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(other, _)| other.borrow().cmp(key))
    }

    fn insert_at(&mut self, index: usize, entry: (K, T)) {
        if self.0.len() == self.0.capacity() {
            // `push` would reserve room for four entries.
            self.0.reserve_exact(self.0.len() / 2 + 1);
        }
        self.0.insert(index, entry);
    }
}
