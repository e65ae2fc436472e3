//! `cfwh jwks`: prints public keys as a key set, or serves them to a receiver.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use http::Method;
use percent_encoding::percent_decode_str;

use crate::auth::jwt::keys::RsaKey;
use crate::cli;
use crate::models::request::{CONTENT_TYPE, Headers, JSON, Request};
use crate::models::response::Response;
use crate::output::Terminal;
use crate::output::jwks::{KeySet, KeySetReady};
use crate::server::{Client, Handler, Refusal, RequestHead, Server, ServerResponse, Stop};

use super::authentication::{BUILT_IN_KEY_IDS, read_keys};
use super::exit::Exit;

const DEFAULT_PORT: u16 = 8081;
/// Where receivers look for a key set: Atlassian's is at the same path.
const PATH: &str = "/.well-known/jwks.json";
/// Requests for keys have no body.
const MAX_BODY: usize = 1024;
const PEM: &str = "application/x-pem-file";

pub(super) fn run(arguments: &cli::jwks::Jwks, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let mut keys = read_keys(&arguments.key)?;
    let [forge, connect] = BUILT_IN_KEY_IDS.map(RsaKey::example);
    let mut documents: Vec<_> = keys.iter().map(document).collect();
    if keys.is_empty() {
        documents = vec![document(&forge), document(&connect)];
        keys.push(forge);
    }
    let set = KeySet { keys: keys.iter().map(RsaKey::json_web_key).collect() };
    if !arguments.serve {
        terminal.print(&set)?;
        return Ok(Exit::Yes);
    }
    documents.push((PATH.to_owned(), response(JSON, set.document())));
    let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), arguments.port.unwrap_or(DEFAULT_PORT));
    let server = Server::bind(address, MAX_BODY)?;
    let kids = keys.iter().filter_map(RsaKey::id).map(str::to_owned).collect();
    let ready = KeySetReady { url: format!("http://{}{PATH}", server.address()), kids };
    let mut shown = Ok(());
    let stop = Stop::default();
    server.serve(Arc::new(KeyServer { documents }), &stop, || {
        shown = terminal.print_always(&ready).and_then(|()| terminal.flush());
        if shown.is_err() {
            stop.stop();
        }
    })?;
    shown.map(|()| Exit::Yes)
}

/// A key as PEM, and its path: receivers of Connect's callbacks fetch a key so.
fn document(key: &RsaKey) -> (String, Response) {
    (format!("/{}", key.id().unwrap_or_default()), response(PEM, key.public_pem()))
}

fn response(media_type: &str, text: String) -> Response {
    let mut headers = Headers::new();
    headers.append(CONTENT_TYPE, media_type);
    Response { status: 200, headers, body: text.into() }
}

/// Serves documents that do not change.
struct KeyServer {
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
