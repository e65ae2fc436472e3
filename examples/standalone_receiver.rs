//! The receiver on axum of docs/how-to/write-a-receiver.md: `WEBHOOK_SECRET=s cargo run --example standalone_receiver`.
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Router, routing::post};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

#[derive(Clone)]
struct Receiver {
    secret: Arc<[u8]>,
    seen: Arc<Mutex<HashSet<String>>>,
    queue: UnboundedSender<(String, serde_json::Value)>,
}

impl Receiver {
    fn is_genuine(&self, body: &[u8], header: &str) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else { return false };
        mac.update(body);
        let Some(digest) = header.strip_prefix("sha256=") else { return false };
        let is_lower = !digest.bytes().any(|byte| byte.is_ascii_uppercase());
        // In constant time.
        is_lower && hex::decode(digest).is_ok_and(|digest| mac.verify_slice(&digest).is_ok())
    }
}

// Bytes instead of Json: axum would parse the body before you can verify it.
async fn receive(
    State(receiver): State<Receiver>,
    event: Option<Path<String>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if headers.get_all("X-Hub-Signature").iter().count() != 1 || !receiver.is_genuine(&body, text("X-Hub-Signature")) {
        return StatusCode::UNAUTHORIZED;
    }
    if text("Content-Type").split(';').next().map(str::trim) != Some("application/json") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    let Ok(delivery) = serde_json::from_slice::<serde_json::Value>(&body) else { return StatusCode::BAD_REQUEST };
    let named = delivery["event"].as_str().map(str::to_owned);
    let event = named.or(event.map(|Path(event)| event)).unwrap_or_default();
    let id = match text("X-Atlassian-Webhook-Identifier") {
        "" => format!("{event} {delivery}"),
        id => id.to_owned(),
    };
    if receiver.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
        let _ = receiver.queue.send((event, delivery));
    }
    StatusCode::OK
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = std::env::var("WEBHOOK_SECRET").unwrap_or_default();
    if secret.is_empty() {
        return Err("set WEBHOOK_SECRET".into());
    }
    let (queue, mut waiting) = unbounded_channel::<(String, serde_json::Value)>();
    tokio::spawn(async move {
        let mut counts = HashMap::<String, u64>::new();
        while let Some((event, _)) = waiting.recv().await {
            // Work here. An event that is new, or of no interest, is no error.
            *counts.entry(event).or_default() += 1;
        }
    });
    let receiver = Receiver { secret: secret.into_bytes().into(), seen: Arc::default(), queue };
    let router = Router::new()
        .route("/hooks", post(receive))
        .route("/hooks/{event}", post(receive))
        .layer(DefaultBodyLimit::max(4 << 20))
        .with_state(receiver);
    let port = std::env::var("PORT").unwrap_or("3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
