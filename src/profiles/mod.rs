//! Whose truth counts: the published document, or what Confluence Cloud was seen to send.

pub mod document;
mod schema;
pub mod shape;

use std::fmt;

use crate::models::event::Entity;

/// Which shapes bodies have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// As the published AsyncAPI document declares them.
    #[default]
    Spec,
    /// As Confluence Cloud was seen to send them: without an `event`, with whole versions and ids of two types.
    Cloud,
}

impl Profile {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::Spec, Self::Cloud];

    /// The word at the command line: `spec`, `cloud`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Cloud => "cloud",
        }
    }

    /// The profile of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }

    /// The key under which a body carries what it is about: a blog post is `blogPost` in the document and `blog` on the
    /// wire, and attachments come as an array.
    #[must_use]
    pub const fn key(self, entity: Entity) -> &'static str {
        match (self, entity) {
            (Self::Cloud, Entity::BlogPost) => "blog",
            (Self::Cloud, Entity::Attachment) => "attachments",
            (_, entity) => entity.key(),
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
