//! Events about comments, attachments and tasks.

use std::sync::Arc;

use rand::RngExt;

use crate::models::event::{Action, Entity};
use crate::models::snapshot::{Attachment, Comment, Content, Person, Subject};

use super::super::site::sample;
use super::super::story::Story;
use super::limits::{ATTACHMENTS, COMMENTS, SET_ASIDE, TASKS};

impl Story {
    pub(super) fn comment_transition(&mut self, action: Action, actor: &Arc<Person>) -> Option<Subject> {
        match action {
            Action::Created => self.create_comment(actor),
            Action::Updated => self.update_comment(actor),
            Action::Trashed if self.has_trash(Entity::Comment) => self.trash_comment(),
            Action::Restored => self.restore_comment(),
            Action::Removed | Action::Trashed => self.delete_comment(),
            _ => {
                let index = self.sample_comment()?;
                Some(self.with_content(index))
            }
        }
    }

    fn with_content(&self, index: usize) -> Subject {
        let comment = &self.comments[index];
        Subject::Comment(comment.clone(), self.contents[&comment.content_id].clone())
    }

    /// Creates a comment. One in four comments is a reply.
    fn create_comment(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        if self.comments.len() == COMMENTS {
            return None;
        }
        let is_reply = self.site.rng.random_ratio(1, 4);
        let replied = self.sample_comment().filter(|_| is_reply).map(|index| &self.comments[index]);
        let in_reply_to = replied.map(|comment| (comment.meta.id, comment.content_id));
        let content_id = match in_reply_to {
            Some((_, content_id)) => content_id,
            None => self.sample_active_content()?,
        };
        let (meta, in_reply_to) = (self.site.create_meta(actor), in_reply_to.map(|(id, _)| id));
        let comment = Comment { meta, content_id, in_reply_to, is_trashed: false };
        self.comments.insert(comment.meta.id, comment.clone());
        Some(Subject::Comment(comment, self.contents[&content_id].clone()))
    }

    fn update_comment(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let index = self.sample_comment()?;
        self.site.update(&mut self.comments[index].meta, actor);
        Some(self.with_content(index))
    }

    /// Moves a comment without replies to the trash.
    fn trash_comment(&mut self) -> Option<Subject> {
        if self.comments.values().filter(|comment| comment.is_trashed).count() >= SET_ASIDE {
            return None;
        }
        let index = self.sample_comment_without_replies(false)?;
        self.comments[index].is_trashed = true;
        Some(self.with_content(index))
    }

    fn restore_comment(&mut self) -> Option<Subject> {
        let index = self.sample_comment_without_replies(true)?;
        self.comments[index].is_trashed = false;
        Some(self.with_content(index))
    }

    /// Deletes a comment without replies, from the trash if the sender has one.
    fn delete_comment(&mut self) -> Option<Subject> {
        let has_trash = self.has_trash(Entity::Comment);
        let index = self.sample_comment_without_replies(has_trash)?;
        let subject = self.with_content(index);
        self.comments.swap_remove_index(index);
        Some(subject)
    }

    /// Samples a comment without replies.
    fn sample_comment_without_replies(&mut self, is_trashed: bool) -> Option<usize> {
        let Self { site, contents, comments, .. } = self;
        let has_reply = |id: i64| comments.values().any(|other| other.in_reply_to == Some(id));
        let is_leaf = |comment: &Comment| {
            comment.is_trashed == is_trashed && contents[&comment.content_id].is_active() && !has_reply(comment.meta.id)
        };
        sample(comments, &mut site.rng, is_leaf)
    }

    /// Samples a comment on active content.
    fn sample_comment(&mut self) -> Option<usize> {
        let contents = &self.contents;
        let is_readable = |comment: &Comment| !comment.is_trashed && contents[&comment.content_id].is_active();
        sample(&self.comments, &mut self.site.rng, is_readable)
    }

    pub(super) fn attachment_transition(&mut self, action: Action, actor: &Arc<Person>) -> Option<Subject> {
        let entity = Entity::Attachment;
        match action {
            Action::Created => return self.create_attachment(actor),
            Action::Updated => return self.update_attachment(actor),
            Action::Removed => return self.delete_attachment(),
            Action::Trashed if !self.has_trash(entity) => return self.delete_attachment(),
            _ => {}
        }
        let is_set_aside = matches!(action, Action::Trashed | Action::Archived);
        if is_set_aside && self.attachments.values().filter(|file| !file.is_active()).count() >= SET_ASIDE {
            return None;
        }
        let index = match action {
            Action::Restored => self.sample_attachment(|attachment| attachment.is_trashed)?,
            Action::Unarchived => self.sample_attachment(|attachment| attachment.is_archived)?,
            _ => self.sample_attachment(Attachment::is_active)?,
        };
        let attachment = &mut self.attachments[index];
        match action {
            Action::Trashed | Action::Restored => attachment.is_trashed = action == Action::Trashed,
            Action::Archived | Action::Unarchived => attachment.is_archived = action == Action::Archived,
            _ => {}
        }
        Some(Subject::Attachment(attachment.clone(), self.contents[&attachment.content_id].clone()))
    }

    fn create_attachment(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let content_id = self.sample_active_content().filter(|_| self.attachments.len() < ATTACHMENTS)?;
        let meta = self.site.create_meta(actor);
        let attachment = self.site.create_attachment(meta, content_id);
        self.attachments.insert(attachment.meta.id, attachment.clone());
        Some(Subject::Attachment(attachment, self.contents[&content_id].clone()))
    }

    /// Updates an attachment. Its size changes by at most 10 %, so that it still fits the type of the file.
    fn update_attachment(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let index = self.sample_attachment(Attachment::is_active)?;
        let attachment = &mut self.attachments[index];
        self.site.update(&mut attachment.meta, actor);
        let tenth = attachment.size / 10;
        attachment.size += self.site.rng.random_range(-tenth..=tenth);
        Some(Subject::Attachment(attachment.clone(), self.contents[&attachment.content_id].clone()))
    }

    /// Deletes an attachment, from the trash if the sender has one.
    fn delete_attachment(&mut self) -> Option<Subject> {
        let has_trash = self.has_trash(Entity::Attachment);
        let is_deletable = |file: &Attachment| file.is_trashed == has_trash && !file.is_archived;
        let index = self.sample_attachment(is_deletable)?;
        let (_, attachment) = self.attachments.swap_remove_index(index)?;
        let content = self.contents[&attachment.content_id].clone();
        Some(Subject::Attachment(attachment, content))
    }

    /// Samples an attachment of active content.
    fn sample_attachment(&mut self, predicate: impl Fn(&Attachment) -> bool) -> Option<usize> {
        let contents = &self.contents;
        let fits = |file: &Attachment| predicate(file) && contents[&file.content_id].is_active();
        sample(&self.attachments, &mut self.site.rng, fits)
    }

    pub(super) fn task_transition(&mut self, action: Action) -> Option<Subject> {
        if action == Action::Created {
            let is_page = |content: &Content| content.is_open_document() && content.entity == Entity::Page;
            let index = self.sample_content(is_page).filter(|_| self.tasks.len() < TASKS)?;
            let (task, content) = (self.site.create_task(), self.contents[index].clone());
            self.tasks.insert(task.id, (task.clone(), content.meta.id));
            return Some(Subject::Task { task, before: None, content });
        }
        let contents = &self.contents;
        let index = sample(&self.tasks, &mut self.site.rng, |(_, content_id)| contents[content_id].is_active())?;
        let (task, content_id) = &mut self.tasks[index];
        let content = self.contents[&*content_id].clone();
        let before = (action == Action::Updated).then(|| task.clone());
        if before.is_some() {
            self.site.change_task(task);
        }
        let task = task.clone();
        if action == Action::Removed {
            self.tasks.swap_remove_index(index);
        }
        Some(Subject::Task { task, before, content })
    }
}
