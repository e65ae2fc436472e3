//! A receiver with a state that GET returns, on a different HTTP implementation, and variants with one bug each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tiny_http::{Method, Response, Server};

/// How long after its response a delivery is stored by a receiver that works later.
const LATER: Duration = Duration::from_millis(40);

/// One thing that a receiver does wrong with deliveries that it accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    None,
    AppliesTwice,
    LastWriteWins,
    DropsEarlyUpdates,
    DropsSameTime,
    ForgetsDeliveries,
    /// Responds first and stores later, which is only a bug if the receiver is killed.
    WorksLater,
    /// It stores nothing at all.
    IgnoresAll,
    RefusesAll,
}

/// The identifiers of deliveries in their order, objects by id, and how often each was changed.
#[derive(Default)]
struct State {
    deliveries: Vec<String>,
    objects: BTreeMap<String, (i64, Value)>,
    changes: BTreeMap<String, u64>,
    times: BTreeSet<i64>,
}

pub struct StatefulReceiver {
    server: Arc<Server>,
}

impl StatefulReceiver {
    pub fn start(mistake: Mistake) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let state = Arc::new(Mutex::new(State::default()));
        for _ in 0..4 {
            let (server, state) = (Arc::clone(&server), Arc::clone(&state));
            thread::spawn(move || {
                for mut request in server.incoming_requests() {
                    if *request.method() == Method::Get {
                        let shown = shown(&state.lock().expect("nobody panicked"));
                        let _ = request.respond(Response::from_string(shown.to_string()));
                        continue;
                    }
                    let mut body = Vec::new();
                    let _ = request.as_reader().read_to_end(&mut body);
                    let header = request.headers().iter().find(|h| h.field.equiv("X-Atlassian-Webhook-Identifier"));
                    let identifier = header.map(|header| header.value.to_string()).unwrap_or_default();
                    let body = serde_json::from_slice(&body).unwrap_or_default();
                    let state = Arc::clone(&state);
                    let work = move || apply(&mut state.lock().expect("nobody panicked"), mistake, identifier, &body);
                    if mistake == Mistake::WorksLater {
                        thread::spawn(move || {
                            thread::sleep(LATER);
                            work();
                        });
                    } else {
                        work();
                    }
                    let status = if mistake == Mistake::RefusesAll { 403 } else { 200 };
                    let _ = request.respond(Response::from_string("").with_status_code(status));
                }
            });
        }
        Self { server }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.server.server_addr())
    }

    /// Where it shows its state.
    pub fn state_url(&self) -> String {
        format!("http://{}/state", self.server.server_addr())
    }
}

impl Drop for StatefulReceiver {
    fn drop(&mut self) {
        for _ in 0..4 {
            self.server.unblock();
        }
    }
}

fn shown(state: &State) -> Value {
    let objects = state.objects.iter().filter(|(_, (_, object))| !object["removed"].as_bool().unwrap_or_default());
    let objects: Vec<Value> = objects.map(|(id, (_, object))| json!({"id": id, "object": object})).collect();
    json!({"objects": objects, "changes": state.changes, "total": state.changes.values().sum::<u64>()})
}

fn apply(state: &mut State, mistake: Mistake, identifier: String, body: &Value) {
    let event = body["event"].as_str().unwrap_or_default();
    let (kind, action) = event.split_once('_').unwrap_or_default();
    let key = if kind == "blog" { "blogPost" } else { kind };
    let (Some(time), false) = (body["timestamp"].as_i64(), mistake == Mistake::IgnoresAll) else { return };
    let id = match &body[key]["id"] {
        Value::String(id) => id.clone(),
        Value::Null => body[key]["name"].to_string(),
        other => other.to_string(),
    };
    let remembered = match mistake {
        Mistake::AppliesTwice => 0,
        Mistake::ForgetsDeliveries => 20,
        _ => usize::MAX,
    };
    if state.deliveries.iter().rev().take(remembered).any(|other| *other == identifier) {
        return;
    }
    state.deliveries.push(identifier);
    if mistake == Mistake::DropsSameTime && !state.times.insert(time) {
        return;
    }
    let stored = state.objects.get(&id).map(|(time, _)| *time);
    if mistake == Mistake::DropsEarlyUpdates && stored.is_none() && action == "updated" {
        return;
    }
    *state.changes.entry(id.clone()).or_default() += 1;
    if stored.is_none_or(|stored| stored <= time) || mistake == Mistake::LastWriteWins {
        let version = &body[key]["version"]["number"];
        let object = json!({"title": body[key]["title"], "version": version, "removed": action == "removed"});
        state.objects.insert(id, (time, object));
    }
}
