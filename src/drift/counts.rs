//! The differences between bodies and a document, counted event by event.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::json::Node;
use crate::models::request::Request;
use crate::profiles::{KnownEvent, Profile};

use super::compare;
use super::declared::DeclaredBodies;
use super::event_group::EventGroup;
use super::first_keys::MergeStats;
use super::merge_error::MergeError;
use super::observer::{Observer, identify};
use super::report::{DocumentId, EventDrift};
use super::restore;
use super::shape_counts::EventCounts;
use super::value_stats::Cursor;

/// The differences between bodies and what is declared about them.
#[derive(Debug)]
pub struct DriftCounts<'d> {
    declared: &'d DeclaredBodies,
    events: BTreeMap<EventGroup, EventCounts<'d>>,
    skipped: u64,
}

impl<'d> DriftCounts<'d> {
    /// Returns the counts of no body yet.
    pub const fn new(declared: &'d DeclaredBodies) -> Self {
        Self { declared, events: BTreeMap::new(), skipped: 0 }
    }

    /// Returns true if no body was added.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The number of inputs that were skipped: they are not JSON objects, or tests of a connection.
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Returns the differences of each event. Events without a difference are included.
    pub fn differences(&self) -> Vec<EventDrift> {
        let profile = self.declared.profile();
        let events = self.events.iter();
        events.map(|(group, counts)| compare::report(group.name(), counts, profile)).collect()
    }

    /// Adds the report of another run.
    ///
    /// # Errors
    /// If it is that of another profile or version, or if a baseline has left out differences.
    pub fn merge_report(&mut self, drift: &EventDrift) -> Result<(), MergeError> {
        MergeError::check(drift, self.declared.profile())?;
        let group = EventGroup::named(drift.event.as_deref()).ok_or(MergeError::Undeclared)?;
        let counts = restore::counts(drift, self.declared.shape(group)).ok_or(MergeError::Undeclared)?;
        self.merge_event(group, counts);
        Ok(())
    }

    fn merge_event(&mut self, group: EventGroup, counts: EventCounts<'d>) {
        match self.events.entry(group) {
            Entry::Occupied(mut own) => own.get_mut().merge_stats(counts),
            Entry::Vacant(entry) => _ = entry.insert(counts),
        }
    }
}

impl Observer for DriftCounts<'_> {
    fn add(&mut self, file: &Arc<str>, line: usize, request: &Request, expected: Option<KnownEvent>) {
        let is_counted = identify(request, expected, |body, group| {
            let timestamp = body.get("timestamp").and_then(Node::as_i64);
            let mut cursor = Cursor { file, line, timestamp, pointer: String::new() };
            let counts = self.events.entry(group).or_insert_with(|| EventCounts::new(self.declared.shape(group)));
            counts.add(body, &mut cursor);
        });
        self.skipped += u64::from(!is_counted);
    }

    fn merge(&mut self, part: Self) {
        self.skipped += part.skipped;
        part.events.into_iter().for_each(|(group, counts)| self.merge_event(group, counts));
    }
}

impl MergeError {
    /// Checks that a report can be added to those of a profile.
    fn check(drift: &EventDrift, profile: &Profile) -> Result<(), Self> {
        let (own, found) = (DocumentId::new(profile), &drift.document);
        if own.cfwh != found.cfwh {
            return Err(Self::OtherVersion { found: found.cfwh.clone() });
        }
        if own != *found {
            return Err(Self::OtherProfile { found: found.profile.clone(), expected: profile.name });
        }
        if drift.known.is_some() { Err(Self::WithBaseline) } else { Ok(()) }
    }
}
