//! Events about labels. Some senders report the creation of a label before its first use, and its deletion after its last use.

use std::sync::Arc;

use crate::models::event::{Action, Entity};
use crate::models::snapshot::{Label, Person, Subject};

use super::super::site::sample;
use super::super::story::Story;
use super::limits::{LABELS, USES};

impl Story {
    pub(super) fn label_transition(&mut self, action: Action, actor: &Arc<Person>) -> Option<Subject> {
        match action {
            Action::Created => self.create_label(actor),
            Action::Added => self.add_label(actor),
            Action::Removed => self.remove_label(actor),
            // A deletion follows the removal of the last use.
            _ => None,
        }
    }

    /// Creates a label that no other content has. So the event is correct for all senders: on Cloud it means that the label exists, and in
    /// the published document that it was added to content.
    fn create_label(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let content_id = self.sample_active_content().filter(|_| self.labels.len() < LABELS)?;
        let name = self.site.label_name();
        if self.labels.contains_key(&name) {
            return None;
        }
        let label = self.site.create_label(name, content_id, Arc::clone(actor));
        let subject = self.attach_label(label);
        self.queue_event(Entity::Label, Action::Added, actor, &subject);
        Some(subject)
    }

    /// Adds an existing label to more content.
    fn add_label(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        if self.labels.values().map(Vec::len).sum::<usize>() >= USES {
            return None;
        }
        let index = sample(&self.labels, &mut self.site.rng, |_| true)?;
        let mut label = self.labels[index].first()?.clone();
        let content =
            self.sample_content(|content| content.is_open_document() && !content.labels.contains(&label.name))?;
        (label.content_id, label.owner) = (self.contents[content].meta.id, Arc::clone(actor));
        Some(self.attach_label(label))
    }

    fn attach_label(&mut self, label: Label) -> Subject {
        let content = &mut self.contents[&label.content_id];
        content.labels.push(label.name.clone());
        let content = content.clone();
        self.labels.entry(label.name.clone()).or_default().push(label.clone());
        Subject::Label(label, content)
    }

    fn remove_label(&mut self, actor: &Arc<Person>) -> Option<Subject> {
        let is_last_wanted = self.is_action_overdue(Entity::Label, Action::Deleted);
        let contents = &self.contents;
        let is_removable = |label: &Label| contents[&label.content_id].is_active();
        let index = sample(&self.labels, &mut self.site.rng, |uses: &Vec<Label>| {
            uses.iter().any(is_removable) && (!is_last_wanted || uses.len() == 1)
        })?;
        let uses = &mut self.labels[index];
        let position = uses.iter().position(is_removable)?;
        let label = uses.swap_remove(position);
        let is_last = uses.is_empty();
        if is_last {
            self.labels.swap_remove_index(index);
        }
        let content = &mut self.contents[&label.content_id];
        content.labels.retain(|other| *other != label.name);
        let subject = Subject::Label(label, content.clone());
        if is_last {
            self.queue_event(Entity::Label, Action::Deleted, actor, &subject);
        }
        Some(subject)
    }
}
