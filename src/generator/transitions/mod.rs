//! The transitions of a story: what each kind of event changes, and when it can occur.

mod accounts;
mod contents;
mod items;
mod labels;
mod limits;

use std::sync::Arc;

use rand::RngExt;

use crate::models::event::{Action, Entity, EventKind};
use crate::models::snapshot::{Content, Person, Subject};

use super::site::sample;
use super::story::Story;
use super::text;
use limits::SPACES;

impl Story {
    /// Applies an event of this kind and returns its subject, or `None` if it cannot occur now.
    pub(super) fn transition(&mut self, kind: EventKind, actor: &Arc<Person>) -> Option<Subject> {
        let action = kind.action();
        match kind.entity() {
            Entity::Space => self.space_transition(action, actor),
            Entity::Content => self.repeat_as_content(action),
            Entity::Comment => self.comment_transition(action, actor),
            Entity::Attachment => self.attachment_transition(action, actor),
            Entity::Label => self.label_transition(action, actor),
            Entity::Task => self.task_transition(action),
            // A story starts with a space.
            Entity::User | Entity::Group | Entity::Search if self.site.spaces.is_empty() => None,
            Entity::User => self.account_transition(action, actor),
            Entity::Group => self.group_transition(action),
            Entity::Theme => self.enable_theme(),
            Entity::Relation => self.relation_transition(action, actor),
            Entity::Search => Some(self.search()),
            entity => self.content_transition(entity, action, actor),
        }
    }

    fn space_transition(&mut self, action: Action, actor: &Arc<Person>) -> Option<Subject> {
        match action {
            Action::Created => self.create_space(actor),
            Action::Updated => self.update_space(actor),
            Action::Removed => self.delete_space(),
            _ => {
                let index = self.site.sample_space()?;
                Some(Subject::Space(self.site.spaces[index].clone()))
            }
        }
    }

    /// Creates a space. One in six spaces is personal.
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

    /// Deletes a space, except the last one, because most events need a space.
    fn delete_space(&mut self) -> Option<Subject> {
        let index = self.site.sample_space().filter(|_| self.site.spaces.len() > 1)?;
        let (id, space) = self.site.spaces.swap_remove_index(index)?;
        let removed = self.contents.extract_if(.., |_, content| content.space_id == id);
        let removed: Vec<i64> = removed.map(|(id, _)| id).collect();
        self.remove_items(&removed);
        self.themes.remove(&Some(id));
        self.deleted.take_if(|content| content.space_id == id);
        Some(Subject::Space(space))
    }

    /// Removes the items of removed content.
    fn remove_items(&mut self, removed: &[i64]) {
        self.comments.retain(|_, comment| !removed.contains(&comment.content_id));
        self.attachments.retain(|_, attachment| !removed.contains(&attachment.content_id));
        self.labels.retain(|_, uses| {
            uses.retain(|label| !removed.contains(&label.content_id));
            !uses.is_empty()
        });
        self.tasks.retain(|_, (_, content_id)| !removed.contains(content_id));
        self.relations.retain(|_, (_, target)| !removed.contains(target));
        self.unopened.retain(|id| !removed.contains(id));
    }

    fn sample_content(&mut self, predicate: impl Fn(&Content) -> bool) -> Option<usize> {
        sample(&self.contents, &mut self.site.rng, predicate)
    }

    /// Samples the id of an active page or blog post.
    fn sample_active_content(&mut self) -> Option<i64> {
        self.sample_content(Content::is_open_document).map(|index| self.contents[index].meta.id)
    }
}
