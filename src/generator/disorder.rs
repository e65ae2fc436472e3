//! Disorder in stories: shuffled, duplicated and dropped events, as networks deliver them.

use rand::RngExt;

use super::random::random;

/// How to disorder a story.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Disorder {
    /// Shuffle the events, within [`WINDOW`].
    pub shuffle: bool,
    /// The probability that an event is duplicated, from 0 to 1. The copy directly follows the event, unless events are shuffled.
    pub duplicate: f64,
    /// The probability that an event is dropped, from 0 to 1.
    pub drop: f64,
}

/// The number of events to shuffle at a time, so that memory does not grow with the story. No event moves forward by more than this. A
/// shorter story may get any order.
pub const WINDOW: usize = 1000;

impl Disorder {
    /// Returns whether the story stays unchanged.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Disorders a story. The events themselves do not change.
    pub fn apply<I: Iterator<Item: Clone>>(self, seed: u64, story: I) -> impl Iterator<Item = I::Item> {
        let [mut copies_rng, mut shuffle_rng] = [2, 4].map(|stream| random(seed, stream));
        let mut story = story.flat_map(move |item| {
            let (is_dropped, is_doubled) = (copies_rng.random_bool(self.drop), copies_rng.random_bool(self.duplicate));
            std::iter::repeat_n(item, if is_dropped { 0 } else { 1 + usize::from(is_doubled) })
        });
        let window = if self.shuffle { WINDOW } else { 1 };
        let mut held = Vec::new();
        std::iter::from_fn(move || {
            held.extend(story.by_ref().take(window - held.len()));
            (!held.is_empty()).then(|| held.swap_remove(shuffle_rng.random_range(0..held.len())))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disordered(disorder: Disorder) -> Vec<u32> {
        disorder.apply(7, 0..5000).collect()
    }

    #[test]
    fn shuffled_events_are_the_same_events() {
        let mut shuffled = disordered(Disorder { shuffle: true, ..Disorder::default() });
        assert!(!shuffled.is_sorted());
        assert!(shuffled.iter().zip(0_u32..).all(|(event, at)| *event < at + 1000), "none moves forward by 1,000");
        shuffled.sort_unstable();
        assert_eq!(shuffled, (0..5000).collect::<Vec<_>>());
    }

    #[test]
    fn the_requested_fractions_are_dropped_and_duplicated() {
        let doubled = disordered(Disorder { duplicate: 0.1, ..Disorder::default() });
        assert!((5400..5600).contains(&doubled.len()), "{}", doubled.len());
        assert!(doubled.is_sorted());
        let dropped = disordered(Disorder { drop: 0.1, ..Disorder::default() });
        assert!((4400..4600).contains(&dropped.len()), "{}", dropped.len());
        assert!(disordered(Disorder { drop: 1.0, ..Disorder::default() }).is_empty());
    }
}
