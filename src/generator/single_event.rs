//! A single event: its thing is drawn anew each time, with a history that it might have had on this site. Nothing of it is
//! kept, so that any number of events takes the same memory; what must hold between events is the story's.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::models::event::{Action, Entity, EventKind};

use super::entities::{Attachment, Comment, Content, ContentType, Item, Label, Space, Version};
use super::site::{Site, earlier};
use super::snapshot::{ORDERS, Snapshot, Subject};
use super::text;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The versions that a page has at the most.
const VERSIONS: u32 = 60;

/// The thing of the last event, whose buffers serve for the next.
#[derive(Debug, Default)]
pub(super) struct SingleEvent {
    content: Content,
    space: Space,
    comment: Comment,
    attachment: Attachment,
    label: Label,
}

/// What a draw needs: the kind of event, when it happens, who acts.
struct Draw<'a> {
    world: &'a mut Site,
    kind: EventKind,
    now: i64,
    actor: usize,
    rng: &'a mut ChaCha8Rng,
}

impl SingleEvent {
    /// An event of this kind that happens at `now`, in milliseconds since the Unix epoch.
    pub(super) fn draw<'a>(
        &'a mut self,
        world: &'a mut Site,
        kind: EventKind,
        now: i64,
        rng: &mut ChaCha8Rng,
    ) -> Snapshot<'a> {
        let mut actor = world.anybody(rng);
        let order = rng.random_range(0..ORDERS);
        let mut draw = Draw { world, kind, now, actor, rng };
        match kind.entity() {
            Entity::Page => draw.content(ContentType::Page, &mut self.content),
            Entity::BlogPost => draw.content(ContentType::BlogPost, &mut self.content),
            Entity::Space => {
                draw.space(&mut self.space);
                actor = draw.actor;
            }
            Entity::Comment => {
                draw.container(&mut self.content);
                self.comment.item = draw.item(4, self.content.item.created);
                // One of four answers another.
                self.comment.answers = draw.rng.random_ratio(1, 4).then(|| (0, draw.world.older_id(draw.rng)));
            }
            Entity::Attachment => {
                draw.container(&mut self.content);
                self.attachment.item = draw.item(9, self.content.item.created);
                draw.file(&mut self.attachment);
            }
            Entity::Label => {
                draw.container(&mut self.content);
                draw.label(&mut self.label, &mut self.content);
            }
        }
        let subject = match kind.entity() {
            Entity::Page | Entity::BlogPost => Subject::Content(&self.content),
            Entity::Space => Subject::Space(&self.space),
            Entity::Comment => Subject::Comment(&self.comment, &self.content),
            Entity::Attachment => Subject::Attachment(&self.attachment, &self.content),
            Entity::Label => Subject::Label(&self.label, &self.content),
        };
        Snapshot { world, kind, now, actor, order, subject }
    }
}

impl Draw<'_> {
    /// Something new where the event makes it, else something with a history of at most so many versions, which begins
    /// after `since`.
    fn item(&mut self, versions: u32, since: i64) -> Item {
        if self.kind.action() == Action::Created {
            return Item::new(self.world.next_id(self.rng), self.actor, self.now);
        }
        let mut item = self.older(versions, since);
        if self.kind.makes_version() {
            item.change(self.actor, self.now, text::version_message(self.rng), self.rng.random_ratio(1, 5));
        }
        item
    }

    /// Something that is there already, with its last version from before.
    fn older(&mut self, versions: u32, since: i64) -> Item {
        let creator = self.world.anybody(self.rng);
        let number = self.rng.random_range(1..=versions);
        let when = earlier(self.now, self.rng.random_range(HOUR..60 * DAY)).max(since);
        let mut item = Item::new(self.world.older_id(self.rng), creator, when);
        if number > 1 {
            item.created = earlier(when, self.rng.random_range(HOUR..900 * DAY)).max(since);
            let (by, message) = (self.world.anybody(self.rng), text::version_message(self.rng));
            item.version = Version { number, when, by, message, minor: self.rng.random_ratio(1, 5) };
        }
        item
    }

    fn content(&mut self, content_type: ContentType, content: &mut Content) {
        let since = self.place(content_type, content);
        content.item = self.item(VERSIONS, since);
    }

    /// What a comment, an attachment or a label is on: four of five times a page.
    fn container(&mut self, content: &mut Content) {
        let content_type = if self.rng.random_ratio(4, 5) { ContentType::Page } else { ContentType::BlogPost };
        let since = self.place(content_type, content);
        content.item = self.older(VERSIONS, since);
    }

    /// Gives content a title and a space; says since when there is that space.
    fn place(&mut self, content_type: ContentType, content: &mut Content) -> i64 {
        content.content_type = content_type;
        match content_type {
            ContentType::Page => self.world.words.page(self.rng, &mut content.title),
            ContentType::BlogPost => self.world.words.blog_post(self.rng, &mut content.title),
        }
        content.space = self.world.spaces.draw(self.rng, |_| true).expect("a settled world has spaces");
        self.world.spaces[content.space].created
    }

    fn space(&mut self, space: &mut Space) {
        if self.kind.action() == Action::Created {
            *space = self.world.create_space(self.rng.random_ratio(1, 6), self.actor, self.now, self.rng);
            self.actor = space.creator;
            return;
        }
        let drawn = self.world.spaces.draw(self.rng, |_| true).expect("a settled world has spaces");
        space.clone_from(&self.world.spaces[drawn]);
        if self.kind.action() == Action::Updated {
            space.archived = self.rng.random_ratio(1, 8);
            (space.modifier, space.modified) = (self.actor, self.now);
        }
    }

    fn file(&mut self, attachment: &mut Attachment) {
        let content_type = self.world.words.file(self.rng, &mut attachment.name);
        attachment.media_type = content_type.media_type;
        attachment.size = self.rng.random_range(content_type.sizes.clone());
    }

    /// The content has what labels it has after the event.
    fn label(&mut self, label: &mut Label, content: &mut Content) {
        text::label(self.rng, &mut label.name);
        label.prefix = text::prefix(self.rng);
        let created = self.kind.action() == Action::Created;
        label.owner = if created { self.actor } else { self.world.anybody(self.rng) };
        content.labels.clear();
        if created {
            content.labels.push(label.name.clone());
        }
        if self.rng.random_ratio(1, 3) {
            let mut other = String::new();
            text::label(self.rng, &mut other);
            if other != label.name {
                content.labels.push(other);
            }
        }
    }
}
