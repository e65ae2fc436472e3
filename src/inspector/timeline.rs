//! The timeline: one lane for each content, with its deliveries in order and the findings of story checks.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::validation::Validator;
use crate::validation::story::StoryChecker;

use super::delivery_log::DeliveryLog;
use super::delivery_row::Tone;
use super::inspector_settings::InspectorSettings;

/// The maximum number of deliveries, the newest ones.
const MAX_DELIVERIES: usize = 1000;
/// The maximum number of lanes.
const MAX_LANES: usize = 200;
/// The maximum number of findings of a delivery.
const MAX_FINDINGS: usize = 10;

/// A timeline.
#[derive(Debug, Serialize)]
pub(super) struct Timeline {
    lanes: Vec<Lane>,
    omitted: usize,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    /// The number of deliveries.
    deliveries: usize,
}

/// The deliveries of one content.
#[derive(Debug, Serialize)]
struct Lane {
    kind: &'static str,
    id: String,
    title: String,
    dots: Vec<Dot>,
}

/// A delivery in a lane.
#[derive(Debug, Serialize)]
struct Dot {
    number: u64,
    at: Option<Timestamp>,
    event: Option<String>,
    version: Option<i64>,
    tone: Tone,
    /// The findings of story checks.
    findings: Vec<String>,
    /// The position among all deliveries, from 0 to 1.
    position: f64,
}

/// Reads the newest deliveries in order. Deliveries that fail authentication do not change the state, as in a receiver.
pub(super) fn timeline(log: &DeliveryLog, settings: &InspectorSettings) -> Timeline {
    let mut validators: HashMap<&str, Validator> = HashMap::new();
    let mut checker = StoryChecker::default();
    let (mut rows, _) = log.rows(None, MAX_DELIVERIES, |_| true);
    rows.reverse();
    let last = rows.len().saturating_sub(1).max(1);
    let (mut lanes, mut by_id): (Vec<Lane>, HashMap<String, usize>) = (Vec::new(), HashMap::new());
    for (index, row) in rows.iter().enumerate() {
        let Some(delivery) = log.get(row.number).filter(super::delivery::Delivery::is_whole) else { continue };
        let profile = settings.inspector.profile(delivery.entry.as_ref());
        let validator = validators.entry(profile.name).or_insert_with(|| Validator::new(profile).with_story(true));
        let mut report = validator.validate(&delivery.request, None);
        let Some(facts) = report.facts.as_ref() else { continue };
        let Some((kind, id)) = facts.content() else { continue };
        let (version, title) = (facts.version(), facts.title().map(str::to_owned));
        let before = report.findings.len();
        // Without a journal, assume that the delivery was accepted.
        let is_known = delivery.entry.is_some();
        if row.summary.status.map_or(!is_known, |status| status / 100 == 2) {
            checker.check(&delivery.request, &mut report, before + MAX_FINDINGS);
        }
        let findings: Vec<_> = report.findings[before..].iter().map(|finding| finding.message.clone()).collect();
        let lane = *by_id.entry(id.clone()).or_insert_with(|| {
            lanes.push(Lane { kind, id: id.clone(), title: String::new(), dots: Vec::new() });
            lanes.len() - 1
        });
        let lane = &mut lanes[lane];
        if let Some(title) = title.or_else(|| row.summary.subject.clone().filter(|_| lane.title.is_empty())) {
            lane.title = title;
        }
        #[allow(clippy::cast_precision_loss, reason = "there are at most a thousand")]
        let position = index as f64 / last as f64;
        let tone = if findings.is_empty() { row.tone } else { Tone::Bad };
        let (number, at, event) = (row.number, row.summary.at, row.summary.event.clone());
        lane.dots.push(Dot { number, at, event, version, tone, findings, position });
    }
    if lanes.len() > MAX_LANES {
        // If there are too many lanes, show those with problems.
        lanes.sort_by_key(|lane| !lane.dots.iter().any(|dot| !dot.findings.is_empty()));
    }
    let omitted = lanes.len().saturating_sub(MAX_LANES);
    lanes.truncate(MAX_LANES);
    let (from, to) = (rows.first().and_then(|row| row.summary.at), rows.last().and_then(|row| row.summary.at));
    Timeline { lanes, omitted, from, to, deliveries: rows.len() }
}
