//! The kind of an event.

use std::{fmt, ptr};

use serde::{Serialize, Serializer};

use super::action::Action;
use super::entity::Entity;
use super::row::EventRow;

/// The kind of an event: a reference to a row of a catalogue. Rows with the same name are equal.
#[derive(Clone, Copy)]
pub struct EventKind(&'static EventRow);

impl EventKind {
    /// Returns the kind that a row describes.
    pub const fn new(row: &'static EventRow) -> Self {
        Self(row)
    }

    /// Returns the row.
    pub const fn row(self) -> &'static EventRow {
        self.0
    }

    /// Returns the name on the wire: `page_created`.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns what the event is about.
    pub const fn entity(self) -> Entity {
        self.0.entity
    }

    /// Returns what the event does to its entity.
    pub const fn action(self) -> Action {
        self.0.action
    }

    /// Returns what the event means, in one sentence.
    pub const fn description(self) -> &'static str {
        self.0.description
    }

    /// Does the event make a version of its entity, the first or a later one?
    pub const fn makes_version(self) -> bool {
        matches!(self.0.action, Action::Created | Action::Updated | Action::Snapshotted | Action::Published)
    }

    /// Does the event delete its entity, for good or to the trash?
    pub const fn is_removal(self) -> bool {
        matches!(self.0.action, Action::Removed | Action::Trashed)
    }

    /// Returns each `status` of the payload that contradicts the event: what was just trashed is not `current`, what
    /// was just created, updated or restored is not `trashed`. Empty if neither the document nor practice says
    /// anything.
    pub const fn contradictory_statuses(self) -> &'static [&'static str] {
        match (self.0.entity, self.0.action) {
            (Entity::Space | Entity::Label, _) => &[],
            (_, Action::Trashed) => &["current", "draft"],
            (_, Action::Created | Action::Updated | Action::Restored) => &["trashed"],
            _ => &[],
        }
    }
}

impl PartialEq for EventKind {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0) || self.0.name == other.0.name
    }
}

impl Eq for EventKind {}

impl PartialOrd for EventKind {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// By entity, then by action: the order of the published document.
impl Ord for EventKind {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |kind: &Self| (kind.0.entity, kind.0.action, kind.0.name);
        key(self).cmp(&key(other))
    }
}

impl fmt::Debug for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.name)
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}

/// Returns the name of an event as a part of the name of a file: Windows allows no colon there.
pub fn in_file_name(event: &str) -> String {
    event.replace(':', "-")
}
