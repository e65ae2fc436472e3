//! Live updates as server-sent events.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::watch;

use crate::inspector::delivery_log::{DeliveryLog, News};
use crate::inspector::delivery_row::DeliveryRow;
use crate::server::{BodyStream, ServerResponse};

use super::responses::headers;

/// How long deliveries are collected for one event, so that a burst causes few events.
const COLLECTING: Duration = Duration::from_millis(100);
/// The time between empty lines, which detect a closed connection.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// The maximum number of rows in an event.
const MAX_ROWS: usize = 500;

/// New deliveries.
#[derive(Serialize)]
struct NewDeliveries<'a> {
    deliveries: &'a [DeliveryRow],
    omitted: usize,
}

/// New requests that were refused.
#[derive(Serialize)]
struct NewRefusals<'a> {
    count: u64,
    reason: Option<&'a str>,
}

struct EventState {
    log: Arc<DeliveryLog>,
    changes: watch::Receiver<u64>,
    /// The insertion index of the last sent delivery.
    after: u64,
    refused: u64,
    is_first: bool,
    has_ended: bool,
}

/// Returns the events after an insertion index.
pub(super) fn events(log: &Arc<DeliveryLog>, after: u64) -> ServerResponse {
    let refused = log.news(u64::MAX, 0).refused;
    let changes = log.changes();
    let log = Arc::clone(log);
    let state = EventState { log, changes, after, refused, is_first: true, has_ended: false };
    let body: BodyStream = Box::pin(unfold(state, next));
    ServerResponse::Stream { status: 200, headers: headers("text/event-stream"), body }
}

async fn next(mut state: EventState) -> Option<(Bytes, EventState)> {
    if state.has_ended {
        return None;
    }
    if !std::mem::take(&mut state.is_first) {
        match tokio::time::timeout(HEARTBEAT, state.changes.changed()).await {
            Ok(Ok(())) => tokio::time::sleep(COLLECTING).await,
            Ok(Err(_)) => return None,
            Err(_) => return Some((Bytes::from_static(b":\n\n"), state)),
        }
    }
    state.changes.mark_unchanged();
    let news = state.log.news(state.after, MAX_ROWS);
    if news.rows.len() == MAX_ROWS {
        // More deliveries may follow.
        state.changes.mark_changed();
    }
    let text = state.write(&news);
    Some((text.into(), state))
}

impl EventState {
    fn write(&mut self, news: &News) -> String {
        let mut text = String::from(":\n\n");
        self.after = news.last;
        if !news.rows.is_empty() {
            let deliveries = NewDeliveries { deliveries: &news.rows, omitted: news.omitted };
            text += &event("deliveries", self.after, &deliveries);
        }
        if news.refused > self.refused {
            let count = news.refused - self.refused;
            self.refused = news.refused;
            text += &event("refused", self.after, &NewRefusals { count, reason: news.last_refusal.as_deref() });
        }
        if news.has_ended && news.rows.len() < MAX_ROWS {
            self.has_ended = true;
            text += &event("ended", self.after, &());
        }
        text
    }
}

fn event(name: &str, id: u64, data: &impl Serialize) -> String {
    // Compact JSON has no newlines, because strings escape them.
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("id: {id}\nevent: {name}\ndata: {data}\n\n")
}
