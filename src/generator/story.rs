//! A story: what happens on a site from its first space on, in an order that makes sense. docs/stories.md says what holds
//! between the events; `validate --story` checks it.
//!
//! Memory does not grow with a story: what is removed is forgotten, and what is there at a time is bounded, so that
//! something new waits until something old is gone.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::models::event::EventKind;
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

/// How often each kind happens where all can, of a thousand; in the order of the kinds.
const WEIGHTS: [u16; 19] = [120, 230, 18, 35, 12, 8, 14, 4, 160, 45, 22, 80, 40, 18, 80, 30, 36, 36, 12];

/// Makes the events of a story.
#[derive(Debug)]
pub struct Story {
    profile: Profile,
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
    last: [u64; 19],
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
    pub fn new(seed: u64, now: i64, profile: Profile) -> Self {
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
            last: [0; 19],
        }
    }

    /// Writes the next event behind what is there, on one line, without a line end, and says its kind.
    pub fn write(&mut self, bytes: &mut Vec<u8>) -> EventKind {
        let actor = self.world.anybody(&mut self.rng);
        let order = self.rng.random_range(0..ORDERS);
        let (kind, actor, place) = self.go_on(actor);
        self.told += 1;
        self.last[kind as usize] = self.told;
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
        let happened = EventKind::all().find_map(|kind| self.happen(kind, actor));
        // Without a space there is room for one.
        happened.expect("a space can be made, or is there to be updated")
    }

    fn overdue(&self) -> Option<EventKind> {
        let waited = |kind: &EventKind| self.told - self.last[*kind as usize];
        EventKind::all().filter(|kind| waited(kind) >= OVERDUE && self.can(*kind)).max_by_key(waited)
    }

    fn draw(&mut self) -> EventKind {
        let mut left = self.rng.random_range(0..WEIGHTS.iter().sum());
        let drawn = EventKind::all().zip(WEIGHTS).find(|&(_, weight)| {
            let found = left < weight;
            left = left.saturating_sub(weight);
            found
        });
        drawn.map_or(EventKind::PageUpdated, |(kind, _)| kind)
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
        use EventKind as E;
        let some = |content_type: ContentType, trashed: bool| {
            self.contents.iter().any(|content| content.content_type == content_type && content.trashed == trashed)
        };
        match kind {
            E::PageCreated | E::BlogCreated => self.world.spaces.len() > 0 && self.contents.len() < CONTENTS,
            E::PageUpdated | E::PageTrashed => some(ContentType::Page, false),
            E::PageRemoved | E::PageRestored => some(ContentType::Page, true),
            E::BlogUpdated | E::BlogRemoved => some(ContentType::BlogPost, false),
            E::SpaceCreated => self.world.spaces.len() < SPACES,
            E::SpaceUpdated => self.world.spaces.len() > 0,
            E::SpaceRemoved => self.world.spaces.len() > 1,
            E::CommentCreated | E::AttachmentCreated | E::LabelCreated => {
                some(ContentType::Page, false) || some(ContentType::BlogPost, false)
            }
            E::CommentUpdated | E::CommentRemoved => self.comments.len() > 0,
            E::AttachmentUpdated | E::AttachmentRemoved => self.attachments.len() > 0,
            E::LabelRemoved => self.labels.len() > 0,
        }
    }
}
