//! Takes each delivery once, and works on it after the response, in any order.
//!
//! Confluence may send a delivery twice, and sends deliveries in any order. All of this is in memory: a restart loses it, and with
//! it deliveries that got a 200. In production use two tables: `known`, with the identity as its unique key, and `pages`.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const MOST_KNOWN: usize = 100_000;

#[derive(Debug, thiserror::Error)]
#[error("the body is not a JSON object with an event, and the URL has no event")]
pub struct InvalidDelivery;

struct Delivery {
    event: String,
    body: Map<String, Value>,
}

#[derive(Clone)]
pub struct Deliveries {
    known: Arc<Mutex<Known>>,
    state: Arc<Mutex<State>>,
    queue: UnboundedSender<Delivery>,
}

#[derive(Default)]
struct Known {
    identities: HashSet<[u8; 32]>,
    order: VecDeque<[u8; 32]>,
}

#[derive(Clone, Default, Serialize)]
pub struct State {
    done: u64,
    pages: BTreeMap<String, Page>,
}

#[derive(Clone, Serialize)]
struct Page {
    title: Option<String>,
    is_deleted: bool,
    time: i64,
}

impl Deliveries {
    /// Starts to work; call it in a runtime.
    pub fn start() -> Self {
        let (queue, waiting) = unbounded_channel();
        let deliveries = Self { known: Arc::default(), state: Arc::default(), queue };
        tokio::spawn(work(deliveries.state.clone(), waiting));
        deliveries
    }

    /// Takes a delivery, unless it is known already.
    pub fn add(&self, body: &[u8], event_in_url: Option<String>) -> Result<(), InvalidDelivery> {
        let mut body: Map<String, Value> = serde_json::from_slice(body).map_err(|_| InvalidDelivery)?;
        if let Some(Value::Object(payload)) = body.remove("payload") {
            body = payload; // an example of Atlassian shows Forge's deliveries so
        }
        body.remove("retryContext"); // in Forge's retries only
        let in_body = body.get("event").or(body.get("eventType")).and_then(Value::as_str).map(str::to_owned);
        let event = in_body.or(event_in_url).ok_or(InvalidDelivery)?;
        // Not the identifier in a header: no signature covers it.
        let text = serde_json::to_string(&body).map_err(|_| InvalidDelivery)?;
        let identity = Sha256::digest(format!("{event} {text}")).into();
        if lock(&self.known).insert(identity) {
            let _ = self.queue.send(Delivery { event, body });
        }
        Ok(())
    }

    /// For `cfwh probe --state`.
    pub fn state(&self) -> State {
        lock(&self.state).clone()
    }
}

impl Known {
    /// Returns false if it is known already.
    fn insert(&mut self, identity: [u8; 32]) -> bool {
        let is_new = self.identities.insert(identity);
        if is_new {
            self.order.push_back(identity);
        }
        if self.order.len() > MOST_KNOWN
            && let Some(oldest) = self.order.pop_front()
        {
            self.identities.remove(&oldest);
        }
        is_new
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn work(state: Arc<Mutex<State>>, mut waiting: UnboundedReceiver<Delivery>) {
    while let Some(delivery) = waiting.recv().await {
        if let Err(error) = lock(&state).handle(&delivery) {
            eprintln!("cannot handle {}: {error}", delivery.event);
        }
    }
}

#[derive(Deserialize)]
struct Content {
    id: Value,
    title: Option<String>,
}

impl State {
    /// Your work. Ignore an event without a branch: it is new, or does not matter to you.
    fn handle(&mut self, delivery: &Delivery) -> Result<(), serde_json::Error> {
        self.done += 1;
        let member = |name: &str| delivery.body.get(name).cloned().unwrap_or_default();
        if delivery.event.starts_with("page_") {
            let time = serde_json::from_value(member("timestamp"))?;
            self.save_page(&delivery.event, serde_json::from_value(member("page"))?, time);
        } else if delivery.event.ends_with(":page") {
            // Of Forge: avi:confluence:updated:page
            let time: Timestamp = serde_json::from_value(member("eventCreatedDate"))?;
            self.save_page(&delivery.event, serde_json::from_value(member("content"))?, time.as_millisecond());
        }
        Ok(())
    }

    /// Keeps the newest. A deleted page stays: an older update may still arrive.
    fn save_page(&mut self, event: &str, page: Content, time: i64) {
        let id = page.id.as_str().map_or(page.id.to_string(), str::to_owned);
        if self.pages.get(&id).is_some_and(|saved| saved.time >= time) {
            return;
        }
        let is_deleted = ["trashed", "removed", "deleted"].iter().any(|action| event.contains(action));
        self.pages.insert(id, Page { title: page.title, is_deleted, time });
    }
}
