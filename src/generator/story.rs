//! A story: what happens on a site from its first space on, in an order that makes sense. docs/explanation/stories.md says what
//! holds between the events, and `validate --story` checks it.
//!
//! Memory does not grow with the length of a story: removed objects are forgotten, and the number of existing objects is limited.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use indexmap::IndexMap;
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;

use crate::models::event::{Action, Entity, EventKind};
use crate::models::snapshot::{Attachment, BodyOptions, Comment, Content, Group, Label, Person, Subject, Task};
use crate::profiles::Profile;

use super::site::Site;

/// An event kind that did not occur in this many events is next. So every kind occurs in any 1,000 events.
const OVERDUE: u64 = 250;
/// A catalogue with many kinds waits longer: this many events for each kind. Otherwise, overdue kinds would displace the frequent ones.
/// Then every kind occurs in any 2,000 events.
const OVERDUE_PER_KIND: u64 = 5;

/// Generates the events of a story.
#[derive(Debug)]
pub struct Story {
    pub(super) site: Site,
    /// Pages, blog posts and other content, by id. Child pages have the order of this map.
    pub(super) contents: IndexMap<i64, Content>,
    /// Comments, by id. The next three maps are by id, too.
    pub(super) comments: IndexMap<i64, Comment>,
    pub(super) attachments: IndexMap<i64, Attachment>,
    /// Tasks, each with the id of its page.
    pub(super) tasks: IndexMap<i64, (Task, i64)>,
    /// The content of each label, by name.
    pub(super) labels: IndexMap<String, Vec<Label>>,
    /// Users that were created in the story, by account ID, and whether each is active.
    pub(super) accounts: IndexMap<String, (Arc<Person>, bool)>,
    /// By id.
    pub(super) groups: IndexMap<String, Group>,
    /// The source and target of each relation, by source, name and target.
    pub(super) relations: IndexMap<(String, &'static str, i64), (Arc<Person>, i64)>,
    /// The theme of each space. `None` is the theme of all spaces.
    pub(super) themes: HashMap<Option<i64>, &'static str>,
    /// Live docs that nobody opened yet.
    pub(super) unopened: Vec<i64>,
    /// The page or blog post that was deleted last, until the event about content repeats it.
    pub(super) deleted: Option<Content>,
    /// Whether pages have child pages.
    pub(super) has_tree: bool,
    /// Events that must follow the last one, each with the index of its kind.
    following: VecDeque<(usize, Arc<Person>, Subject)>,
    /// The number of events so far.
    count: u64,
    /// Each event kind, and the number of events when it last occurred.
    kinds: Vec<(EventKind, u64)>,
    weights: WeightedIndex<u16>,
}

impl Story {
    /// Creates a story for a profile. `now` is the time of the first event, in milliseconds since the Unix epoch. Later events have later
    /// times.
    ///
    /// # Panics
    ///
    /// Never panics: every profile has events with weights.
    pub fn new(seed: u64, now: i64, profile: &'static Profile) -> Self {
        // Events without a weight do not occur in stories.
        let kinds: Vec<_> = profile.events.in_stories().map(|kind| (kind, 0)).collect();
        let weights = kinds.iter().map(|(kind, _)| kind.row().weight);
        let weights = WeightedIndex::new(weights).expect("every profile has events with weights");
        let needs_tree = |(kind, _): &(EventKind, u64)| {
            let needs_tree = matches!(kind.action(), Action::Moved | Action::ChildrenReordered);
            needs_tree && kind.entity() != Entity::BlogPost
        };
        Self {
            site: Site::new(seed, now, profile),
            contents: IndexMap::new(),
            comments: IndexMap::new(),
            attachments: IndexMap::new(),
            tasks: IndexMap::new(),
            labels: IndexMap::new(),
            accounts: IndexMap::new(),
            groups: IndexMap::new(),
            relations: IndexMap::new(),
            themes: HashMap::new(),
            unopened: Vec::new(),
            deleted: None,
            has_tree: kinds.iter().any(needs_tree),
            following: VecDeque::new(),
            count: 0,
            kinds,
            weights,
        }
    }

    /// Creates the same story on another site: the same events in the same order, with different people, ids, keys, labels and times.
    /// Sites with different numbers below 2^28 share no ids.
    pub fn on_site(seed: u64, number: u32, now: i64, profile: &'static Profile) -> Self {
        let mut story = Self::new(seed, now, profile);
        story.site.renumber(number);
        story
    }

    /// Sets the options of bodies.
    pub fn with_options(mut self, options: BodyOptions) -> Self {
        self.site.options = options;
        self
    }

    /// Appends the body of the next event to `bytes`, on one line without a newline, and returns its kind.
    pub fn write(&mut self, bytes: &mut Vec<u8>) -> EventKind {
        let (index, actor, subject) = self.following.pop_front().unwrap_or_else(|| {
            let actor = self.site.sample_person();
            let (index, subject) = self.next_event(&actor);
            (index, actor, subject)
        });
        self.count += 1;
        let (kind, last) = &mut self.kinds[index];
        *last = self.count;
        self.site.write(*kind, &actor, &subject, bytes);
        *kind
    }

    /// Generates the next event: the most overdue kind, or else a random kind. Returns the index of the kind.
    fn next_event(&mut self, actor: &Arc<Person>) -> (usize, Subject) {
        let mut overdue: Vec<usize> = (0..self.kinds.len()).filter(|&index| self.is_overdue(index)).collect();
        overdue.sort_by_key(|&index| self.kinds[index].1);
        let mut attempts = overdue.into_iter();
        // The loop ends, because a space can always be created or updated.
        loop {
            let index = attempts.next().unwrap_or_else(|| self.weights.sample(&mut self.site.rng));
            if let Some(subject) = self.transition(self.kinds[index].0, actor) {
                return (index, subject);
            }
        }
    }

    fn is_overdue(&self, index: usize) -> bool {
        let wait = OVERDUE.max(OVERDUE_PER_KIND * self.kinds.len() as u64);
        self.count - self.kinds[index].1 >= wait
    }

    /// Returns whether the story has an event with this entity and action.
    pub(super) fn has(&self, entity: Entity, action: Action) -> bool {
        self.index_of(entity, action).is_some()
    }

    fn index_of(&self, entity: Entity, action: Action) -> Option<usize> {
        self.kinds.iter().position(|(kind, _)| kind.entity() == entity && kind.action() == action)
    }

    /// Returns whether an event is overdue.
    pub(super) fn is_action_overdue(&self, entity: Entity, action: Action) -> bool {
        self.index_of(entity, action).is_some_and(|index| self.is_overdue(index))
    }

    /// Adds an event that directly follows, if the story has such events.
    pub(super) fn queue_event(&mut self, entity: Entity, action: Action, actor: &Arc<Person>, subject: &Subject) {
        if let Some(index) = self.index_of(entity, action) {
            self.following.push_back((index, Arc::clone(actor), subject.clone()));
        }
    }
}
