//! The fixes of docs/how-to/probe-fixes.md for axum, in one receiver. AUTH is hmac, token, connect, forge or none.
use std::collections::HashSet;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::{Router, routing::post};
use cfwh::auth::jwt::keys::RsaKey;
use cfwh::auth::secret::Secret;
use cfwh::auth::{Credentials, Scheme, UrlToken, connect, forge, hub_signature, token};
use cfwh::models::request::Request;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

#[derive(Clone)]
struct Receiver {
    /// `None` without authentication.
    scheme: Option<Arc<dyn Scheme>>,
    seen: Arc<Mutex<HashSet<String>>>,
    queue: UnboundedSender<(String, Value)>,
}

async fn receive(
    State(receiver): State<Receiver>,
    event: Option<Path<String>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if text("X-Event-Key") == "diagnostics:ping" {
        return StatusCode::OK;
    }
    let request = Request::post(uri.to_string(), (&headers).into(), body.clone());
    let is_genuine = |scheme: &Arc<dyn Scheme>| scheme.verify(&request, SystemTime::now()).is_valid();
    if !receiver.scheme.as_ref().is_none_or(is_genuine) {
        return StatusCode::UNAUTHORIZED;
    }
    if text("Content-Type").split(';').next() != Some("application/json") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    let Ok(delivery) = serde_json::from_slice::<Value>(&body) else { return StatusCode::BAD_REQUEST };
    let named = delivery["event"].as_str().or(delivery["eventType"].as_str()).map(str::to_owned);
    let event = named.or(event.map(|Path(event)| event)).unwrap_or_default();
    // Ids are numbers or strings.
    let id = format!("{event} {} {}", delivery["page"]["id"], delivery["timestamp"]);
    let id = headers.get("X-Atlassian-Webhook-Identifier").map_or(id, |id| format!("{id:?}"));
    if receiver.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
        let _ = receiver.queue.send((event, delivery));
    }
    StatusCode::OK
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = std::fs::read_to_string(variable("SECRET_FILE"))?;
    let secret = Secret::new(secret.strip_suffix('\n').unwrap_or(&secret))?;
    let credentials = Credentials {
        secrets: vec![secret],
        client_key: Some(variable("CLIENT_KEY")),
        app_id: Some(variable("APP_ID")),
        keys: vec![RsaKey::example(forge::KEY_ID), forge::second_key()],
        ..Credentials::default()
    };
    let scheme = match variable("AUTH").as_str() {
        "none" => None,
        "token" => {
            let token = UrlToken::from_str(&format!("token={}", variable("TOKEN")))?;
            Some((token::INFO.with)(Credentials { token: Some(token), ..Credentials::default() }))
        }
        "connect" => Some((connect::INFO.with)(credentials)),
        "forge" => Some((forge::INFO.with)(credentials)),
        _ => Some((hub_signature::INFO.with)(credentials)),
    };
    let (queue, mut waiting) = unbounded_channel::<(String, Value)>();
    tokio::spawn(async move {
        let mut pages = Vec::new();
        while let Some((event, delivery)) = waiting.recv().await {
            match event.as_str() {
                "page_created" => pages.push(delivery),
                "page_removed" => drop(pages.pop()),
                _ => {}
            }
        }
    });
    let receiver = Receiver { scheme, seen: Arc::default(), queue };
    let router = Router::new()
        .route("/hooks", post(receive))
        .route("/hooks/{event}", post(receive))
        .layer(DefaultBodyLimit::max(4 << 20))
        .with_state(receiver);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{}", variable("PORT"))).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
