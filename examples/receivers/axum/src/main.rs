//! A receiver of Confluence webhooks on axum: `SENDER=spec WEBHOOK_SECRET=… cargo run`.

mod auth;
mod deliveries;
mod jwks;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header::CONTENT_TYPE};
use axum::{Json, Router, routing::get, routing::post};

use auth::{Error, Request, Sender};
use deliveries::Deliveries;

/// In bytes. A larger body gets 413.
const LARGEST_BODY: usize = 4 << 20;

#[derive(Clone)]
struct Receiver {
    sender: Sender,
    deliveries: Deliveries,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let receiver = Receiver { sender: Sender::from_env()?, deliveries: Deliveries::start() };
    // Confluence Cloud does not name the event in the body: register a URL for each event.
    let mut router = Router::new().route("/hooks", post(receive)).route("/hooks/{event}", post(receive));
    if std::env::var("SHOW_STATE").is_ok() {
        // For `cfwh probe --state`, never in production.
        router =
            router.route("/state", get(async |State(receiver): State<Receiver>| Json(receiver.deliveries.state())));
    }
    let router = router.layer(DefaultBodyLimit::max(LARGEST_BODY)).with_state(receiver);
    let port = std::env::var("PORT").unwrap_or("3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

/// Bytes instead of Json: axum would parse the body before you can verify it.
async fn receive(
    State(receiver): State<Receiver>,
    event: Option<Path<String>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(), (StatusCode, String)> {
    let request = Request { method, uri, headers, body };
    if receiver.sender.is_connection_test(&request) {
        return Ok(());
    }
    let sender = receiver.sender.clone();
    // On a thread that may wait for keys.
    let checked = tokio::task::spawn_blocking(move || sender.authenticate(&request).map(|()| request)).await;
    let request = match checked.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))? {
        Ok(request) => request,
        Err(Error::NoKeys) => return Err((StatusCode::INTERNAL_SERVER_ERROR, Error::NoKeys.to_string())),
        Err(error) => return Err((StatusCode::UNAUTHORIZED, error.to_string())),
    };
    let media_type = request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json")) {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json".to_owned()));
    }
    let added = receiver.deliveries.add(&request.body, event.map(|Path(event)| event));
    added.map_err(|invalid| (StatusCode::BAD_REQUEST, invalid.to_string()))
}
