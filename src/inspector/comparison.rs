//! What differs between two deliveries.

use serde::Serialize;

use crate::json::diff::{Difference, Differences, Limits, diff};
use crate::json::{self, Node};
use crate::models::HeaderDifference;

use super::delivery::Delivery;
use super::delivery_log::DeliveryLog;
use super::inspector_settings::InspectorSettings;

/// How many earlier deliveries of the same event are looked through for one about the same content.
const MAX_CANDIDATES: usize = 100;

/// What differs between two deliveries.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    a: u64,
    b: u64,
    /// How the two belong together.
    relation: String,
    /// Why the bodies cannot be compared.
    reason: Option<&'static str>,
    differences: Vec<Difference>,
    omitted: usize,
    headers: Vec<HeaderDifference>,
}

/// Compares a delivery with another, or with the previous one of the same event: about the same content, if there is one.
pub(super) fn compare(
    log: &DeliveryLog,
    settings: &InspectorSettings,
    a: Option<u64>,
    b: u64,
) -> Result<Comparison, &'static str> {
    let after = log.get(b).ok_or("the delivery is not known")?;
    let (before, relation) = match a {
        Some(a) => (log.get(a).ok_or("the delivery to compare with is not known")?, String::new()),
        None => previous(log, settings, &after)
            .ok_or("there is no earlier delivery of this event: name the delivery to compare with")?,
    };
    let relation =
        if relation.is_empty() { format!("From delivery {} to delivery {b}.", before.row.number) } else { relation };
    let (old, new) = (before.request.body(), after.request.body());
    let trees = (json::parse(old), json::parse(new));
    let (found, reason) = match (&trees.0, &trees.1) {
        (Ok(first), Ok(second)) if before.is_whole() && after.is_whole() => {
            (diff((old, first), (new, second), Limits::default()), None)
        }
        _ if old == new => (Differences::default(), None),
        _ => (
            Differences::default(),
            Some("The bodies differ, and are not both JSON, so their structure cannot be compared."),
        ),
    };
    Ok(Comparison {
        a: before.row.number,
        b,
        relation,
        reason,
        differences: found.differences,
        omitted: found.omitted,
        headers: before.request.headers().differences(after.request.headers()),
    })
}

fn previous(log: &DeliveryLog, settings: &InspectorSettings, after: &Delivery) -> Option<(Delivery, String)> {
    let event = after.row.summary.event.as_deref()?;
    let is_same_event = |row: &super::delivery_row::DeliveryRow| row.summary.event.as_deref() == Some(event);
    let (rows, _) = log.rows(Some(after.row.number), MAX_CANDIDATES, is_same_event);
    let id = content_id(settings, after);
    let same = rows.iter().find_map(|row| {
        let other = log.get(row.number)?;
        (id.is_some() && content_id(settings, &other) == id).then_some(other)
    });
    if let Some(same) = same {
        let relation = format!("From delivery {}, the previous {event} about the same content.", same.row.number);
        return Some((same, relation));
    }
    let other = log.get(rows.first()?.number)?;
    let relation = format!("From delivery {}, the previous {event}. It is about other content.", other.row.number);
    Some((other, relation))
}

/// Returns the id of what a delivery is about.
fn content_id(settings: &InspectorSettings, delivery: &Delivery) -> Option<String> {
    let body = json::parse(delivery.request.body()).ok()?;
    let profile = settings.inspector.profile(delivery.entry.as_ref());
    let body: &Node<'_> = profile.unwrap(&body);
    let key = profile.events.find(delivery.row.summary.event.as_deref()?)?;
    let payload = body.get(profile.key(key))?;
    let id = payload.get("id").or_else(|| payload.child("0")?.get("id"))?;
    id.as_str().map(str::to_owned).or_else(|| id.as_i64().map(|id| id.to_string()))
}
