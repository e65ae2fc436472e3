//! Serves public keys to a receiver like Atlassian: all keys as a key set, and each key as PEM.

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

/// The path of the key set, which is also Atlassian's path.
const PATH: &str = "/.well-known/jwks.json";
/// Requests for keys have no body.
const MAX_BODY: usize = 1024;
const PEM: &str = "application/x-pem-file";

/// Returns the public halves of keys.
pub(super) fn key_set(keys: &[RsaKey]) -> KeySet {
    KeySet { keys: keys.iter().map(RsaKey::json_web_key).collect() }
}

/// A key set with a bound address on this machine. Requests wait until it is served.
pub(super) struct BoundKeySet {
    pub(super) server: Server,
    pub(super) key_server: Arc<KeyServer>,
    pub(super) ready: KeySetReady,
}

impl BoundKeySet {
    /// Binds a port for a set of these keys. Port 0 picks a free port. The other keys are served only as PEM.
    pub(super) fn new(port: u16, keys: &[RsaKey], others: &[RsaKey]) -> Result<Self, ServerError> {
        let mut documents: Vec<_> = keys.iter().chain(others).map(document).collect();
        documents.push((PATH.to_owned(), response(JSON, key_set(keys).document())));
        let server = Server::bind(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port), MAX_BODY)?;
        let kids = keys.iter().filter_map(RsaKey::id).map(str::to_owned).collect();
        let ready = KeySetReady { url: format!("http://{}{PATH}", server.address()), kids };
        Ok(Self { server, key_server: Arc::new(KeyServer { documents }), ready })
    }

    /// Serves the keys on a separate thread.
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
    /// Returns whether a signal or an error has ended the server.
    pub(super) fn has_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for ServedKeys {
    fn drop(&mut self) {
        self.stop.stop();
        // An error when the server ends does not change the result.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Returns a key as PEM, and its path, where Connect apps fetch the key of a callback.
fn document(key: &RsaKey) -> (String, Response) {
    (format!("/{}", key.id().unwrap_or_default()), response(PEM, key.public_pem()))
}

fn response(media_type: &str, text: String) -> Response {
    let mut headers = Headers::new();
    headers.append(CONTENT_TYPE, media_type);
    Response::new(200, headers, text)
}

/// Serves fixed documents.
pub(super) struct KeyServer {
    /// The documents, each with its decoded path.
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
            None => Err(Response::text(404, "unknown key")),
            Some(_) if head.method != Method::GET => {
                let mut response = Response::text(405, "use GET to read keys");
                response.headers.append("Allow", "GET");
                Err(response)
            }
            Some(_) => Ok(()),
        }
    }

    async fn handle(self: Arc<Self>, request: Request, _: Instant, _: Client) -> ServerResponse {
        let path = request.target().split('?').next().unwrap_or_default();
        self.find(path).cloned().unwrap_or_else(|| Response::text(404, "unknown key")).into()
    }

    fn report_refusal(&self, _: Refusal) {}
}
