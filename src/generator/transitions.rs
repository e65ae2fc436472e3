//! What each kind of event does in a story, and when it is possible.

use std::sync::Arc;

use rand::RngExt;

use crate::models::event::{Action, Entity, EventKind};
use crate::models::snapshot::{Comment, Content, Person, Subject};

use super::site::sample;
use super::story::Story;
use super::text;

/// How much exists at a time, at most.
const SPACES: usize = 10;
const CONTENTS: usize = 200;
const COMMENTS: usize = 300;
const ATTACHMENTS: usize = 150;
const LABELS: usize = 150;

impl Story {
    /// Lets an event of this kind happen and returns what it is about, or `None` if it is not possible now.
    pub(super) fn happen(&mut self, kind: EventKind, actor: &Arc<Person>) -> Option<Subject> {
        let entity = kind.entity();
        match (entity, kind.action()) {
            (Entity::Page | Entity::BlogPost, Action::Created) => self.create_content(entity, actor),
            (Entity::Page | Entity::BlogPost, Action::Updated) => self.update_content(entity, actor),
            (Entity::Page, Action::Trashed) => self.move_page(true),
            (Entity::Page, Action::Restored) => self.move_page(false),
            (Entity::Page | Entity::BlogPost, Action::Removed) => self.delete_content(entity),
            (Entity::Space, Action::Created) => self.create_space(actor),
            (Entity::Space, Action::Updated) => self.update_space(actor),
            (Entity::Space, Action::Removed) => self.delete_space(),
            (Entity::Comment, Action::Created) => self.create_comment(actor),
            (Entity::Comment, Action::Updated) => self.update_comment(actor),
            (Entity::Comment, Action::Removed) => self.delete_comment(),
            (Entity::Attachment, Action::Created) => self.create_attachment(actor),
            (Entity::Attachment, Action::Updated) => self.update_attachment(actor),
            (Entity::Attachment, Action::Removed) => self.delete_attachment(),
            (Entity::Label, Action::Created) => self.create_label(actor),
            (Entity::Label, Action::Removed) => self.delete_label(),
            _ => None,
        }
    }

    fn create_content(&mut self, entity: Entity, actor: &Arc<Person>) -> Option<Subject> {
        let index = self.site.sample_space().filter(|_| self.contents.len() < CONTENTS)?;
        let (space_id, meta) = (self.site.spaces[index].id, self.site.create_meta(actor));
        let mut content = self.site.create_content(entity, meta, space_id);
        self.make_title_unique(&mut content);
        self.contents.insert(content.meta.id, content.clone());
        Some(Subject::Content(content))
    }

    /// Confluence wants the titles of pages to be unique in their space.
    fn make_title_unique(&self, content: &mut Content) {
        let plain = content.title.len();
        for copy in 2_u32.. {
            let is_taken = |other: &Content| {
                other.entity == Entity::Page
                    && other.space_id == content.space_id
                    && other.title == content.title
                    && other.meta.id != content.meta.id
            };
            if content.entity != Entity::Page || !self.contents.values().any(is_taken) {
                return;
            }
            content.title.truncate(plain);
            content.title.extend([" (", &copy.to_string(), ")"]);
        }
    }

    /// One of eight updates changes the title too.
    fn update_content(&mut self, entity: Entity, actor: &Arc<Person>) -> Option<Subject> {
        let index = self.sample_content(|content| content.entity == entity && !content.is_trashed)?;
        self.site.update(&mut self.contents[index].meta, actor);
        let mut content = self.contents[index].clone();
        if self.site.rng.random_ratio(1, 8) {
            text::rename(&mut content.title, &mut self.site.rng);
            self.make_title_unique(&mut content);
            self.contents[index].title.clone_from(&content.title);
        }
        Some(Subject::Content(content))
    }

    /// Moves a page to the trash, or back from there.
    fn move_page(&mut self, to_trash: bool) -> Option<Subject> {
        let index = self.sample_content(|content| content.entity == Entity::Page && content.is_trashed != to_trash)?;
        self.contents[index].is_trashed = to_trash;
        Some(Subject::Content(self.contents[index].clone()))
    }

    /// Deletes a page from the trash, or a blog post, which has no trash.
    fn delete_content(&mut self, entity: Entity) -> Option<Subject> {
        let is_trashed = entity == Entity::Page;
        let index = self.sample_content(|content| content.entity == entity && content.is_trashed == is_trashed)?;
        let (id, content) = self.contents.shift_remove_index(index)?;
        self.remove_items(&[id]);
        Some(Subject::Content(content))
    }

    /// Removes what is on content that was removed.
    fn remove_items(&mut self, removed: &[i64]) {
        self.comments.retain(|_, comment| !removed.contains(&comment.content_id));
        self.attachments.retain(|_, attachment| !removed.contains(&attachment.content_id));
        self.labels.retain(|_, label| !removed.contains(&label.content_id));
    }

    /// One of six spaces is a personal one.
    fn create_space(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        if self.site.spaces.len() == SPACES {
            return None;
        }
        let is_personal = self.site.rng.random_ratio(1, 6);
        let space = self.site.create_space(is_personal, actor, self.site.now);
        self.site.spaces.insert(space.id, space.clone());
        Some(Subject::Space(space))
    }

    fn update_space(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let index = self.site.sample_space()?;
        let description = self.site.space_description();
        let space = &mut self.site.spaces[index];
        (space.modifier, space.modified, space.description) = (Arc::clone(actor), self.site.now, description);
        if !space.is_personal && self.site.rng.random_ratio(1, 4) {
            text::rename(&mut space.name, &mut self.site.rng);
        }
        Some(Subject::Space(space.clone()))
    }

    /// The last space stays: something must be able to happen.
    fn delete_space(&mut self) -> Option<Subject> {
        let index = self.site.sample_space().filter(|_| self.site.spaces.len() > 1)?;
        let (id, space) = self.site.spaces.swap_remove_index(index)?;
        let removed = self.contents.extract_if(.., |_, content| content.space_id == id);
        let removed: Vec<i64> = removed.map(|(id, _)| id).collect();
        self.remove_items(&removed);
        Some(Subject::Space(space))
    }

    /// One of four comments replies to another, if there is one.
    fn create_comment(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        if self.comments.len() == COMMENTS {
            return None;
        }
        let is_reply = self.site.rng.random_ratio(1, 4);
        let replied = self.sample_comment().filter(|_| is_reply).map(|index| &self.comments[index]);
        let in_reply_to = replied.map(|comment| (comment.meta.id, comment.content_id));
        let content_id = match in_reply_to {
            Some((_, content_id)) => content_id,
            None => self.sample_visible_content()?,
        };
        let meta = self.site.create_meta(actor);
        let comment = Comment { meta, content_id, in_reply_to: in_reply_to.map(|(id, _)| id) };
        self.comments.insert(comment.meta.id, comment.clone());
        Some(Subject::Comment(comment, self.contents[&content_id].clone()))
    }

    fn update_comment(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let index = self.sample_comment()?;
        let comment = &mut self.comments[index];
        self.site.update(&mut comment.meta, actor);
        Some(Subject::Comment(comment.clone(), self.contents[&comment.content_id].clone()))
    }

    /// Only a comment without replies is deleted.
    fn delete_comment(&mut self) -> Option<Subject> {
        let Self { site, contents, comments, .. } = self;
        let has_reply = |id: i64| comments.values().any(|other| other.in_reply_to == Some(id));
        let is_deletable = |comment: &Comment| !contents[&comment.content_id].is_trashed && !has_reply(comment.meta.id);
        let index = sample(comments, &mut site.rng, is_deletable)?;
        let (_, comment) = self.comments.swap_remove_index(index)?;
        let content = self.contents[&comment.content_id].clone();
        Some(Subject::Comment(comment, content))
    }

    fn create_attachment(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let content_id = self.sample_visible_content().filter(|_| self.attachments.len() < ATTACHMENTS)?;
        let meta = self.site.create_meta(actor);
        let attachment = self.site.create_attachment(meta, content_id);
        self.attachments.insert(attachment.meta.id, attachment.clone());
        Some(Subject::Attachment(attachment, self.contents[&content_id].clone()))
    }

    /// The size changes by a tenth at most, so that it still fits the type of the file.
    fn update_attachment(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let index = self.sample_attachment()?;
        let attachment = &mut self.attachments[index];
        self.site.update(&mut attachment.meta, actor);
        let tenth = attachment.size / 10;
        attachment.size += self.site.rng.random_range(-tenth..=tenth);
        Some(Subject::Attachment(attachment.clone(), self.contents[&attachment.content_id].clone()))
    }

    fn delete_attachment(&mut self) -> Option<Subject> {
        let index = self.sample_attachment()?;
        let (_, attachment) = self.attachments.swap_remove_index(index)?;
        let content = self.contents[&attachment.content_id].clone();
        Some(Subject::Attachment(attachment, content))
    }

    /// The label is on nothing else. So the event is right in both meanings: Cloud reports that the label now exists,
    /// the published document that it was added to content.
    fn create_label(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let content_id = self.sample_visible_content().filter(|_| self.labels.len() < LABELS)?;
        let name = text::label_name(&mut self.site.rng);
        if self.labels.contains_key(&name) {
            return None;
        }
        let label = self.site.create_label(name.clone(), content_id, Arc::clone(actor));
        self.labels.insert(name.clone(), label.clone());
        let content = &mut self.contents[&content_id];
        content.labels.push(name);
        Some(Subject::Label(label, content.clone()))
    }

    fn delete_label(&mut self) -> Option<Subject> {
        let contents = &self.contents;
        let index = sample(&self.labels, &mut self.site.rng, |label| !contents[&label.content_id].is_trashed)?;
        let (name, label) = self.labels.swap_remove_index(index)?;
        let content = &mut self.contents[&label.content_id];
        content.labels.retain(|other| *other != name);
        Some(Subject::Label(label, content.clone()))
    }

    /// Samples a comment on content that is not in the trash.
    fn sample_comment(&mut self) -> Option<usize> {
        let contents = &self.contents;
        sample(&self.comments, &mut self.site.rng, |comment| !contents[&comment.content_id].is_trashed)
    }

    /// Samples an attachment of content that is not in the trash.
    fn sample_attachment(&mut self) -> Option<usize> {
        let contents = &self.contents;
        sample(&self.attachments, &mut self.site.rng, |attachment| !contents[&attachment.content_id].is_trashed)
    }

    fn sample_content(&mut self, predicate: impl Fn(&Content) -> bool) -> Option<usize> {
        sample(&self.contents, &mut self.site.rng, predicate)
    }

    /// Samples the id of content that is not in the trash.
    fn sample_visible_content(&mut self) -> Option<i64> {
        self.sample_content(|content| !content.is_trashed).map(|index| self.contents[index].meta.id)
    }
}
