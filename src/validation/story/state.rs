//! The state of a story: existing objects, and ids of removed ones.

use std::collections::{HashMap, HashSet};

use crate::models::event::Entity;

use super::facts::{About, Container, Details, Facts, Id};

/// A page, a blog post, a comment or an attachment.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) entity: Entity,
    pub(super) details: Details,
    pub(super) is_trashed: bool,
    /// The labels, as names and prefixes.
    pub(super) labels: HashSet<(String, Option<String>)>,
    /// The id of its page or blog post.
    pub(super) content: Option<Id>,
    /// The id of its parent comment.
    in_reply_to: Option<Id>,
    /// The ids of its comments and attachments.
    items: HashSet<Id>,
}

impl Resource {
    /// Creates a resource from a body. `content` is the id of its page or blog post.
    pub(super) fn new(facts: &Facts, content: Option<Id>) -> Self {
        let in_reply_to = match &facts.about {
            About::Item { container: Some(container), in_reply_to: None, .. }
                if Some(&container.id) != content.as_ref() =>
            {
                Some(container.id.clone())
            }
            About::Item { in_reply_to, .. } => in_reply_to.clone(),
            _ => None,
        };
        Self { content, in_reply_to, ..Self::assumed(facts.kind.entity(), &facts.details) }
    }

    /// Creates content from the container in a body.
    pub(super) fn from_container(container: &Container) -> Self {
        Self::assumed(Entity::Content, &container.details)
    }

    fn assumed(entity: Entity, details: &Details) -> Self {
        Self {
            entity,
            details: details.clone(),
            is_trashed: false,
            labels: HashSet::new(),
            content: None,
            in_reply_to: None,
            items: HashSet::new(),
        }
    }

    /// Updates the resource from a later body.
    pub(super) fn update(&mut self, details: &Details) {
        self.details.version = details.version.or(self.details.version);
        self.details.modified = details.modified.or(self.details.modified);
        if details.title.is_some() {
            self.details.title.clone_from(&details.title);
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct KnownSpace {
    /// The id. `None` if no event was about the space itself.
    pub(super) id: Option<Id>,
    pub(super) creator: Option<String>,
    contents: HashSet<Id>,
}

/// Whether an object exists, with its state.
#[derive(Debug)]
pub(super) enum Presence<'s, T> {
    Present(&'s T),
    Removed { with_space: bool },
    Unknown,
}

/// The objects of a site.
#[derive(Debug, Default)]
pub(super) struct SiteState {
    spaces: HashMap<String, KnownSpace>,
    removed_spaces: HashSet<String>,
    space_ids: HashSet<Id>,
    resources: HashMap<Id, Resource>,
    /// The replies of each comment, which may be unknown itself.
    replies: HashMap<Id, HashSet<Id>>,
    /// Removed resources. `true` if their space was removed.
    removed: HashMap<Id, bool>,
}

impl SiteState {
    pub(super) fn space(&self, key: &str) -> Presence<'_, KnownSpace> {
        match self.spaces.get(key) {
            Some(space) => Presence::Present(space),
            None if self.removed_spaces.contains(key) => Presence::Removed { with_space: true },
            None => Presence::Unknown,
        }
    }

    /// Adds a space, and returns whether its id is new. The key of a removed space may be reused.
    pub(super) fn create_space(&mut self, key: &str, id: &Id, creator: Option<String>) -> bool {
        self.removed_spaces.remove(key);
        self.spaces.insert(key.to_owned(), KnownSpace { id: Some(id.clone()), creator, contents: HashSet::new() });
        self.space_ids.insert(id.clone())
    }

    /// Adds a space with an unknown id.
    pub(super) fn assume_space(&mut self, key: &str) {
        self.spaces.insert(key.to_owned(), KnownSpace::default());
    }

    /// Removes a space with everything in it.
    pub(super) fn remove_space(&mut self, key: &str) {
        let Some(space) = self.spaces.remove(key) else { return };
        self.removed_spaces.insert(key.to_owned());
        for content in space.contents {
            self.remove(content, true);
        }
    }

    pub(super) fn resource(&self, id: &Id) -> Presence<'_, Resource> {
        match (self.resources.get(id), self.removed.get(id)) {
            (Some(resource), _) => Presence::Present(resource),
            (None, Some(&with_space)) => Presence::Removed { with_space },
            (None, None) => Presence::Unknown,
        }
    }

    pub(super) fn resource_mut(&mut self, id: &Id) -> Option<&mut Resource> {
        self.resources.get_mut(id)
    }

    /// Returns the id of the page or blog post of an object, or its own id if it is one.
    pub(super) fn content_id<'a>(&'a self, id: &'a Id) -> &'a Id {
        self.resources.get(id).and_then(|resource| resource.content.as_ref()).unwrap_or(id)
    }

    pub(super) fn insert(&mut self, id: &Id, resource: Resource) {
        if let Some(content) = resource.content.as_ref().and_then(|id| self.resources.get_mut(id)) {
            content.items.insert(id.clone());
        } else if let Some(space) = resource.details.space.as_ref().and_then(|key| self.spaces.get_mut(key)) {
            space.contents.insert(id.clone());
        }
        if let Some(comment) = &resource.in_reply_to {
            self.replies.entry(comment.clone()).or_default().insert(id.clone());
        }
        self.resources.insert(id.clone(), resource);
    }

    /// Moves content to another space.
    pub(super) fn move_to_space(&mut self, id: &Id, key: &str) {
        let Some(resource) = self.resources.get_mut(id) else { return };
        let before = resource.details.space.replace(key.to_owned());
        if let Some(space) = before.and_then(|key| self.spaces.get_mut(&key)) {
            space.contents.remove(id);
        }
        if let Some(space) = self.spaces.get_mut(key) {
            space.contents.insert(id.clone());
        }
    }

    /// Removes an object with its items, and a comment with its replies.
    pub(super) fn remove(&mut self, root: Id, with_space: bool) {
        // Not recursive, because replies can be nested to any depth.
        let mut leaving = vec![root];
        while let Some(id) = leaving.pop() {
            let Some(resource) = self.resources.remove(&id) else { continue };
            self.unlink(&id, &resource);
            leaving.extend(resource.items);
            leaving.extend(self.replies.remove(&id).unwrap_or_default());
            self.removed.insert(id, with_space);
        }
    }

    /// Removes an object from the sets that contain it.
    fn unlink(&mut self, id: &Id, resource: &Resource) {
        if let Some(space) = resource.details.space.as_ref().and_then(|key| self.spaces.get_mut(key)) {
            space.contents.remove(id);
        }
        if let Some(content) = resource.content.as_ref().and_then(|id| self.resources.get_mut(id)) {
            content.items.remove(id);
        }
        if let Some(comment) = &resource.in_reply_to
            && let Some(replies) = self.replies.get_mut(comment)
        {
            replies.remove(id);
            if replies.is_empty() {
                self.replies.remove(comment);
            }
        }
    }
}
