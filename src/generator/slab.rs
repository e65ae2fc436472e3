//! A slab of things that come and go: constant time to put, take and draw, and never more memory than at its fullest.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// What is on it has a place, an index that stays until the thing is taken. What was taken can still be looked at until
/// the next thing is put.
#[derive(Debug)]
pub(super) struct Slab<T> {
    places: Vec<T>,
    /// The places in use, in no order that means anything.
    used: Vec<usize>,
    /// For each place, where it stands in `used`.
    at: Vec<usize>,
    free: Vec<usize>,
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), used: Vec::new(), at: Vec::new(), free: Vec::new() }
    }

    pub(super) fn put(&mut self, thing: T) -> usize {
        let place = if let Some(place) = self.free.pop() {
            self.places[place] = thing;
            self.at[place] = self.used.len();
            place
        } else {
            self.places.push(thing);
            self.at.push(self.used.len());
            self.places.len() - 1
        };
        self.used.push(place);
        place
    }

    /// Takes what is at a place that is in use.
    pub(super) fn take(&mut self, place: usize) {
        let at = self.at[place];
        self.used.swap_remove(at);
        if let Some(&moved) = self.used.get(at) {
            self.at[moved] = at;
        }
        self.free.push(place);
    }

    /// Takes all that are so.
    pub(super) fn retain_not(&mut self, predicate: impl Fn(&T) -> bool) {
        for at in (0..self.used.len()).rev() {
            let place = self.used[at];
            if predicate(&self.places[place]) {
                self.take(place);
            }
        }
    }

    /// One of those that are so, wherever they stand.
    pub(super) fn draw(&self, rng: &mut ChaCha8Rng, predicate: impl Fn(&T) -> bool) -> Option<usize> {
        if self.used.is_empty() {
            return None;
        }
        // A few blind draws are fair; the search behind them is for what is rare.
        for _ in 0..4 {
            let place = self.used[rng.random_range(0..self.used.len())];
            if predicate(&self.places[place]) {
                return Some(place);
            }
        }
        let start = rng.random_range(0..self.used.len());
        let (before, after) = self.used.split_at(start);
        after.iter().chain(before).copied().find(|&place| predicate(&self.places[place]))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.used.iter().map(|&place| &self.places[place])
    }

    pub(super) fn len(&self) -> usize {
        self.used.len()
    }
}

impl<T> std::ops::Index<usize> for Slab<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.places[place]
    }
}

impl<T> std::ops::IndexMut<usize> for Slab<T> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        &mut self.places[place]
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn places_stay_while_others_go() {
        let mut slab = Slab::new();
        let places: Vec<usize> = (0..10).map(|number| slab.put(number)).collect();
        slab.retain_not(|number| number % 3 == 0);
        let mut left: Vec<_> = slab.iter().copied().collect();
        left.sort_unstable();
        assert_eq!(left, [1, 2, 4, 5, 7, 8]);
        assert_eq!(slab[places[7]], 7);
        slab.put(11);
        assert_eq!((slab.len(), slab.places.len()), (7, 10), "a place is used again");
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let drawn = slab.draw(&mut rng, |number| *number == 11).expect("it is there");
        assert_eq!(slab[drawn], 11);
        assert_eq!(slab.draw(&mut rng, |number| *number == 3), None);
    }
}
