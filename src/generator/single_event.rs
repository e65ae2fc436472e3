//! A single event: its subject is made up each time, with a history that it might have had on this site. Nothing is
//! stored, so any number of events takes the same memory. What must hold between events is the task of a story.

use std::sync::Arc;

use rand::RngExt;

use crate::models::event::{Action, Entity, EventKind};
use crate::models::snapshot::{Comment, Content, ObjectMeta, Person, Space, Subject, Version};
use crate::profiles::Profile;

use super::site::{Site, USUAL_SIZE};
use super::text;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// How many versions content, comments and attachments have at most.
const CONTENT_VERSIONS: u32 = 60;
const COMMENT_VERSIONS: u32 = 4;
const ATTACHMENT_VERSIONS: u32 = 9;

/// Generates events of one site: the same address, people and spaces throughout.
#[derive(Debug)]
pub struct Generator {
    pub(super) site: Site,
}

impl Generator {
    /// Returns a generator of bodies of this profile. `now` is the time of the first event, in milliseconds since the
    /// Unix epoch; later events have later times.
    pub fn new(seed: u64, now: i64, profile: &'static Profile) -> Self {
        Self { site: Site::new(seed, now, profile).with_spaces() }
    }

    /// Appends the body of the next event of this kind to `bytes`, on one line without a line end. It has every
    /// property that the profile declares, except those that sites of its era lack.
    pub fn write(&mut self, kind: EventKind, bytes: &mut Vec<u8>) {
        let actor = self.site.any_person();
        let subject = self.site.single_event(kind, &actor);
        self.site.write(kind, &actor, &subject, bytes);
    }

    /// Returns the body of the next event of this kind.
    pub fn body(&mut self, kind: EventKind) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(USUAL_SIZE);
        self.write(kind, &mut bytes);
        bytes
    }
}

impl Site {
    /// Returns what an event of this kind is about. The site must have spaces.
    fn single_event(&mut self, kind: EventKind, actor: &Arc<Person>) -> Subject {
        match kind.entity() {
            Entity::Space => Subject::Space(self.single_space(kind.action(), actor)),
            entity @ (Entity::Page | Entity::BlogPost) => {
                let (space_id, since) = self.space_of_content();
                let meta = self.meta_after(kind, actor, CONTENT_VERSIONS, since);
                Subject::Content(self.create_content(entity, meta, space_id))
            }
            Entity::Comment => {
                let content = self.container();
                let meta = self.meta_after(kind, actor, COMMENT_VERSIONS, content.meta.created);
                let in_reply_to = self.rng.random_ratio(1, 4).then(|| self.older_id());
                Subject::Comment(Comment { meta, content_id: content.meta.id, in_reply_to }, content)
            }
            Entity::Attachment => {
                let content = self.container();
                let meta = self.meta_after(kind, actor, ATTACHMENT_VERSIONS, content.meta.created);
                Subject::Attachment(self.create_attachment(meta, content.meta.id), content)
            }
            Entity::Label => self.single_label(kind.action(), actor),
            _ => {
                let content = self.container();
                Subject::Content(content)
            }
        }
    }

    /// Returns the id of a space, and since when there is that space.
    fn space_of_content(&mut self) -> (i64, i64) {
        let index = self.sample_space().expect("the site has spaces");
        (self.spaces[index].id, self.spaces[index].created)
    }

    /// Returns what a comment, an attachment or a label is on: a page four times of five.
    fn container(&mut self) -> Content {
        let entity = if self.rng.random_ratio(4, 5) { Entity::Page } else { Entity::BlogPost };
        let (space_id, since) = self.space_of_content();
        let meta = self.older_meta(CONTENT_VERSIONS, since);
        self.create_content(entity, meta, space_id)
    }

    /// Returns what the event leaves: something new, or something older that perhaps got another version.
    fn meta_after(&mut self, kind: EventKind, actor: &Arc<Person>, versions: u32, since: i64) -> ObjectMeta {
        if kind.action() == Action::Created {
            return self.create_meta(actor);
        }
        let mut meta = self.older_meta(versions, since);
        if kind.makes_version() {
            self.update(&mut meta, actor);
        }
        meta
    }

    /// Returns something that was created before now and after `since`, and has up to `versions` versions.
    fn older_meta(&mut self, versions: u32, since: i64) -> ObjectMeta {
        let creator = self.any_person();
        let when = self.ago(HOUR..60 * DAY).max(since);
        let mut meta = ObjectMeta::new(self.older_id(), &creator, when);
        let number = self.rng.random_range(1..=versions);
        if number > 1 {
            meta.created = self.ago(60 * DAY..900 * DAY).clamp(since, when);
            let (by, message) = (self.any_person(), text::version_message(&mut self.rng));
            meta.version = Version { number, when, by, message, is_minor: self.rng.random_ratio(1, 5) };
        }
        meta
    }

    fn single_space(&mut self, action: Action, actor: &Arc<Person>) -> Space {
        if action == Action::Created {
            let is_personal = self.rng.random_ratio(1, 6);
            return self.create_space(is_personal, actor, self.now);
        }
        let index = self.sample_space().expect("the site has spaces");
        let mut space = self.spaces[index].clone();
        if action == Action::Updated {
            space.is_archived = self.rng.random_ratio(1, 8);
            (space.modifier, space.modified) = (Arc::clone(actor), self.now);
        }
        space
    }

    /// The content has the labels that it has after the event.
    fn single_label(&mut self, action: Action, actor: &Arc<Person>) -> Subject {
        let mut content = self.container();
        let is_created = action == Action::Created;
        let owner = if is_created { Arc::clone(actor) } else { self.any_person() };
        let name = text::label_name(&mut self.rng);
        let other = text::label_name(&mut self.rng);
        if is_created {
            content.labels.push(name.clone());
        }
        if self.rng.random_ratio(1, 3) && other != name {
            content.labels.push(other);
        }
        Subject::Label(self.create_label(name, content.meta.id, owner), content)
    }
}
