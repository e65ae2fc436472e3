//! A story told badly on purpose: out of order, twice, with gaps, as networks and receivers have it.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// What is done to the order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Disorder {
    /// Deal them out in any order, within [`WINDOW`].
    pub shuffle: bool,
    /// How probable it is that an event comes twice, from 0 to 1. The second copy follows at once, unless they are
    /// shuffled.
    pub duplicate: f64,
    /// How probable it is that an event does not come at all, from 0 to 1.
    pub drop: f64,
}

/// So many events are held to be shuffled, so that memory does not grow with the story: one comes on average so much too
/// late, and never so much too early. A story that is not longer may come in any order whatever.
pub const WINDOW: usize = 1000;

/// A story in disorder.
#[derive(Debug)]
pub struct Disordered<I: Iterator> {
    story: I,
    disorder: Disorder,
    rng: ChaCha8Rng,
    window: Vec<I::Item>,
    again: Option<I::Item>,
}

impl Disorder {
    /// Is nothing done?
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Puts a story into disorder, with a randomness of its own: what happens in it stays the same.
    pub fn of<I: Iterator>(self, seed: u64, story: I) -> Disordered<I> {
        let mut rng = super::random(seed);
        rng.set_stream(2);
        Disordered { story, disorder: self, rng, window: Vec::new(), again: None }
    }
}

impl<I: Iterator<Item: Clone>> Disordered<I> {
    /// The next that is not dropped; twice, where it comes twice.
    fn next_in_order(&mut self) -> Option<I::Item> {
        if let Some(again) = self.again.take() {
            return Some(again);
        }
        loop {
            let item = self.story.next()?;
            let (dropped, doubled) =
                (self.rng.random_bool(self.disorder.drop), self.rng.random_bool(self.disorder.duplicate));
            if dropped {
                continue;
            }
            self.again = doubled.then(|| item.clone());
            return Some(item);
        }
    }
}

impl<I: Iterator<Item: Clone>> Iterator for Disordered<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if !self.disorder.shuffle {
            return self.next_in_order();
        }
        while self.window.len() < WINDOW {
            let Some(item) = self.next_in_order() else { break };
            self.window.push(item);
        }
        if self.window.is_empty() {
            return None;
        }
        let drawn = self.rng.random_range(0..self.window.len());
        Some(self.window.swap_remove(drawn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disordered(disorder: Disorder) -> Vec<u32> {
        disorder.of(7, 0..5000).collect()
    }

    #[test]
    fn shuffled_events_are_the_same_events() {
        let mut shuffled = disordered(Disorder { shuffle: true, ..Disorder::default() });
        assert!(!shuffled.is_sorted());
        assert!(shuffled.iter().zip(0_u32..).all(|(event, at)| *event < at + 1000), "none comes much too early");
        shuffled.sort_unstable();
        assert_eq!(shuffled, (0..5000).collect::<Vec<_>>());
    }

    #[test]
    fn as_many_are_dropped_and_doubled_as_was_asked_for() {
        let doubled = disordered(Disorder { duplicate: 0.1, ..Disorder::default() });
        assert!((5400..5600).contains(&doubled.len()), "{}", doubled.len());
        assert!(doubled.is_sorted());
        let dropped = disordered(Disorder { drop: 0.1, ..Disorder::default() });
        assert!((4400..4600).contains(&dropped.len()), "{}", dropped.len());
        assert!(disordered(Disorder { drop: 1.0, ..Disorder::default() }).is_empty());
    }
}
