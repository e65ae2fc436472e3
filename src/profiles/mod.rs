//! The known senders. Each has a folder with its document, its events, its bodies and what is particular about it. A
//! profile is a value with data, and no other module names one.

pub mod cloud;
pub mod document;
pub mod event_pattern;
pub mod identify;
pub mod published;
mod schema;
pub mod shape;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use crate::models::event::{Catalogue, Entity, EventKind, UnknownEvent, nearest};
use crate::models::snapshot::Snapshot;

/// A sender of deliveries: its events, its bodies and what to expect of them.
#[derive(Debug)]
pub struct Profile {
    /// The name on the command line: `spec`, `cloud`.
    pub name: &'static str,
    /// The sender in a sentence: `Confluence Cloud`.
    pub sender: &'static str,
    /// The AsyncAPI document of the sender, in YAML.
    pub yaml: &'static str,
    /// The same document in JSON, which takes 0.1 ms to read instead of 1.7.
    pub json: &'static str,
    /// The events that it sends.
    pub events: Catalogue,
    /// The key of the payload in a body, in the order of [`Entity::ALL`].
    pub payload_keys: [&'static str; Entity::ALL.len()],
    /// Where a delivery names its event.
    pub event_in: EventIn,
    /// Is every declared property expected, or only those that the document requires?
    pub expects_all_declared: bool,
    /// Other senders: validation under this profile recognises their bodies.
    pub recognises: &'static [&'static Self],
    /// Writes the body of an event on one line, at the end of the bytes.
    pub write_body: fn(&Snapshot<'_>, &mut Vec<u8>),
    /// Bodies for probes.
    pub examples: &'static Examples,
}

/// Bodies about one page, as the sender writes them and in other forms that a receiver must read too.
#[derive(Debug)]
pub struct Examples {
    /// The same body in five forms, each with a name.
    pub spellings: [(&'static str, &'static str); 5],
    /// Writes a body up to its payload, of an event and a time in milliseconds since the Unix epoch.
    pub head: fn(&str, i64) -> String,
    /// Writes a page of this id, title and version.
    pub page: fn(u32, &str, u32) -> String,
}

/// Where a delivery names its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventIn {
    /// In its body, as `event`.
    Body,
    /// In the URL that was registered for the event.
    Url,
}

/// All profiles, the default first.
pub static ALL: [&Profile; 2] = [&published::PROFILE, &cloud::PROFILE];

/// Names of events that Confluence is known to send and that no document declares, in alphabetical order. Sources:
/// Atlassian's Connect module reference and code of receivers.
pub static UNDOCUMENTED: [&str; 17] = [
    "attachment_restored",
    "attachment_trashed",
    "blog_moved",
    "blog_restored",
    "blog_trashed",
    "content_created",
    "content_removed",
    "content_updated",
    "label_added",
    "label_deleted",
    "page_archived",
    "page_children_reordered",
    "page_copied",
    "page_moved",
    "page_unarchived",
    "space_logo_updated",
    "space_permissions_updated",
];

impl Profile {
    /// Returns the profile of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|profile| profile.name == name)
    }

    /// Returns the profile that is used unless another is named.
    pub fn default_profile() -> &'static Self {
        ALL[0]
    }

    /// Is it the profile that is used unless another is named?
    pub fn is_default(&self) -> bool {
        self.index() == 0
    }

    /// Returns its index in [`ALL`].
    pub fn index(&self) -> usize {
        ALL.iter().position(|profile| profile.name == self.name).unwrap_or_default()
    }

    /// Returns the key of the payload in a body: `blogPost` in the published document, `blog` in deliveries of
    /// Confluence Cloud.
    pub const fn key(&self, entity: Entity) -> &'static str {
        self.payload_keys[entity as usize]
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

/// Returns the event of this name, of any profile.
pub fn find_event(name: &str) -> Option<EventKind> {
    ALL.into_iter().find_map(|profile| profile.events.find(name))
}

/// Is this an event that Confluence is known to send although no document declares it?
pub fn is_undocumented(name: &str) -> bool {
    UNDOCUMENTED.binary_search(&name).is_ok()
}

impl FromStr for EventKind {
    type Err = UnknownEvent;

    fn from_str(name: &str) -> Result<Self, UnknownEvent> {
        find_event(name).ok_or_else(|| {
            let names = ALL.into_iter().flat_map(|profile| profile.events.all()).map(Self::name);
            UnknownEvent { name: name.to_owned(), nearest: nearest(name, names).and_then(find_event) }
        })
    }
}

impl<'de> Deserialize<'de> for EventKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = EventKind> {
        ALL.into_iter().flat_map(|profile| profile.events.all())
    }

    #[test]
    fn every_name_reads_back_as_its_kind() {
        for kind in all() {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        for (wrong, meant) in [
            ("page_create", "page_created"),
            ("pageUpdated", "page_updated"),
            ("blogpost_created", "blog_created"),
            ("SPACE_REMOVED", "space_removed"),
            ("coment_removed", "comment_removed"),
        ] {
            let error = wrong.parse::<EventKind>().expect_err("it is misspelt");
            assert_eq!(error.nearest.map(EventKind::name), Some(meant), "{wrong}");
        }
        assert_eq!("hello".parse::<EventKind>().map_err(|error| error.nearest), Err(None));
    }

    #[test]
    fn undocumented_names_are_sorted_and_in_no_catalogue() {
        assert!(UNDOCUMENTED.is_sorted());
        assert!(UNDOCUMENTED.iter().all(|name| find_event(name).is_none()));
        assert!(is_undocumented("page_moved"));
    }

    #[test]
    fn every_pattern_of_an_entity_matches_its_events_and_no_others() {
        for kind in all() {
            for entity in Entity::ALL {
                let pattern: event_pattern::EventPattern = entity.pattern().parse().expect("a pattern");
                assert_eq!(pattern.matches(kind.name()), kind.entity() == entity, "{pattern} {kind}");
            }
        }
    }
}
