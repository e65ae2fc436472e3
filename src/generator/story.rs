//! A story: what happens on a site from its first space on, in an order that makes sense. docs/stories.md says what
//! holds between the events, and `validate --story` checks it.
//!
//! Memory does not grow with a story: what is removed is forgotten, and how much exists at a time is bounded.

use std::sync::Arc;

use indexmap::IndexMap;
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;

use crate::models::event::EventKind;
use crate::models::snapshot::{Attachment, Comment, Content, Label, Person, Subject};
use crate::profiles::Profile;

use super::site::Site;

/// A kind of event that did not happen for this many events is tried next. So every kind occurs in any 1,000 events.
const OVERDUE: u64 = 250;

/// Generates the events of a story.
#[derive(Debug)]
pub struct Story {
    pub(super) site: Site,
    /// By id, as the next two.
    pub(super) contents: IndexMap<i64, Content>,
    pub(super) comments: IndexMap<i64, Comment>,
    pub(super) attachments: IndexMap<i64, Attachment>,
    /// By name.
    pub(super) labels: IndexMap<String, Label>,
    /// How many events there were.
    count: u64,
    /// Each kind of event, and how many events there were when it last happened.
    kinds: Vec<(EventKind, u64)>,
    weights: WeightedIndex<u16>,
}

impl Story {
    /// Returns a story of this profile. `now` is the time of the first event, in milliseconds since the Unix epoch;
    /// later events have later times.
    ///
    /// # Panics
    /// Never: every profile has events with weights.
    pub fn new(seed: u64, now: i64, profile: &'static Profile) -> Self {
        let weights = profile.events.all().map(|kind| kind.row().weight);
        Self {
            site: Site::new(seed, now, profile),
            contents: IndexMap::new(),
            comments: IndexMap::new(),
            attachments: IndexMap::new(),
            labels: IndexMap::new(),
            count: 0,
            kinds: profile.events.all().map(|kind| (kind, 0)).collect(),
            weights: WeightedIndex::new(weights).expect("every profile has events with weights"),
        }
    }

    /// Appends the body of the next event to `bytes`, on one line without a line end, and returns its kind.
    pub fn write(&mut self, bytes: &mut Vec<u8>) -> EventKind {
        let actor = self.site.any_person();
        let (index, subject) = self.next_event(&actor);
        self.count += 1;
        let (kind, last) = &mut self.kinds[index];
        *last = self.count;
        self.site.write(*kind, &actor, &subject, bytes);
        *kind
    }

    /// Lets something happen: the kind that has waited longest if it is overdue, or a random kind. Returns the index of
    /// the kind.
    fn next_event(&mut self, actor: &Arc<Person>) -> (usize, Subject) {
        let is_overdue = |index: &usize| self.count - self.kinds[*index].1 >= OVERDUE;
        let mut overdue: Vec<usize> = (0..self.kinds.len()).filter(is_overdue).collect();
        overdue.sort_by_key(|&index| self.kinds[index].1);
        let mut attempts = overdue.into_iter();
        // This ends: a space can always be created or updated.
        loop {
            let index = attempts.next().unwrap_or_else(|| self.weights.sample(&mut self.site.rng));
            if let Some(subject) = self.happen(self.kinds[index].0, actor) {
                return (index, subject);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::models::event::{Action, Entity};
    use crate::profiles::ALL;

    /// Without these events a story might not find one that is possible.
    #[test]
    fn every_profile_can_create_and_update_spaces() {
        for profile in ALL {
            assert!([Action::Created, Action::Updated].iter().all(|action| profile.events.has(Entity::Space, *action)));
        }
    }
}
