//! Single events.
//!
//! Each event has a new subject with a plausible history. Nothing is stored, so memory does not grow with the number of events. Only
//! stories have events that depend on each other.

use std::sync::Arc;

use rand::RngExt;

use crate::models::event::{Action, Entity, EventKind};
use crate::models::snapshot::{BodyOptions, Comment, Content, ObjectMeta, Person, Space, Subject, Version};
use crate::profiles::Profile;

use super::site::{Site, USUAL_SIZE};
use super::text;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The maximum number of versions of content, comments and attachments.
const CONTENT_VERSIONS: u32 = 60;
const COMMENT_VERSIONS: u32 = 4;
const ATTACHMENT_VERSIONS: u32 = 9;

/// The maximum number of child pages in an event.
const CHILDREN: usize = 5;
/// The maximum number of results of a search.
pub(super) const RESULTS: usize = 3;

/// Generates events of one site, with the same URL, people and spaces.
#[derive(Debug)]
pub struct Generator {
    pub(super) site: Site,
}

impl Generator {
    /// Creates a generator for a profile. `now` is the time of the first event, in milliseconds since the Unix epoch. Later events have
    /// later times.
    pub fn new(seed: u64, now: i64, profile: &'static Profile) -> Self {
        Self { site: Site::new(seed, now, profile).with_spaces() }
    }

    /// Sets the options of bodies.
    pub const fn with_options(mut self, options: BodyOptions) -> Self {
        self.site.options = options;
        self
    }

    /// Appends the body of the next event of this kind to `bytes`, on one line without a newline. It has every declared property, except
    /// those that sites of its era lack.
    pub fn write(&mut self, kind: EventKind, bytes: &mut Vec<u8>) {
        let actor = self.site.sample_person();
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
    /// Returns the subject of an event. The site must have spaces.
    fn single_event(&mut self, kind: EventKind, actor: &Arc<Person>) -> Subject {
        match kind.entity() {
            Entity::Space => Subject::Space(self.single_space(kind.action(), actor)),
            Entity::Comment => {
                let content = self.container();
                let meta = self.meta_after(kind, actor, COMMENT_VERSIONS, content.meta.created);
                let in_reply_to = self.rng.random_ratio(1, 4).then(|| self.past_id());
                let (content_id, is_trashed) = (content.meta.id, kind.action() == Action::Trashed);
                Subject::Comment(Comment { meta, content_id, in_reply_to, is_trashed }, content)
            }
            Entity::Attachment => {
                let content = self.container();
                let meta = self.meta_after(kind, actor, ATTACHMENT_VERSIONS, content.meta.created);
                let mut attachment = self.create_attachment(meta, content.meta.id);
                attachment.is_trashed = kind.action() == Action::Trashed;
                attachment.is_archived = kind.action() == Action::Archived;
                Subject::Attachment(attachment, content)
            }
            Entity::Label => self.single_label(kind.action(), actor),
            Entity::Task => self.single_task(kind.action()),
            Entity::User if kind.action() == Action::Created => Subject::User(self.create_person()),
            Entity::User => Subject::User(self.sample_other_person(actor)),
            Entity::Group => Subject::Group(self.create_group()),
            Entity::Theme => {
                let (space_id, _) = self.space_of_content();
                let old_key = if self.rng.random() { "" } else { text::other_theme("", &mut self.rng) };
                let is_global = self.rng.random();
                Subject::Theme(self.create_theme(old_key, is_global, space_id))
            }
            Entity::Relation => {
                let target = self.container();
                Subject::Relation(self.create_relation(actor, target))
            }
            Entity::Search => {
                let found = self.rng.random_range(0..=RESULTS);
                let results = (0..found).map(|_| self.container()).collect();
                Subject::Search(self.create_search(results))
            }
            entity => {
                let entity = if entity == Entity::Content { self.page_or_blog_post() } else { entity };
                self.single_content(kind, entity, actor)
            }
        }
    }

    fn single_content(&mut self, kind: EventKind, entity: Entity, actor: &Arc<Person>) -> Subject {
        let (space_id, since) = self.space_of_content();
        let meta = self.meta_after(kind, actor, CONTENT_VERSIONS, since);
        let mut content = self.create_content(entity, meta, space_id);
        let neighbor = |site: &mut Self| {
            let meta = site.older_meta(CONTENT_VERSIONS, since);
            site.create_content(Entity::Page, meta, space_id)
        };
        match kind.action() {
            Action::Moved => {
                let old_parent = Some(neighbor(self)).filter(|_| self.rng.random_ratio(3, 4));
                let new_parent = neighbor(self);
                content.parent_id = Some(new_parent.meta.id);
                return Subject::Moved { content, old_parent, new_parent: Some(new_parent) };
            }
            Action::Copied => {
                let original = Content { entity, ..neighbor(self) };
                content.title = copy_title(&original.title);
                return Subject::Copied(content, original);
            }
            Action::ChildrenReordered => {
                let before: Vec<_> = (0..self.rng.random_range(2..=CHILDREN))
                    .map(|_| Content { parent_id: Some(content.meta.id), ..neighbor(self) })
                    .collect();
                let mut after = before.clone();
                // Move every child.
                after.rotate_left(self.rng.random_range(1..before.len()));
                return Subject::Reordered { parent: content, before, after };
            }
            Action::Trashed => content.is_trashed = true,
            Action::Archived => content.is_archived = true,
            Action::Initialized | Action::Started | Action::Snapshotted => content.is_live = true,
            _ => {}
        }
        Subject::Content(content)
    }

    /// Returns the id of a space and the time of its creation.
    fn space_of_content(&mut self) -> (i64, i64) {
        let index = self.sample_space().expect("the site has spaces");
        (self.spaces[index].id, self.spaces[index].created)
    }

    /// Returns the content of a comment, an attachment or a label. Four in five are pages.
    fn container(&mut self) -> Content {
        let entity = self.page_or_blog_post();
        let (space_id, since) = self.space_of_content();
        let meta = self.older_meta(CONTENT_VERSIONS, since);
        self.create_content(entity, meta, space_id)
    }

    fn page_or_blog_post(&mut self) -> Entity {
        if self.rng.random_ratio(4, 5) { Entity::Page } else { Entity::BlogPost }
    }

    /// Returns the metadata after the event: new, or older with perhaps a new version.
    fn meta_after(&mut self, kind: EventKind, actor: &Arc<Person>, versions: u32, since: i64) -> ObjectMeta {
        if matches!(kind.action(), Action::Created | Action::CreatedFromBlueprint | Action::Copied) {
            return self.create_meta(actor);
        }
        let mut meta = self.older_meta(versions, since);
        if kind.makes_version() {
            self.update(&mut meta, actor);
        }
        meta
    }

    /// Returns the metadata of an object that was created between `since` and now, with up to `versions` versions.
    fn older_meta(&mut self, versions: u32, since: i64) -> ObjectMeta {
        let creator = self.sample_person();
        let when = self.past_time(HOUR..60 * DAY).max(since);
        let mut meta = ObjectMeta::new(self.past_id(), &creator, when);
        let number = self.rng.random_range(1..=versions);
        if number > 1 {
            meta.created = self.past_time(60 * DAY..900 * DAY).clamp(since, when);
            let (by, message) = (self.sample_person(), text::version_message(&mut self.rng));
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

    /// Returns a label. Its content has the labels after the event.
    fn single_label(&mut self, action: Action, actor: &Arc<Person>) -> Subject {
        let mut content = self.container();
        let (is_created, is_on) = (action == Action::Created, matches!(action, Action::Created | Action::Added));
        let owner = if is_created { Arc::clone(actor) } else { self.sample_person() };
        let name = text::label_name(&mut self.rng);
        let other = text::label_name(&mut self.rng);
        if is_on {
            content.labels.push(name.clone());
        }
        if self.rng.random_ratio(1, 3) && other != name {
            content.labels.push(other);
        }
        Subject::Label(self.create_label(name, content.meta.id, owner), content)
    }

    /// Returns a task. An update completes it or changes it in another way.
    fn single_task(&mut self, action: Action) -> Subject {
        let (space_id, since) = self.space_of_content();
        let meta = self.older_meta(CONTENT_VERSIONS, since);
        let content = self.create_content(Entity::Page, meta, space_id);
        let mut task = self.create_task();
        let before = (action == Action::Updated).then(|| task.clone());
        if before.is_some() {
            self.change_task(&mut task);
        }
        Subject::Task { task, before, content }
    }
}

/// Returns the title of a copy in Confluence.
pub(super) fn copy_title(title: &str) -> String {
    ["Copy of ", title].concat()
}
