//! A schema that accepts every body that was added.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::models::request::Request;
use crate::profiles::KnownEvent;

use super::event_group::EventGroup;
use super::first_keys::MergeStats;
use super::infer;
use super::observer::{Observer, identify};
use super::path_stats::PathStats;

/// A schema that accepts every body that was added.
#[derive(Debug, Default)]
pub struct InferredSchema {
    events: BTreeMap<EventGroup, PathStats>,
}

impl InferredSchema {
    /// Returns true if no body was added.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Returns the JSON Schema (Draft 7): one schema per event.
    pub fn schema(&self) -> Value {
        infer::schema(self.events.iter().map(|(group, stats)| (group.name(), stats)))
    }
}

impl Observer for InferredSchema {
    fn add(&mut self, _: &Arc<str>, _: usize, request: &Request, expected: Option<KnownEvent>) {
        identify(request, expected, |body, group| self.events.entry(group).or_default().add(body));
    }

    fn merge(&mut self, part: Self) {
        for (group, stats) in part.events {
            self.events.entry(group).or_default().merge_stats(stats);
        }
    }
}
