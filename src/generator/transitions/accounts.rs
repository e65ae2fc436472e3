//! Events about users, groups, themes, relations and searches.

use std::sync::Arc;

use indexmap::IndexMap;
use rand::RngExt;

use crate::models::event::{Action, Entity};
use crate::models::snapshot::{Content, Person, Relation, Subject};

use super::super::single_event::RESULTS;
use super::super::site::sample;
use super::super::story::Story;
use super::limits::{ACCOUNTS, GROUPS, RELATIONS};

impl Story {
    /// Changes a user. Only users that were created in the story are deactivated or deleted, because the others cause the events.
    pub(super) fn account_transition(&mut self, action: Action, actor: &Arc<Person>) -> Option<Subject> {
        let person = match action {
            Action::Created => {
                let is_deleted = self.has(Entity::User, Action::Removed);
                if !has_room(&mut self.accounts, ACCOUNTS, is_deleted) {
                    return None;
                }
                let person = self.site.create_person();
                self.accounts.insert(person.account_id.clone(), (Arc::clone(&person), true));
                person
            }
            Action::Removed => {
                let index = sample(&self.accounts, &mut self.site.rng, |_| true)?;
                self.accounts.swap_remove_index(index)?.1.0
            }
            Action::Deactivated | Action::Reactivated => {
                let activates = action == Action::Reactivated;
                let index = sample(&self.accounts, &mut self.site.rng, |(_, is_active)| *is_active != activates)?;
                let (person, is_active) = &mut self.accounts[index];
                *is_active = activates;
                Arc::clone(person)
            }
            _ => self.site.sample_other_person(actor),
        };
        Some(Subject::User(person))
    }

    pub(super) fn group_transition(&mut self, action: Action) -> Option<Subject> {
        if action != Action::Created {
            let index = sample(&self.groups, &mut self.site.rng, |_| true)?;
            let is_deleted = action == Action::Removed;
            let group = self.groups[index].clone();
            if is_deleted {
                self.groups.swap_remove_index(index);
            }
            return Some(Subject::Group(group));
        }
        let is_deleted = self.has(Entity::Group, Action::Removed);
        if !has_room(&mut self.groups, GROUPS, is_deleted) {
            return None;
        }
        let group = self.site.create_group();
        // Groups are identified by their names.
        if self.groups.values().any(|other| other.name == group.name) {
            return None;
        }
        self.groups.insert(group.id.clone(), group.clone());
        Some(Subject::Group(group))
    }

    /// Enables a different theme, for one space or for all spaces.
    pub(super) fn enable_theme(&mut self) -> Option<Subject> {
        let index = self.site.sample_space()?;
        let space_id = self.site.spaces[index].id;
        let is_global = self.site.rng.random_ratio(1, 3);
        let old_key = self.themes.entry((!is_global).then_some(space_id)).or_default();
        let theme = self.site.create_theme(old_key, is_global, space_id);
        *old_key = theme.new_key;
        Some(Subject::Theme(theme))
    }

    pub(super) fn relation_transition(&mut self, action: Action, actor: &Arc<Person>) -> Option<Subject> {
        if action == Action::Created {
            let is_deleted =
                [Action::Removed, Action::Deleted].into_iter().any(|action| self.has(Entity::Relation, action));
            if !has_room(&mut self.relations, RELATIONS, is_deleted) {
                return None;
            }
            let index = self.sample_content(Content::is_open_document)?;
            let relation = self.site.create_relation(actor, self.contents[index].clone());
            let target = relation.target.meta.id;
            let key = (actor.account_id.clone(), relation.name, target);
            let is_new = self.relations.insert(key, (Arc::clone(actor), target)).is_none();
            return is_new.then_some(Subject::Relation(relation));
        }
        let contents = &self.contents;
        let is_active = |(_, target): &(_, i64)| contents[target].is_active();
        let index = sample(&self.relations, &mut self.site.rng, is_active)?;
        let ((_, name, _), (source, target)) = self.relations.swap_remove_index(index)?;
        Some(Subject::Relation(Relation { name, source, target: self.contents[&target].clone() }))
    }

    pub(super) fn search(&mut self) -> Subject {
        let found = self.site.rng.random_range(0..=RESULTS);
        let mut results = Vec::new();
        for _ in 0..found {
            let is_new = |id: i64| results.iter().all(|other: &Content| other.meta.id != id);
            let index =
                sample(&self.contents, &mut self.site.rng, |page| page.is_open_document() && is_new(page.meta.id));
            results.extend(index.map(|index| self.contents[index].clone()));
        }
        Subject::Search(self.site.create_search(results))
    }
}

/// Returns whether one more may exist. If the sender never reports deletions, forgets the oldest one.
fn has_room<K: std::hash::Hash + Eq, V>(map: &mut IndexMap<K, V>, most: usize, is_deleted: bool) -> bool {
    if map.len() >= most && !is_deleted {
        map.shift_remove_index(0);
    }
    map.len() < most
}
