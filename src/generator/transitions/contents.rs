//! Events about pages, blog posts and other content.

use std::collections::HashMap;
use std::sync::Arc;

use rand::RngExt;
use rand::seq::IndexedRandom;

use crate::models::event::{Action, Entity};
use crate::models::snapshot::{Content, Person, Subject};

use super::super::single_event::copy_title;
use super::super::story::Story;
use super::super::text;
use super::limits::{ARCHIVED, CONTENTS, OTHERS, TRASHED};

impl Story {
    pub(super) fn content_transition(
        &mut self,
        entity: Entity,
        action: Action,
        actor: &Arc<Person>,
    ) -> Option<Subject> {
        match action {
            Action::Created => self.create_content(entity, actor),
            Action::Updated => self.update_content(actor, |content| content.entity == entity),
            Action::Trashed if self.has_trash(entity) => self.trash_content(entity),
            Action::Restored => self.restore_content(|content| content.entity == entity && content.is_trashed),
            Action::Removed | Action::Trashed => self.delete_content(entity),
            Action::Archived => self.archive_content(entity),
            Action::Unarchived => self.restore_content(|content| content.entity == entity && content.is_archived),
            Action::Moved if entity == Entity::BlogPost => self.move_blog_post(),
            Action::Moved => self.move_content(entity),
            Action::Copied => self.copy_content(entity, actor),
            Action::ChildrenReordered => self.reorder_children(),
            Action::Initialized => self.open_live_document(),
            Action::Started => self.sample_clone(|content| content.entity == entity && content.is_live),
            Action::Snapshotted => self.update_content(actor, |content| content.entity == entity && content.is_live),
            Action::Published => self.publish(entity, actor),
            // The page already exists, because its creation is a separate event.
            Action::CreatedFromBlueprint => self.sample_clone(|content| content.entity == entity && is_new(content)),
            _ => self.sample_clone(|content| content.entity == entity),
        }
    }

    /// Repeats an event about a page or a blog post as an event about content, because Data Center sends both.
    pub(super) fn repeat_as_content(&mut self, action: Action) -> Option<Subject> {
        match action {
            Action::Created => self.sample_clone(|content| content.is_open_document() && is_new(content)),
            Action::Updated => self.sample_clone(|content| content.is_open_document() && !is_new(content)),
            Action::Trashed => {
                let index = self.sample_content(|content| content.is_trashed)?;
                Some(Subject::Content(self.contents[index].clone()))
            }
            Action::Removed => self.deleted.take().map(Subject::Content),
            _ => self.sample_clone(Content::is_open_document),
        }
    }

    pub(super) fn has_trash(&self, entity: Entity) -> bool {
        self.site.profile.events.has_trash(entity)
    }

    /// Samples active content.
    fn sample_clone(&mut self, predicate: impl Fn(&Content) -> bool) -> Option<Subject> {
        let index = self.sample_content(|content| content.is_active() && predicate(content))?;
        Some(Subject::Content(self.contents[index].clone()))
    }

    /// Returns whether one more may exist. If the sender never reports deletions, forgets the oldest one: it still exists, but has no
    /// more events.
    fn has_room(&mut self, entity: Entity) -> bool {
        if matches!(entity, Entity::Page | Entity::BlogPost) {
            return self.contents.len() < CONTENTS;
        }
        let is_full = self.contents.values().filter(|content| content.entity == entity).count() >= OTHERS;
        let is_deleted = [Action::Removed, Action::Trashed].into_iter().any(|action| self.has(entity, action));
        if is_full && !is_deleted {
            let oldest = self.contents.values().position(|content| content.entity == entity);
            oldest.and_then(|oldest| self.contents.shift_remove_index(oldest));
        }
        !is_full || !is_deleted
    }

    fn create_content(&mut self, entity: Entity, actor: &Arc<Person>) -> Option<Subject> {
        let index = self.site.sample_space().filter(|_| self.has_room(entity))?;
        let (space_id, meta) = (self.site.spaces[index].id, self.site.create_meta(actor));
        let mut content = self.site.create_content(entity, meta, space_id);
        self.make_title_unique(&mut content);
        if self.has_tree && entity != Entity::BlogPost && self.site.rng.random_ratio(1, 2) {
            content.parent_id = self.sample_parent(space_id);
        }
        if entity == Entity::Page && self.has(entity, Action::Initialized) && self.site.rng.random_ratio(1, 6) {
            content.is_live = true;
            self.unopened.push(content.meta.id);
        }
        self.contents.insert(content.meta.id, content.clone());
        Some(Subject::Content(content))
    }

    /// Makes a title unique in its space, as Confluence requires.
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

    /// Updates content. One in eight updates changes the title.
    fn update_content(&mut self, actor: &Arc<Person>, predicate: impl Fn(&Content) -> bool) -> Option<Subject> {
        let index = self.sample_content(|content| content.is_active() && predicate(content))?;
        self.site.update(&mut self.contents[index].meta, actor);
        let mut content = self.contents[index].clone();
        if self.site.rng.random_ratio(1, 8) {
            text::rename(&mut content.title, &mut self.site.rng);
            self.make_title_unique(&mut content);
            self.contents[index].title.clone_from(&content.title);
        }
        Some(Subject::Content(content))
    }

    fn trash_content(&mut self, entity: Entity) -> Option<Subject> {
        if self.contents.values().filter(|content| content.is_trashed).count() >= TRASHED {
            return None;
        }
        let index = self.sample_content(|content| content.entity == entity && content.is_active())?;
        self.contents[index].is_trashed = true;
        self.move_children_up(index);
        Some(Subject::Content(self.contents[index].clone()))
    }

    fn archive_content(&mut self, entity: Entity) -> Option<Subject> {
        if self.contents.values().filter(|content| content.is_archived).count() >= ARCHIVED {
            return None;
        }
        let index = self.sample_content(|content| content.entity == entity && content.is_active())?;
        self.contents[index].is_archived = true;
        self.move_children_up(index);
        Some(Subject::Content(self.contents[index].clone()))
    }

    /// Restores content from the trash or the archive. If its parent is gone, it moves to the top of its space.
    fn restore_content(&mut self, predicate: impl Fn(&Content) -> bool) -> Option<Subject> {
        let index = self.sample_content(predicate)?;
        (self.contents[index].is_trashed, self.contents[index].is_archived) = (false, false);
        let parent = self.contents[index].parent_id.and_then(|id| self.contents.get(&id));
        let parent_id = parent.filter(|parent| parent.is_active()).map(|parent| parent.meta.id);
        self.contents[index].parent_id = parent_id;
        Some(Subject::Content(self.contents[index].clone()))
    }

    /// Deletes content, from the trash if the sender has one.
    fn delete_content(&mut self, entity: Entity) -> Option<Subject> {
        let has_trash = self.has_trash(entity);
        let index = self.sample_content(|content| {
            content.entity == entity && content.is_trashed == has_trash && !content.is_archived
        })?;
        self.move_children_up(index);
        let (id, content) = self.contents.shift_remove_index(index)?;
        self.remove_items(&[id]);
        if self.has(Entity::Content, Action::Removed) && matches!(entity, Entity::Page | Entity::BlogPost) {
            self.deleted = Some(content.clone());
        }
        Some(Subject::Content(content))
    }

    /// Moves the children of a removed page one level up. No sender reports this.
    fn move_children_up(&mut self, index: usize) {
        if !self.has_tree {
            return;
        }
        let (id, parent_id) = (self.contents[index].meta.id, self.contents[index].parent_id);
        for child in self.contents.values_mut().filter(|child| child.parent_id == Some(id)) {
            child.parent_id = parent_id;
        }
    }

    /// Samples the id of a page in a space.
    fn sample_parent(&mut self, space_id: i64) -> Option<i64> {
        let is_parent = |page: &Content| page.entity == Entity::Page && page.is_active() && page.space_id == space_id;
        self.sample_content(is_parent).map(|index| self.contents[index].meta.id)
    }

    /// Moves content to another parent in its space, or to the top of its space.
    fn move_content(&mut self, entity: Entity) -> Option<Subject> {
        let index = self.sample_content(|content| content.entity == entity && content.is_active())?;
        let (id, space_id) = (self.contents[index].meta.id, self.contents[index].space_id);
        let old_parent_id = self.contents[index].parent_id;
        let goes_to_top = old_parent_id.is_some() && self.site.rng.random_ratio(1, 4);
        let parent_id = if goes_to_top { None } else { self.sample_parent(space_id) };
        let is_possible = parent_id != old_parent_id && !parent_id.is_some_and(|parent| self.is_below(parent, id));
        if !is_possible {
            return None;
        }
        self.contents[index].parent_id = parent_id;
        let page = |id: Option<i64>| id.and_then(|id| self.contents.get(&id)).cloned();
        let (old_parent, new_parent) = (page(old_parent_id), page(parent_id));
        Some(Subject::Moved { content: self.contents[index].clone(), old_parent, new_parent })
    }

    /// Returns whether `ancestor` is the page itself or one of its ancestors.
    fn is_below(&self, id: i64, ancestor: i64) -> bool {
        let parent = |id: &i64| self.contents.get(id).and_then(|content| content.parent_id);
        std::iter::successors(Some(id), parent).any(|id| id == ancestor)
    }

    /// Moves a blog post to another space, because it has no parent page.
    fn move_blog_post(&mut self) -> Option<Subject> {
        let index = self.sample_content(|content| content.entity == Entity::BlogPost && content.is_active())?;
        let space = self.site.sample_space()?;
        let space_id = self.site.spaces[space].id;
        if self.contents[index].space_id == space_id {
            return None;
        }
        self.contents[index].space_id = space_id;
        Some(Subject::Moved { content: self.contents[index].clone(), old_parent: None, new_parent: None })
    }

    fn copy_content(&mut self, entity: Entity, actor: &Arc<Person>) -> Option<Subject> {
        if !self.has_room(entity) {
            return None;
        }
        let index = self.sample_content(|content| content.entity == entity && content.is_active())?;
        let original = self.contents[index].clone();
        let mut copy = Content {
            meta: self.site.create_meta(actor),
            title: copy_title(&original.title),
            labels: Vec::new(),
            ..original.clone()
        };
        self.make_title_unique(&mut copy);
        self.contents.insert(copy.meta.id, copy.clone());
        Some(Subject::Copied(copy, original))
    }

    /// Swaps two child pages of a page.
    fn reorder_children(&mut self) -> Option<Subject> {
        let mut children: HashMap<i64, Vec<usize>> = HashMap::new();
        for (index, content) in self.contents.values().enumerate() {
            if let Some(parent) = content.parent_id.filter(|_| content.entity == Entity::Page && content.is_active()) {
                children.entry(parent).or_default().push(index);
            }
        }
        // Use the order of the pages, because the order of a hash map is random.
        let parents = self.contents.keys().filter(|id| children.get(*id).is_some_and(|pages| pages.len() > 1));
        let parent_id = *parents.collect::<Vec<_>>().choose(&mut self.site.rng)?;
        let (parent, children) = (self.contents[parent_id].clone(), &children[parent_id]);
        let clones = |contents: &indexmap::IndexMap<i64, Content>| -> Vec<Content> {
            children.iter().map(|&index| contents[index].clone()).collect()
        };
        let before = clones(&self.contents);
        let [first, second] = *rand::seq::index::sample(&mut self.site.rng, children.len(), 2).into_vec() else {
            return None;
        };
        self.contents.swap_indices(children[first], children[second]);
        Some(Subject::Reordered { parent, before, after: clones(&self.contents) })
    }

    /// Opens a live doc for the first time.
    fn open_live_document(&mut self) -> Option<Subject> {
        let contents = &self.contents;
        let is_possible = |id: &i64| contents.get(id).is_some_and(|content| content.is_active() && content.is_live);
        let position = self.unopened.iter().position(is_possible)?;
        let id = self.unopened.swap_remove(position);
        Some(Subject::Content(self.contents[&id].clone()))
    }

    /// Converts a live doc to a page.
    fn publish(&mut self, entity: Entity, actor: &Arc<Person>) -> Option<Subject> {
        let index =
            self.sample_content(|content| content.entity == entity && content.is_live && content.is_active())?;
        let content = &mut self.contents[index];
        content.is_live = false;
        self.site.update(&mut content.meta, actor);
        let id = content.meta.id;
        self.unopened.retain(|other| *other != id);
        Some(Subject::Content(self.contents[index].clone()))
    }
}

fn is_new(content: &Content) -> bool {
    content.meta.version.number == 1
}
