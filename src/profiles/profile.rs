//! What there is to know about a sender.

use std::fmt;

use crate::models::event::{Catalogue, Entity};
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
    /// Does it sign deliveries if it has a secret? Confluence Cloud does not, although a gateway in front of the receiver may.
    pub signs: bool,
    /// Is every declared property expected, or only those that the document requires?
    pub expects_all_declared: bool,
    /// Does validation under the other profiles recognise its bodies, and name it in one finding?
    pub is_recognised_by_others: bool,
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

impl Profile {
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
