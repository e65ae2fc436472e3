//! A story: what happens on a site from its first space on, in an order that makes sense. docs/stories.md says what holds
//! between the events; `validate --story` checks it.
//!
//! Memory does not grow with a story: what is removed is forgotten, and what is there at a time is bounded, so that
//! something new waits until something old is gone.

use std::collections::HashMap;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::models::event::{Action, Entity, EventKind};
use crate::profiles::Profile;

use super::entities::{Attachment, Comment, Content, ContentType, Label};
use super::site::Site;
use super::slab::Slab;
use super::snapshot::{ORDERS, Snapshot, Subject};

/// How much is there at a time, at the most.
pub(super) const SPACES: usize = 10;
pub(super) const CONTENTS: usize = 200;
pub(super) const COMMENTS: usize = 300;
pub(super) const ATTACHMENTS: usize = 150;
pub(super) const LABELS: usize = 150;

/// What did not happen for so long happens next, if it can. So every kind of event occurs in any 1,000.
const OVERDUE: u64 = 250;

/// Makes the events of a story.
#[derive(Debug)]
pub struct Story {
    profile: &'static Profile,
    pub(super) world: Site,
    pub(super) contents: Slab<Content>,
    pub(super) comments: Slab<Comment>,
    pub(super) attachments: Slab<Attachment>,
    pub(super) labels: Slab<Label>,
    pub(super) rng: ChaCha8Rng,
    /// Milliseconds since the Unix epoch.
    pub(super) now: i64,
    /// How many events were told.
    told: u64,
    /// For each kind, how many had been told when it happened last.
    last: HashMap<&'static str, u64>,
}

/// Which thing an event was about: where it stands, or stood.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Content(usize),
    Space(usize),
    Comment(usize),
    Attachment(usize),
    Label(usize),
}

impl Story {
    /// `now` is the time of the first event, in milliseconds since the Unix epoch; later events come later. Bodies have
    /// the shapes of the profile; what happens is the same in both.
    #[must_use]
    pub fn new(seed: u64, now: i64, profile: &'static Profile) -> Self {
        let mut rng = super::random(seed);
        Self {
            profile,
            world: Site::empty(&mut rng),
            contents: Slab::new(),
            comments: Slab::new(),
            attachments: Slab::new(),
            labels: Slab::new(),
            rng,
            now,
            told: 0,
            last: HashMap::new(),
        }
    }

    /// Writes the next event behind what is there, on one line, without a line end, and says its kind.
    pub fn write(&mut self, bytes: &mut Vec<u8>) -> EventKind {
        let actor = self.world.anybody(&mut self.rng);
        let order = self.rng.random_range(0..ORDERS);
        let (kind, actor, place) = self.go_on(actor);
        self.told += 1;
        self.last.insert(kind.name(), self.told);
        let snapshot = Snapshot { world: &self.world, kind, now: self.now, actor, order, subject: self.subject(place) };
        super::write(self.profile, &snapshot, bytes);
        self.now = super::site::later(self.now, super::pause(&mut self.rng));
        kind
    }

    /// Lets something happen: what is overdue, what is drawn, or whatever can.
    fn go_on(&mut self, actor: usize) -> (EventKind, usize, Place) {
        const DRAWS: usize = 16;
        if let Some(happened) = self.overdue().and_then(|kind| self.happen(kind, actor)) {
            return happened;
        }
        for _ in 0..DRAWS {
            let kind = self.draw();
            if let Some(happened) = self.happen(kind, actor) {
                return happened;
            }
        }
        let happened = self.profile.events.all().find_map(|kind| self.happen(kind, actor));
        // Without a space there is room for one.
        happened.expect("a space can be made, or is there to be updated")
    }

    fn overdue(&self) -> Option<EventKind> {
        let waited = |kind: &EventKind| self.told - self.last.get(kind.name()).copied().unwrap_or_default();
        self.profile.events.all().filter(|kind| waited(kind) >= OVERDUE && self.can(*kind)).max_by_key(waited)
    }

    fn draw(&mut self) -> EventKind {
        let mut left = self.rng.random_range(0..self.profile.events.all().map(EventKind::weight).sum());
        let drawn = self.profile.events.all().find(|kind| {
            let weight = kind.weight();
            let found = left < weight;
            left = left.saturating_sub(weight);
            found
        });
        drawn.expect("the number is below the sum of the weights")
    }

    fn subject(&self, place: Place) -> Subject<'_> {
        match place {
            Place::Content(place) => Subject::Content(&self.contents[place]),
            Place::Space(place) => Subject::Space(&self.world.spaces[place]),
            Place::Comment(place) => {
                let comment = &self.comments[place];
                Subject::Comment(comment, &self.contents[comment.on])
            }
            Place::Attachment(place) => {
                let attachment = &self.attachments[place];
                Subject::Attachment(attachment, &self.contents[attachment.on])
            }
            Place::Label(place) => {
                let label = &self.labels[place];
                Subject::Label(label, &self.contents[label.on])
            }
        }
    }

    /// Is there what this kind of event needs? Cheaper than to try it.
    fn can(&self, kind: EventKind) -> bool {
        let some = |content_type: ContentType, trashed: bool| {
            self.contents.iter().any(|content| content.content_type == content_type && content.trashed == trashed)
        };
        match (kind.entity(), kind.action()) {
            (Entity::Page | Entity::BlogPost, Action::Created) => {
                self.world.spaces.len() > 0 && self.contents.len() < CONTENTS
            }
            (Entity::Page, Action::Updated | Action::Trashed) => some(ContentType::Page, false),
            (Entity::Page, Action::Removed | Action::Restored) => some(ContentType::Page, true),
            (Entity::BlogPost, _) => some(ContentType::BlogPost, false),
            (Entity::Space, Action::Created) => self.world.spaces.len() < SPACES,
            (Entity::Space, Action::Updated) => self.world.spaces.len() > 0,
            (Entity::Space, _) => self.world.spaces.len() > 1,
            (_, Action::Created) => some(ContentType::Page, false) || some(ContentType::BlogPost, false),
            (Entity::Comment, _) => self.comments.len() > 0,
            (Entity::Attachment, _) => self.attachments.len() > 0,
            (Entity::Label, _) => self.labels.len() > 0,
        }
    }
}
