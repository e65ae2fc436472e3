//! Serves public keys to a receiver, as Atlassian does: all as a key set, and each as PEM.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use http::Method;
use percent_encoding::percent_decode_str;

use crate::auth::jwt::keys::RsaKey;
use crate::models::request::{CONTENT_TYPE, Headers, JSON, Request};
use crate::models::response::Response;
use crate::output::jwks::{KeySet, KeySetReady};
use crate::server::{Client, Handler, Refusal, RequestHead, Server, ServerError, ServerResponse, Stop, StopReason};

/// Where receivers look for a key set: Atlassian's is at the same path.
const PATH: &str = "/.well-known/jwks.json";
/// Requests for keys have no body.
const MAX_BODY: usize = 1024;
const PEM: &str = "application/x-pem-file";

/// Returns the public halves of keys.
pub(super) fn key_set(keys: &[RsaKey]) -> KeySet {
    KeySet { keys: keys.iter().map(RsaKey::json_web_key).collect() }
}

/// A key set at an address of this machine. Requests wait until it is served.
pub(super) struct BoundKeySet {
    pub(super) server: Server,
    pub(super) key_server: Arc<KeyServer>,
    pub(super) ready: KeySetReady,
}

impl BoundKeySet {
    /// Binds a port for a set of these keys; port 0 picks a free one. The others are served as PEM only.
    pub(super) fn new(port: u16, keys: &[RsaKey], others: &[RsaKey]) -> Result<Self, ServerError> {
        let mut documents: Vec<_> = keys.iter().chain(others).map(document).collect();
        documents.push((PATH.to_owned(), response(JSON, key_set(keys).document())));
        let server = Server::bind(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port), MAX_BODY)?;
        let kids = keys.iter().filter_map(RsaKey::id).map(str::to_owned).collect();
        let ready = KeySetReady { url: format!("http://{}{PATH}", server.address()), kids };
        Ok(Self { server, key_server: Arc::new(KeyServer { documents }), ready })
    }

    /// Serves the keys on a thread of their own.
    pub(super) fn serve_in_background(self) -> ServedKeys {
        let stop = Stop::default();
        let thread = thread::spawn({
            let stop = stop.clone();
            move || self.server.serve(self.key_server, &stop, || {})
        });
        ServedKeys { stop, thread: Some(thread) }
    }
}

/// The thread that serves keys. It ends when this is dropped.
pub(super) struct ServedKeys {
    stop: Stop,
    thread: Option<JoinHandle<Result<StopReason, ServerError>>>,
}

impl ServedKeys {
    /// Has a signal or an error ended it?
    pub(super) fn has_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for ServedKeys {
    fn drop(&mut self) {
        self.stop.stop();
        // What the server says when it ends changes no result.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// A key as PEM, and its path: receivers of Connect's callbacks fetch a key so.
fn document(key: &RsaKey) -> (String, Response) {
    (format!("/{}", key.id().unwrap_or_default()), response(PEM, key.public_pem()))
}

fn response(media_type: &str, text: String) -> Response {
    let mut headers = Headers::new();
    headers.append(CONTENT_TYPE, media_type);
    Response::new(200, headers, text)
}

/// Serves documents that do not change.
pub(super) struct KeyServer {
    /// Each with its path, decoded.
    documents: Vec<(String, Response)>,
}

impl KeyServer {
    fn find(&self, path: &str) -> Option<&Response> {
        let path = percent_decode_str(path).decode_utf8_lossy();
        self.documents.iter().find(|(other, _)| *other == *path).map(|(_, response)| response)
    }
}

impl Handler for KeyServer {
    fn accept(&self, head: &RequestHead) -> Result<(), Response> {
        match self.find(head.uri.path()) {
            None => Err(Response::text(404, "there is no such key")),
            Some(_) if head.method != Method::GET => {
                let mut response = Response::text(405, "keys are read with GET");
                response.headers.append("Allow", "GET");
                Err(response)
            }
            Some(_) => Ok(()),
        }
    }

    async fn handle(self: Arc<Self>, request: Request, _: Instant, _: Client) -> ServerResponse {
        let path = request.target().split('?').next().unwrap_or_default();
        self.find(path).cloned().unwrap_or_else(|| Response::text(404, "there is no such key")).into()
    }

    fn report_refusal(&self, _: Refusal) {}
}
