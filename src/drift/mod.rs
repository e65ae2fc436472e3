//! Drift: how captured bodies differ from a document, by event.
//!
//! [`Observations`] counts the properties, types and values of bodies, and stores no bodies. Memory grows with the number of different
//! properties (at most a thousand per object), not with the number of bodies. [`Observations::differences`] compares the counts with a
//! document, and [`Observations::schema`] turns them into a schema.

pub mod baseline;
mod compare;
mod event_group;
mod first_keys;
mod infer;
mod path_stats;
pub mod report;
pub mod value_stats;
mod vec_map;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use serde_json::Value;

use crate::json::{self, Node};
use crate::models::request::Request;
use crate::profiles::document::Document;
use crate::profiles::identify::last_segment;
use crate::profiles::{ALL, KnownEvent, Profile};
use event_group::EventGroup;
use first_keys::MergeStats;
use path_stats::EventStats;
use report::EventDrift;
use value_stats::{Cursor, ValueNumber};

/// The observed properties, types and values of bodies.
#[derive(Debug, Default)]
pub struct Observations {
    events: BTreeMap<EventGroup, EventStats>,
    skipped: u64,
    /// The number of the latest value.
    number: ValueNumber,
}

/// Returns whether a body is a JSON object and not a connection test.
fn is_delivery(request: &Request, body: &Node<'_>) -> bool {
    body.members().is_some() && !ALL.iter().any(|profile| profile.is_ping(request.body()))
}

impl Observations {
    /// Creates empty observations for one part of the bodies. Parts are numbered in the order of the bodies. They can be observed in
    /// parallel and [merged](Self::merge) in any order.
    pub fn for_part(part: usize) -> Self {
        Self { number: (part, 0), ..Self::default() }
    }

    /// Adds a body. `file` and `line` (from 1) are its place; `-` is stdin. `expected` is the event, if the caller knows it.
    pub fn add(&mut self, file: &Arc<str>, line: usize, request: &Request, expected: Option<KnownEvent>) {
        let Some(body) = json::parse(request.body()).ok().filter(|body| is_delivery(request, body)) else {
            self.skipped += 1;
            return;
        };
        // Count the body, without its envelope.
        let body = ALL.iter().find_map(|profile| profile.wrapped(&body)).unwrap_or(&body);
        let mut keys = ALL.iter().map(|profile| profile.event_key());
        let event = keys.find_map(|key| body.get(key).and_then(Node::as_str));
        let name = event.or_else(|| last_segment(request.target())).unwrap_or_default();
        let group = EventGroup::identify(body, name, expected);
        let timestamp = body.get("timestamp").and_then(Node::as_i64);
        let mut cursor = Cursor { file, line, timestamp, pointer: String::new(), number: self.number };
        self.events.entry(group).or_default().add(body, &mut cursor);
        self.number = cursor.number;
    }

    /// Adds the observations of another part.
    pub fn merge(&mut self, part: Self) {
        self.skipped += part.skipped;
        for (group, stats) in part.events {
            match self.events.entry(group) {
                Entry::Occupied(mut own) => own.get_mut().merge_stats(stats),
                Entry::Vacant(entry) => _ = entry.insert(stats),
            }
        }
    }

    /// Returns whether no body was added.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Returns the number of skipped inputs, which are not JSON objects or are connection tests.
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Compares the bodies with the document of a profile. The result includes events without differences.
    pub fn differences(&self, profile: &'static Profile) -> Vec<EventDrift> {
        let document = Document::new(profile);
        let compare = |(group, stats): (&EventGroup, &EventStats)| {
            let shape = group.form(profile).map_or_else(|| document.base_shape(), |form| document.shape(form));
            compare::compare(group.name(), stats, &shape)
        };
        self.events.iter().map(compare).collect()
    }

    /// Returns a JSON Schema (Draft 7) that accepts all bodies, with one schema for each event.
    pub fn schema(&self) -> Value {
        infer::schema(self.events.iter().map(|(group, stats)| (group.name(), stats)))
    }
}
