//! References to rows of event catalogues.

use std::{fmt, ptr};

use serde::{Serialize, Serializer};

use super::action::Action;
use super::entity::Entity;
use super::row::EventRow;

/// The kind of an event: a reference to a row of a catalogue. Kinds with the same name are equal.
#[derive(Clone, Copy)]
pub struct EventKind(&'static EventRow);

impl EventKind {
    /// Creates the kind of a row.
    pub const fn new(row: &'static EventRow) -> Self {
        Self(row)
    }

    /// Returns the row.
    pub const fn row(self) -> &'static EventRow {
        self.0
    }

    /// Returns the name in deliveries: `page_created`.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns the subject of the event.
    pub const fn entity(self) -> Entity {
        self.0.entity
    }

    /// Returns what happened to the subject.
    pub const fn action(self) -> Action {
        self.0.action
    }

    /// Returns the description, one sentence.
    pub const fn description(self) -> &'static str {
        self.0.description
    }

    /// Returns whether the event creates a version of its subject.
    pub const fn makes_version(self) -> bool {
        matches!(self.0.action, Action::Created | Action::Updated | Action::Snapshotted | Action::Published)
    }

    /// Returns whether the event deletes its subject, permanently or to the trash.
    pub const fn is_removal(self) -> bool {
        matches!(self.0.action, Action::Removed | Action::Trashed)
    }

    /// Returns the values of `status` that contradict the event. For example, a page that was just trashed is not `current`.
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

/// Orders by entity, then by action, like the published document.
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

/// Returns an event name for use in file names. Windows allows no colons there.
pub fn in_file_name(event: &str) -> String {
    event.replace(':', "-")
}
