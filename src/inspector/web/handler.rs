//! The HTTP handler of the inspector.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::oneshot;

use crate::inspector::delivery_log::DeliveryLog;
use crate::inspector::inspector_settings::InspectorSettings;
use crate::inspector::query::Query;
use crate::inspector::replay::{self, PreparedReplay, ReplayError, ReplayRequest};
use crate::inspector::saved_page::{PAGE, SCRIPT, STYLE};
use crate::models::request::Request;
use crate::models::response::Response;
use crate::server::{Client, Handler, Refusal, RequestHead, Server, ServerError, ServerResponse};

use super::api;
use super::events::events;
use super::guard::{Guard, REPLAY};
use super::responses::{document, failure, json};
use super::token::Token;

/// The maximum size of a request: a replay with edits.
const MAX_BODY: usize = 1024 * 1024;

/// Serves the page and its data.
pub struct PageServer {
    guard: Guard,
    log: Arc<DeliveryLog>,
    settings: Arc<InspectorSettings>,
}

impl PageServer {
    /// Binds a port on the loopback address; 0 means any free port. Returns the server, its handler, and the URL of the page with a new
    /// token.
    ///
    /// # Errors
    ///
    /// Returns an error if the port is in use or not allowed.
    pub fn bind(
        port: u16,
        log: Arc<DeliveryLog>,
        settings: Arc<InspectorSettings>,
    ) -> Result<(Server, Arc<Self>, String), ServerError> {
        let server = Server::bind(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port), MAX_BODY)?;
        let (address, token) = (server.address(), Token::random());
        let url = format!("http://{address}/{}/", token.text());
        Ok((server, Arc::new(Self { guard: Guard { address, token }, log, settings }), url))
    }

    async fn replay(&self, body: &[u8]) -> Response {
        let failed = |error: &ReplayError| json(if error.code == "confirm" { 409 } else { 422 }, error);
        let replay: ReplayRequest = match serde_json::from_slice(body) {
            Ok(replay) => replay,
            Err(error) => return failure(400, "invalid-request", &error.to_string()),
        };
        let Some(delivery) = self.log.get(replay.number) else {
            return failure(404, "unknown-delivery", "unknown delivery: it does not exist or was dropped");
        };
        match replay::prepare(&replay, &delivery, &self.settings) {
            Err(error) => failed(&error),
            Ok(prepared) => match send_elsewhere(prepared).await {
                Ok(result) => json(200, &result),
                Err(error) => failed(&error),
            },
        }
    }
}

/// Sends on a separate thread, because the endpoint may be slow.
async fn send_elsewhere(prepared: PreparedReplay) -> Result<replay::ReplayResult, ReplayError> {
    let (sender, receiver) = oneshot::channel();
    let send = move || {
        // The page may already be closed.
        let _ = sender.send(replay::send(&prepared));
    };
    let failed = || ReplayError::new("failed", "the replay failed");
    std::thread::Builder::new().name("replay".into()).spawn(send).map_err(|_| failed())?;
    receiver.await.unwrap_or_else(|_| Err(failed()))
}

impl Handler for PageServer {
    fn accept(&self, head: &RequestHead) -> Result<(), Response> {
        self.guard.check(head).map(drop)
    }

    async fn handle(self: Arc<Self>, request: Request, _: Instant, _: Client) -> ServerResponse {
        let (path, query) = request.target().split_once('?').unwrap_or((request.target(), ""));
        let path = path.trim_start_matches('/').split_once('/').map_or("", |(_, rest)| rest);
        let query = Query::parse(query);
        match path {
            "" => document("text/html; charset=utf-8", PAGE).into(),
            "page.css" => document("text/css; charset=utf-8", STYLE).into(),
            "page.js" => document("text/javascript; charset=utf-8", SCRIPT).into(),
            "api/events" => {
                // A browser that reconnects sends the id of its last event.
                let last = request.headers().text("Last-Event-ID").and_then(|id| id.parse().ok());
                events(&self.log, last.or_else(|| query.number("after")).unwrap_or(0))
            }
            REPLAY => self.replay(request.body()).await.into(),
            _ => match path.strip_prefix("api/") {
                Some(path) => api::respond(path, &query, &self.log, &self.settings).into(),
                None => failure(404, "not-found", "unknown path").into(),
            },
        }
    }

    async fn complete(&self) {
        // Open pages show the end, and their streams close.
        self.log.end();
    }

    fn report_refusal(&self, _: Refusal) {}
}
