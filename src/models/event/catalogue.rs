//! Event catalogues.

use super::action::Action;
use super::entity::Entity;
use super::kind::EventKind;
use super::row::EventRow;

/// The events of a sender, in the order of its documentation.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue(&'static [EventRow]);

impl Catalogue {
    /// Creates a catalogue of these rows.
    pub const fn new(rows: &'static [EventRow]) -> Self {
        Self(rows)
    }

    /// Returns all events.
    pub fn all(self) -> impl ExactSizeIterator<Item = EventKind> + Clone {
        self.0.iter().map(EventKind::new)
    }

    /// Returns the event with this name, or with this alias.
    pub fn find(self, name: &str) -> Option<EventKind> {
        self.0.iter().find(|row| row.name == name || row.alias == Some(name)).map(EventKind::new)
    }

    /// Returns the events about an entity.
    pub fn about(self, entity: Entity) -> impl Iterator<Item = EventKind> {
        self.all().filter(move |kind| kind.entity() == entity)
    }

    /// Returns the events that occur in stories.
    pub fn in_stories(self) -> impl Iterator<Item = EventKind> + Clone {
        self.all().filter(|kind| kind.row().weight > 0)
    }

    /// Returns whether the sender reports a trash for an entity: events for moving to the trash, and for what follows. In the
    /// published document, only pages have a trash.
    pub fn has_trash(self, entity: Entity) -> bool {
        let has = |action| self.in_stories().any(|kind| kind.entity() == entity && kind.action() == action);
        has(Action::Trashed) && (has(Action::Removed) || has(Action::Restored))
    }

    /// Returns whether the catalogue has an event with this entity and action.
    pub fn has(self, entity: Entity, action: Action) -> bool {
        self.about(entity).any(|kind| kind.action() == action)
    }
}
