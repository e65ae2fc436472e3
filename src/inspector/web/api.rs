//! The API of the page.

use serde::Serialize;

use crate::inspector::comparison::{ContentIds, compare};
use crate::inspector::delivery_log::DeliveryLog;
use crate::inspector::delivery_row::DeliveryRow;
use crate::inspector::filter::Filter;
use crate::inspector::inspector_settings::InspectorSettings;
use crate::inspector::page_state::InspectorState;
use crate::inspector::query::{Query, is_wanted};
use crate::inspector::request_commands::{ShellCommand, cfwh, curl};
use crate::inspector::shown_credentials::Audience;
use crate::inspector::timeline::timeline;
use crate::inspector::view::DeliveryView;
use crate::models::response::Response;

use super::responses::{failure, json};

/// The maximum number of rows in a window.
const MAX_ROWS: usize = 2000;
/// The default number of rows in a window.
const ROWS: usize = 200;

/// A window of deliveries, the newest first.
#[derive(Serialize)]
struct DeliveryWindow {
    /// The number of deliveries.
    total: usize,
    /// The number of older deliveries that are not loaded.
    omitted: usize,
    /// The number of matching deliveries.
    matched: usize,
    /// The insertion index of the last delivery. Events continue after it.
    last: u64,
    deliveries: Vec<DeliveryRow>,
}

/// Responds to a GET request below `api/`, except event streams.
pub(super) fn respond(path: &str, query: &Query, log: &DeliveryLog, settings: &InspectorSettings) -> Response {
    let unknown = || failure(404, "not-found", "unknown path");
    if let Some(rest) = path.strip_prefix("deliveries/") {
        let (number, part) = rest.split_once('/').unwrap_or((rest, ""));
        let Ok(number) = number.parse() else { return unknown() };
        let Some(delivery) = log.get(number) else {
            return failure(404, "unknown-delivery", "unknown delivery: it does not exist or was dropped");
        };
        let command = |command: Result<ShellCommand, String>| match command {
            Ok(command) => json(200, &command),
            Err(reason) => failure(422, "no-command", &reason),
        };
        return match part {
            "" => json(200, &DeliveryView::new(&delivery, settings, Audience::LocalUser)),
            "curl" => command(curl(&delivery, settings)),
            "cfwh" => command(cfwh(&delivery, settings)),
            _ => unknown(),
        };
    }
    match path {
        "state" => json(200, &InspectorState::new(settings)),
        "deliveries" => match query.filter() {
            Some(filter) => json(200, &window(query, &filter, log)),
            None => failure(400, "invalid-filter", "a value of the filter is invalid"),
        },
        "timeline" => json(200, &timeline(log, settings)),
        "diff" => {
            let Some(b) = query.number("b") else {
                return failure(400, "no-number", "`b` must be the number of a delivery");
            };
            match compare(log, settings, query.number("a"), b, &mut ContentIds::new(), Audience::LocalUser) {
                Ok(comparison) => json(200, &comparison),
                Err(reason) => failure(404, "nothing-to-compare", reason),
            }
        }
        _ => unknown(),
    }
}

fn window(query: &Query, filter: &Filter, log: &DeliveryLog) -> DeliveryWindow {
    let limit = query.number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(ROWS).min(MAX_ROWS);
    let after = query.number("after").unwrap_or(0);
    let passes = |row: &DeliveryRow| row.number > after && is_wanted(filter, row, log);
    let last = log.added();
    let (deliveries, matched) = log.rows(query.number("before"), limit, passes);
    let (total, omitted) = log.counts();
    DeliveryWindow { total, omitted, matched, last, deliveries }
}
