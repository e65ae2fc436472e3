//! The differences between two deliveries.

use std::collections::HashMap;

use serde::Serialize;

use crate::json::diff::{Difference, Differences, Limits, diff};
use crate::json::{self, Node};
use crate::models::HeaderDifference;

use super::delivery::Delivery;
use super::delivery_log::DeliveryLog;
use super::inspector_settings::InspectorSettings;
use super::shown_credentials::{Audience, without_credentials};
use super::summary::Summary;

/// The maximum number of earlier deliveries of the same event to search for one about the same content.
const MAX_CANDIDATES: usize = 100;

/// The differences between two deliveries.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    a: u64,
    b: u64,
    /// The relation between the deliveries.
    relation: String,
    /// Why the bodies are not comparable.
    reason: Option<&'static str>,
    differences: Vec<Difference>,
    omitted: usize,
    headers: Vec<HeaderDifference>,
}

/// Compares a delivery with another one, or with the previous delivery of the same event. Prefers a delivery about the same content.
pub(super) fn compare(
    log: &DeliveryLog,
    settings: &InspectorSettings,
    a: Option<u64>,
    b: u64,
    ids: &mut ContentIds,
    shown: Audience,
) -> Result<Comparison, &'static str> {
    let after = log.get(b).ok_or("unknown delivery")?;
    let (before, relation) = match a {
        Some(a) => (log.get(a).ok_or("unknown delivery to compare with")?, String::new()),
        None => previous(log, settings, &after, ids)
            .ok_or("this event has no earlier delivery: select a delivery to compare with")?,
    };
    if let Some(reason) = after.unread.or(before.unread) {
        return Err(reason);
    }
    let relation = if relation.is_empty() {
        format!("Delivery {} compared with delivery {b}.", before.row.number)
    } else {
        relation
    };
    let (old, new) = (before.request.body(), after.request.body());
    let trees = (json::parse(old), json::parse(new));
    let (found, reason) = match (&trees.0, &trees.1) {
        (Ok(first), Ok(second)) if before.is_whole() && after.is_whole() => {
            (diff((old, first), (new, second), Limits::default()), None)
        }
        _ if old == new => (Differences::default(), None),
        _ => (
            Differences::default(),
            Some("The bodies differ. They are not both JSON, so only their bytes were compared."),
        ),
    };
    Ok(Comparison {
        a: before.row.number,
        b,
        relation,
        reason,
        differences: found.differences,
        omitted: found.omitted,
        headers: without_credentials(before.request.headers(), shown)
            .differences(&without_credentials(after.request.headers(), shown)),
    })
}

/// The content ids of deliveries, so that each body is parsed once. `None` if a body has no id.
pub(super) type ContentIds = HashMap<u64, Option<String>>;

fn previous(
    log: &DeliveryLog,
    settings: &InspectorSettings,
    after: &Delivery,
    ids: &mut ContentIds,
) -> Option<(Delivery, String)> {
    let event = after.row.summary.event.as_deref()?;
    let is_same_event = |row: &Summary| row.event.as_deref() == Some(event);
    let numbers = log.numbers_before(after.row.number, MAX_CANDIDATES, is_same_event);
    let id = content_id(settings, after);
    let mut id_of = |number: u64| {
        let read = || log.get(number).and_then(|other| content_id(settings, &other));
        ids.entry(number).or_insert_with(read).clone()
    };
    let same = numbers.iter().find(|&&number| id.is_some() && id_of(number) == id);
    if let Some(same) = same.and_then(|number| log.get(*number)) {
        let relation =
            format!("Compared with delivery {}, the previous {event} for the same content.", same.row.number);
        return Some((same, relation));
    }
    let other = numbers.iter().filter_map(|number| log.get(*number)).find(|other| other.unread.is_none())?;
    let relation =
        format!("Compared with delivery {}, the previous {event}. It is for different content.", other.row.number);
    Some((other, relation))
}

/// Returns the id of the subject of a delivery.
fn content_id(settings: &InspectorSettings, delivery: &Delivery) -> Option<String> {
    let body = json::parse(delivery.request.body()).ok()?;
    let profile = settings.inspector.profile(delivery.entry.as_ref());
    let body: &Node<'_> = profile.unwrap(&body);
    let key = profile.events.find(delivery.row.summary.event.as_deref()?)?;
    let payload = body.get(profile.key(key))?;
    let id = payload.get("id").or_else(|| payload.child("0")?.get("id"))?;
    id.as_str().map(str::to_owned).or_else(|| id.as_i64().map(|id| id.to_string()))
}
